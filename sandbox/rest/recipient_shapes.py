"""Recipients and their tabs → Docusign's JSON (reference 2.4, 2.5)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sandbox import rules, tabkinds
from sandbox.clock import docusign_time
from sandbox.definition.reading import spelled
from sandbox.definition.recipients import RECIPIENT_TYPES
from sandbox.models import Envelope, Recipient, Tab
from sandbox.tabkinds import CHECKBOX, KINDS, LIST, RADIO, radio_guid

Json = dict[str, Any]
# Of what the sender said, what is not told back, or told in words of our own.
NOT_ECHOED = frozenset({"tabs", "tabLabel", "documentId", "recipientId", "clientUserId", "status", "errorDetails"})
# Kinds that tell no value: what is there to see is enough, or nothing is.
VALUELESS = frozenset({*tabkinds.SIGNATURES, tabkinds.ATTACHMENT, tabkinds.APPROVE, tabkinds.DECLINE, tabkinds.VIEW})
VALUELESS |= {"envelopeIdTabs"}
SIZED_BY_SCALE = tabkinds.SIGNATURES
TABLESS_KINDS = frozenset({"agents", "editors", "intermediaries", "certifiedDeliveries"})


def recipients_shape(envelope: Envelope, *, with_tabs: bool = False, only: list[Recipient] | None = None) -> Json:
    """All, or `only` these, which may be deleted already."""
    groups: Json = {kind: [] for kind in RECIPIENT_TYPES}
    recipients = list(envelope.recipients.all())
    for recipient in recipients if only is None else only:
        groups[recipient.kind].append(recipient_shape(recipient, with_tabs=with_tabs))
    unfinished = [r.routing_order for r in recipients if r.status != "completed"]
    orders = unfinished or [r.routing_order for r in recipients]
    groups["recipientCount"] = str(len(recipients))
    groups["currentRoutingOrder"] = str(min(orders, default=1))
    return groups


def recipient_shape(recipient: Recipient, *, with_tabs: bool = False) -> Json:
    given = {name: spelled(v) for name, v in recipient.data.items() if _is_told(name) and v is not None}
    data: Json = {
        "requireIdLookup": "false",
        **_of_those_who_sign(recipient),
        **given,
        **_person(recipient),
        "recipientIdGuid": recipient.guid,
        "userId": recipient.user_guid,
        "recipientId": recipient.recipient_id,
        "recipientType": RECIPIENT_TYPES[recipient.kind],
        "routingOrder": str(recipient.routing_order),
        "clientUserId": recipient.client_user_id,
        "note": str(recipient.data.get("note") or ""),
        "status": recipient.status,
        "completedCount": "1" if recipient.status == "completed" else "0",
        "deliveryMethod": str(recipient.data.get("deliveryMethod") or "email"),
        "sentDateTime": docusign_time(recipient.sent_at),
        "deliveredDateTime": docusign_time(recipient.delivered_at),
        "signedDateTime": docusign_time(recipient.signed_at),
        "declinedDateTime": docusign_time(recipient.declined_at),
        "declinedReason": recipient.declined_reason or None,
    }
    if with_tabs and recipient.kind not in TABLESS_KINDS:
        tabs = list(recipient.tabs.all())
        data["tabs"] = tabs_shape(tabs, recipient)
        data["totalTabCount"] = str(len(tabs))
    return {name: value for name, value in data.items() if value is not None}


def _is_told(name: str) -> bool:
    return name not in NOT_ECHOED and not name.startswith("_")


def _of_those_who_sign(recipient: Recipient) -> Json:
    """Not all kinds have these, says the specification."""
    data: Json = {"creationReason": "sender"} if recipient.kind in rules.SIGNING_KINDS else {}
    return data | ({"isBulkRecipient": "false"} if recipient.kind == "signers" else {})


def _person(recipient: Recipient) -> Json:
    """In-person signers are spelled by their host and by who signs (reference 2.4)."""
    if recipient.kind == "seals":
        return {"name": recipient.name} if recipient.name else {}
    if recipient.kind != "inPersonSigners":
        return {"name": recipient.name, "email": recipient.email}
    return {
        "hostName": str(recipient.data.get("hostName") or ""),
        "hostEmail": str(recipient.data.get("hostEmail") or ""),
        "signerName": recipient.name,
        "name": recipient.name,
        "email": str(recipient.data.get("signerEmail") or recipient.data.get("email") or ""),
    }


def tabs_shape(tabs: Iterable[Tab], recipient: Recipient | None, *, named: str = "") -> Json:
    """`named`: as whom the call knows the recipient, by either id; the official SDKs' tests expect it back."""
    known = {"recipientId": named} if named else {}
    groups: dict[str, list[Json]] = defaultdict(list)
    for tab in tabs:
        groups[tab.group].append(tab_shape(tab, recipient) | known)
    return dict(groups)


def tabs_on(tabs: Iterable[Tab]) -> Json:
    """Of one document: every recipient's, and the sender's own as `prefillTabs`."""
    shape: Json = {}
    own: list[Tab] = []
    for tab in tabs:
        if tab.recipient is None:
            own.append(tab)
            continue
        for group, items in tabs_shape([tab], tab.recipient).items():
            shape.setdefault(group, []).extend(items)
    return shape | ({"prefillTabs": tabs_shape(own, None)} if own else {})


def tab_shape(tab: Tab, recipient: Recipient | None) -> Json:
    """The definition as it was given, overlaid with what the sandbox knows. No recipient: the sender's own."""
    data: Json = {name: spelled(v) for name, v in tab.data.items() if v is not None and not name.startswith("_")}
    data["tabType"] = KINDS[tab.group].tab_type
    if recipient is not None:
        data |= {"recipientId": recipient.recipient_id, "recipientIdGuid": recipient.guid}
    if tab.group == RADIO:
        status = _status(tab, recipient)
        return data | {"documentId": _document_id(tab), "value": tab.value, "radios": _radios(tab, data, status)}
    data |= {"tabId": tab.guid, "status": _status(tab, recipient)}
    if tab.document_id is not None:
        data |= {
            "documentId": _document_id(tab),
            "pageNumber": str(tab.page),
            "xPosition": str(round(tab.x)),
            "yPosition": str(round(tab.y)),
        }
        if tab.group not in SIZED_BY_SCALE:
            data |= {"width": str(round(tab.width)), "height": str(round(tab.height))}
    return data | _value(tab)


def _document_id(tab: Tab) -> str:
    return str(tab.document.document_id) if tab.document else ""


def _status(tab: Tab, recipient: Recipient | None) -> str:
    if recipient is None or recipient.status not in ("completed", "declined"):
        return "active"
    return "declined" if recipient.status == "declined" else "signed" if tab.value else "active"


def _value(tab: Tab) -> Json:
    if tab.group == CHECKBOX:
        return {"selected": "true" if tab.value == "true" else "false"}
    if tab.group == LIST:
        return {"value": tab.value, "listItems": _list_items(tab)}
    kind = KINDS[tab.group]
    if kind.filled_by == "nobody" or tab.group in VALUELESS:
        return {}
    original = {"originalValue": str(tab.data.get("value") or "")} if kind.filled_by == "signer" else {}
    return {"value": tab.value, **original}


def _list_items(tab: Tab) -> list[Json]:
    items = tab.data.get("listItems") or []
    return [
        spelled(item) | {"selected": "true" if tab.value and _is_chosen(item, tab.value) else "false"}
        for item in items
        if isinstance(item, dict)
    ]


def _is_chosen(item: Json, value: str) -> bool:
    return value == str(item.get("value") or item.get("text") or "")


def _radios(tab: Tab, data: Json, status: str) -> list[Json]:
    """The buttons of a group have the ids; the group is known by its name."""
    return [
        {name: value for name, value in radio.items() if name != "documentId"}
        | {
            "tabId": radio_guid(tab.guid, position),
            "status": status,
            "selected": spelled(bool(tab.value) and radio.get("value") == tab.value),
        }
        for position, radio in enumerate(data.get("radios") or [])
    ]
