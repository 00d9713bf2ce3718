"""`transformPdfFields`: the fields of a PDF form become tabs (reference 2.3).

What becomes what follows Docusign's published rules of PDF form field transformation: by the kind of field, and for
signature and text fields by words in the field's name.
"""

import io
from collections.abc import Iterator, Mapping
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from sandbox import files
from sandbox.errors import ApiError
from sandbox.ink.pages import visible_box
from sandbox.pdf_text import facts_of
from sandbox.pdfium import opened
from sandbox.placement import DEFAULT_SIZES, LARGEST_SCALE, SMALLEST_SCALE

Groups = dict[str, list[dict[str, Any]]]

READ_ONLY, REQUIRED = 1, 1 << 1
RADIO, PUSH_BUTTON = 1 << 15, 1 << 16
IGNORED = "IgnoreTransform"
# After "DocuSign" or "eSign" in a field's name; the longer words first.
BY_NAME: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("SignHereOptional", "signHereTabs", {"optional": "true"}),
    ("SignHere", "signHereTabs", {}),
    ("InitialHereOptional", "initialHereTabs", {"optional": "true"}),
    ("InitialHere", "initialHereTabs", {}),
    ("SignerAttachmentOptional", "signerAttachmentTabs", {"optional": "true"}),
    ("SignerAttachment", "signerAttachmentTabs", {}),
    ("EnvelopeID", "envelopeIdTabs", {}),
    ("Company", "companyTabs", {}),
    ("DateSigned", "dateSignedTabs", {}),
    ("Title", "titleTabs", {}),
    ("FullName", "fullNameTabs", {}),
)
# Formats that a form's own script names.
BY_SCRIPT = (("AFDate", "dateTabs"), ("AFTime", "textTabs"), ("AFNumber", "numberTabs"), ("AFPercent", "numberTabs"))
FILLED_IN = frozenset({"textTabs", "dateTabs", "numberTabs", "companyTabs", "titleTabs"})
PLACE_OF_RADIO = ("documentId", "pageNumber", "xPosition", "yPosition")
PREFIXES = ("docusign", "esign")


def tabs_from_fields(path: str, document_id: str) -> Groups:
    """Tabs in the API's words, at the places of the fields, with their values. Raises UNABLE_TO_LOAD_DOCUMENT."""
    groups: Groups = {}
    radios: dict[str, dict[str, Any]] = {}
    try:
        for number, page in enumerate(PdfReader(io.BytesIO(files.load(path))).pages, start=1):
            for widget in _widgets(page):
                _add(groups, radios, _Field(widget), _place(page, widget, number, document_id))
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT", "The form in the PDF cannot be read.") from None
    if radios:
        groups["radioGroupTabs"] = list(radios.values())
    return groups


def printed(path: str) -> str:
    """The path of the same PDF whose form is part of its pages, for on paper nobody fills in a form."""
    if not facts_of(path).has_form:
        return path
    return files.derived(f"{path}.printed.pdf", lambda: _stripped(_flattened(files.load(path))))


def without_fields(path: str) -> str:
    """The path of the same PDF whose fields are gone, values and all: the tabs carry them now."""
    return files.derived(f"{path}.transformed.pdf", lambda: _stripped(files.load(path)))


class _Field:
    """A widget with what it inherits from the fields above it."""

    def __init__(self, widget: DictionaryObject) -> None:
        self.widget = widget
        self.kind = str(self.get("/FT") or "")
        flags = self.get("/Ff")
        self.flags = int(flags) if isinstance(flags, int) else 0
        self.value = self.get("/V")
        self.name = ".".join(reversed([str(level["/T"]) for level in self._levels() if "/T" in level]))

    def get(self, key: str) -> Any:
        return next((_part(level, key) for level in self._levels() if key in level), None)

    def _levels(self) -> Iterator[DictionaryObject]:
        level: Any = self.widget
        for _ in range(32):  # a parent may name its child as its own parent
            if not isinstance(level, DictionaryObject):
                return
            yield level
            level = _part(level, "/Parent")

    @property
    def on_state(self) -> str:
        """What the button is called when it is on."""
        appearances = _part(self.widget, "/AP")
        states = _part(appearances, "/N") if isinstance(appearances, DictionaryObject) else None
        names = [str(state)[1:] for state in states] if isinstance(states, DictionaryObject) else []
        return next((name for name in names if name != "Off"), "Yes")


def _widgets(page: PageObject) -> Iterator[DictionaryObject]:
    for entry in _annotations(page):
        widget = entry.get_object()
        if _is_widget(widget) and "/Rect" in widget:
            yield widget


def _annotations(page: PageObject) -> list[Any]:
    entries = _part(page, "/Annots")
    return list(entries) if isinstance(entries, ArrayObject) else []


def _part(holder: DictionaryObject, key: str) -> Any:
    """What stands under the key, wherever in the file it is kept."""
    return holder[key].get_object() if key in holder else None


def _is_widget(annotation: Any) -> bool:
    return isinstance(annotation, DictionaryObject) and annotation.get("/Subtype") == "/Widget"


def _add(groups: Groups, radios: dict[str, dict[str, Any]], field: _Field, place: dict[str, Any]) -> None:
    if IGNORED.lower() in field.name.lower() or (field.kind == "/Btn" and field.flags & PUSH_BUTTON):
        return
    label = {"tabLabel": field.name}
    rules = {"required": _spelled(field.flags & REQUIRED)}
    rules |= {"locked": "true"} if field.flags & READ_ONLY else {}
    if field.kind == "/Btn" and field.flags & RADIO:
        _add_radio(radios, field, place)
    elif field.kind == "/Btn":
        is_on = str(field.value or "")[1:] == field.on_state
        groups.setdefault("checkboxTabs", []).append(label | place | rules | {"selected": _spelled(is_on)})
    elif field.kind == "/Ch":
        groups.setdefault("listTabs", []).append(label | place | rules | {"listItems": _items(field)})
    elif field.kind in ("/Tx", "/Sig"):
        group, special = _kind_by_name(field)
        tab = label | place | special
        if group in ("signHereTabs", "initialHereTabs", "signerAttachmentTabs"):
            tab |= _scaled(group, place)
        elif group in FILLED_IN:
            tab |= rules | _text(field)
        groups.setdefault(group, []).append(tab)


def _text(field: _Field) -> dict[str, str]:
    longest = field.get("/MaxLen")
    limit = {"maxLength": str(longest)} if isinstance(longest, int) else {}
    return {"value": str(field.value or "")} | limit


def _kind_by_name(field: _Field) -> tuple[str, dict[str, str]]:
    """Any other signature field is a signature, any other text field a text."""
    name = field.name.lower()
    for word, group, special in BY_NAME:
        if any(prefix + word.lower() in name for prefix in PREFIXES):
            return group, special
    if field.kind == "/Sig":
        return "signHereTabs", {}
    script = _script(field)
    return next((group for word, group in BY_SCRIPT if word in script), "textTabs"), {}


def _script(field: _Field) -> str:
    """Of the action that formats what is typed."""
    actions = field.get("/AA")
    action = _part(actions, "/F") if isinstance(actions, DictionaryObject) else None
    return str(_part(action, "/JS")) if isinstance(action, DictionaryObject) else ""


def _add_radio(radios: dict[str, dict[str, Any]], field: _Field, place: dict[str, Any]) -> None:
    group = radios.setdefault(field.name, {"groupName": field.name, "radios": []})
    selected = str(field.value or "")[1:] == field.on_state
    own = {"value": field.on_state, "selected": _spelled(selected), "required": _spelled(field.flags & REQUIRED)}
    group["radios"].append({name: place[name] for name in PLACE_OF_RADIO} | own)


def _items(field: _Field) -> list[dict[str, str]]:
    """`/Opt`: texts, or pairs of value and text."""
    options = field.get("/Opt")
    items = []
    for entry in options if isinstance(options, ArrayObject) else []:
        option = entry.get_object()
        value, text = (
            (option[0], option[1]) if isinstance(option, ArrayObject) and len(option) > 1 else (option, option)
        )
        selected = _spelled(str(field.value or "") in (str(value), str(text)))
        items.append({"value": str(value), "text": str(text), "selected": selected})
    return items


def _scaled(group: str, place: Mapping[str, Any]) -> dict[str, str]:
    """These keep their shape: as large as the field's height allows, standing on its lower edge."""
    width, height = DEFAULT_SIZES[group]
    scale = min(float(place["width"]) / width, float(place["height"]) / height)
    scale = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
    top = float(place["yPosition"]) + float(place["height"]) - height * scale
    return {"scaleValue": f"{scale:.2f}", "yPosition": str(max(0, round(top)))}


def _place(page: PageObject, widget: DictionaryObject, number: int, document_id: str) -> dict[str, Any]:
    """The field's rectangle on the page as displayed, in whole points as the API has them."""
    rectangle = [float(side) for side in _part(widget, "/Rect")]
    x0, y0, x1, y1 = visible_box(page)
    left, right = sorted((rectangle[0], rectangle[2]))
    bottom, top = sorted((rectangle[1], rectangle[3]))
    turns = {
        0: (left - x0, y1 - top, right - left, top - bottom),
        90: (bottom - y0, left - x0, top - bottom, right - left),
        180: (x1 - right, bottom - y0, right - left, top - bottom),
        270: (y1 - top, x1 - right, top - bottom, right - left),
    }
    x, y, width, height = turns[page.rotation % 360 // 90 * 90]
    sides = {
        "xPosition": max(0, round(x)),
        "yPosition": max(0, round(y)),
        "width": round(width),
        "height": round(height),
    }
    return {"documentId": document_id, "pageNumber": str(number)} | {name: str(side) for name, side in sides.items()}


def _flattened(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with opened(content) as pdf:
        pdf.init_forms()
        for page in pdf:
            page.flatten()
            page.close()
        pdf.save(buffer)
    return buffer.getvalue()


def _stripped(content: bytes) -> bytes:
    """Without its fields, and without what would run when it is opened."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for page in writer.pages:
        others = [entry for entry in _annotations(page) if not _is_widget(entry.get_object())]
        page[NameObject("/Annots")] = ArrayObject(others)
    for key in ("/AcroForm", "/OpenAction", "/AA"):
        writer.root_object.pop(key, None)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _spelled(value: Any) -> str:
    return "true" if value else "false"
