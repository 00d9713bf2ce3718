"""The fields of a PDF form, as tabs that could take their places. No Django here: bytes in, dictionaries out.

What becomes what follows Docusign's rules of PDF form field transformation (reference 2.3): by the kind of field, and
for texts and signatures by words in the field's name. What already is filled in is told so: Docusign prints it.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject

READ_ONLY, REQUIRED, MULTI_LINE = 1, 1 << 1, 1 << 12
RADIO, PUSH_BUTTON = 1 << 15, 1 << 16
MAX_FIELDS = 3000
DEEPEST = 32  # a parent may name its child as its own parent
IGNORED = "ignoretransform"
BY_NAME = (
    ("initial_here", r"initial"),
    ("sign_here", r"sign(ature|here)"),
    ("attachment", r"attachment"),
    ("date_signed", r"date.?signed"),
    ("email_address", r"e.?mail"),
    ("company", r"company"),
    ("full_name", r"full.?name"),
)
BY_SCRIPT = (("AFDate", "date"), ("AFNumber", "number"), ("AFPercent", "number"))
Place = dict[str, int]


def form_fields(content: bytes) -> list[dict[str, Any]]:
    """One per box on a page: {page, x, y, width, height, kind, label, required, locked, group, options, max_length,
    is_filled}. Empty for a PDF without a form, and for one whose form cannot be read.
    """
    found: list[dict[str, Any]] = []
    try:
        for number, page in enumerate(PdfReader(io.BytesIO(content)).pages, start=1):
            for widget in _widgets(page):
                if field := _as_tab(_Field(widget)):
                    found.append({"page": number} | _place(page, widget) | field)
                if len(found) >= MAX_FIELDS:
                    return found
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return []
    return found


class _Field:
    """A widget with what it inherits from the fields above it."""

    def __init__(self, widget: DictionaryObject) -> None:
        self.levels = list(_levels(widget))
        self.kind = str(self.get("/FT") or "")
        flags = self.get("/Ff")
        self.flags = int(flags) if isinstance(flags, int) else 0
        self.value = self.get("/V")
        self.name = ".".join(reversed([str(level["/T"]) for level in self.levels if "/T" in level]))
        self.hint = str(self.get("/TU") or "")

    def get(self, key: str) -> Any:
        return next((_part(level, key) for level in self.levels if key in level), None)

    @property
    def on_state(self) -> str:
        """What the button is called when it is on."""
        appearances = _part(self.levels[0], "/AP")
        states = _part(appearances, "/N") if isinstance(appearances, DictionaryObject) else None
        names = [str(state)[1:] for state in states] if isinstance(states, DictionaryObject) else []
        return next((name for name in names if name != "Off"), "Yes")


def _levels(widget: DictionaryObject) -> Iterator[DictionaryObject]:
    level: Any = widget
    for _ in range(DEEPEST):
        if not isinstance(level, DictionaryObject):
            return
        yield level
        level = _part(level, "/Parent")


def _widgets(page: PageObject) -> Iterator[DictionaryObject]:
    entries = _part(page, "/Annots")
    for entry in entries if isinstance(entries, ArrayObject) else []:
        widget = entry.get_object()
        if isinstance(widget, DictionaryObject) and widget.get("/Subtype") == "/Widget" and "/Rect" in widget:
            yield widget


def _part(holder: DictionaryObject, key: str) -> Any:
    return holder[key].get_object() if key in holder else None


def _as_tab(field: _Field) -> dict[str, Any] | None:
    """None for what no signer fills in."""
    if field.flags & READ_ONLY or (field.flags & PUSH_BUTTON and field.kind == "/Btn") or IGNORED in field.name.lower():
        return None
    tab: dict[str, Any] = {
        "label": field.name[:100],
        "tooltip": field.hint[:255],
        "required": bool(field.flags & REQUIRED),
        "group": "",
        "options": [],
        "max_length": None,
        "is_filled": _is_filled(field),
    }
    if field.kind == "/Btn":
        is_radio = bool(field.flags & RADIO)
        radio = {"kind": "radio", "group": field.name[:100] or "Choice", "options": [field.on_state[:100]]}
        return tab | (radio if is_radio else {"kind": "checkbox"})
    if field.kind == "/Ch":
        return tab | {"kind": "list", "options": _options(field)}
    if field.kind in ("/Tx", "/Sig"):
        longest = field.get("/MaxLen")
        is_bounded = isinstance(longest, int) and 0 < longest <= 4000
        return tab | {"kind": _kind(field), "max_length": int(longest) if is_bounded else None}
    return None


def _is_filled(field: _Field) -> bool:
    value = "" if field.value is None else str(field.value)
    return bool(value.strip()) and value != "/Off"


def _kind(field: _Field) -> str:
    if field.kind == "/Sig":
        return "initial_here" if "initial" in field.name.lower() else "sign_here"
    found = next((kind for kind, words in BY_NAME if re.search(words, field.name, re.IGNORECASE)), "")
    if found:
        return found
    actions = field.get("/AA")
    action = _part(actions, "/F") if isinstance(actions, DictionaryObject) else None
    script = str(_part(action, "/JS")) if isinstance(action, DictionaryObject) else ""
    return next((kind for word, kind in BY_SCRIPT if word in script), "text")


def _options(field: _Field) -> list[str]:
    """`/Opt`: texts, or pairs of value and text."""
    options = field.get("/Opt")
    texts = []
    for entry in options if isinstance(options, ArrayObject) else []:
        option = entry.get_object()
        texts.append(str(option[1] if isinstance(option, ArrayObject) and len(option) > 1 else option)[:100])
    return list(dict.fromkeys(text for text in texts if text.strip()))


def _place(page: PageObject, widget: DictionaryObject) -> Place:
    """The widget's rectangle on the page as displayed."""
    rectangle = [float(side) for side in _part(widget, "/Rect")]
    left, right = sorted((rectangle[0], rectangle[2]))
    bottom, top = sorted((rectangle[1], rectangle[3]))
    x0, y0, x1, y1 = (float(side) for side in page.cropbox)
    turns = {
        0: (left - x0, y1 - top, right - left, top - bottom),
        90: (bottom - y0, left - x0, top - bottom, right - left),
        180: (x1 - right, bottom - y0, right - left, top - bottom),
        270: (y1 - top, x1 - right, top - bottom, right - left),
    }
    x, y, width, height = turns[page.rotation % 360 // 90 * 90]
    return {
        "x": max(0, round(x)),
        "y": max(0, round(y)),
        "width": max(1, round(width)),
        "height": max(1, round(height)),
    }
