"""Every page behind a signer's link, looked at: small and large, light and dark, from right to left, by axe."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.sandbox_process import SandboxProcess

from .gallery_process import GalleryProcess
from .pages import Photographer
from .signer_pages import PAGES
from .visiting import DESKTOP, PHONE, SMALL_PHONE, looking_at, violations, visit

pytestmark = pytest.mark.e2e

LOOKS: dict[str, dict[str, Any]] = {
    "desktop": DESKTOP,
    "dark": SMALL_PHONE | {"color_scheme": "dark"},
    "arabic": PHONE | {"locale": "ar"},
}
LARGEST_FIRST_PAGE_BYTES = 100_000
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """One browser for each look, for all pages."""
    opened = {look: browser.new_context(**device) for look, device in LOOKS.items()}
    yield opened
    for context in opened.values():
        context.close()


def can_be_read_enlarged(page: Page) -> bool:
    """At 200 % of a desktop's window, at 320 px, and on a phone with letters twice as large."""
    fits = []
    for width in (640, 320, 390):
        page.set_viewport_size({"width": width, "height": 450})
        if width == 390:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        fits.append(page.evaluate(FITS))
    return all(fits)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_clear_and_accessible(
    gallery: GalleryProcess, contexts: dict[str, BrowserContext], name: str, look: str
) -> None:
    state, tail, heading = PAGES[name]
    with looking_at(contexts[look], gallery.make(state) + tail) as visitor:
        page = visitor.page
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert (page.locator("html").get_attribute("dir") == "rtl") is (look == "arabic")
        assert look == "arabic" or page.get_by_role("heading", name=heading, level=1).is_visible()
        Photographer(f"signer-{name}-{look}").take(page, "page")
        assert page.evaluate(FITS)
        assert violations(page) == []
        assert look != "desktop" or can_be_read_enlarged(page)
        assert [complaint for complaint in visitor.complaints if "404" not in complaint] == []


def test_no_page_needs_javascript(gallery: GalleryProcess, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, **PHONE)
    for state, tail, heading in PAGES.values():
        with looking_at(context, gallery.make(state) + tail) as visitor:
            expect(visitor.page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    context.close()


@pytest.mark.parametrize("look", ["desktop", "dark"])
def test_trouble_at_docusign_is_a_page_with_a_way_on(
    gallery: GalleryProcess, sandbox: SandboxProcess, browser: Browser, look: str
) -> None:
    with visit(browser, gallery.make("redirect"), **LOOKS[look]) as visitor:
        page = visitor.page
        sandbox.fail_next(path_contains="/views/recipient", status=503)
        page.get_by_role("button", name="Review and sign").click()
        expect(page.get_by_role("heading", name="Signing is not available for a moment")).to_be_visible()
        Photographer(f"signer-unreachable-{look}").take(page, "page")
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
        page.get_by_label("I am Ann Bee. Carl Dee sits with me, and I checked who they are.").check()
        page.get_by_role("button", name="Confirm and go on").click()
        page.get_by_role("button", name="I am Carl Dee: review and sign").click()
        expect(page.get_by_text("Please review the documents below")).to_be_visible()
