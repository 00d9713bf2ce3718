"""What Docusign's Bulk Send is given: a draft to be copied, and the copies."""

from typing import Any

from signing.models import Envelope, Recipient, Tab, TabKind

from .envelopes import PORTAL_REF_FIELD, envelope_definition

# How Docusign's own examples write somebody who is still to come (reference 6).
PLACEHOLDER_NAME, PLACEHOLDER_EMAIL = "Multi Bulk Recipient::{number}", "multiBulkRecipients-{number}@docusign.com"


def bulk_draft_definition(content: Envelope, *, reference: str) -> dict[str, Any]:
    """Definition envelopeDefinition of a draft. Nobody in it is embedded: Docusign mails everybody itself."""
    definition = envelope_definition(content) | {"status": "created", "transactionId": reference}
    for recipients in definition["recipients"].values():
        for recipient in recipients if isinstance(recipients, list) else ():
            recipient.pop("clientUserId", None)
            number = recipient["recipientId"]
            recipient["name"] = recipient.get("name") or PLACEHOLDER_NAME.format(number=number)
            recipient["email"] = recipient.get("email") or PLACEHOLDER_EMAIL.format(number=number)
    return definition


def bulk_copy(envelope: Envelope) -> dict[str, Any]:
    """Definition bulkSendingCopy of an envelope that was made from the content. Needs its recipients' tabs."""
    return {
        "emailSubject": envelope.subject,
        "emailBlurb": envelope.message,
        "customFields": [{"name": PORTAL_REF_FIELD, "value": str(envelope.transaction_id)}],
        "recipients": [_recipient(recipient) for recipient in envelope.recipients.all()],
    }


def _recipient(recipient: Recipient) -> dict[str, Any]:
    data: dict[str, Any] = {
        "recipientId": str(recipient.number),
        "name": recipient.name,
        "email": recipient.email,
    }
    if recipient.private_message:
        data["note"] = recipient.private_message
    values = {_label(tab): tab.value for tab in recipient.tabs.all() if _label(tab) and tab.value}
    if values:
        data["tabs"] = [{"tabLabel": label, "initialValue": value} for label, value in values.items()]
    return data


def _label(tab: Tab) -> str:
    return str(tab.group if tab.kind == TabKind.RADIO else tab.label)
