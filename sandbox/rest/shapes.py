"""An envelope → Docusign's JSON. All values are strings; what is absent is left out (reference 4.5)."""

from collections.abc import Collection
from typing import Any

from sandbox import workflow
from sandbox.clock import docusign_time
from sandbox.definition import attachments
from sandbox.definition.envelopes import CUSTOM_FIELD_GROUPS, FLAGS, notification_of
from sandbox.definition.reading import is_true, spelled
from sandbox.models import Envelope
from sandbox.rest.document_shapes import documents_shape
from sandbox.rest.recipient_shapes import recipients_shape

Json = dict[str, Any]

KEPT = (
    "brandId",
    "emailSettings",
    "accessControlListBase64",
    "asynchronous",
    "copyRecipientData",
    "externalEnvelopeId",
)


def envelope_shape(envelope: Envelope, include: Collection[str] = ()) -> Json:
    """`include`: recipients, tabs, custom_fields, documents, folders, workflow … in lower case."""
    uri = f"/envelopes/{envelope.guid}"
    data: Json = {
        "status": envelope.status,
        "documentsUri": f"{uri}/documents",
        "recipientsUri": f"{uri}/recipients",
        "attachmentsUri": f"{uri}/attachments",
        "envelopeUri": uri,
        "emailSubject": envelope.subject,
        "emailBlurb": envelope.blurb or None,
        "envelopeId": envelope.guid,
        "signingLocation": "online",
        "customFieldsUri": f"{uri}/custom_fields",
        "notificationUri": f"{uri}/notification",
        "documentsCombinedUri": f"{uri}/documents/combined",
        "certificateUri": f"{uri}/documents/certificate",
        "templatesUri": f"{uri}/templates",
        "transactionId": envelope.transaction_id or None,
        "envelopeLocation": "current_site",
        "isSignatureProviderEnvelope": "false",
        "sender": sender_shape(envelope),
        **_times(envelope),
        **_expiry(envelope),
        **FLAGS,
        **{name: spelled(value) for name, value in envelope.options.items() if name in FLAGS},
        **{name: spelled(envelope.options[name]) for name in KEPT if envelope.options.get(name)},
        **_included(envelope, set(include)),
    }
    return {name: value for name, value in data.items() if value is not None}


def sender_shape(envelope: Envelope) -> Json:
    sender = envelope.sender
    return {
        "userName": sender.name,
        "userId": sender.guid,
        "accountId": envelope.account.guid,
        "email": sender.email,
    }


def custom_fields_shape(envelope: Envelope) -> Json:
    shape: Json = {kind: [] for kind in CUSTOM_FIELD_GROUPS}
    for field in envelope.custom_fields.all():
        given = {name: spelled(value) for name, value in field.data.items() if value is not None}
        own = {"fieldId": field.field_id, "name": field.name, "value": field.value}
        shape[field.kind].append({"show": "false", "required": "false"} | given | own)
    return shape


def _times(envelope: Envelope) -> Json:
    return {
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
        "purgeState": envelope.purge_state,
    }


def _expiry(envelope: Envelope) -> Json:
    expirations = notification_of(envelope)["expirations"]
    return {
        "expireEnabled": expirations["expireEnabled"],
        "expireAfter": expirations["expireAfter"],
        "expireDateTime": docusign_time(envelope.expire_at) if is_true(expirations["expireEnabled"]) else None,
    }


def _included(envelope: Envelope, include: set[str]) -> Json:
    data: Json = {}
    if "recipients" in include:
        data["recipients"] = recipients_shape(envelope, with_tabs="tabs" in include)
    if "custom_fields" in include:
        data["customFields"] = custom_fields_shape(envelope)
    if "documents" in include:
        data["envelopeDocuments"] = documents_shape(envelope)
    if "folders" in include:
        data["folders"] = [{"name": name, "type": kind, "folderId": kind} for name, kind in [_folder(envelope)]]
    if "attachments" in include and envelope.options.get("attachments"):
        data["envelopeAttachments"] = [attachments.shape(kept) for kept in envelope.options["attachments"]]
    if "workflow" in include and envelope.options.get("workflow"):
        data["workflow"] = workflow.shape(envelope)
    return data


def _folder(envelope: Envelope) -> tuple[str, str]:
    """Where it was moved, else where it belongs."""
    name = envelope.folder or ("draft" if envelope.status == "created" else "sentitems")
    return {"draft": "Drafts", "sentitems": "Sent Items", "recyclebin": "Deleted Items"}.get(name, name), name


def summary_shape(envelope: Envelope) -> Json:
    """An `envelopeSummary`: what is told of an envelope that was made or moved (reference 2.1)."""
    return {
        "envelopeId": envelope.guid,
        "uri": f"/envelopes/{envelope.guid}",
        "statusDateTime": docusign_time(envelope.status_changed_at),
        "status": envelope.status,
    }
