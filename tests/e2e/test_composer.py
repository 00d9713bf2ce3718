"""Composing in a real browser: by mouse, by keyboard, on a phone; what is dropped, dragged, taken back, in conflict."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.pdf_files import draw_pdf

from .gallery_process import GalleryProcess
from .pages import SETTLE_MILLISECONDS, Photographer, Staff
from .test_journey import DESKTOP, FOCUSED_NAME, PHONE

pytestmark = pytest.mark.e2e

DARK = DESKTOP | {"color_scheme": "dark"}
LOOKS = [
    pytest.param("desktop", DESKTOP, id="desktop"),
    pytest.param("dark", DARK, id="dark"),
    pytest.param("phone", PHONE, id="phone"),
]
SAVED = re.compile(r"^Saved \d")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    lease, house, notes = tmp_path / "Lease.pdf", tmp_path / "House.png", tmp_path / "Notes.pdf"
    lease.write_bytes(draw_pdf("This agreement binds both parties.\n\nSign: /sn1/\n\nSign: /sn2/"))
    Image.new("RGB", (600, 400), "teal").save(house)
    notes.write_text("These are only notes.")
    return [lease, house, notes]


@pytest.fixture
def staff_in(gallery: GalleryProcess, browser: Browser) -> Callable[..., Staff]:
    def log_in(name: str, device: dict[str, Any] = DESKTOP) -> Staff:
        staff = Staff(browser.new_context(**device), gallery.base_url, Photographer(f"composer-{name}"))
        staff.log_in("dana", "pass")
        staff.page.goto(f"{gallery.base_url}/admin/signing/envelope/add/")
        return staff

    return log_in


def upload(page: Page, *files: Path) -> None:
    page.locator("#id_uploads").set_input_files(files)
    expect(page.locator("[data-document]").last).to_be_visible(timeout=SETTLE_MILLISECONDS)


def is_saved(page: Page) -> None:
    """The next save, begun from here."""
    expect(page.locator("span[data-saved]")).to_have_text(SAVED, timeout=SETTLE_MILLISECONDS)


def names(page: Page) -> list[str]:
    return [box.input_value() for box in page.get_by_role("textbox", name="Document name").all()]


def people(page: Page) -> list[tuple[str, str]]:
    rows = page.get_by_role("group", name="Recipient").all()
    return [
        (row.get_by_label("Order").input_value(), row.get_by_label("Name", exact=True).input_value()) for row in rows
    ]


def write(staff: Staff, index: int, name: str) -> None:
    row = staff.recipient(index)
    row.get_by_label("Name", exact=True).fill(name)
    row.get_by_label("Email", exact=True).fill(f"{name.lower()}@example.com")


def assert_accessible(page: Page) -> None:
    violations = (
        Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"]
    )
    ours = [
        (rule["id"], node["html"][:200])
        for rule in violations
        for node in rule["nodes"]
        if not node["target"][0].startswith(("#nav-sidebar", "#header"))
    ]
    assert ours == []


@pytest.mark.parametrize(("name", "device"), LOOKS)
def test_the_first_and_the_last_step_are_accessible(
    staff_in: Callable[..., Staff], files: list[Path], name: str, device: dict[str, Any]
) -> None:
    staff = staff_in(f"look-{name}", device)
    page = staff.page
    assert_accessible(page)
    upload(page, *files[:2])
    write(staff, 0, "Ann")
    page.get_by_role("button", name="Add recipient").click()
    write(staff, 1, "Otto")
    staff.recipient(1).get_by_label("Part").select_option("carbon_copy")
    staff.recipient(1).get_by_text("Options").click()
    staff.recipient(1).get_by_label("Email", exact=True).fill("otto@")
    expect(page.get_by_text("Enter a valid email address.")).to_be_visible(timeout=SETTLE_MILLISECONDS)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=f"artifacts/e2e/composer-{name}-first.png", full_page=True)
    staff.recipient(1).get_by_label("Email", exact=True).fill("")
    page.get_by_role("link", name="Review & send").click()
    expect(page.get_by_text("Otto has no email address.")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=f"artifacts/e2e/composer-{name}-last.png", full_page=True)


def test_everything_is_there_again_after_a_reload(staff_in: Callable[..., Staff], files: list[Path]) -> None:
    staff = staff_in("reload")
    page = staff.page
    upload(page, *files[:2])
    write(staff, 0, "Ann")
    staff.recipient(0).get_by_text("Options").click()
    staff.recipient(0).get_by_label("Language").select_option("de")
    is_saved(page)
    page.reload()
    assert names(page) == ["Lease", "House"]
    assert people(page) == [("1", "Ann")]
    expect(staff.recipient(0).get_by_label("Language")).to_have_value("de")


def test_a_wrong_file_is_answered_and_the_rest_is_kept(staff_in: Callable[..., Staff], files: list[Path]) -> None:
    page = staff_in("wrong-file").page
    upload(page, *files)
    expect(page.get_by_text("Notes.pdf: This is not a PDF.")).to_be_visible()
    assert names(page) == ["Lease", "House"]


def test_documents_are_dragged_into_another_order(staff_in: Callable[..., Staff], files: list[Path]) -> None:
    page = staff_in("drag-documents").page
    upload(page, *files[:2])
    first, second = page.locator(".sp-doc__picture").all()
    with page.expect_response(lambda r: r.request.method == "POST"):
        drag(page, second, first)
    assert names(page) == ["House", "Lease"]
    is_saved(page)
    page.reload()
    assert names(page) == ["House", "Lease"]


def drag(page: Page, grip: Any, onto: Any) -> None:
    start, end = grip.bounding_box(), onto.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=12)
    page.mouse.up()


def test_recipients_are_dragged_and_equal_numbers_stay_together(staff_in: Callable[..., Staff]) -> None:
    staff = staff_in("drag-people")
    page = staff.page
    for index, name in enumerate(("Ann", "Bob", "Cid")):
        if index:
            page.get_by_role("button", name="Add recipient").click()
        write(staff, index, name)
    order = staff.recipient(2).get_by_label("Order")
    order.fill("2")
    order.blur()
    assert people(page) == [("1", "Ann"), ("2", "Bob"), ("2", "Cid")]
    grips = page.locator("[data-grip]").all()
    drag(page, grips[0], grips[2])
    assert people(page) == [("1", "Bob"), ("1", "Cid"), ("2", "Ann")]
    page.get_by_role("button", name="Move recipient up").nth(2).click()
    assert people(page) == [("1", "Bob"), ("1", "Ann"), ("1", "Cid")]


def test_a_removed_recipient_can_be_taken_back_with_their_fields(
    staff_in: Callable[..., Staff], files: list[Path]
) -> None:
    staff = staff_in("undo")
    page = staff.page
    upload(page, files[0])
    write(staff, 0, "Ann")
    page.get_by_role("link", name="Review & send").click()
    expect(page.get_by_text("Signs · 1 field")).to_be_visible()
    page.get_by_role("link", name="Documents & recipients").click()
    page.get_by_role("button", name="Remove recipient").click()
    expect(page.get_by_text("Removed: Ann")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Review & send").click()
    expect(page.get_by_text("Signs · 1 field")).to_be_visible()
    page.get_by_role("link", name="Documents & recipients").click()
    page.get_by_role("button", name="Remove recipient").click()
    page.get_by_role("link", name="Review & send").click()
    expect(page.get_by_text("Nobody yet.")).to_be_visible()


def test_a_past_recipient_is_taken_by_keyboard(staff_in: Callable[..., Staff]) -> None:
    staff = staff_in("suggestions")
    write(staff, 0, "Wilhelmina")
    is_saved(staff.page)
    page = staff.page
    page.goto(page.url.replace(page.url.split("/admin")[1], "/signing/envelope/add/"))
    name = staff.recipient(0).get_by_label("Name", exact=True)
    name.press_sequentially("wilh")
    expect(page.get_by_role("option", name="Wilhelmina")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert people(page) == [("1", "Wilhelmina")]
    expect(staff.recipient(0).get_by_label("Email", exact=True)).to_have_value("wilhelmina@example.com")


def test_two_windows_never_overwrite_each_other(staff_in: Callable[..., Staff]) -> None:
    staff = staff_in("conflict")
    write(staff, 0, "Ann")
    is_saved(staff.page)
    other = staff.page.context.new_page()
    other.goto(staff.page.url)
    other.get_by_label("Name", exact=True).fill("Other Window")
    is_saved(other)
    with staff.page.expect_response(lambda r: r.status == 409):
        staff.recipient(0).get_by_label("Name", exact=True).fill("Mine")
    expect(staff.page.get_by_text("Somebody else changed this meanwhile")).to_be_visible()
    staff.page.screenshot(path="artifacts/e2e/composer-conflict.png")
    staff.page.get_by_role("button", name="Save mine instead").click()
    expect(staff.page.get_by_text("Draft saved.")).to_be_visible()
    other.reload()
    expect(other.get_by_label("Name", exact=True)).to_have_value("Mine")


def test_composing_and_sending_by_keyboard_alone(staff_in: Callable[..., Staff], files: list[Path]) -> None:
    staff = staff_in("keyboard")
    page, press = staff.page, staff.page.keyboard.press

    def tab_to(name: str) -> None:
        for _ in range(80):
            press("Tab")
            focused = page.evaluate(FOCUSED_NAME).strip()
            if focused.startswith(name) or focused.endswith(name):
                return
        raise AssertionError(f"the keyboard does not reach {name!r}")

    tab_to("Choose files")
    assert page.evaluate("document.activeElement.type") == "file"  # Enter opens the browser's own dialogue from here
    page.set_input_files(":focus", files[0])
    expect(page.get_by_role("textbox", name="Document name")).to_have_value("Lease", timeout=SETTLE_MILLISECONDS)
    tab_to("Name")
    page.keyboard.type("Kay Lee")
    tab_to("Email")
    page.keyboard.type("kay.keys@example.com")
    press("Enter")  # another row, and the focus in it
    page.keyboard.type("Bo Ray")
    tab_to("Email")
    page.keyboard.type("bo.keys@example.com")
    tab_to("Continue to fields")
    press("Enter")
    expect(page.get_by_role("link", name="Review & send").first).to_be_visible()
    tab_to("Review & send")
    press("Enter")
    expect(page.get_by_text("Everything is in place")).to_be_visible()
    tab_to("Send")
    press("Enter")
    expect(page.get_by_text("On its way to")).to_be_visible()
