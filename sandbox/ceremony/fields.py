"""Tabs as the page shows them: where, what, whose."""

from dataclasses import dataclass
from typing import Any

from sandbox.drawing import SIGNATURE_GROUPS, STROKE_BOX
from sandbox.models import Document, RecipientView, Tab

from .answers import FILLED_BY_US, today

LABELS = {
    "signHereTabs": "Signature",
    "initialHereTabs": "Initials",
    "dateSignedTabs": "Date signed",
    "textTabs": "Text",
    "checkboxTabs": "Checkbox",
    "fullNameTabs": "Full name",
    "emailAddressTabs": "Email",
    "emailTabs": "Email",
    "companyTabs": "Company",
    "titleTabs": "Title",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One tab on a page; positions in percent of the page, so that any screen width does."""

    tab: Tab
    kind: str  # sign, initial, check, text or fixed
    label: str
    left: float
    top: float
    width: float
    height: float
    text_size: float  # in percent of the page's width (cqw)
    is_mine: bool
    value: str
    problem: str
    strokes: str  # SVG path of a drawn signature

    @property
    def max_length(self) -> str:
        text = str(self.tab.data.get("maxLength") or "")
        return text if text.isdecimal() and text != "0" else "4000"


@dataclass(frozen=True, slots=True)
class Page:
    document: Document
    number: int
    width: float
    height: float
    fields: list[Field]


def pages_of(view: RecipientView, *, may_fill: bool, problems: dict[str, str]) -> list[Page]:
    """Every page of every document, with this signer's fields and the finished ones of others."""
    envelope = view.recipient.envelope
    tabs = Tab.objects.filter(recipient__envelope=envelope).select_related("recipient")
    by_page: dict[tuple[int, int], list[Field]] = {}
    documents = list(envelope.documents.all())
    sizes = {document.pk: document.page_sizes for document in documents}
    for tab in tabs:
        is_mine = tab.recipient_id == view.recipient.pk
        if not is_mine and tab.recipient.status != "completed":
            continue
        size = sizes[tab.document_id][tab.page - 1]
        field = _field(tab, size, is_mine=is_mine and may_fill, problem=problems.get(tab.guid, ""))
        by_page.setdefault((tab.document_id, tab.page), []).append(field)
    return [
        Page(document, number, width, height, by_page.get((document.pk, number), []))
        for document in documents
        for number, (width, height) in enumerate(document.page_sizes, start=1)
    ]


def _field(tab: Tab, page_size: list[float], *, is_mine: bool, problem: str) -> Field:
    width, height = page_size
    is_signature = tab.group in SIGNATURE_GROUPS
    point = 100 / width
    return Field(
        tab=tab,
        kind=_kind(tab, is_mine=is_mine),
        label=str(tab.data.get("name") or LABELS.get(tab.group, "Field")),
        left=tab.x * point,
        top=tab.y / height * 100,
        width=tab.width * point,
        height=tab.height / height * 100,
        text_size=(tab.height * 0.62 if is_signature else 10) * point,
        is_mine=is_mine,
        value=_shown_value(tab, is_mine=is_mine),
        problem=problem,
        strokes=svg_path(tab.recipient.signature.get("strokes")) if tab.group == "signHereTabs" else "",
    )


def _kind(tab: Tab, *, is_mine: bool) -> str:
    kinds = {"signHereTabs": "sign", "initialHereTabs": "initial", "checkboxTabs": "check"}
    if not is_mine or tab.group in FILLED_BY_US or str(tab.data.get("locked", "")).lower() == "true":
        return f"fixed-{kinds[tab.group]}" if tab.group in kinds else "fixed"
    return kinds.get(tab.group, "text")


def _shown_value(tab: Tab, *, is_mine: bool) -> str:
    if tab.group in SIGNATURE_GROUPS:
        if not tab.value:
            return ""
        return str(tab.recipient.signature.get("name" if tab.group == "signHereTabs" else "initials") or "")
    if tab.group == "dateSignedTabs" and is_mine:
        return today()
    return tab.value


def svg_path(strokes: Any) -> str:
    """Vector strokes of the signature pad (300 × 100 units) as SVG path data."""
    parts = []
    for stroke in strokes or []:
        points = [f"{x:g} {y:g}" for x, y in stroke]
        parts.append(f"M{points[0]} L{' '.join(points[1:] or points)}")
    return " ".join(parts)


PAD_WIDTH, PAD_HEIGHT = STROKE_BOX
