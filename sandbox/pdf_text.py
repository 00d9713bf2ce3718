"""What PDFium tells of a stored PDF: its pages, its form, where a text stands. Files never change, so answers keep.

Positions are points (1/72 inch) from the top left of the page as displayed, y downwards.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import pypdfium2
import pypdfium2.raw as pdfium

from . import files
from .errors import ApiError
from .pdfium import opened

SHORTEST_SIDE = 1.0  # of a page, in points
MAX_MATCHES = 3000  # anchor tab instances of an envelope (reference 2.2)


@dataclass(frozen=True, slots=True)
class Facts:
    page_sizes: tuple[tuple[float, float], ...]
    has_form: bool


@dataclass(frozen=True, slots=True)
class Match:
    page: int
    left: float
    right: float
    bottom: float


@lru_cache(maxsize=4096)
def facts_of(path: str) -> Facts:
    """Raises UNABLE_TO_LOAD_DOCUMENT, and UNSUPPORTED_PDF_CONTENT for what is encrypted or XFA (reference 2.3)."""
    try:
        with opened(files.load(path)) as pdf:
            if pdfium.FPDF_GetSecurityHandlerRevision(pdf) != -1:
                raise ApiError("UNSUPPORTED_PDF_CONTENT")
            form = pdf.get_formtype()
            if form not in (pdfium.FORMTYPE_NONE, pdfium.FORMTYPE_ACRO_FORM):
                raise ApiError("UNSUPPORTED_PDF_CONTENT", "XFA forms cannot be signed.")
            sizes = [pdf.get_page_size(index) for index in range(len(pdf))]
    except pypdfium2.PdfiumError as error:
        is_locked = "password" in str(error).lower()
        raise ApiError("UNSUPPORTED_PDF_CONTENT" if is_locked else "UNABLE_TO_LOAD_DOCUMENT") from None
    if not sizes:
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT", "The document has no pages.")
    if min(min(size) for size in sizes) < SHORTEST_SIDE:
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT", "A page is too small to be seen.")
    return Facts(tuple((round(w, 2), round(h, 2)) for w, h in sizes), form == pdfium.FORMTYPE_ACRO_FORM)


def page_sizes(path: str) -> list[list[float]]:
    """[[width, height], …] as displayed. Raises as `facts_of`."""
    return [list(size) for size in facts_of(path).page_sizes]


@lru_cache(maxsize=8192)
def find_text(
    path: str, text: str, *, match_case: bool = False, match_whole_word: bool = False, skip_white_space: bool = False
) -> tuple[Match, ...]:
    """Every occurrence in the document, up to one more than there may be.

    `skip_white_space`: gaps between the text's letters do not matter.
    """
    pattern = _pattern(text, match_whole_word=match_whole_word, skip_white_space=skip_white_space)
    expression = re.compile(pattern, 0 if match_case else re.IGNORECASE)
    spans = [(number, span) for number, page in enumerate(_texts(path)) for span in _spans(expression, page)]
    return _places(path, spans[: MAX_MATCHES + 1]) if spans else ()


def _pattern(text: str, *, match_whole_word: bool, skip_white_space: bool) -> str:
    letters = [re.escape(c) for c in text if not c.isspace()]
    if not letters:
        return r"(?!)"
    pattern = r"\s*".join(letters) if skip_white_space else r"\s+".join(map(re.escape, text.split()))
    if match_whole_word:
        words = text.strip()
        pattern = (r"(?<!\w)" if words[0].isalnum() else "") + pattern + (r"(?!\w)" if words[-1].isalnum() else "")
    return pattern


def _spans(expression: re.Pattern[str], page_text: str) -> list[tuple[int, int]]:
    """A single letter twice in a row counts once, as Docusign's description of anchors has it."""
    spans: list[tuple[int, int]] = []
    last_end = -1
    for match in expression.finditer(page_text):
        start, end = match.span()
        if not (end - start == 1 and start == last_end):
            spans.append((start, end))
        last_end = end
    return spans


@lru_cache(maxsize=256)
def _texts(path: str) -> tuple[str, ...]:
    """The letters of every page; an index into them is PDFium's own."""
    texts = []
    with opened(files.load(path)) as pdf:
        for page in pdf:
            text_page = page.get_textpage()
            count = text_page.count_chars()
            text = text_page.get_text_range() if count else ""
            if len(text) != count:
                text = "".join(chr(pdfium.FPDFText_GetUnicode(text_page, index)) for index in range(count))
            texts.append(text)
            text_page.close()
            page.close()
    return tuple(texts)


def _places(path: str, spans: list[tuple[int, tuple[int, int]]]) -> tuple[Match, ...]:
    matches = []
    with opened(files.load(path)) as pdf:
        for number in dict.fromkeys(page for page, _ in spans):
            page = pdf[number]
            text_page = page.get_textpage()
            for start, end in (span for on, span in spans if on == number):
                matches.append(_match(page, text_page, number, start, end, _texts(path)[number]))
            text_page.close()
            page.close()
    return tuple(matches)


def _match(
    page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage, number: int, start: int, end: int, text: str
) -> Match:
    """Where it begins, when it runs over a line's end."""
    first_line = re.split(r"[\r\n]", text[start:end])[0]
    boxes = [text_page.get_charbox(start + i) for i, c in enumerate(first_line) if not c.isspace()]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return Match(number + 1, *_as_displayed(page, left, bottom, right, top))


def _as_displayed(
    page: pypdfium2.PdfPage, left: float, bottom: float, right: float, top: float
) -> tuple[float, float, float]:
    """PDF coordinates → left, right and lower edge on the page as displayed, from its top left corner."""
    x0, y0, x1, y1 = page.get_bbox()
    rotation = page.get_rotation()
    if rotation == 90:
        return bottom - y0, top - y0, right - x0
    if rotation == 180:
        return x1 - right, x1 - left, top - y0
    if rotation == 270:
        return y1 - top, y1 - bottom, x1 - left
    return left - x0, right - x0, y1 - bottom
