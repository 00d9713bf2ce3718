"""Where tabs go: fixed positions checked, anchor texts looked up in the documents (reference 2.5).

Positions are points (1/72 inch) from the top left of the page as displayed, y downwards.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2

from . import files
from .errors import ApiError
from .models import Document

POINTS_PER_UNIT = {"pixels": 1.0, "inches": 72.0, "mms": 72 / 25.4, "cms": 72 / 2.54}

# Width and height in points where the definition gives none.
DEFAULT_SIZES = {
    "signHereTabs": (120.0, 36.0),
    "initialHereTabs": (48.0, 30.0),
    "checkboxTabs": (15.0, 15.0),
    "dateSignedTabs": (84.0, 12.0),
}
DEFAULT_SIZE = (140.0, 16.0)

# PDFium is not thread-safe.
pdfium_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Place:
    document: Document
    page: int
    x: float
    y: float
    width: float
    height: float


def places_for(group: str, tab: Mapping[str, Any], documents: Sequence[Document]) -> list[Place]:
    """One place for a fixed tab, one for every match of an anchor. Raises ApiError."""
    width, height = _size(group, tab)
    if tab.get("anchorString"):
        return _by_anchor(tab, documents, width, height)
    return [_fixed(tab, documents, width, height)]


def _size(group: str, tab: Mapping[str, Any]) -> tuple[float, float]:
    width, height = DEFAULT_SIZES.get(group, DEFAULT_SIZE)
    scale = _number(tab, "scaleValue", 1.0) if group in ("signHereTabs", "initialHereTabs") else 1.0
    if group in ("signHereTabs", "initialHereTabs", "checkboxTabs"):
        return width * scale, height * scale
    return _number(tab, "width", 0) or width, _number(tab, "height", 0) or height


def _fixed(tab: Mapping[str, Any], documents: Sequence[Document], width: float, height: float) -> Place:
    wanted = str(tab.get("documentId", ""))
    document = next((d for d in documents if str(d.document_id) == wanted), None)
    if document is None:
        raise ApiError("TAB_REFERS_TO_MISSING_DOCUMENT")
    page = int(_number(tab, "pageNumber", 1))
    if not 1 <= page <= len(document.page_sizes):
        raise ApiError("TAB_PAGENUMBER_IS_NOT_IN_DOCUMENT")
    x, y = _number(tab, "xPosition", 0), _number(tab, "yPosition", 0)
    for name, value in (("xPosition", x), ("yPosition", y)):
        if value < 0:
            detail = f"Invalid value for {name}, must be greater than or equal to 0."
            raise ApiError("INVALID_REQUEST_PARAMETER", detail)
    page_width, page_height = document.page_sizes[page - 1]
    if x >= page_width or y >= page_height:
        raise ApiError("TAB_OUT_OF_BOUNDS")
    return Place(document, page, x, y, width, height)


def _by_anchor(tab: Mapping[str, Any], documents: Sequence[Document], width: float, height: float) -> list[Place]:
    """The tab stands on the anchor's lower left corner, moved by the offsets (down is positive)."""
    units = POINTS_PER_UNIT.get(str(tab.get("anchorUnits") or "pixels").lower())
    if units is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value for anchorUnits.")
    dx, dy = _number(tab, "anchorXOffset", 0) * units, _number(tab, "anchorYOffset", 0) * units
    places = [
        Place(document, page, max(0.0, left + dx), max(0.0, bottom + dy - height), width, height)
        for document in documents
        for page, left, bottom in find_text(
            document,
            str(tab["anchorString"]),
            match_case=is_true(tab.get("anchorCaseSensitive")),
            match_whole_word=is_true(tab.get("anchorMatchWholeWord")),
        )
    ]
    if not places and not is_true(tab.get("anchorIgnoreIfNotPresent")):
        raise ApiError("ANCHOR_TAB_STRING_NOT_FOUND")
    return places


def find_text(
    document: Document, text: str, *, match_case: bool, match_whole_word: bool
) -> Iterator[tuple[int, float, float]]:
    """(page, left, bottom) of each occurrence; bottom counted from the top of the page as displayed."""
    found = []
    with pdfium_lock:
        pdf = pypdfium2.PdfDocument(files.load(document.path))
        try:
            for index, page in enumerate(pdf):
                found += [(index + 1, *corner) for corner in _find_on_page(page, text, match_case, match_whole_word)]
                page.close()
        finally:
            pdf.close()
    yield from found


def _find_on_page(
    page: pypdfium2.PdfPage, text: str, match_case: bool, match_whole_word: bool
) -> list[tuple[float, float]]:
    text_page = page.get_textpage()
    searcher = text_page.search(text, match_case=match_case, match_whole_word=match_whole_word)
    corners = []
    while match := searcher.get_next():
        start, count = match
        boxes = [text_page.get_charbox(index) for index in range(start, start + count)]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
        corners.append(_as_displayed(page, left, bottom, right, top))
    searcher.close()
    text_page.close()
    return corners


def _as_displayed(page: pypdfium2.PdfPage, left: float, bottom: float, right: float, top: float) -> tuple[float, float]:
    """PDF coordinates → left edge and lower edge on the page as displayed, from its top left corner."""
    x0, y0, x1, y1 = page.get_cropbox()
    rotation = page.get_rotation()
    if rotation == 90:
        return bottom - y0, right - x0
    if rotation == 180:
        return x1 - right, top - y0
    if rotation == 270:
        return y1 - top, x1 - left
    return left - x0, y1 - bottom


def _number(tab: Mapping[str, Any], name: str, default: float) -> float:
    value: Any = tab.get(name)
    if value in (None, ""):
        return default
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value for {name}.") from None
    if not -1e6 < number < 1e6:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value for {name}.")
    return number


def is_true(value: Any) -> bool:
    return str(value).lower() == "true"
