"""PDFs are tried at the door: PDFium opens much that pypdf cannot write on, and nobody shall sign what stays open."""

import io
import re
from functools import lru_cache

from pypdfium2 import PdfiumError

from sandbox import files
from sandbox.errors import ApiError
from sandbox.ink.pages import draw, join
from sandbox.pdf_text import facts_of
from sandbox.pdfium import opened

from . import workshop

LIGHT_BYTES = 64 * 1024  # unpacked, at most a thousand times as much
LIGHT_SIDE = 4000  # pixels of a picture
SIDE = re.compile(rb"/(?:Width|Height)\s+(\d+)")
PACKED_TWICE = re.compile(rb"/Filter\s*\[\s*/\w+\s*/\w+")
SUSPICIOUS = {b"/Form": 8, b"/Pattern": 8, b"/Type3": 2}  # what can be drawn many times over


@lru_cache(maxsize=4096)
def usable(path: str) -> str:
    """The path of the PDF itself, or of what PDFium makes of a damaged one.

    Raises UNABLE_TO_LOAD_DOCUMENT, UNSUPPORTED_PDF_CONTENT.
    """
    content = files.load(path)
    if _may_be_heavy(content) and not workshop.stands_trial(content):
        raise ApiError("UNSUPPORTED_PDF_CONTENT", "Its pages take too much memory or time.")
    facts_of(path)
    if _can_be_completed(content):
        return path
    try:
        mended = files.derived(f"{path}.mended.pdf", lambda: _rewritten(content))
    except PdfiumError:
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT") from None
    if not _can_be_completed(files.load(mended)):
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT", "The PDF is damaged.")
    return mended


def _may_be_heavy(content: bytes) -> bool:
    """A cheap look, so that small and plain files, which nearly all are, need no process of their own.

    Dictionaries of streams are never packed, so what they declare can be read off the bytes.
    """
    if len(content) > LIGHT_BYTES or any(content.count(word) > few for word, few in SUSPICIOUS.items()):
        return True
    sides = [int(side[:9]) for side in SIDE.findall(content)]
    return max(sides, default=0) > LIGHT_SIDE or bool(PACKED_TWICE.search(content))


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
