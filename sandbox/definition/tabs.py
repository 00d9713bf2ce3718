"""Tabs of a definition: judged, placed, given their first value (reference 2.5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox import tabkinds
from sandbox.errors import ApiError
from sandbox.models import Document, Recipient, Tab
from sandbox.placement import Place, places_for
from sandbox.tabkinds import CHECKBOX, KINDS, LIST, PLACELESS, PREFILL, RADIO

from .reading import Json, is_true, list_of, object_of, text_of

MAX_LABEL = 500
MAX_VALUE = 4000


def build_tabs(recipient: Recipient | None, groups: Json, documents: Sequence[Document]) -> list[Tab]:
    """Rows, not saved yet. Without a recipient they are the sender's own (`prefillTabs`). Raises ApiError."""
    tabs: list[Tab] = []
    for group, items in groups.items():
        if not items:
            continue
        if group == PREFILL:
            own = {name: part for name, part in object_of(groups, PREFILL).items() if name != PREFILL}
            tabs += build_tabs(None, own, documents)
        elif group in KINDS:
            for item in list_of(groups, group):
                tabs += _tabs_of(group, item, recipient, documents)
        else:
            raise ApiError("INVALID_TAB_OPERATION", f"There are no tabs of the kind {group}.")
    return tabs


def _tabs_of(group: str, given: Json, recipient: Recipient | None, documents: Sequence[Document]) -> list[Tab]:
    """`_scope`: the documents a composite template's tab is bound to."""
    item = {name: value for name, value in given.items() if name != "_scope"}
    scope = given.get("_scope")
    if isinstance(scope, list):
        documents = [document for document in documents if document.document_id in scope]
    text_of(item, "tabLabel", MAX_LABEL)
    if group == RADIO:
        return [_radio_group(item, recipient, documents)]
    return [_tab(group, item, place, recipient) for place in _places(group, item, documents)]


def _places(group: str, item: Json, documents: Sequence[Document]) -> list[Place | None]:
    if group in PLACELESS and not (item.get("anchorString") or item.get("documentId")):
        return [None]
    return list(places_for(group, item, documents))


def _tab(group: str, item: Json, place: Place | None, recipient: Recipient | None) -> Tab:
    return Tab(
        recipient=recipient,
        document=place.document if place else None,
        group=group,
        page=place.page if place else 0,
        x=place.x if place else 0,
        y=place.y if place else 0,
        width=place.width if place else 0,
        height=place.height if place else 0,
        required=is_required(group, item),
        value=first_value(group, item, recipient, place.document if place else None),
        data=dict(item),
    )


def _radio_group(item: Json, recipient: Recipient | None, documents: Sequence[Document]) -> Tab:
    """One row for the group, at its first radio; every radio keeps a place of its own in the data."""
    radios: list[dict[str, Any]] = []
    first: Place | None = None
    for radio in list_of(item, "radios"):
        placed = {"documentId": item.get("documentId"), **radio}
        for place in places_for(RADIO, placed, documents):
            first = first or place
            where = {"pageNumber": place.page, "xPosition": round(place.x), "yPosition": round(place.y)}
            radios.append(dict(radio) | where | {"documentId": place.document.document_id})
    if first is None:
        raise ApiError("INVALID_TAB_OPERATION", "A radio group needs radios.")
    tab = _tab(RADIO, dict(item) | {"radios": radios}, first, recipient)
    tab.required = any(is_true(radio.get("required")) for radio in radios) or is_true(item.get("required"))
    return tab


def is_required(group: str, tab: Mapping[str, Any]) -> bool:
    kind = KINDS[group]
    if kind.filled_by != "signer":
        return False
    if group in tabkinds.SIGNATURES or group == tabkinds.ATTACHMENT:
        return not is_true(tab.get("optional"))
    if tab.get("required") in (None, ""):
        return kind.is_required and not tabkinds.is_locked(tab)
    return is_true(tab.get("required"))


def first_value(
    group: str, tab: Mapping[str, Any], recipient: Recipient | None, document: Document | None = None
) -> str:
    name = recipient.name if recipient else ""
    known = {
        "fullNameTabs": name,
        "firstNameTabs": name.partition(" ")[0],
        "lastNameTabs": name.rpartition(" ")[2],
        "emailAddressTabs": recipient.email if recipient else "",
    }
    if group in known:
        return known[group]
    if group == "envelopeIdTabs":
        holder = recipient or document
        return holder.envelope.guid if holder else ""
    if group == CHECKBOX:
        return "true" if is_true(tab.get("selected")) else ""
    if group in (RADIO, LIST):
        return _chosen(tab, "radios" if group == RADIO else "listItems") or text_of(tab, "value", MAX_VALUE)
    return text_of(tab, "value", MAX_VALUE)


def _chosen(tab: Mapping[str, Any], key: str) -> str:
    for option in list_of(tab, key):
        if is_true(option.get("selected")):
            return text_of(option, "value") or text_of(option, "text")
    return ""
