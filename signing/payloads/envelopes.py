"""An envelope with everything in it."""

import base64
from typing import Any

from django.conf import settings

from signing.models import Delivery, Document, Envelope

from .connect import event_notification
from .recipients import recipients_of
from .server_templates import template_parts

PORTAL_REF_FIELD = "portal_ref"  # hidden custom field, the second way to find an envelope after a lost answer


def envelope_definition(envelope: Envelope) -> dict[str, Any]:
    """The body of Envelopes: create (definition envelopeDefinition). Reads the documents into memory."""
    reference = str(envelope.transaction_id)
    definition: dict[str, Any] = {
        "status": "sent",
        "emailSubject": envelope.subject,
        "emailBlurb": envelope.message,
        "transactionId": reference,
        "allowReassign": "false",  # an embedded signer's link is ours to give
        "notification": _notification(envelope),
        "customFields": {
            "textCustomFields": [{"name": PORTAL_REF_FIELD, "value": reference, "show": "false", "required": "false"}]
        },
    }
    if envelope.docusign_template_id:
        definition |= template_parts(envelope)
    else:
        definition["documents"] = [_document(document) for document in envelope.documents.all()]
        definition["recipients"] = recipients_of(envelope)
    if settings.DOCUSIGN_CONNECT == "envelope":
        definition["eventNotification"] = event_notification()
    return definition


def _notification(envelope: Envelope) -> dict[str, Any]:
    """Definition notification: when it expires. Reminding is ours, but for those whom Docusign itself invites: it
    mails embedded recipients nothing."""
    is_invited_by_docusign = envelope.recipients.filter(delivery=Delivery.DOCUSIGN).exists()
    return {
        "useAccountDefaults": "false",
        "reminders": _reminders(envelope) if is_invited_by_docusign else {"reminderEnabled": "false"},
        "expirations": {"expireEnabled": "true", "expireAfter": str(envelope.expire_after_days), "expireWarn": "0"},
    }


def _reminders(envelope: Envelope) -> dict[str, str]:
    """Definition reminders."""
    if not envelope.reminder_delay_days:
        return {"reminderEnabled": "false"}
    return {
        "reminderEnabled": "true",
        "reminderDelay": str(envelope.reminder_delay_days),
        "reminderFrequency": str(envelope.reminder_frequency_days),
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
