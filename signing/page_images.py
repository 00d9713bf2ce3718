"""Pictures of pages, made once and kept beside the documents until no document has that content any more."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from .models import Document
from .pdf_process import run_job

WIDTHS = (160, 480, 800, 1200, 1800, 2400)  # pixels; few, so that one picture serves many screens
FOLDER = "page-images"


def page_image(document: Document, page: int, width: int) -> bytes:
    """PNG of a page (from 1) as displayed, at least as wide as asked where that is one of the widths.

    Raises IndexError for a page that is not there, PdfUnreadableError.
    """
    if not 1 <= page <= document.page_count:
        raise IndexError(page)
    name = f"{_folder(document.sha256)}/{page}-{fitting(width)}.png"
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            return bytes(file.read())
    with document.file.open("rb") as file:
        image = run_job(file.read(), "render", str(page), str(fitting(width)))
    kept = default_storage.save(name, ContentFile(image))
    if kept != name:  # someone else was faster
        default_storage.delete(kept)
    return image


def fitting(width: int) -> int:
    return next((known for known in WIDTHS if known >= width), WIDTHS[-1])


def forget(sha256: str) -> None:
    """Nothing shows a document's content once it is deleted."""
    try:
        __, names = default_storage.listdir(_folder(sha256))
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{_folder(sha256)}/{name}")
    default_storage.delete(_folder(sha256))


def _folder(sha256: str) -> str:
    return f"{FOLDER}/{sha256}"
