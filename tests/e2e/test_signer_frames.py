"""The ceremony in a frame on our own page: each way of ending, each way of failing, never a dead end."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from tests.sandbox_process import SandboxProcess

from .gallery_process import GalleryProcess
from .pages import Photographer
from .visiting import DESKTOP, PHONE, violations, visit

pytestmark = pytest.mark.e2e

FRAMED = ("iframe", "focused")


def enter(page: Page) -> FrameLocator:
    page.get_by_role("button", name="Review and sign").click()
    frame = page.frame_locator("#ceremony iframe")
    agreement = frame.get_by_label("I agree to use electronic records and signatures")
    expect(agreement).to_be_visible(timeout=15_000)
    agreement.check()
    frame.get_by_role("button", name="Continue").click()
    expect(frame.get_by_role("button", name="Signature, required")).to_be_visible()
    return frame


def sign(frame: FrameLocator) -> None:
    frame.get_by_role("button", name="Signature, required").click()
    frame.get_by_role("button", name="Adopt and sign").click()
    frame.get_by_role("button", name="Finish", exact=True).click()


def finish_later(frame: FrameLocator) -> None:
    frame.get_by_text("Other actions", exact=True).click()
    frame.get_by_role("button", name="Finish later").click()


def decline(frame: FrameLocator) -> None:
    frame.get_by_text("Other actions", exact=True).click()
    frame.get_by_role("button", name="Decline to sign").click()
    frame.get_by_label("Your reason").fill("Page two is missing.")
    frame.get_by_role("button", name="Decline", exact=True).click()


def is_in_ceremony_itself(page: Page) -> None:
    """The full page, at Docusign's own address."""
    expect(page).to_have_url(re.compile("/Signing/"), timeout=30_000)
    expect(page.get_by_text("Please review the documents below")).to_be_visible()


@pytest.mark.parametrize("display", FRAMED)
def test_signing_in_the_frame_ends_on_the_same_landing_page(
    gallery: GalleryProcess, browser: Browser, display: str
) -> None:
    camera = Photographer(f"signer-frame-{display}")
    with visit(browser, gallery.make(display), **DESKTOP) as visitor:
        page = visitor.page
        frame = enter(page)
        camera.take(page, "framed")
        sign(frame)
        expect(page.get_by_role("heading", name="Everyone has signed")).to_be_visible(timeout=20_000)
        expect(page.locator("iframe")).to_have_count(0)
        camera.take(page, "done")
        assert visitor.complaints == []


@pytest.mark.parametrize(
    ("end", "heading"), [(finish_later, "Saved for later"), (decline, "You have declined to sign")]
)
def test_other_ends_in_the_frame_have_their_landing_pages_too(
    gallery: GalleryProcess, browser: Browser, end: Callable[[FrameLocator], None], heading: str
) -> None:
    """Of the default display: the focused one has none of these buttons (reference 3.5)."""
    with visit(browser, gallery.make("iframe"), **DESKTOP) as visitor:
        end(enter(visitor.page))
        expect(visitor.page.get_by_role("heading", name=heading)).to_be_visible(timeout=20_000)


def test_the_page_around_the_frame_is_accessible(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("focused"), **DESKTOP) as visitor:
        enter(visitor.page)
        assert violations(visitor.page) == []


@pytest.mark.parametrize("display", FRAMED)
def test_phones_get_the_full_page(gallery: GalleryProcess, browser: Browser, display: str) -> None:
    with visit(browser, gallery.make(display), **PHONE) as visitor:
        visitor.page.get_by_role("button", name="Review and sign").click()
        is_in_ceremony_itself(visitor.page)


def test_a_narrow_window_gets_the_full_page(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("focused"), viewport={"width": 700, "height": 900}) as visitor:
        visitor.page.get_by_role("button", name="Review and sign").click()
        is_in_ceremony_itself(visitor.page)


def test_where_docusign_js_cannot_be_had_the_full_page_opens(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("focused"), **DESKTOP) as visitor:
        visitor.page.route("**/bundle.js", lambda route: route.abort())
        visitor.page.get_by_role("button", name="Review and sign").click()
        is_in_ceremony_itself(visitor.page)


def test_where_docusign_js_fails_the_full_page_opens(gallery: GalleryProcess, browser: Browser) -> None:
    def broken(route: Route) -> None:
        route.fulfill(content_type="text/javascript", body="window.DocuSign = {}")

    with visit(browser, gallery.make("focused"), **DESKTOP) as visitor:
        visitor.page.route("**/bundle.js", broken)
        visitor.page.get_by_role("button", name="Review and sign").click()
        is_in_ceremony_itself(visitor.page)


def test_where_the_frame_stays_silent_the_full_page_opens(
    gallery: GalleryProcess, browser: Browser, sandbox: SandboxProcess
) -> None:
    """As when the browser refuses to show it: nobody tells a page that its frame was refused."""

    def without_patience(route: Route) -> None:
        script = route.fetch().text()
        assert "20_000" in script
        route.fulfill(content_type="text/javascript", body=script.replace("20_000", "1_500"))

    with visit(browser, gallery.make("focused"), **DESKTOP) as visitor:
        visitor.page.route("**/portal/ceremony.js", without_patience)
        visitor.page.route(
            "**/Signing/**",
            lambda route: route.abort() if route.request.frame.parent_frame else route.continue_(),
        )
        visitor.page.get_by_role("button", name="Review and sign").click()
        is_in_ceremony_itself(visitor.page)


def test_the_signer_can_leave_the_frame_for_the_full_page(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("iframe"), **DESKTOP) as visitor:
        enter(visitor.page)
        visitor.page.get_by_role("button", name="Open it as a full page").click()
        expect(visitor.page).to_have_url(re.compile("/Signing/"))


def test_a_return_inside_a_frame_takes_the_whole_window(gallery: GalleryProcess, browser: Browser) -> None:
    address = gallery.make("outcome") + "?event=cancel"
    with visit(browser, address, **DESKTOP) as visitor:
        page = visitor.page
        # A page of our own origin with the return in a frame, as after a classic ceremony in one.
        framing = f'<iframe src="{address}">'
        page.route("**/somewhere/", lambda route: route.fulfill(content_type="text/html", body=framing))
        page.goto(f"{gallery.base_url}/somewhere/")
        expect(page.get_by_role("heading", name="Saved for later")).to_be_visible()
        assert page.url == address
