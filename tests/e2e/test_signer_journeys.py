"""Signers on their way: every outcome on every device by redirect, by keyboard alone, in another language."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox_process import SandboxProcess

from .gallery_process import GalleryProcess
from .pages import Photographer
from .visiting import DESKTOP, PHONE, SMALL_PHONE, violations, visit

pytestmark = pytest.mark.e2e

SETTLE_MILLISECONDS = 20_000
DEVICES = {"desktop": DESKTOP, "phone": PHONE, "small-phone": SMALL_PHONE}


def enter(page: Page) -> None:
    page.get_by_role("button", name="Review and sign").click()
    page.get_by_label("I agree to use electronic records and signatures").check()
    page.get_by_role("button", name="Continue").click()


def sign(page: Page) -> None:
    page.get_by_role("button", name="Signature, required").click()
    page.get_by_role("button", name="Adopt and sign").click()
    page.get_by_role("button", name="Finish", exact=True).click()


def finish_later(page: Page) -> None:
    page.get_by_text("Other actions", exact=True).click()
    page.get_by_role("button", name="Finish later").click()


def decline(page: Page) -> None:
    page.get_by_text("Other actions", exact=True).click()
    page.get_by_role("button", name="Decline to sign").click()
    page.get_by_label("Your reason").fill("Page two is missing.")
    page.get_by_role("button", name="Decline", exact=True).click()


ENDS: dict[Callable[[Page], None], str] = {
    sign: "Everyone has signed",
    finish_later: "Saved for later",
    decline: "You have declined to sign",
}


def sees(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible(timeout=SETTLE_MILLISECONDS)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
@pytest.mark.parametrize("device", DEVICES)
def test_every_way_to_end_has_its_landing_page(
    gallery: GalleryProcess, browser: Browser, device: str, end: Callable[[Page], None]
) -> None:
    with visit(browser, gallery.make("redirect"), **DEVICES[device]) as visitor:
        enter(visitor.page)
        end(visitor.page)
        sees(visitor.page, ENDS[end])
        Photographer(f"signer-journey-{end.__name__}-{device}").take(visitor.page, "landing")
        assert visitor.complaints == []


def test_who_stayed_away_too_long_comes_back_and_goes_on(
    gallery: GalleryProcess, browser: Browser, sandbox: SandboxProcess
) -> None:
    with visit(browser, gallery.make("redirect"), **PHONE) as visitor:
        page = visitor.page
        enter(page)
        sandbox.advance(21 * 60)
        page.reload()
        sees(page, "Signing was paused")
        page.get_by_role("button", name="Continue signing").click()
        expect(page).to_have_url(re.compile("/Signing/"))


def test_a_request_withdrawn_meanwhile_is_told_with_its_reason(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("redirect"), **PHONE) as visitor:
        gallery.void_last("A new version follows.")
        visitor.page.get_by_role("button", name="Review and sign").click()
        sees(visitor.page, "Dana Field has withdrawn the request")
        expect(visitor.page.get_by_text("A new version follows.")).to_be_visible()


def press(page: Page, key: str, until: str, most: int = 30) -> None:
    """Press `key` until the focus is on what matches, and can be seen there."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", until):
            style = "getComputedStyle(document.activeElement)"
            assert page.evaluate(f"{style}.outlineStyle") != "none", until
            return
    raise AssertionError(f"the focus never came to {until}")


def test_the_keyboard_is_enough(gallery: GalleryProcess, browser: Browser) -> None:
    """Past the skip link, another language, the button, and the code, without a mouse."""
    with visit(browser, gallery.make("signable-code"), **DESKTOP) as visitor:
        page = visitor.page
        press(page, "Tab", ".skip-link", most=1)
        press(page, "Tab", ".languages summary", most=1)
        page.keyboard.press("Enter")
        press(page, "Tab", "[name=language][value=de]")
        page.keyboard.press("Escape")
        expect(page.locator(".languages form")).to_be_hidden()
        assert page.evaluate("document.activeElement.matches('summary')")
        page.keyboard.press("Enter")
        press(page, "Tab", "[name=language][value=de]")
        page.keyboard.press("Enter")
        sees(page, "Dana Field bittet Sie um Ihre Unterschrift")
        press(page, "Tab", "form[data-start] button")
        page.keyboard.press("Enter")
        sees(page, "Geben Sie den Code aus Ihrer E-Mail ein")
        page.keyboard.type(gallery.code_in_last_mail())
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Weiter")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_language_is_chosen_on_the_page_and_stays_for_the_whole_way(
    gallery: GalleryProcess, browser: Browser, scripts: bool
) -> None:
    device: dict[str, Any] = SMALL_PHONE | {"java_script_enabled": scripts}
    with visit(browser, gallery.make("redirect"), **device) as visitor:
        page = visitor.page
        page.locator(".languages summary").click()
        Photographer(f"signer-languages-{'scripts' if scripts else 'plain'}").take(page, "open")
        assert not scripts or violations(page) == []
        page.get_by_role("button", name="עברית").click()
        expect(page.locator("html[lang=he][dir=rtl]")).to_be_visible()
        page.locator("form[data-start] button").click()
        expect(page).to_have_url(re.compile("/Signing/"))
        expect(page.locator("html[lang=he][dir=rtl]")).to_be_visible()


def test_from_right_to_left_all_the_way_to_the_end(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("redirect"), **PHONE, locale="ar") as visitor:
        page = visitor.page
        page.get_by_role("button", name="المراجعة والتوقيع").click()
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="متابعة").click()
        page.get_by_role("button", name="Signature, required").click()
        page.get_by_role("button", name="Adopt and sign").click()
        page.get_by_role("button", name="إنهاء", exact=True).click()
        sees(page, "وقّع الجميع")
        Photographer("signer-journey-arabic").take(page, "completed")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert violations(page) == []
