"""The public verify page in a real browser: a PDF is chosen or dropped, and the answer is clear."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pdf_files import draw_pdf

from .gallery_process import GalleryProcess
from .pages import Photographer
from .visiting import DESKTOP, PHONE, violations, visit

pytestmark = pytest.mark.e2e

KNOWN = b"%PDF-1.7 signed here %%EOF"  # as the gallery knows it
DROP = """bytes => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], "Agreement.pdf", { type: "application/pdf" }));
  for (const kind of ["dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""
LOOKS = [
    pytest.param("desktop", DESKTOP, id="desktop"),
    pytest.param("dark", PHONE | {"color_scheme": "dark"}, id="dark"),
    pytest.param("no-script", PHONE | {"java_script_enabled": False}, id="no-script"),
]


def check(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form.verify button").click()


@pytest.mark.parametrize(("look", "device"), LOOKS)
def test_a_pdf_is_checked(
    gallery: GalleryProcess, browser: Browser, tmp_path: Path, look: str, device: dict[str, Any]
) -> None:
    ours, unsealed, added = tmp_path / "ours.pdf", tmp_path / "unsealed.pdf", tmp_path / "added.pdf"
    ours.write_bytes(KNOWN)
    unsealed.write_bytes(draw_pdf())
    added.write_bytes(KNOWN + b" and a clause more %%EOF")
    answers = {
        ours: "This document is intact",
        added: "Something was added to this document",
        unsealed: "Nothing can be said about this PDF",
    }
    camera = Photographer(f"verify-{look}")
    with visit(browser, gallery.make("verify"), **device) as visitor:
        page = visitor.page
        for file, heading in answers.items():
            check(page, file)
            expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
            camera.take(page, file.stem)
            if device.get("java_script_enabled", True):
                assert violations(page) == []
        assert visitor.complaints == []


def test_a_pdf_dropped_anywhere_on_the_page_is_checked(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("verify"), **DESKTOP) as visitor:
        visitor.page.evaluate(DROP, list(KNOWN))
        expect(visitor.page.get_by_role("heading", name="This document is intact")).to_be_visible()


def test_a_file_that_is_too_large_does_not_leave_the_browser(
    gallery: GalleryProcess, browser: Browser, tmp_path: Path
) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(41 * 1024 * 1024)
    with visit(browser, gallery.make("verify"), **PHONE) as visitor:
        page = visitor.page
        check(page, large)
        expect(page.get_by_role("alert")).to_have_text(re.compile("This file is too large"))
        assert page.url.endswith("/verify/")
        assert violations(page) == []
