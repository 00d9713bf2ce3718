"""Rows → Docusign JSON. The only writer of Docusign's camelCase; values are strings, as the API spells them."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from .models import Document, Envelope, Recipient, Tab, TabKind, Verification
from .secretbox import decrypt

PORTAL_REF_FIELD = "portal_ref"  # hidden custom field, the second way to find an envelope after a lost answer

CONNECT_NAME = "Signing portal"
CONNECT_EVENTS = [
    *(f"envelope-{event}" for event in ("sent", "delivered", "completed", "declined", "voided", "corrected", "purge")),
    *(f"recipient-{event}" for event in ("sent", "delivered", "completed", "declined", "autoresponded", "reassign")),
]
# Each message tells the whole state, so that none depends on another; documents are fetched, not pushed.
CONNECT_DATA = {"version": "restv2.1", "format": "json", "includeData": ["custom_fields", "recipients"]}

TAB_GROUPS = {
    TabKind.SIGN_HERE: "signHereTabs",
    TabKind.INITIAL_HERE: "initialHereTabs",
    TabKind.DATE_SIGNED: "dateSignedTabs",
    TabKind.TEXT: "textTabs",
    TabKind.CHECKBOX: "checkboxTabs",
}
# Which property says that a tab may be left empty (definitions signHere, initialHere: `optional`; others: `required`).
OPTIONAL_BY_FLAG = (TabKind.SIGN_HERE, TabKind.INITIAL_HERE)
REQUIRED_BY_FLAG = (TabKind.TEXT, TabKind.CHECKBOX)
SIZED = (TabKind.TEXT,)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How and when we got to know the signer. `method` is one of Docusign's (reference 3.1, authenticationMethod)."""

    method: str
    instant: datetime
    security_domain: str
    assertion_id: str = ""


def envelope_definition(envelope: Envelope) -> dict[str, Any]:
    """The body of Envelopes: create (definition envelopeDefinition). Reads the documents into memory."""
    reference = str(envelope.transaction_id)
    definition = {
        "status": "sent",
        "emailSubject": envelope.subject,
        "emailBlurb": envelope.message,
        "transactionId": reference,
        "allowReassign": "false",  # an embedded signer's link is ours to give
        "notification": _notification(envelope),
        "customFields": {
            "textCustomFields": [{"name": PORTAL_REF_FIELD, "value": reference, "show": "false", "required": "false"}]
        },
        "documents": [_document(document) for document in envelope.documents.all()],
        "recipients": {"signers": [_signer(recipient) for recipient in envelope.recipients.all()]},
    }
    if settings.DOCUSIGN_CONNECT == "envelope":
        definition["eventNotification"] = _event_notification()
    return definition


def connect_configuration(user_id: str) -> dict[str, Any]:
    """The body of ConnectConfigurations: create (definition connectCustomConfiguration).

    For the envelopes of this user alone: what others send from the same account is none of our business.
    """
    return {
        "name": CONNECT_NAME,
        "configurationType": "custom",
        "urlToPublishTo": connect_url(),
        "allowEnvelopePublish": "true",
        "allUsers": "false",
        "userIds": [user_id],
        "enableLog": "true",
        "requiresAcknowledgement": "true",  # sic; without it a message that failed is not repeated
        "includeHMAC": "true",
        "includeEnvelopeVoidReason": "true",
        "deliveryMode": "SIM",
        "events": CONNECT_EVENTS,
        "eventData": CONNECT_DATA,
    }


def connect_url() -> str:
    """Where Docusign posts its Connect messages."""
    return f"{settings.PORTAL_BASE_URL}{reverse('signing:connect')}"


def recipient_view_request(
    recipient: Recipient, *, return_url: str, evidence: Evidence, signing_app: str = ""
) -> dict[str, Any]:
    """The body of EnvelopeViews: createRecipient (definition recipientViewRequest).

    `signing_app`, the origin of Docusign's signing pages, for a view that Docusign JS shows in a frame of ours.
    """
    request: dict[str, Any] = {
        "returnUrl": return_url,
        "authenticationMethod": evidence.method,
        "authenticationInstant": evidence.instant.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "securityDomain": evidence.security_domain,
        "email": recipient.email,
        "userName": recipient.name,
        "clientUserId": recipient.client_user_id,
        "recipientId": str(recipient.number),
    }
    if evidence.assertion_id:
        request["assertionId"] = evidence.assertion_id
    if signing_app:
        request |= {"frameAncestors": [settings.PORTAL_BASE_URL, signing_app], "messageOrigins": [signing_app]}
    return request


def _notification(envelope: Envelope) -> dict[str, Any]:
    """Definition notification: when it expires. Reminding is ours, since Docusign mails embedded signers nothing."""
    return {
        "useAccountDefaults": "false",
        "reminders": {"reminderEnabled": "false"},
        "expirations": {"expireEnabled": "true", "expireAfter": str(envelope.expire_after_days), "expireWarn": "0"},
    }


def _event_notification() -> dict[str, Any]:
    """Definition eventNotification: messages about this envelope, asked for without an administrator's rights."""
    return {
        "url": connect_url(),
        "loggingEnabled": "true",
        "requireAcknowledgment": "true",
        "includeHMAC": "true",
        "includeEnvelopeVoidReason": "true",
        "deliveryMode": "SIM",
        "events": CONNECT_EVENTS,
        "eventData": CONNECT_DATA,
    }


def _document(document: Document) -> dict[str, Any]:
    with document.file.open("rb") as file:
        content = base64.b64encode(file.read()).decode()
    return {
        "documentId": str(document.number),
        "name": document.name,
        "fileExtension": "pdf",
        "order": str(document.number),
        "documentBase64": content,
    }


def _signer(recipient: Recipient) -> dict[str, Any]:
    tabs: dict[str, list[dict[str, Any]]] = {}
    for tab in recipient.tabs.all():
        tabs.setdefault(TAB_GROUPS[TabKind(tab.kind)], []).append(_tab(tab))
    signer = {
        "recipientId": str(recipient.number),
        "routingOrder": str(recipient.routing_order),
        "name": recipient.name,
        "email": recipient.email,
        "clientUserId": recipient.client_user_id,  # makes the recipient embedded: Docusign mails them nothing
        "tabs": tabs,
    }
    if recipient.verification == Verification.ACCESS_CODE:
        signer["accessCode"] = _access_code(recipient)
    return signer


def _access_code(recipient: Recipient) -> str:
    """Raises LookupError rather than send an envelope that asks for no code."""
    access_code = decrypt(recipient.sealed_access_code)
    if not access_code:
        raise LookupError(f"the access code of recipient {recipient.pk} cannot be read")
    return access_code


def _tab(tab: Tab) -> dict[str, Any]:
    data: dict[str, Any] = {"tabLabel": tab.label or f"{tab.kind} {tab.pk}"}
    if tab.anchor:
        data |= {
            "anchorString": tab.anchor,
            "anchorUnits": "pixels",
            "anchorXOffset": "0",
            "anchorYOffset": "0",
        }
    else:
        data |= {
            "documentId": str(tab.document.number) if tab.document else "",
            "pageNumber": str(tab.page),
            "xPosition": str(tab.x),
            "yPosition": str(tab.y),
        }
    if tab.kind in OPTIONAL_BY_FLAG:
        data["optional"] = _flag(not tab.required)
    if tab.kind in REQUIRED_BY_FLAG:
        data["required"] = _flag(tab.required)
    if tab.kind in SIZED:
        data |= {name: str(size) for name, size in (("width", tab.width), ("height", tab.height)) if size}
    return data


def _flag(value: bool) -> str:
    return "true" if value else "false"
