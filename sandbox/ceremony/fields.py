"""Tabs as the page shows them: where, what, whose."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.models import Document, Recipient, RecipientView, Tab
from sandbox.tabkinds import (
    APPROVE,
    ATTACHMENT,
    CHECKBOX,
    DECLINE,
    FORMULA,
    INITIAL,
    KINDS,
    LIST,
    NOTE,
    RADIO,
    SIGN,
    SIGNATURES,
    VIEW,
)
from sandbox.visibility import hidden_from, visible_documents

from . import freeform
from .answers import choices, is_multi_line, is_open, max_length, today
from .conditions import labels_of
from .judging import is_asked
from .signatures import svg_path

# Only their own recipient has to do with these.
PRIVATE = (ATTACHMENT, APPROVE, DECLINE, NOTE, VIEW)
TEXT_SIZE = 10.0  # points, where the definition gives none
RADIO_SIDE = 15.0  # points


@dataclass(frozen=True, slots=True)
class Field:
    """One tab on a page; positions in percent of the page, so that any screen width does."""

    tab: Tab
    kind: str  # the template in sandbox/fields that shows it
    label: str
    left: float
    top: float
    width: float
    height: float
    text_size: float  # in percent of the page's width (cqw)
    is_mine: bool
    is_asked: bool
    value: str
    problem: str
    option: str = ""  # of a radio group: this radio's value
    strokes: str = ""  # SVG path of a drawn signature

    @property
    def max_length(self) -> int:
        return max_length(self.tab)

    @property
    def options(self) -> list[tuple[str, str]]:
        return choices(self.tab)

    @property
    def labels(self) -> str:
        """What conditions and formulas call it by, each on a line of its own."""
        return "\n".join(sorted(labels_of(self.tab)))

    @property
    def spot(self) -> str:
        return freeform.spot_of(self.tab) if freeform.is_placed(self.tab) else ""


@dataclass(frozen=True, slots=True)
class Page:
    document: Document
    number: int
    width: float
    height: float
    fields: list[Field] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sight:
    """Who looks, and what they are told."""

    recipient: Recipient
    may_fill: bool
    problems: dict[str, str]


def pages_of(view: RecipientView, *, may_fill: bool, problems: dict[str, str]) -> list[Page]:
    """Every page that is not hidden from them, with their fields, the sender's and the finished ones of others."""
    documents = visible_documents(view.recipient.envelope, hidden_from(view.recipient))
    pages = {
        (document.pk, number): Page(document, number, width, height)
        for document in documents
        for number, (width, height) in enumerate(document.page_sizes, start=1)
    }
    by_number = {document.document_id: document.pk for document in documents}
    sight = _Sight(view.recipient, may_fill, problems)
    for tab in Tab.objects.filter(document__in=documents).select_related("recipient", "document"):
        if not _is_seen(tab, view.recipient):
            continue
        for place in _places(tab, by_number):
            page = pages.get((place.document_pk, place.page))
            if page:
                page.fields.append(_field(tab, place, page, sight))
    return list(pages.values())


@dataclass(frozen=True, slots=True)
class _Place:
    document_pk: int
    page: int
    x: float
    y: float
    width: float
    height: float
    option: str = ""


def _is_seen(tab: Tab, recipient: Recipient) -> bool:
    kind = KINDS[tab.group]
    if kind.filled_by == "nobody" or (tab.group == FORMULA and str(tab.data.get("hidden")).lower() == "true"):
        return False
    if tab.recipient is None or tab.recipient_id == recipient.pk:
        return True
    return tab.recipient.status == "completed" and tab.group not in PRIVATE


def _places(tab: Tab, by_number: dict[int, int]) -> Iterable[_Place]:
    if tab.group != RADIO:
        return [_Place(tab.document_id or 0, tab.page, tab.x, tab.y, tab.width, tab.height)]
    return [
        _Place(
            by_number.get(int(radio["documentId"]), 0),
            int(radio["pageNumber"]),
            float(radio["xPosition"]),
            float(radio["yPosition"]),
            RADIO_SIDE,
            RADIO_SIDE,
            str(radio.get("value") or ""),
        )
        for radio in tab.data.get("radios") or []
    ]


def _field(tab: Tab, place: _Place, page: Page, sight: _Sight) -> Field:
    is_mine = tab.recipient_id == sight.recipient.pk and sight.may_fill
    point = 100 / page.width
    is_first = not place.option or place.option == (choices(tab) or [("", "")])[0][0]
    return Field(
        tab=tab,
        kind=_kind(tab, is_mine=is_mine),
        label=_label(tab, place),
        left=place.x * point,
        top=place.y / page.height * 100,
        width=place.width * point,
        height=place.height / page.height * 100,
        text_size=(place.height * 0.62 if tab.group in SIGNATURES else _text_size(tab)) * point,
        is_mine=is_mine,
        is_asked=is_mine and is_asked(tab),
        value=_shown_value(tab, is_own=tab.recipient_id == sight.recipient.pk),
        problem=sight.problems.get(tab.guid, "") if is_first else "",
        option=place.option,
        strokes=svg_path(_signature(tab).get("strokes")) if tab.group == SIGN else "",
    )


def _kind(tab: Tab, *, is_mine: bool) -> str:
    control = KINDS[tab.group].control
    if is_mine and tab.group == DECLINE:
        return "decline"
    if is_mine and tab.group == VIEW:
        return "view"
    if is_mine and is_open(tab):
        return "area" if is_multi_line(tab) else control
    if tab.group in SIGNATURES:
        return "ink"
    if tab.group in (CHECKBOX, RADIO, VIEW):
        return "tick"
    if tab.group == FORMULA and is_mine:
        return "formula"
    return "note" if tab.group == NOTE else "fixed"


def _label(tab: Tab, place: _Place) -> str:
    own = tab.data.get("name") or tab.data.get("tooltip") or tab.data.get("groupName") or ""
    if tab.group in (APPROVE, DECLINE, VIEW):
        own = tab.data.get("buttonText") or own
    label = str(own or KINDS[tab.group].label)
    return f"{label}: {place.option}" if place.option else label


def _text_size(tab: Tab) -> float:
    """`fontSize` is spelled "size12"."""
    digits = str(tab.data.get("fontSize") or "").lower().removeprefix("size")
    return min(float(digits), 72.0) if digits.isdecimal() and len(digits) < 4 and int(digits) else TEXT_SIZE


def _shown_value(tab: Tab, *, is_own: bool) -> str:
    if tab.group in SIGNATURES:
        return str(_signature(tab).get("initials" if tab.group == INITIAL else "name") or "") if tab.value else ""
    if tab.group == "dateSignedTabs" and is_own and not tab.value:
        return today()
    if tab.group == LIST and not is_open(tab):
        return dict(choices(tab)).get(tab.value, tab.value)
    if not is_own and str(tab.data.get("concealValueOnDocument")).lower() == "true":
        return "*" * len(tab.value)
    return tab.value


def _signature(tab: Tab) -> dict[str, Any]:
    return dict(tab.recipient.signature) if tab.recipient else {}
