"""EnvelopeRecipients and their tabs: list, correct, add, delete (reference 2.4, 2.5, 2.10); templates' too."""

from django.http import HttpResponse

from sandbox import correction, lifecycle, visibility
from sandbox.definition.reading import list_of, text_of
from sandbox.definition.recipients import RECIPIENT_TYPES
from sandbox.errors import ApiError
from sandbox.models import Envelope, Recipient

from . import documents, locks
from .door import Call, Json, answer
from .recipient_shapes import recipients_shape, tabs_shape
from .registry import on_envelope

DISCLOSURE = "You agree to use electronic records and signatures. (Sandbox: not legally binding.)"


@on_envelope("GET", "recipients")
def list_recipients(call: Call, envelope: Envelope) -> HttpResponse:
    return answer(recipients_shape(envelope, with_tabs=call.flag("include_tabs") or "tabs" in call.include()))


@on_envelope("PUT", "recipients")
def update(call: Call, envelope: Envelope) -> HttpResponse:
    locks.require_free(call, envelope)
    results = correction.update(envelope, call.json)
    if call.flag("resend_envelope") and envelope.status != "created":
        lifecycle.resend(envelope)
    return answer({"recipientUpdateResults": results})


@on_envelope("POST", "recipients")
def add(call: Call, envelope: Envelope) -> HttpResponse:
    locks.require_free(call, envelope)
    correction.add(envelope, call.json)
    if call.flag("resend_envelope") and envelope.status != "created":
        lifecycle.resend(envelope)
    return answer(recipients_shape(envelope), status=201)


@on_envelope("DELETE", "recipients")
def delete_many(call: Call, envelope: Envelope) -> HttpResponse:
    """The body names them as it names those to add: `{"signers": [{"recipientId": "1"}]}`. Answers with those gone."""
    locks.require_free(call, envelope)
    ids = [text_of(item, "recipientId") for kind in RECIPIENT_TYPES for item in list_of(call.json, kind)]
    return answer(recipients_shape(envelope, only=correction.delete(envelope, ids)))


@on_envelope("DELETE", "recipients/{recipientId}")
def delete_one(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    locks.require_free(call, envelope)
    return answer(recipients_shape(envelope, only=correction.delete(envelope, [recipient_id])))


@on_envelope("GET", "recipients/{recipientId}/tabs")
def list_tabs(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    recipient = find_recipient(envelope, recipient_id)
    return answer(tabs_shape(recipient.tabs.select_related("document"), recipient, named=recipient_id))


@on_envelope("POST", "recipients/{recipientId}/tabs")
def add_tabs(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    locks.require_free(call, envelope)
    recipient = find_recipient(envelope, recipient_id)
    tabs = correction.add_tabs(envelope, recipient, call.json)
    return answer(tabs_shape(tabs, recipient, named=recipient_id), status=201)


@on_envelope("PUT", "recipients/{recipientId}/tabs")
def update_tabs(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    """Each by its tabId, new ones without; values of tabs are also how a sender fills in a form before sending."""
    locks.require_free(call, envelope)
    recipient = find_recipient(envelope, recipient_id)
    tabs = correction.update_tabs(envelope, recipient, call.json)
    return answer(tabs_shape(tabs, recipient, named=recipient_id))


@on_envelope("DELETE", "recipients/{recipientId}/tabs")
def delete_tabs(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    locks.require_free(call, envelope)
    recipient = find_recipient(envelope, recipient_id)
    tabs = correction.delete_tabs(envelope, recipient, call.json)
    return answer(tabs_shape(tabs, recipient, named=recipient_id))


@on_envelope("PUT", "recipients/document_visibility")
def set_visibilities(call: Call, envelope: Envelope) -> HttpResponse:
    """Of several recipients at once, each named by its recipientId."""
    locks.require_free(call, envelope)
    named = {text_of(item, "recipientId") for item in list_of(call.json, "documentVisibility")}
    recipients = [find_recipient(envelope, recipient_id) for recipient_id in sorted(named)]
    for recipient in recipients:
        _hide(recipient, call.json)
    return answer({"documentVisibility": [item for r in recipients for item in _visibility(envelope, r)]})


@on_envelope("GET", "recipients/{recipientId}/document_visibility")
def get_visibility(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    return answer({"documentVisibility": _visibility(envelope, find_recipient(envelope, recipient_id))})


@on_envelope("PUT", "recipients/{recipientId}/document_visibility")
def set_visibility(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    locks.require_free(call, envelope)
    recipient = find_recipient(envelope, recipient_id)
    _hide(recipient, call.json)
    return answer({"documentVisibility": _visibility(envelope, recipient)})


@on_envelope("GET", "recipients/{recipientId}/signature", templates=False)
def get_signature(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    recipient = find_recipient(envelope, recipient_id)
    signature = recipient.signature
    if not signature:
        raise ApiError("INVALID_REQUEST_PARAMETER", "The recipient has not adopted a signature.")
    return answer(
        {
            "signatureId": recipient.user_guid,
            "signatureName": str(signature.get("name") or recipient.name),
            "signatureInitials": str(signature.get("initials") or ""),
            "signatureType": "Draw" if signature.get("strokes") else "RightSignature",
            "isDefault": "true",
        }
    )


@on_envelope("GET", "recipients/{recipientId}/consumer_disclosure", templates=False)
def get_disclosure(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    find_recipient(envelope, recipient_id)
    return answer(_disclosure("en"))


@on_envelope("GET", "recipients/{recipientId}/consumer_disclosure/{langCode}", templates=False)
def get_disclosure_in(call: Call, envelope: Envelope, recipient_id: str, lang_code: str) -> HttpResponse:
    find_recipient(envelope, recipient_id)
    return answer(_disclosure(lang_code))


def find_recipient(envelope: Envelope, recipient_id: str) -> Recipient:
    """By the sender's id or by Docusign's own GUID."""
    for recipient in envelope.recipients.select_related("envelope__account"):
        if recipient_id in (recipient.recipient_id, recipient.guid):
            return recipient
    raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT")


def _hide(recipient: Recipient, body: Json) -> None:
    """Of the documents that the body names for this recipient, or for nobody in particular; the others stay."""
    hidden = set(visibility.excluded_for(recipient))
    for item in list_of(body, "documentVisibility"):
        if text_of(item, "recipientId") in ("", recipient.recipient_id, recipient.guid):
            number = documents.find_document(recipient.envelope, text_of(item, "documentId")).document_id
            hidden = hidden | {number} if text_of(item, "visible").lower() == "false" else hidden - {number}
    visibility.set_by_hand(recipient, hidden)


def _visibility(envelope: Envelope, recipient: Recipient) -> list[Json]:
    hidden = visibility.hidden_from(recipient)
    return [
        {
            "documentId": str(document.document_id),
            "recipientId": recipient.recipient_id,
            "rights": "editable",
            "visible": "false" if document.document_id in hidden else "true",
        }
        for document in envelope.documents.all()
    ]


def _disclosure(language: str) -> Json:
    return {"languageCode": language, "esignText": DISCLOSURE, "useBrand": "false"}
