"""Fields placed by mouse: drawn, dragged, moved, aligned, copied, undone; and what comes of it on the server."""

import re

import pytest
from playwright.sync_api import Browser, expect

from .editing import FieldEditor, editing
from .gallery_process import GalleryProcess
from .pages import Photographer

pytestmark = pytest.mark.e2e


def places(editor: FieldEditor) -> list[tuple[str, int, int]]:
    return [(item["kind"], item["x"], item["y"]) for item in editor.saved()]


def near(one: float, other: float, by: float = 1.5) -> bool:
    return abs(one - other) <= by


def test_fields_are_placed_by_mouse(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("editor-mouse")
    with editing(browser, gallery, "editor") as editor:
        page = editor.page
        editor.kind("Signature").click()
        editor.press(200, 300)
        page.get_by_text("Carl Dee").locator("visible=true").first.click()
        editor.kind("Text").click()
        editor.drag((100, 500), (300, 540))
        box = editor.kind("Checkbox").bounding_box()
        assert box
        page.mouse.move(box["x"] + 10, box["y"] + 10)
        page.mouse.down()
        page.mouse.move(*editor.point(400, 400), steps=4)
        page.mouse.up()
        camera.take(page, "placed")
        sign, text, check = editor.saved()
        assert (sign["kind"], sign["recipient"], sign["x"], sign["y"]) == ("sign_here", 1, 140, 282)
        assert (text["kind"], text["recipient"]) == ("text", 2)
        assert near(text["x"], 100)
        assert near(text["width"], 200)
        assert near(text["height"], 40)
        assert check["kind"] == "checkbox"
        assert near(check["x"] + 7.5, 400, 2)
        assert editor.complaints == []


def test_fields_are_moved_and_resized_by_mouse(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        editor.kind("Text").click()
        editor.drag((100, 300), (200, 330))
        editor.drag((150, 315), (250, 415))
        (text,) = editor.saved()
        assert near(text["x"], 200)
        assert near(text["y"], 400)
        editor.drag((text["x"] + text["width"], text["y"] + text["height"]), (360, 460))
        (text,) = editor.saved()
        assert near(text["width"], 160, 2)
        assert near(text["height"], 60, 2)


def test_a_signature_keeps_its_shape(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        editor.kind("Signature").click()
        editor.press(200, 300)
        editor.drag((260, 318), (900, 318))
        (sign,) = editor.saved()
        assert (sign["width"], sign["height"]) == (240, 72)  # twice as large is the most


def test_a_field_goes_to_another_page(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        page = editor.page
        for _ in range(3):
            page.get_by_role("button", name="Smaller").click()
        editor.kind("Signature").click()
        editor.press(200, 700)
        page.mouse.move(*editor.point(200, 700))
        page.mouse.down()
        page.mouse.move(*editor.point(300, 100, page=2), steps=5)
        page.mouse.up()
        (sign,) = editor.saved()
        assert (sign["page"], near(sign["x"], 240, 3), near(sign["y"], 82, 3)) == (2, True, True)


def test_near_fields_snap_into_line(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        for x, y in ((150, 300), (157, 400)):
            editor.kind("Text").click()
            editor.press(x, y)
        editor.drag((157, 400), (160, 420), alt=False)
        one, other = editor.saved()
        assert (other["width"], other["height"]) == (140, 18), "caught in the middle, it is moved, not resized"
        assert one["x"] == other["x"] or near(one["x"], other["x"], 12)
        editor.drag((other["x"] + 20, other["y"] + 9), (one["x"] + 22, 460), alt=False)
        one, other = editor.saved()
        assert one["x"] == other["x"]


def test_many_are_caught_and_brought_into_line(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("editor-many")
    with editing(browser, gallery, "editor-blank") as editor:
        page = editor.page
        for x, y in ((150, 200), (210, 240), (170, 400)):
            editor.kind("Text").click()
            editor.press(x, y)
        editor.drag((60, 150), (330, 440))
        expect(editor.panel().get_by_role("heading", name="3 fields")).to_be_visible()
        camera.take(page, "caught")
        page.get_by_role("button", name="Align left edges").click()
        page.get_by_role("button", name="Equal gaps from top to bottom").click()
        editor.panel().get_by_label("Width", exact=True).fill("90")
        saved = editor.saved()
        assert {item["x"] for item in saved} == {80}
        assert {item["width"] for item in saved} == {90}
        tops = sorted(item["y"] for item in saved)
        assert near(tops[1] - tops[0], tops[2] - tops[1])


def test_shift_chooses_one_more_and_another_owner_gets_them(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-kinds") as editor:
        editor.fields("Company").click()
        editor.fields("Title").click(modifiers=["Shift"])
        editor.panel().get_by_label("Who fills it in").select_option("Ann Bee")
        owners = {item["kind"]: item["recipient"] for item in editor.saved()}
        assert (owners["company"], owners["title"]) == (1, 1)


def test_what_was_done_is_undone_and_done_again(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        page = editor.page
        undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
        expect(undo).to_be_disabled()
        editor.kind("Signature").click()
        editor.press(200, 300)
        editor.drag((200, 300), (300, 400))
        before = places(editor)
        undo.click()
        undo.click()
        expect(editor.fields()).to_have_count(0)
        assert editor.saved() == []
        redo.click()
        redo.click()
        expect(editor.fields()).to_have_count(1)
        assert places(editor) == before
        expect(redo).to_be_disabled()


def test_a_field_is_copied_to_all_pages(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        editor.kind("Initials").click()
        editor.press(500, 500)
        editor.page.get_by_role("button", name="Copy to all pages of the document").click()
        assert sorted((item["page"], item["x"]) for item in editor.saved()) == [(1, 476), (2, 476), (3, 476)]


def test_properties_are_saved(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        panel = editor.panel()
        editor.kind("List").click()
        editor.press(200, 300)
        panel.get_by_label("Options, one a line").fill("Red\nGreen\n\nBlue")
        panel.get_by_label("Label").fill("Colour")
        panel.get_by_label("Required").uncheck()
        panel.get_by_label("From left").fill("77")
        (colour,) = editor.saved()
        assert colour["options"] == ["Red", "Green", "Blue"]
        assert (colour["label"], colour["required"], colour["x"]) == ("Colour", False, 77)


def test_a_mistake_is_told_beside_its_property(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        panel = editor.panel()
        editor.kind("Number").click()
        editor.press(200, 300)
        panel.get_by_label("Default value").fill("many")
        expect(panel.get_by_text("This is no number.")).to_be_visible()
        expect(editor.page.get_by_text("Saved, except 1 field to look at")).to_be_visible()
        panel.get_by_label("Default value").fill("42")
        expect(panel.get_by_text("This is no number.")).to_be_hidden()
        assert [item["value"] for item in editor.saved()] == ["42"]


def test_radio_buttons_come_in_pairs_and_grow(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        editor.kind("Radio button").click()
        editor.press(200, 300)
        editor.fields("Radio button").first.click()
        editor.panel().get_by_role("button", name="Add another option").click()
        saved = editor.saved()
        assert {item["group"] for item in saved} == {"Choice 1"}
        assert [item["options"] for item in saved] == [["Option 1"], ["Option 2"], ["Option 3"]]


@pytest.mark.parametrize("zooms", [0, 2, -2])
def test_fields_are_shown_where_they_are(gallery: GalleryProcess, browser: Browser, zooms: int) -> None:
    with editing(browser, gallery, "editor-kinds") as editor:
        for _ in range(abs(zooms)):
            editor.page.get_by_role("button", name="Larger" if zooms > 0 else "Smaller").click()
        seen = sorted((box["x"], box["y"], box["width"], box["height"]) for box in editor.boxes())
        saved = sorted((item["x"], item["y"], item["width"], item["height"]) for item in editor.saved())
        assert len(seen) == len(saved) == 17
        for box, place in zip(seen, saved, strict=True):
            assert box == pytest.approx(place, abs=0.6)


def test_two_editors_do_not_overwrite_each_other(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("editor-conflict")
    with editing(browser, gallery, "editor-blank") as editor:
        other = editor.page.context.new_page()
        other.goto(editor.address)
        expect(other.locator("[data-editor]")).to_have_attribute("data-ready", "yes")
        editor.kind("Signature").click()
        editor.press(200, 300)
        editor.saved()
        second = FieldEditor(other, editor.address)
        second.kind("Text").click()
        second.press(200, 500)
        dialog = other.get_by_role("dialog", name="Changed elsewhere")
        expect(dialog).to_be_visible()
        camera.take(other, "conflict")
        dialog.get_by_role("button", name="Show what is saved").click()
        expect(second.fields("Signature")).to_have_count(1)
        expect(second.fields("Text")).to_have_count(0)


def test_offline_nothing_is_lost(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        context = editor.page.context
        context.set_offline(True)
        editor.kind("Signature").click()
        editor.press(200, 300)
        expect(editor.page.get_by_text("Offline, trying again").first).to_be_visible()
        context.set_offline(False)
        assert len(editor.saved()) == 1


def test_a_slow_line_is_not_taken_for_somebody_else(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        page = editor.page
        slow = {"offline": False, "latency": 1500, "downloadThroughput": -1, "uploadThroughput": -1}
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
        for y in (200, 250, 300, 350):
            editor.kind("Text").click()
            editor.press(200, y)
            page.keyboard.press("Control+s")
            page.wait_for_timeout(700)
        assert len(editor.saved()) == 4
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_who_is_logged_out_is_told_so(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        editor.page.context.clear_cookies()
        editor.kind("Text").click()
        editor.press(200, 300)
        expect(editor.page.get_by_text("Not saved: you are logged out").first).to_be_visible()


def test_a_long_document_loads_only_what_is_seen(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-long") as editor:
        page = editor.page
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/pages/" in request.url else None)
        expect(page.locator(".fe-page--shown").first).to_be_visible()
        expect(page.locator(".fe-page")).to_have_count(500)
        page.get_by_label("Page", exact=True).fill("400")
        page.keyboard.press("Enter")
        expect(page.locator(".fe-page").nth(399).locator("img")).to_be_in_viewport()
        expect(page.locator(".fe-page--shown").nth(2)).to_be_attached(timeout=30_000)
        assert len(asked) < 20
        assert any(re.search(r"/pages/400/", url) for url in asked)


def test_a_finding_leads_to_its_field(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-kinds") as editor:
        decline = next(item for item in editor.saved() if item["kind"] == "decline")
        editor.page.goto(f"{editor.address}#tab-{decline['id']}")
        expect(editor.panel().get_by_role("heading", name="Decline")).to_be_visible()
        expect(editor.fields("Decline")).to_be_focused()
