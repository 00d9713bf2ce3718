"""The field editor by keyboard alone, by finger, on small screens, in the dark, and to assistive technology."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from .editing import DESKTOP, TABLET, FieldEditor, editing
from .gallery_process import GalleryProcess
from .pages import Photographer
from .visiting import PHONE, violations

pytestmark = pytest.mark.e2e

DEVICES = [
    pytest.param("desktop", DESKTOP, id="desktop"),
    pytest.param("dark", DESKTOP | {"color_scheme": "dark"}, id="dark"),
    pytest.param("tablet", TABLET, id="tablet"),
    pytest.param("phone", PHONE, id="phone"),
]
FOCUSED = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim()"


def tab_to(editor: FieldEditor, name: str) -> None:
    """With the Tab key, as far as it takes."""
    for _ in range(60):
        if re.search(name, editor.page.evaluate(FOCUSED)):
            return
        editor.page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {name}")


def finger_drag(session: CDPSession, start: tuple[float, float], end: tuple[float, float]) -> None:
    def touch(kind: str, *points: tuple[float, float]) -> None:
        spots = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    touch("touchStart", start)
    for step in range(1, 6):
        touch("touchMove", (start[0] + (end[0] - start[0]) * step / 5, start[1] + (end[1] - start[1]) * step / 5))
    touch("touchEnd")


def test_everything_works_by_keyboard_alone(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("editor-keyboard")
    with editing(browser, gallery, "editor-blank") as editor:
        keys = editor.page.keyboard
        tab_to(editor, "Signature$")
        keys.press("Enter")
        expect(editor.fields("Signature")).to_have_count(1)
        tab_to(editor, "^Signature for Ann Bee")
        (before,) = editor.saved()
        keys.press("ArrowRight")
        keys.press("Shift+ArrowUp")
        (moved,) = editor.saved()
        assert (moved["x"] - before["x"], moved["y"] - before["y"]) == (1, -10)
        camera.take(editor.page, "moved")
        keys.press("2")  # now Carl's
        keys.press("t")
        expect(editor.fields("Text")).to_be_focused()
        keys.press("Alt+Shift+ArrowRight")
        keys.press("Enter")
        tab_to(editor, "^$|Duplicate")
        editor.panel().get_by_label("Label", exact=True).focus()
        keys.type("Reason")
        keys.press("Escape")
        expect(editor.fields("Text")).to_be_focused()
        keys.press("Control+d")
        expect(editor.fields("Text")).to_have_count(2)
        keys.press("Delete")
        expect(editor.fields("Text")).to_have_count(1)
        keys.press("Control+z")
        keys.press("Control+Shift+Z")
        saved = editor.saved()
        assert [(item["kind"], item["recipient"], item["label"]) for item in saved] == [
            ("sign_here", 2, ""),
            ("text", 2, "Reason"),
        ]
        assert saved[1]["width"] == 150
        assert editor.complaints == []


def test_the_tab_key_walks_through_fields_as_one_reads(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-kinds") as editor:
        tab_to(editor, "^Signature for")
        walked = []
        for _ in range(4):
            walked.append(str(editor.page.evaluate(FOCUSED)).split(" for ")[0])
            editor.page.keyboard.press("Tab")
        assert walked == ["Signature", "Initials", "Date signed", "Name"]
        expect(editor.panel().get_by_role("heading", name="Email")).to_be_visible()


def test_after_undoing_the_keyboard_goes_on(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        keys = editor.page.keyboard
        keys.press("s")
        expect(editor.fields("Signature")).to_be_focused()
        keys.press("Control+z")
        expect(editor.fields()).to_have_count(0)
        keys.press("t")
        expect(editor.fields("Text")).to_have_count(1)


def test_letters_typed_into_a_property_place_nothing(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        editor.kind("Text").click()
        editor.press(200, 300)
        editor.panel().get_by_label("Label", exact=True).fill("")
        editor.page.keyboard.type("sid?")
        expect(editor.fields()).to_have_count(1)
        expect(editor.page.get_by_role("dialog")).to_have_count(0)


def test_the_shortcut_sheet_opens_by_key_and_button(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("editor-sheet")
    with editing(browser, gallery, "editor-blank") as editor:
        sheet = editor.page.get_by_role("dialog", name="Keyboard shortcuts")
        editor.page.keyboard.press("?")
        expect(sheet).to_be_visible()
        camera.take(editor.page, "sheet")
        assert violations(editor.page) == []
        editor.page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()
        editor.page.get_by_role("button", name="Keyboard shortcuts").click()
        expect(sheet).to_be_visible()


def test_what_happens_is_announced(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        live = editor.page.locator("[data-live]")
        editor.page.keyboard.press("s")
        expect(live).to_have_text("Signature placed on page 1.")
        editor.page.keyboard.press("Delete")
        expect(live).to_have_text("1 field deleted.")


def test_on_a_tablet_fields_are_placed_and_moved_by_finger(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("editor-tablet")
    with editing(browser, gallery, "editor-blank", **TABLET) as editor:
        page = editor.page
        session = page.context.new_cdp_session(page)
        editor.kind("Signature").tap()
        expect(editor.fields("Signature")).to_have_count(1)
        box = editor.kind("Text").bounding_box()
        assert box
        finger_drag(session, (box["x"] + 20, box["y"] + 20), editor.point(300, 200))
        expect(editor.fields("Text")).to_have_count(1)
        before = editor.saved()[1]
        spot = editor.point(before["x"] + 70, before["y"] + 9)
        finger_drag(session, spot, (spot[0] - 60, spot[1] + 80))
        after = editor.saved()[1]
        assert after["x"] < before["x"] - 30
        assert after["y"] > before["y"] + 40
        camera.take(page, "moved")
        page.get_by_role("button", name="Properties").tap()
        editor.panel().get_by_label("Label", exact=True).fill("Reason")
        assert editor.saved()[1]["label"] == "Reason"
        assert editor.complaints == []


def test_on_a_phone_a_field_is_placed_and_described(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("editor-phone")
    with editing(browser, gallery, "editor-blank", **PHONE) as editor:
        page = editor.page
        camera.take(page, "empty")
        editor.kind("Signature").tap()
        camera.take(page, "placed")
        page.get_by_role("button", name="Properties").tap()
        editor.panel().get_by_label("Hint for the signer").fill("Please sign here")
        camera.take(page, "properties")
        editor.panel().get_by_role("button", name="Back to the page").tap()
        (sign,) = editor.saved()
        assert sign["tooltip"] == "Please sign here"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("device_name", "device"), DEVICES)
@pytest.mark.parametrize("state", ["editor", "editor-kinds", "editor-anchors", "editor-form", "editor-preview"])
def test_axe_finds_nothing(
    gallery: GalleryProcess, browser: Browser, state: str, device_name: str, device: dict[str, Any]
) -> None:
    with editing(browser, gallery, state, **device) as editor:
        page = editor.page
        expect(page.locator(".fe-page--shown").first).to_be_visible()
        Photographer(f"{state}-{device_name}").take(page, "page")
        assert violations(page) == []
        if state == "editor-kinds":
            editor.fields("Text").click()
            Photographer(f"{state}-chosen-{device_name}").take(page, "page")
            assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert editor.complaints == []
