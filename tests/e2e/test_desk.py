"""The staff's desk in a browser: list, record and dashboard, light and dark, desktop and phone, looked at by axe."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .gallery_process import GalleryProcess
from .pages import Photographer
from .visiting import DESKTOP, PHONE, violations

pytestmark = pytest.mark.e2e

DEVICES = [
    pytest.param("desktop", DESKTOP, id="desktop"),
    pytest.param("dark", DESKTOP | {"color_scheme": "dark"}, id="dark"),
    pytest.param("phone", PHONE, id="phone"),
    pytest.param("phone-dark", PHONE | {"color_scheme": "dark"}, id="phone-dark"),
]
LIST = "/admin/signing/envelope/"


@pytest.fixture
def desk(gallery: GalleryProcess) -> str:
    """The portal's address, after a desk of some envelopes was laid."""
    gallery.make("desk")
    return gallery.base_url


def log_in(context: BrowserContext, base_url: str) -> Page:
    page = context.new_page()
    page.goto(f"{base_url}/admin/login/?next={LIST}")
    page.get_by_label("Username").fill("dana")
    page.get_by_label("Password").fill("pass")
    page.get_by_role("button", name=re.compile("log in", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="Envelopes", exact=True)).to_be_visible()
    return page


@pytest.fixture
def page_at_desk(browser: Browser, desk: str) -> Iterator[Page]:
    context = browser.new_context(**DESKTOP, base_url=desk)
    yield log_in(context, desk)
    context.close()


@pytest.mark.parametrize(("device_name", "device"), DEVICES)
def test_every_page_of_the_desk_is_clear_and_accessible(
    desk: str, browser: Browser, device_name: str, device: dict[str, Any]
) -> None:
    context = browser.new_context(**device, base_url=desk)
    page = log_in(context, desk)
    if "dark" in device_name:
        page.evaluate("localStorage.setItem('_x_adminTheme', JSON.stringify('dark'))")
    camera = Photographer(f"desk-{device_name}")
    record = page.get_by_role("link", name="Declined lease").first.get_attribute("href") or ""
    waiting = page.get_by_role("link", name="Waiting lease").first.get_attribute("href") or ""
    for what, address in (
        ("list", LIST),
        ("filtered", f"{LIST}?owner=me&status=waiting"),
        ("nothing-found", f"{LIST}?q=zebra"),
        ("declined", record),
        ("waiting", waiting),
        ("dashboard", "/admin/"),
    ):
        page.goto(address)
        camera.take(page, what)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), what
        assert ours(violations(page)) == [], what
    page.goto(waiting)
    page.get_by_label("Correct Ann Bee").click()
    camera.take(page, "correct")
    assert ours(violations(page)) == []
    context.close()


def ours(found: list[str]) -> list[str]:
    """Without what the skin's own frame does: its side bar is no landmark, and its head no level-one heading."""
    return [violation for violation in found if not violation.startswith(("region:", "landmark-", "page-has-heading"))]


def test_a_choice_survives_paging_and_is_acted_upon(page_at_desk: Page) -> None:
    page = page_at_desk
    page.get_by_label(re.compile("Waiting lease")).check()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.get_by_role("link", name="Declined", exact=False).first.click()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.get_by_label(re.compile("Choose #.*Declined lease")).check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.get_by_role("button", name="Remind").click()
    expect(page.get_by_role("heading", name="Remind")).to_contain_text("Done")
    expect(page.get_by_text("2 of 2 envelopes")).to_be_visible()
    expect(page.get_by_text("It is not waiting for anyone.")).to_be_visible()
    page.goto(LIST)
    expect(page.get_by_text("Choose envelopes to act on them")).to_be_visible()


def test_search_by_keyboard_and_a_saved_view(page_at_desk: Page) -> None:
    page = page_at_desk
    page.keyboard.press("/")
    page.keyboard.type("declined lea")
    page.keyboard.press("Enter")
    expect(page.locator(".sp-list tbody tr")).to_have_count(1)
    page.get_by_text("Save this view").click()
    page.get_by_label("Name", exact=True).fill("Sad leases")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(LIST)
    page.get_by_role("link", name="Sad leases").click()
    expect(page.locator(".sp-list tbody tr")).to_have_count(1)


def test_an_export_is_taken_away(page_at_desk: Page) -> None:
    page = page_at_desk
    page.locator("summary", has_text="Export").click()
    page.get_by_role("button", name="As CSV").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile(r"envelopes-.*\.csv")).click()
    assert waiting.value.suggested_filename.endswith(".csv")
