"""What the documents offer to the editor: anchors, forms, suggestions; and previews of what signers will see."""

import pytest
from playwright.sync_api import Browser, expect

from .editing import editing
from .gallery_process import GalleryProcess
from .pages import Photographer
from .visiting import violations

pytestmark = pytest.mark.e2e

SEARCH_MILLISECONDS = 20_000  # a process of its own reads the PDF


def test_ghosts_show_where_an_anchor_matches(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("editor-anchors")
    with editing(browser, gallery, "editor-anchors") as editor:
        ghosts = editor.fields("Signature")
        expect(ghosts).to_have_count(3, timeout=SEARCH_MILLISECONDS)
        ghosts.first.click()
        panel = editor.panel()
        expect(panel.get_by_text("Found 3 times: the field stands at each of them.")).to_be_visible()
        camera.take(editor.page, "ghosts")
        panel.get_by_label("Right by").fill("40")
        panel.get_by_label("Down by").fill("-4")
        sign = next(item for item in editor.saved() if item["kind"] == "sign_here")
        assert (sign["anchor_x_offset"], sign["anchor_y_offset"], sign["anchor"]) == (40, -4, "/sn1/")


def test_an_anchor_without_a_match_is_told(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-anchors") as editor:
        panel = editor.panel()
        lost = panel.get_by_role("button", name="/nowhere/")
        expect(lost).to_contain_text("not found", timeout=SEARCH_MILLISECONDS)
        lost.click()
        expect(panel.get_by_text("This text stands nowhere in the documents.")).to_be_visible()
        panel.get_by_label("Text in the documents").fill("Sign again")
        expect(panel.get_by_text("Found once.")).to_be_visible(timeout=SEARCH_MILLISECONDS)
        expect(editor.fields("Text")).to_have_count(1)


def test_a_ghost_is_moved_with_all_its_matches(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-anchors") as editor:
        expect(editor.fields("Signature")).to_have_count(3, timeout=SEARCH_MILLISECONDS)
        first = next(box for box in editor.boxes() if box["name"].startswith("Signature"))
        x, y = first["x"] + 30, first["y"] + 18
        editor.drag((x, y), (x + 100, y + 50))
        sign = next(item for item in editor.saved() if item["kind"] == "sign_here")
        assert sign["anchor_x_offset"] == pytest.approx(100, abs=2)
        assert sign["anchor_y_offset"] == pytest.approx(50, abs=2)


def test_a_field_turns_from_a_position_to_a_text_and_back(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor") as editor:
        panel = editor.panel()
        editor.kind("Signature").click()
        editor.press(200, 200)
        panel.get_by_role("button", name="At a text").click()
        expect(panel.get_by_text("Found once.")).to_be_visible(timeout=SEARCH_MILLISECONDS)
        (sign,) = editor.saved()
        assert (sign["anchor"], sign["document"], sign["x"]) == ("/sn1/", None, None)
        panel.get_by_role("button", name="At a position").click()
        (sign,) = editor.saved()
        assert (sign["anchor"], sign["document"], sign["page"]) == ("", 1, 2)


def test_fields_of_a_form_are_kept_as_fields(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("editor-form")
    with editing(browser, gallery, "editor-form") as editor:
        panel = editor.panel()
        expect(panel.get_by_text("This PDF has a form")).to_be_visible(timeout=SEARCH_MILLISECONDS)
        camera.take(editor.page, "offered")
        panel.get_by_role("button", name="Keep as fields for Ann Bee").click()
        saved = editor.saved()
        camera.take(editor.page, "kept")
        assert {"full_name", "text", "checkbox", "radio"} <= {item["kind"] for item in saved}
        name = next(item for item in saved if item["kind"] == "full_name")
        assert (name["x"], name["y"], name["width"], name["height"]) == (72, 122, 200, 20)
        editor.page.reload()
        expect(editor.fields("Name")).to_have_count(1)
        expect(panel.get_by_text("This PDF has a form")).to_have_count(0)


def test_a_form_may_be_ignored(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-form") as editor:
        panel = editor.panel()
        panel.get_by_role("button", name="Ignore the form").click()
        expect(panel.get_by_text("This PDF has a form")).to_have_count(0)
        editor.page.reload()
        expect(panel.get_by_role("heading", name="0 fields")).to_be_visible()
        expect(panel.get_by_text("This PDF has a form")).to_have_count(0)


def test_suggestions_are_accepted_one_by_one_or_all_of_a_page(gallery: GalleryProcess, browser: Browser) -> None:
    camera = Photographer("editor-suggestions")
    with editing(browser, gallery, "editor") as editor:
        page = editor.page
        expect(page.get_by_text("6 suggestions").first).to_be_visible(timeout=SEARCH_MILLISECONDS)
        camera.take(page, "offered")
        page.get_by_role("button", name="Add: Signature at “Signature”").first.click()
        (sign,) = editor.saved()
        assert sign["kind"] == "sign_here"
        page.get_by_role("button", name="Accept all").first.click()
        expect(editor.fields()).to_have_count(6)
        camera.take(page, "accepted")
        kinds = sorted(item["kind"] for item in editor.saved())
        assert kinds == ["date_signed", "date_signed", "email_address", "full_name", "sign_here", "sign_here"]


def test_suggestions_once_dismissed_stay_away(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor") as editor:
        page = editor.page
        page.get_by_role("button", name="Dismiss", exact=True).first.click()
        expect(page.get_by_text("1 suggestion").first).to_be_visible(timeout=SEARCH_MILLISECONDS)
        page.reload()
        expect(page.get_by_text("1 suggestion").first).to_be_visible(timeout=SEARCH_MILLISECONDS)
        expect(page.get_by_role("button", name="Add: Signature")).to_have_count(0)


def test_a_preview_shows_only_what_one_signer_has(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-kinds") as editor:
        page = editor.page
        page.locator("summary[aria-label='Preview as a recipient']").click()
        page.get_by_role("link", name="Carl Dee").click()
        expect(page.get_by_text("Carl Dee will see it")).to_be_visible()
        shown = page.get_by_role("img", name=" for Carl Dee")
        expect(shown).to_have_count(8)
        expect(page.get_by_role("img", name=" for Ann Bee")).to_have_count(0)
        expect(page.get_by_role("group", name="Kinds of fields")).to_have_count(0)
        expect(page.get_by_role("img", name="Name for Carl Dee")).to_have_text("Carl Dee")
        page.get_by_role("link", name="Back to fields").click()
        expect(page.get_by_role("group", name="Kinds of fields")).to_be_visible()


def test_without_documents_and_signers_the_way_there_is_shown(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-empty") as editor:
        expect(editor.page.get_by_text("Fields stand on documents: add one first.")).to_be_visible()
        expect(editor.page.get_by_text("No signers yet: add them in the first step.")).to_be_visible()
        editor.page.keyboard.press("s")
        assert editor.saved() == []
        assert violations(editor.page) == []
        assert editor.complaints == []


def test_unsaved_changes_are_saved_before_the_next_step(gallery: GalleryProcess, browser: Browser) -> None:
    with editing(browser, gallery, "editor-blank") as editor:
        page = editor.page
        editor.kind("Signature").click()
        editor.press(200, 300)
        page.get_by_role("link", name="Next").click()
        page.wait_for_url(lambda url: "/fields/" not in url)
        state = page.request.get(f"{editor.address}state/").json()
        assert len(state["fields"]) == 1
