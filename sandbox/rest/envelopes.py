"""Envelopes: create, get, update (reference 2.1, 2.10)."""

from django.conf import settings
from django.http import HttpResponse

from sandbox import clock, lifecycle, purging
from sandbox.definition import attachments
from sandbox.definition.composites import resolve
from sandbox.definition.envelopes import (
    MAX_BLURB,
    OWN_COLUMNS,
    create_envelope,
    status_of,
    subject_of,
    write_custom_fields,
)
from sandbox.definition.reading import list_of, object_of, text_of
from sandbox.definition.templates import without_open_roles
from sandbox.errors import ApiError
from sandbox.models import Envelope
from sandbox.rules import OPEN_ENVELOPE

from . import locks
from .door import Call, Json, answer
from .gathering import gather
from .registry import operation
from .shapes import envelope_shape, summary_shape
from .workflow import change as change_workflow


@operation("POST", "envelopes")
def create(call: Call) -> HttpResponse:
    """An empty object is a draft of nothing yet, as the C# SDK's test has it; no body at all is a mistake."""
    if not call.request.body:
        raise ApiError("INVALID_REQUEST_BODY")
    definition = call.definition
    envelope = _same_transaction(call, text_of(definition, "transactionId"))
    if envelope is None:
        envelope = create_and_send(call, definition)
    return answer(summary_shape(envelope), status=201)


def create_and_send(call: Call, definition: Json) -> Envelope:
    """Templates worked in; sent at once if the definition says so, or later if it is scheduled."""
    is_to_be_sent = status_of(definition) == "sent"
    resolved = resolve(call.account, definition)
    if is_to_be_sent or call.flag("merge_roles_on_draft"):
        resolved = without_open_roles(resolved)
    if is_to_be_sent and not list_of(resolved, "documents"):  # before the tabs, which then have no place
        raise ApiError("ENVELOPE_IS_INCOMPLETE")
    envelope = create_envelope(call.account, call.user, resolved)
    lifecycle.register(envelope)
    if is_to_be_sent:
        lifecycle.send(envelope)
    return envelope


@operation("GET", "envelopes/{envelopeId}")
def get(call: Call, envelope: Envelope) -> HttpResponse:
    include = call.include()
    gather([envelope], include)
    return answer(envelope_shape(envelope, include))


@operation("PUT", "envelopes/{envelopeId}")
def update(call: Call, envelope: Envelope) -> HttpResponse:
    """One of: void, send, resend, purge, resume a paused workflow, change a draft or what a sent envelope allows."""
    locks.require_free(call, envelope)
    body = call.json
    status = text_of(body, "status").lower()
    if status == "voided":
        lifecycle.void(envelope, text_of(body, "voidedReason"), by=call.user.name)
    elif body.get("purgeState"):
        if envelope.sender_id != call.user.pk:  # nobody else, not even an administrator (reference 7.2)
            raise ApiError("USER_LACKS_PERMISSIONS")
        purging.ask(envelope, text_of(body, "purgeState"))
        return answer({"envelopeId": envelope.guid, "purgeState": envelope.purge_state})
    else:
        _change(envelope, body)
        if status == "sent" and envelope.status not in OPEN_ENVELOPE:  # said again, it harms nothing (reference 2.7)
            lifecycle.send(envelope)
        elif status not in ("", "created", "sent", "delivered", "completed"):
            raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for status.")
        if call.flag("resend_envelope"):
            lifecycle.resend(envelope)
    return answer({"envelopeId": envelope.guid})


def _change(envelope: Envelope, body: Json) -> None:
    """Subject, blurb, custom fields and options; only a draft may still change what its recipients have read."""
    given = {name: value for name, value in body.items() if name not in ("status", "voidedReason", "purgeState")}
    if not given:
        return
    if envelope.status not in ("created", "sent", "delivered"):
        raise ApiError("ENVELOPE_INVALID_STATUS")
    if workflow := object_of(given, "workflow"):
        change_workflow(envelope, workflow)
    given.pop("workflow", None)
    if given.get("emailSubject"):
        envelope.subject = subject_of(given)
    if "emailBlurb" in given:
        envelope.blurb = text_of(given, "emailBlurb", MAX_BLURB)
    options = {name: value for name, value in given.items() if name not in OWN_COLUMNS and not name.startswith("_")}
    if "attachments" in options:
        options["attachments"] = attachments.read_all(given, envelope.account)
    envelope.options |= options
    write_custom_fields(envelope, object_of(given, "customFields"))
    envelope.last_modified_at = clock.now()
    envelope.save()


def _same_transaction(call: Call, transaction_id: str) -> Envelope | None:
    """Docusign does not promise to refuse a second create with the same id (reference 2.7): a switch."""
    if not (settings.TRANSACTION_ID_IS_UNIQUE and transaction_id):
        return None
    return Envelope.objects.filter(account=call.account, transaction_id=transaction_id).first()
