"""Changing the recipients and tabs of an envelope that exists (reference 2.10). Statuses stay `lifecycle`'s."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from . import connect, lifecycle
from .definition.reading import integer, is_email, list_of, object_of, text_of
from .definition.recipients import LONGEST, MAX_NAME, RECIPIENT_TYPES, create_recipients, refuse_duplicates
from .definition.tabs import build_tabs, first_value, is_required
from .errors import ApiError
from .models import Document, Envelope, Recipient, Tab
from .rules import ASKED
from .tabkinds import PREFILL, RADIO, radio_guid

Json = Mapping[str, Any]

CORRECTABLE = frozenset({"created", "sent", "delivered"})
FINISHED = frozenset({"completed", "declined"})
NOT_CORRECTABLE = {
    "errorCode": "RECIPIENT_UPDATE_FAILED",
    "message": "The recipient could not be updated.  Recipient not in state that allows correction.",
}
# What identifies a recipient or is the server's to say; who was sent to as embedded stays it (reference 2.10).
NOT_CHANGED = frozenset({"recipientId", "recipientIdGuid", "userId", "status", "tabs", "name", "email", "routingOrder"})
SENT_FOR_GOOD = frozenset({"clientUserId"})
PLACES = frozenset(
    "documentId pageNumber xPosition yPosition width height scaleValue anchorString anchorXOffset anchorYOffset "
    "anchorUnits anchorHorizontalAlignment anchorCaseSensitive anchorMatchWholeWord anchorIgnoreIfNotPresent "
    "radios".split()
)


def update(envelope: Envelope, body: Json) -> list[dict[str, Any]]:
    """One result per recipient; `errorDetails` only where it failed, as the official SDK's test expects.

    Whom a draft does not know yet is added to it, says the specification.
    """
    require_correctable(envelope)
    by_id = {recipient.recipient_id: recipient for recipient in envelope.recipients.all()}
    results = []
    for kind in RECIPIENT_TYPES:
        for item in list_of(body, kind):
            recipient = by_id.get(text_of(item, "recipientId"))
            if recipient is not None:
                results.append(_update_one(envelope, recipient, item))
            elif envelope.status == "created":
                (recipient,) = create_recipients(envelope, {kind: [item]}, list(envelope.documents.all()))
                by_id[recipient.recipient_id] = recipient
                results.append(_result(recipient))
            else:
                raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT")
    refuse_duplicates(list(by_id.values()))
    _follow(envelope, "envelope-corrected" if results else "")
    return results


def add(envelope: Envelope, body: Json) -> list[Recipient]:
    require_correctable(envelope)
    rows = create_recipients(envelope, body, list(envelope.documents.all()))
    _follow(envelope, "envelope-corrected")
    return rows


def delete(envelope: Envelope, recipient_ids: list[str]) -> list[Recipient]:
    """Those that are gone, as such. Raises UNKNOWN_ENVELOPE_RECIPIENT; who has finished cannot be taken out."""
    require_correctable(envelope)
    gone = []
    for recipient_id in recipient_ids:
        recipient = envelope.recipients.filter(recipient_id=recipient_id).first()
        if recipient is None:
            raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT")
        if recipient.status in FINISHED:
            raise ApiError(NOT_CORRECTABLE["errorCode"], message=NOT_CORRECTABLE["message"])
        recipient.delete()
        recipient.status = "deleted"
        gone.append(recipient)
    if envelope.status != "created" and not envelope.recipients.exists():
        raise ApiError("ENVELOPE_IS_INCOMPLETE", "A sent envelope needs a recipient.")
    _follow(envelope, "envelope-corrected")
    return gone


def add_tabs(envelope: Envelope, recipient: Recipient, groups: Json) -> list[Tab]:
    _require_open(envelope, recipient)
    documents = list(envelope.documents.all())
    tabs = Tab.objects.bulk_create(build_tabs(recipient, _on_some_document(groups, documents), documents))
    lifecycle.touch(envelope)
    return tabs


def update_tabs(envelope: Envelope, recipient: Recipient, groups: Json) -> list[Tab]:
    """Each by its tabId, radio groups by their name. Raises INVALID_TAB_OPERATION for one that is not there.

    Those without a tabId are added, as the Node SDK's test has it ("updateTabs adds recipient tabs").
    """
    _require_open(envelope, recipient)
    new = {group: [item for item in list_of(groups, group) if _is_new(group, item)] for group in groups}
    old = {group: [item for item in list_of(groups, group) if not _is_new(group, item)] for group in groups}
    changed = [_changed_tab(envelope, recipient, tab, item) for tab, item in _named_tabs(recipient.tabs, old)]
    documents = list(envelope.documents.all())
    added = Tab.objects.bulk_create(build_tabs(recipient, _on_some_document(new, documents), documents))
    lifecycle.touch(envelope)
    return [*changed, *added]


def _on_some_document(groups: Json, documents: list[Document]) -> dict[str, Any]:
    """Tabs added to a recipient need not say where: then they stand on the first document (the C# SDK's test)."""
    if not documents:
        return dict(groups)
    first = str(documents[0].document_id)
    return {
        group: [
            item if item.get("documentId") or item.get("anchorString") else {**item, "documentId": first}
            for item in list_of(groups, group)
        ]
        if group != PREFILL
        else groups[group]
        for group in groups
    }


def delete_tabs(envelope: Envelope, recipient: Recipient, groups: Json) -> list[Tab]:
    """Those that are gone."""
    _require_open(envelope, recipient)
    gone = [tab for tab, _ in _named_tabs(recipient.tabs, groups)]
    return _without(envelope, gone)


def add_sender_tabs(document: Document, groups: Json) -> list[Tab]:
    tabs = Tab.objects.bulk_create(build_tabs(None, groups, [document]))
    lifecycle.touch(document.envelope)
    return tabs


def update_document_tabs(document: Document, groups: Json) -> list[Tab]:
    """Anyone's tabs on the document, by their tabId; those without one are new, and the sender's own."""
    envelope, own = document.envelope, _with_prefilled(groups)
    new = {group: [item for item in items if _is_new(group, item)] for group, items in own.items()}
    old = {group: [item for item in items if not _is_new(group, item)] for group, items in own.items()}
    named = _named_tabs(document.tabs, old)
    changed = [_changed_tab(envelope, _open_owner(tab), tab, item) for tab, item in named]
    return [*changed, *add_sender_tabs(document, new)]


def delete_document_tabs(document: Document, groups: Json) -> list[Tab]:
    """Those that are gone."""
    gone = [tab for tab, _ in _named_tabs(document.tabs, _with_prefilled(groups))]
    for tab in gone:
        _open_owner(tab)
    return _without(document.envelope, gone)


def _with_prefilled(groups: Json) -> dict[str, list[Json]]:
    """The sender's own stand in a group of groups."""
    prefilled = object_of(groups, PREFILL)
    names = dict.fromkeys([*groups, *prefilled])
    return {name: [*list_of(groups, name), *list_of(prefilled, name)] for name in names if name != PREFILL}


def _open_owner(tab: Tab) -> Recipient | None:
    """Whose tab it is. Raises INVALID_TAB_OPERATION when they have finished."""
    if tab.recipient is not None and tab.recipient.status in FINISHED:
        raise ApiError("INVALID_TAB_OPERATION", NOT_CORRECTABLE["message"])
    return tab.recipient


def _without(envelope: Envelope, gone: list[Tab]) -> list[Tab]:
    Tab.objects.filter(pk__in=[tab.pk for tab in gone]).delete()
    lifecycle.touch(envelope)
    return gone


def _named_tabs(tabs: "models.Manager[Tab]", groups: Json) -> list[tuple[Tab, Json]]:
    known = list(tabs.select_related("document", "recipient"))
    named = []
    for group in groups:
        for item in list_of(groups, group):
            tab = next((tab for tab in known if tab.group == group and _is_named(tab, item)), None)
            if tab is None:
                raise ApiError("INVALID_TAB_OPERATION", "Invalid value specified for tabId.")
            named.append((tab, item))
    return named


def _is_new(group: str, item: Json) -> bool:
    return group not in (RADIO, PREFILL) and not text_of(item, "tabId")


def _is_named(tab: Tab, item: Json) -> bool:
    if tab.group != RADIO:
        return text_of(item, "tabId").lower() == tab.guid
    ids = {radio_guid(tab.guid, position) for position in range(len(tab.data["radios"]))}
    given = {text_of(radio, "tabId").lower() for radio in list_of(item, "radios")}
    return bool(ids & given) or text_of(item, "groupName") == str(tab.data.get("groupName"))


def require_correctable(envelope: Envelope) -> None:
    if envelope.status not in CORRECTABLE:
        raise ApiError("ENVELOPE_INVALID_STATUS")


def _require_open(envelope: Envelope, recipient: Recipient) -> None:
    require_correctable(envelope)
    if recipient.status in FINISHED:
        raise ApiError("INVALID_TAB_OPERATION", NOT_CORRECTABLE["message"])


def _follow(envelope: Envelope, event: str) -> None:
    """An earlier routing order may make it someone's turn; who is gone may have been the last to wait for."""
    if envelope.is_template or envelope.status == "created":
        lifecycle.touch(envelope)
        return
    if event:
        connect.tell(envelope, event)
    lifecycle.move_on(envelope)


def _update_one(envelope: Envelope, recipient: Recipient, item: Json) -> dict[str, Any]:
    result = _result(recipient)
    if recipient.status in FINISHED:
        return result | {"errorDetails": NOT_CORRECTABLE}
    if name := text_of(item, "name") or text_of(item, "signerName"):
        recipient.name = _within(name, recipient)
    if email := text_of(item, "email", 100).strip():
        recipient.email = _email(email, recipient)
    if item.get("routingOrder"):
        recipient.routing_order = integer(item["routingOrder"], "routingOrder", lowest=1)
    for field, longest in LONGEST.items():
        text_of(item, field, longest)
    kept_out = NOT_CHANGED if envelope.status == "created" else NOT_CHANGED | SENT_FOR_GOOD
    recipient.data |= {field: value for field, value in item.items() if field not in kept_out}
    if "clientUserId" in item and envelope.status == "created":
        recipient.client_user_id = text_of(item, "clientUserId", 100) or None
    recipient.save()
    # A given email, even the same, counts as a change and is mailed again (reference 2.10).
    if email and recipient.status in (*ASKED, "autoresponded"):
        lifecycle.mail_again(envelope, recipient, "corrected")
    return result


def _result(recipient: Recipient) -> dict[str, Any]:
    return {"recipientId": recipient.recipient_id, "recipientIdGuid": recipient.guid}


def _within(name: str, recipient: Recipient) -> str:
    if len(name) > MAX_NAME:
        raise ApiError("INVALID_USERNAME_FOR_RECIPIENT", f"Recipient Id: {recipient.recipient_id}")
    return name


def _email(email: str, recipient: Recipient) -> str:
    if not is_email(email):
        detail = f"The recipient Id follows. Recipient Id: {recipient.recipient_id}"
        raise ApiError("INVALID_EMAIL_ADDRESS_FOR_RECIPIENT", detail)
    return email


def _changed_tab(envelope: Envelope, recipient: Recipient | None, tab: Tab, item: Json) -> Tab:
    merged = {**tab.data, **{name: value for name, value in item.items() if name != "tabId"}}
    if tab.group == RADIO:
        merged["radios"] = _changed_radios(tab, list_of(item, "radios"))
    if PLACES & set(item):
        merged = _place_anew(envelope, recipient, tab, merged)
    tab.data = merged
    tab.required = is_required(tab.group, merged)
    tab.value = first_value(tab.group, merged, recipient)
    tab.save()
    return tab


def _place_anew(envelope: Envelope, recipient: Recipient | None, tab: Tab, merged: dict[str, Any]) -> dict[str, Any]:
    here: dict[str, Any] = {}
    if tab.document is not None and tab.group != RADIO and not merged.get("anchorString"):
        here = {"documentId": tab.document.document_id, "pageNumber": tab.page}
        here |= {"xPosition": round(tab.x), "yPosition": round(tab.y)}
    placed = build_tabs(recipient, {tab.group: [here | merged]}, list(envelope.documents.all()))
    if not placed:
        return merged
    tab.document, tab.page = placed[0].document, placed[0].page
    tab.x, tab.y, tab.width, tab.height = placed[0].x, placed[0].y, placed[0].width, placed[0].height
    return dict(placed[0].data)


def _changed_radios(tab: Tab, given: list[Json]) -> list[dict[str, Any]]:
    """Each button by its tabId or its value; those not named stay."""
    radios = [dict(radio) for radio in tab.data["radios"]]
    for position, radio in enumerate(radios):
        for item in given:
            if text_of(item, "tabId").lower() == radio_guid(tab.guid, position) or (
                not item.get("tabId") and text_of(item, "value") == str(radio.get("value"))
            ):
                radio |= {name: value for name, value in item.items() if name != "tabId"}
    return radios
