"""Where tabs go: fixed positions checked, anchor texts looked up in the documents (reference 2.5).

Positions are points (1/72 inch) from the top left of the page as displayed, y downwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from . import tabkinds
from .definition.reading import is_true
from .errors import ApiError
from .models import Document
from .pdf_text import MAX_MATCHES, Match, find_text

POINTS_PER_UNIT = {"pixels": 1.0, "inches": 72.0, "mms": 72 / 25.4, "cms": 72 / 2.54}

# Width and height in points where the definition gives none.
DEFAULT_SIZES = {
    "signHereTabs": (120.0, 36.0),
    "initialHereTabs": (48.0, 30.0),
    "checkboxTabs": (15.0, 15.0),
    "dateSignedTabs": (84.0, 12.0),
    "radioGroupTabs": (15.0, 15.0),
    "signerAttachmentTabs": (40.0, 40.0),
    "approveTabs": (96.0, 28.0),
    "declineTabs": (96.0, 28.0),
    "noteTabs": (160.0, 40.0),
    "drawTabs": (160.0, 80.0),
    "envelopeIdTabs": (220.0, 14.0),
}
SCALED = ("signHereTabs", "initialHereTabs", "signerAttachmentTabs")
SQUARE = ("checkboxTabs", "radioGroupTabs")
SMALLEST_SCALE, LARGEST_SCALE = 0.5, 2.0
DEFAULT_SIZE = (140.0, 16.0)


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
    """Signatures are scaled; other boxes are as large as asked, else as their kind and font size need."""
    width, height = DEFAULT_SIZES.get(group, DEFAULT_SIZE)
    if group in SCALED:
        scale = min(max(_number(tab, "scaleValue", 1.0), SMALLEST_SCALE), LARGEST_SCALE)
        return width * scale, height * scale
    if group in SQUARE:
        return width, height
    growth = max(1.0, tabkinds.font_size(tab) / tabkinds.DEFAULT_FONT_SIZE)
    asked = [_number(tab, name, 0) for name in ("width", "height")]
    for name, side in zip(("width", "height"), asked, strict=True):
        if side < 0:
            raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value for {name}.")
    return asked[0] or width * growth, asked[1] or height * growth


def _fixed(tab: Mapping[str, Any], documents: Sequence[Document], width: float, height: float) -> Place:
    wanted = str(tab.get("documentId", ""))
    document = next((d for d in documents if str(d.document_id) == wanted), None)
    if document is None:
        raise ApiError("TAB_REFERS_TO_MISSING_DOCUMENT")
    number = _number(tab, "pageNumber", 1)
    page = int(number)
    if page != number:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value for pageNumber.")
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
    aligns_right = str(tab.get("anchorHorizontalAlignment") or "left").lower() == "right"
    places = []
    for document, match in _matches(tab, documents):
        x = (match.right if aligns_right else match.left) + dx
        places.append(_within_page(document, match.page, x, match.bottom + dy, width, height))
    if not places and not is_true(tab.get("anchorIgnoreIfNotPresent")):
        raise ApiError("ANCHOR_TAB_STRING_NOT_FOUND", f"{tab['anchorString']}")
    return places


def _matches(tab: Mapping[str, Any], documents: Sequence[Document]) -> list[tuple[Document, Match]]:
    """In every document. Gaps inside words are overlooked only where the text stands nowhere without them."""
    matches: list[tuple[Document, Match]] = []
    gaps = (False, True) if is_true(tab.get("anchorAllowWhiteSpaceInCharacters", "true")) else (False,)
    for skip_white_space in gaps:
        for document in documents if not matches else ():
            found = find_text(
                document.path,
                str(tab["anchorString"]),
                match_case=is_true(tab.get("anchorCaseSensitive")),
                match_whole_word=is_true(tab.get("anchorMatchWholeWord", settings.ANCHORS_MATCH_WHOLE_WORDS)),
                skip_white_space=skip_white_space,
            )
            matches += [(document, match) for match in found]
            if len(matches) > MAX_MATCHES:
                raise ApiError("INVALID_REQUEST_PARAMETER", f"An anchor occurs more than {MAX_MATCHES} times.")
    return matches


def _within_page(document: Document, page: int, x: float, bottom: float, width: float, height: float) -> Place:
    """Offsets may not carry a tab off its page."""
    page_width, page_height = document.page_sizes[page - 1]
    if not (-1 <= x < page_width and 0 <= bottom <= page_height + 1):
        raise ApiError("TAB_OUT_OF_BOUNDS")
    return Place(document, page, max(0.0, x), max(0.0, bottom - height), width, height)


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
