"""Every page behind a signer's link, looked at: desktop and phone, light and dark, without JavaScript, by axe."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.sandbox_process import SandboxProcess

from .gallery_process import GalleryProcess
from .pages import Photographer
from .visiting import DESKTOP, PHONE, violations, visit

pytestmark = pytest.mark.e2e

DEVICES = [
    pytest.param("desktop", DESKTOP, id="desktop"),
    pytest.param("phone", PHONE, id="phone"),
    pytest.param("dark", DESKTOP | {"color_scheme": "dark"}, id="dark"),
    pytest.param("narrow", {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}, id="narrow"),
]
# name of the picture → state, tail of the address, heading
PAGES = {
    "ready": ("ready", "", "Dana Field asks you to sign"),
    "ready-code": ("ready-code", "", "Dana Field asks you to sign"),
    "waiting": ("waiting", "", "It is not your turn yet"),
    "signed": ("signed", "", "Thank you, you have signed"),
    "signed-hand-over": ("signed-hand-over", "", "Thank you, you have signed"),
    "hand-over": ("hand-over", "", "Please hand the device to Carl Dee"),
    "completed": ("completed", "", "Everyone has signed"),
    "declined": ("declined", "", "You have declined to sign"),
    "voided": ("voided", "", "The sender has withdrawn this envelope"),
    "preparing": ("preparing", "", "The documents are being prepared"),
    "expired": ("expired", "", "This link has expired"),
    "replaced": ("replaced", "", "A newer link has replaced this one"),
    "fresh-link": ("fresh-link", "", "Look into your mailbox"),
    "revoked": ("revoked", "", "This link was withdrawn"),
    "delegated": ("delegated", "", "Dora Fry signs in your place"),
    "opened": ("opened", "", "You have these documents open already"),
    "reader": ("reader", "", "Dana Field asks you to read these documents"),
    "viewed": ("viewed", "", "Thank you for reading"),
    "copy": ("copy", "", "You get a copy of these documents"),
    "hosted": ("hosted", "", "Dana Field asks you to have Ann Bee sign on your device"),
    "code": ("code", "", "Enter the code from your email"),
    "code-none": ("code-none", "", "First, a code to your mailbox"),
    "outcome-signed": ("outcome", "?event=signing_complete", "Thank you, you have signed"),
    "outcome-cancel": ("outcome", "?event=cancel", "Saved for later"),
    "outcome-timeout": ("outcome", "?event=session_timeout", "Signing was paused"),
    "outcome-exception": ("outcome", "?event=exception", "Something went wrong while signing"),
}
LARGEST_FIRST_PAGE_BYTES = 100_000


@pytest.mark.parametrize(("device_name", "device"), DEVICES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_clear_and_accessible(
    gallery: GalleryProcess, browser: Browser, name: str, device_name: str, device: dict[str, Any]
) -> None:
    state, tail, heading = PAGES[name]
    with visit(browser, gallery.make(state) + tail, **device) as visitor:
        page = visitor.page
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        Photographer(f"signer-{name}-{device_name}").take(page, "page")
        has_scripts = device.get("java_script_enabled", True)
        if has_scripts:
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert violations(page) == []
        assert visitor.complaints == []


@pytest.mark.parametrize(("device_name", "device"), DEVICES[:2])
def test_trouble_at_docusign_is_a_page_with_a_way_on(
    gallery: GalleryProcess, sandbox: SandboxProcess, browser: Browser, device_name: str, device: dict[str, Any]
) -> None:
    with visit(browser, gallery.make("redirect"), **device) as visitor:
        page = visitor.page
        sandbox.fail_next(path_contains="/views/recipient", status=503)
        page.get_by_role("button", name="Review and sign").click()
        expect(page.get_by_role("heading", name="Signing is not available for a moment")).to_be_visible()
        Photographer(f"signer-unreachable-{device_name}").take(page, "page")
        assert violations(page) == []
        page.get_by_role("button", name="Try again").click()
        expect(page).to_have_url(re.compile("/Signing/"))


def test_a_first_page_is_small_and_asks_nobody_else(gallery: GalleryProcess, browser: Browser) -> None:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.__setitem__(response.url, len(response.body())))
    page.goto(gallery.make("ready"), wait_until="networkidle")
    assert all(url.startswith(gallery.base_url) for url in sizes)
    assert sum(sizes.values()) < LARGEST_FIRST_PAGE_BYTES
    context.close()


def test_the_way_through_needs_no_javascript(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("focused"), java_script_enabled=False, **DESKTOP) as visitor:
        page = visitor.page
        page.get_by_role("button", name="Review and sign").click()
        expect(page).to_have_url(re.compile("/Signing/"))


def test_a_fresh_link_is_one_click_away(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("expired"), **PHONE) as visitor:
        page = visitor.page
        page.get_by_role("button", name="Send me a fresh link").click()
        expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
        mailed = gallery.link_in_last_mail()
        page.goto(mailed)
        expect(page.get_by_role("button", name="Review and sign")).to_be_visible()


def test_the_code_from_the_mail_opens_the_ceremony(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("signer-code-journey")
    with visit(browser, gallery.make("signable-code"), **PHONE) as visitor:
        page = visitor.page
        page.get_by_role("button", name="Review and sign").click()
        code = page.get_by_label("Code", exact=True)
        expect(code).to_be_focused()
        code.fill("000 000")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert")).to_contain_text("That was not the code")
        camera.take(page, "wrong")
        assert violations(page) == []
        page.get_by_label("Code", exact=True).fill(gallery.code_in_last_mail())
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("Please review the documents below")).to_be_visible()


def test_the_device_is_handed_from_one_signer_to_the_next(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("table-of-two"), **PHONE) as visitor:
        page = visitor.page
        page.get_by_role("link", name="Carl Dee is here and signs now").click()
        page.get_by_role("button", name="I am Carl Dee: review and sign").click()
        expect(page.get_by_text("Please review the documents below")).to_be_visible()
