"""Free-form signing: a signer without any tabs places their own, at least one signature (reference 2.1)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandbox.definition.tabs import first_value
from sandbox.models import Document, Recipient, Tab
from sandbox.placement import DEFAULT_SIZE, DEFAULT_SIZES
from sandbox.rules import SIGNING_KINDS
from sandbox.tabkinds import INITIAL, SIGN, SIGNATURES
from sandbox.visibility import hidden_from, visible_documents

MARK = "_freeForm"
# What can be placed, and what it is called.
OFFERED = {SIGN: "Signature", INITIAL: "Initials", "dateSignedTabs": "Date signed", "fullNameTabs": "Name"}
MOST = 100


def is_free_form(recipient: Recipient) -> bool:
    return recipient.kind in SIGNING_KINDS and all(is_placed(tab) for tab in recipient.tabs.all())


def is_placed(tab: Tab) -> bool:
    return bool(tab.data.get(MARK))


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to place, in points."""

    group: str
    label: str
    width: float
    height: float
    value: str


def offers(recipient: Recipient) -> list[Offer]:
    sizes = {group: DEFAULT_SIZES.get(group, DEFAULT_SIZE) for group in OFFERED}
    return [Offer(group, label, *sizes[group], first_value(group, {}, recipient)) for group, label in OFFERED.items()]


def place(recipient: Recipient, spots: Sequence[str]) -> None:
    """Instead of those placed before. A spot is `group:documentId:page:x:y`, in points from the page's top left."""
    recipient.tabs.all().delete()
    shown = visible_documents(recipient.envelope, hidden_from(recipient))
    documents = {document.document_id: document for document in shown}
    tabs = [_tab(recipient, spot, documents) for spot in spots[:MOST]]
    Tab.objects.bulk_create([tab for tab in tabs if tab is not None])


def spot_of(tab: Tab) -> str:
    number = tab.document.document_id if tab.document else 0
    return f"{tab.group}:{number}:{tab.page}:{tab.x:.1f}:{tab.y:.1f}"


def _tab(recipient: Recipient, spot: str, documents: Mapping[int, Document]) -> Tab | None:
    """None for what is no spot on a page."""
    try:
        group, number, page, *corner = spot.split(":")
        x, y = (float(part) for part in corner)
        document = documents[int(number)]
        page_width, page_height = document.page_sizes[int(page) - 1]
    except (ValueError, KeyError, IndexError):
        return None
    if group not in OFFERED or not (math.isfinite(x) and math.isfinite(y)) or int(page) < 1:
        return None
    width, height = DEFAULT_SIZES.get(group, DEFAULT_SIZE)
    value = first_value(group, {}, recipient)
    return Tab(
        recipient=recipient,
        document=document,
        group=group,
        page=int(page),
        x=min(max(x, 0.0), max(page_width - width, 0.0)),
        y=min(max(y, 0.0), max(page_height - height, 0.0)),
        width=width,
        height=height,
        required=group in SIGNATURES,
        value="signed" if group in SIGNATURES and recipient.signature else value,
        data={MARK: True, "tabLabel": OFFERED[group]},
    )
