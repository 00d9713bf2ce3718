"""Pictures of pages: right side up, bounded, kept once, and gone with their document."""

import io
import threading
import time

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pypdf import PdfReader, PdfWriter

from signing import authoring, page_images, pdf_process
from signing.models import Document
from signing.pdf_process import PdfUnreadableError, run_job
from tests.factories import make_draft
from tests.pdf_files import draw_pdf

pytestmark = pytest.mark.django_db


def document(content: bytes | None = None) -> Document:
    return make_draft(content=content).documents.get()


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def turned(rotation: int) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(draw_pdf("At the top"))))
    writer.pages[0].rotate(rotation)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_is_shown_as_displayed(rotation: int) -> None:
    shown = document(turned(rotation))
    width, height = shown.page_sizes[0]
    image = opened(page_images.page_image(shown, 1, 480))
    assert image.width == 480
    assert image.height == pytest.approx(480 * height / width, abs=2)
    dark = image.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
    assert dark, "the text is drawn"


@pytest.mark.parametrize(("wanted", "made"), [(1, 160), (160, 160), (161, 480), (1000, 1200), (9999, 2400)])
def test_few_widths_serve_all_screens(wanted: int, made: int) -> None:
    assert page_images.fitting(wanted) == made


def test_a_huge_page_is_drawn_smaller() -> None:
    image = opened(run_job(draw_pdf("Plan", pagesize=(300, 14_000)), "render", "1", "2400"))
    assert image.width * image.height <= 12_100_000


def test_a_page_that_is_not_there_is_not_drawn() -> None:
    shown = document()
    for page in (0, 2):
        with pytest.raises(IndexError):
            page_images.page_image(shown, page, 480)


def test_the_second_look_needs_no_pdf() -> None:
    shown = document(draw_pdf("Kept"))
    first = page_images.page_image(shown, 1, 480)
    with shown.file.storage.open(shown.file.name, "wb") as file:
        file.write(b"gone")
    assert page_images.page_image(shown, 1, 400) == first


@pytest.mark.django_db(transaction=True)
def test_pictures_go_with_the_document() -> None:
    shown = document(draw_pdf("Secret plans"))
    page_images.page_image(shown, 1, 480)
    name = f"page-images/{shown.sha256}/1-480.png"
    assert default_storage.exists(name)
    authoring.remove_documents(shown.envelope, [shown.number])
    assert not default_storage.exists(name)


def test_what_cannot_be_read_is_said_so() -> None:
    with pytest.raises(PdfUnreadableError, match="cannot be read"):
        run_job(b"no PDF", "render", "1", "480")


def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_process, "TIMEOUT_SECONDS", 0.01)
    started = time.monotonic()
    with pytest.raises(PdfUnreadableError, match="too long"):
        run_job(draw_pdf(), "render", "1", "480")
    assert time.monotonic() - started < 5


def test_a_crowd_does_not_hold_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_process, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(pdf_process, "_at_once", threading.BoundedSemaphore(1))
    with pdf_process._at_once, pytest.raises(PdfUnreadableError, match="Too many"):
        run_job(draw_pdf(), "render", "1", "480")


def test_the_reader_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no environment: whatever a PDF makes of it, there is nothing to steal."""
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    assert run_job(draw_pdf(), "find", "/sn1/")
