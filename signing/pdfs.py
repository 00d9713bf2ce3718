"""What the portal must know of a PDF before Docusign sees it: is it readable, how large are its pages,
which texts does it hold.

Every refusal is a sentence for the person who chose the file. Docusign refuses encrypted and XFA files
(UNSUPPORTED_PDF_CONTENT); broken ones it may accept and then convert badly, so we refuse those too.
"""

import io
import threading
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
from pypdf import PdfReader
from pypdf.errors import PyPdfError

MAX_PAGES = 2000
TAIL_BYTES = 2048  # the end-of-file mark must stand in the last KB; scanners append a little rubbish

# PDFium is not thread-safe, and web workers have threads.
_pdfium_lock = threading.Lock()


class DocumentRefusedError(ValueError):
    """The file cannot be sent; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """Page sizes as displayed (rotation applied), in PDF points."""

    page_sizes: list[tuple[float, float]]


def inspect_pdf(content: bytes) -> PdfFacts:
    """Raises DocumentRefusedError for anything but a complete, unprotected PDF with at least one page."""
    if not content:
        raise DocumentRefusedError("This file is empty.")
    if b"%PDF-" not in content[:1024]:
        raise DocumentRefusedError("This is not a PDF. Save or print the document as PDF and choose that file.")
    if b"%%EOF" not in content[-TAIL_BYTES:]:
        raise DocumentRefusedError("This PDF is incomplete: its end is missing. Download or export it again.")
    with _pdfium_lock:
        return _facts(content)


def find_texts(content: bytes, texts: Iterable[str]) -> dict[str, int]:
    """How often each text occurs in the document's text layer, ignoring case, as Docusign looks for anchors."""
    counts = dict.fromkeys(texts, 0)
    if not counts:
        return counts
    with _pdfium_lock:
        pdf = pypdfium2.PdfDocument(content)
        try:
            for page in pdf:
                text_page = page.get_textpage()
                for text in counts:
                    counts[text] += _occurrences(text_page, text)
                text_page.close()
                page.close()
        finally:
            pdf.close()
    return counts


def pages_without_text(content: bytes) -> list[int]:
    """Numbers (from 1) of the pages without a single letter in the text layer."""
    with _pdfium_lock:
        pdf = pypdfium2.PdfDocument(content)
        try:
            return [number for number, page in enumerate(pdf, start=1) if not _letters(page)]
        finally:
            pdf.close()


def _letters(page: pypdfium2.PdfPage) -> int:
    text_page = page.get_textpage()
    try:
        return int(text_page.count_chars())
    finally:
        text_page.close()
        page.close()


def _facts(content: bytes) -> PdfFacts:
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise DocumentRefusedError(_why_unreadable(content)) from error
    try:
        if pdfium.FPDF_GetSecurityHandlerRevision(pdf) != -1:
            raise DocumentRefusedError(
                "This PDF is protected against changes. Save a copy without protection and choose that file."
            )
        if pdf.get_formtype() in (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND):
            raise DocumentRefusedError("This PDF is an XFA form, which cannot be signed. Print it to a plain PDF.")
        page_count = len(pdf)
        if page_count > MAX_PAGES:
            raise DocumentRefusedError(f"This PDF has {page_count:,} pages; the most is {MAX_PAGES:,}.")
        return PdfFacts(page_sizes=[pdf.get_page_size(index) for index in range(page_count)])
    except pypdfium2.PdfiumError as error:
        raise DocumentRefusedError("This PDF is damaged and cannot be read. Export it again.") from error
    finally:
        pdf.close()


def _why_unreadable(content: bytes) -> str:
    """PDFium's own reason is that of whatever failed last, so another reader is asked."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return "This PDF is protected by a password. Save a copy without protection and choose that file."
        if not reader.pages:
            return "This PDF has no pages."
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        pass  # unreadable to both
    return "This PDF is damaged and cannot be read. Export it again."


def _occurrences(text_page: pypdfium2.PdfTextPage, text: str) -> int:
    searcher = text_page.search(text, match_case=False)
    count = 0
    while searcher.get_next():
        count += 1
    searcher.close()
    return count
