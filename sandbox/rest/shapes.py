"""Rows → Docusign's JSON. All values are strings; absent times are left out (reference 2.4, 2.5, 4.5)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sandbox.clock import docusign_time
from sandbox.models import Document, Envelope, Recipient, Tab

RECIPIENT_TYPES = {"signers": "signer", "carbonCopies": "carboncopy"}
EMPTY_RECIPIENT_GROUPS = (
    "signers",
    "agents",
    "editors",
    "intermediaries",
    "carbonCopies",
    "certifiedDeliveries",
    "inPersonSigners",
    "seals",
    "witnesses",
    "notaries",
)


def envelope_shape(envelope: Envelope, include: Iterable[str] = ()) -> dict[str, Any]:
    include = set(include)
    uri = f"/envelopes/{envelope.guid}"
    options = envelope.options
    data: dict[str, Any] = {
        "status": envelope.status,
        "documentsUri": f"{uri}/documents",
        "recipientsUri": f"{uri}/recipients",
        "attachmentsUri": f"{uri}/attachments",
        "envelopeUri": uri,
        "emailSubject": envelope.subject,
        "emailBlurb": envelope.blurb,
        "envelopeId": envelope.guid,
        "signingLocation": "online",
        "customFieldsUri": f"{uri}/custom_fields",
        "notificationUri": f"{uri}/notification",
        "enableWetSign": str(options.get("enableWetSign", "true")).lower(),
        "allowMarkup": str(options.get("allowMarkup", "false")).lower(),
        "allowReassign": str(options.get("allowReassign", "true")).lower(),
        "createdDateTime": docusign_time(envelope.created_at),
        "lastModifiedDateTime": docusign_time(envelope.last_modified_at),
        "initialSentDateTime": docusign_time(envelope.sent_at),
        "sentDateTime": docusign_time(envelope.sent_at),
        "deliveredDateTime": docusign_time(envelope.delivered_at),
        "completedDateTime": docusign_time(envelope.completed_at),
        "declinedDateTime": docusign_time(envelope.declined_at),
        "voidedDateTime": docusign_time(envelope.voided_at),
        "voidedReason": envelope.voided_reason or None,
        "statusChangedDateTime": docusign_time(envelope.status_changed_at),
        "documentsCombinedUri": f"{uri}/documents/combined",
        "certificateUri": f"{uri}/documents/certificate",
        "templatesUri": f"{uri}/templates",
        "transactionId": envelope.transaction_id or None,
        "purgeState": "unpurged",
        "envelopeLocation": "current_site",
        "isSignatureProviderEnvelope": "false",
        "sender": {
            "userName": envelope.sender.name,
            "userId": envelope.sender.guid,
            "accountId": envelope.account.guid,
            "email": envelope.sender.email,
        },
    }
    if "recipients" in include:
        data["recipients"] = recipients_shape(envelope, with_tabs="tabs" in include)
    if "custom_fields" in include:
        data["customFields"] = custom_fields_shape(envelope)
    if "documents" in include:
        data["envelopeDocuments"] = documents_shape(envelope)
    return {name: value for name, value in data.items() if value is not None}


def recipients_shape(envelope: Envelope, *, with_tabs: bool = False) -> dict[str, Any]:
    groups: dict[str, Any] = {name: [] for name in EMPTY_RECIPIENT_GROUPS}
    recipients = list(envelope.recipients.all())
    for recipient in recipients:
        groups[recipient.kind].append(_recipient_shape(recipient, with_tabs=with_tabs))
    unfinished = [r.routing_order for r in recipients if r.status != "completed"]
    orders = unfinished or [r.routing_order for r in recipients]
    groups["recipientCount"] = str(len(recipients))
    groups["currentRoutingOrder"] = str(min(orders, default=1))
    return groups


def _recipient_shape(recipient: Recipient, *, with_tabs: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "creationReason": "sender",
        "requireIdLookup": "false",
        "recipientIdGuid": recipient.guid,
        "userId": recipient.user_guid,
        "recipientId": recipient.recipient_id,
        "recipientType": RECIPIENT_TYPES[recipient.kind],
        "name": recipient.name,
        "email": recipient.email,
        "routingOrder": str(recipient.routing_order),
        "clientUserId": recipient.client_user_id,
        "note": str(recipient.data.get("note") or ""),
        "status": recipient.status,
        "completedCount": "1" if recipient.status == "completed" else "0",
        "deliveryMethod": "email",
        "sentDateTime": docusign_time(recipient.sent_at),
        "deliveredDateTime": docusign_time(recipient.delivered_at),
        "signedDateTime": docusign_time(recipient.signed_at),
        "declinedDateTime": docusign_time(recipient.declined_at),
        "declinedReason": recipient.declined_reason or None,
        "roleName": recipient.data.get("roleName"),
        "totalTabCount": str(recipient.tabs.count()) if with_tabs else None,
    }
    if with_tabs:
        data["tabs"] = tabs_shape(recipient)
    return {name: value for name, value in data.items() if value is not None}


def tabs_shape(recipient: Recipient) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for tab in recipient.tabs.select_related("document"):
        groups[tab.group].append(_tab_shape(tab, recipient))
    return dict(groups)


def _tab_shape(tab: Tab, recipient: Recipient) -> dict[str, Any]:
    """The definition as it was given, overlaid with what the sandbox knows."""
    data = {name: _spelled(value) for name, value in tab.data.items() if value is not None}
    data |= {
        "tabId": tab.guid,
        "documentId": str(tab.document.document_id),
        "recipientId": recipient.recipient_id,
        "recipientIdGuid": recipient.guid,
        "pageNumber": str(tab.page),
        "xPosition": str(round(tab.x)),
        "yPosition": str(round(tab.y)),
        "width": str(round(tab.width)),
        "height": str(round(tab.height)),
        "tabType": tab.group.removesuffix("Tabs").lower(),
        "status": "signed" if recipient.status == "completed" and tab.value else "active",
    }
    if tab.group == "checkboxTabs":
        data["selected"] = "true" if tab.value == "true" else "false"
    elif tab.group not in ("signHereTabs", "initialHereTabs"):
        data["value"] = tab.value
    return data


def custom_fields_shape(envelope: Envelope) -> dict[str, Any]:
    given = envelope.options.get("customFields") or {}
    shape: dict[str, Any] = {"textCustomFields": [], "listCustomFields": []}
    for group in shape:
        for position, field in enumerate(given.get(group) or [], start=1):
            spelled = {name: _spelled(value) for name, value in field.items()}
            shape[group].append({"fieldId": str(position), "show": "false", "required": "false"} | spelled)
    return shape


def documents_shape(envelope: Envelope) -> list[dict[str, Any]]:
    documents = [_document_shape(document) for document in envelope.documents.all()]
    return [*documents, _certificate_shape(envelope)]


def _document_shape(document: Document) -> dict[str, Any]:
    uri = f"/envelopes/{document.envelope.guid}/documents/{document.document_id}"
    return {
        "documentId": str(document.document_id),
        "documentIdGuid": document.guid,
        "name": document.name,
        "type": "content",
        "uri": uri,
        "order": str(document.order),
        "pages": [
            {
                "pageId": f"{document.guid}-{number}",
                "sequence": str(number),
                "height": str(round(height)),
                "width": str(round(width)),
                "dpi": "72",
            }
            for number, (width, height) in enumerate(document.page_sizes, start=1)
        ],
        "availableDocumentTypes": [{"type": "electronic", "isDefault": "true"}],
        "display": "inline",
        "includeInDownload": "true",
        "signerMustAcknowledge": "no_interaction",
        "templateRequired": "false",
        "authoritativeCopy": "false",
    }


def _certificate_shape(envelope: Envelope) -> dict[str, Any]:
    return {
        "documentId": "certificate",
        "name": "Summary",
        "type": "summary",
        "uri": f"/envelopes/{envelope.guid}/documents/certificate",
        "order": "999",
        "display": "inline",
        "includeInDownload": "true",
        "signerMustAcknowledge": "no_interaction",
        "templateRequired": "false",
        "authoritativeCopy": "false",
    }


def _spelled(value: Any) -> Any:
    """Numbers and booleans become strings on the way out, whatever they were on the way in."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return value
