"""PDFs are tried at the door: PDFium opens much that pypdf cannot write on, and nobody shall sign what stays open."""

import io
from functools import lru_cache

from pypdfium2 import PdfiumError

from sandbox import files
from sandbox.errors import ApiError
from sandbox.ink.pages import draw, join
from sandbox.pdf_text import facts_of
from sandbox.pdfium import opened


@lru_cache(maxsize=4096)
def usable(path: str) -> str:
    """The path of the PDF itself, or of what PDFium makes of a damaged one.

    Raises UNABLE_TO_LOAD_DOCUMENT, UNSUPPORTED_PDF_CONTENT.
    """
    facts_of(path)
    content = files.load(path)
    if _can_be_completed(content):
        return path
    try:
        mended = files.derived(f"{path}.mended.pdf", lambda: _rewritten(content))
    except PdfiumError:
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT") from None
    if not _can_be_completed(files.load(mended)):
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT", "The PDF is damaged.")
    return mended


def _can_be_completed(content: bytes) -> bool:
    try:
        join([draw(content, (), stamp="x")])
    except Exception:  # noqa: BLE001  (pypdf raises whatever it stumbles over)
        return False
    return True


def _rewritten(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with opened(content) as pdf:
        pdf.save(buffer)
    return buffer.getvalue()
