"""Bulk send in a real browser: the whole way, and every page looked at on desktop and phone, light and dark, by axe."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .gallery_process import GalleryProcess
from .pages import Photographer
from .visiting import DESKTOP, PHONE, Visit, violations, visit

pytestmark = pytest.mark.e2e

DEVICES = [
    pytest.param("desktop", DESKTOP, id="desktop"),
    pytest.param("phone", PHONE, id="phone"),
    pytest.param("dark", DESKTOP | {"color_scheme": "dark"}, id="dark"),
]
# state → a text that must be there
PAGES = {
    "bulk-start": "What everybody gets",
    "bulk-file": "could not be read",
    "bulk-reading": "rows read so far",
    "bulk-columns": "Which column fills what?",
    "bulk-ready": "This is what they get",
    "bulk-edit": "Save and check",
    "bulk-sending": "58 of 120 sent, 1 failed",
    "bulk-paused": "Go on",
    "send-later": "Send later",
    "scheduled": "Change the moment",
}
OURS = ".sp-stack"  # around it is the admin's own skin, which has no landmarks
SHEET = """Name;E-Mail;Rent
Zoë Müller;zoe@example.com;1200
Carl Dee;carl@;950
"""


@contextmanager
def logged_in(browser: Browser, gallery: GalleryProcess, state: str, **device: Any) -> Iterator[Visit]:
    """A member of staff on this page."""
    with visit(browser, f"{gallery.base_url}/admin/login/", **device) as visitor:
        visitor.page.get_by_label("Username").fill("dana")
        visitor.page.get_by_label("Password").fill("pass")
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.get_by_role("heading", name="Latest envelopes")).to_be_visible()
        visitor.page.goto(gallery.make(state))
        yield visitor


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


@pytest.mark.parametrize(("device_name", "device"), DEVICES)
@pytest.mark.parametrize("state", PAGES)
def test_every_page_is_clear_and_accessible(
    gallery: GalleryProcess, browser: Browser, state: str, device_name: str, device: dict[str, Any]
) -> None:
    with logged_in(browser, gallery, state, **device) as visitor:
        page = visitor.page
        expect(page.get_by_text(PAGES[state]).first).to_be_visible()
        Photographer(f"{state}-{device_name}").take(page, "page")
        assert violations(page, OURS) == []
        assert visitor.complaints == []
        assert overflow(page) <= 0


def test_the_whole_way_from_a_sheet_to_envelopes(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("bulk-journey")
    with logged_in(browser, gallery, "bulk-start", **DESKTOP) as visitor:
        page = visitor.page
        page.get_by_label("Template").select_option(index=1)
        sheet = {
            "name": "Tenants.csv",
            "mimeType": "text/csv",
            "buffer": SHEET.replace("Rent", "Address").encode("cp1252"),
        }
        page.get_by_label("Choose a CSV or Excel file").set_input_files(sheet)  # type: ignore[arg-type]
        expect(page.get_by_text("Tenants.csv")).to_be_visible()
        expect(page.get_by_label("Name of this bulk send")).to_have_value("")
        page.get_by_role("button", name="Upload").click()
        expect(page.get_by_text("Zoë Müller, Carl Dee")).to_be_visible()  # beside the column that was guessed
        camera.take(page, "columns")
        page.get_by_role("button", name="Check all rows").click()
        expect(page.get_by_role("button", name="Send 1 envelope")).to_be_visible()
        page.get_by_role("link", name="Correct row 3").click()
        page.get_by_label("E-Mail").fill("carl@example.com")
        page.get_by_role("button", name="Save and check").click()
        page.get_by_role("button", name="Send 2 envelopes").click()
        expect(page.get_by_text("2 of 2 sent.")).to_be_visible()
        camera.take(page, "done")
        page.get_by_role("link", name="Sent", exact=True).first.click()
        expect(page.locator(".sp-title")).to_contain_text("Lease of 1200")
        assert visitor.complaints == []


def test_the_columns_can_be_chosen_without_a_mouse(gallery: GalleryProcess, browser: Browser) -> None:
    with logged_in(browser, gallery, "bulk-columns", **DESKTOP) as visitor:
        page = visitor.page
        first = page.get_by_label("Name needed")
        first.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Email needed")).to_be_focused()
        page.keyboard.press("ArrowDown")
        email = page.locator(".sp-bulk-target", has=page.get_by_label("Email needed"))
        expect(email.get_by_text("1200, 950, 875")).to_be_visible()
