"""Envelopes: create, get, update, list, and what hangs on them directly."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sandbox import lifecycle
from sandbox.clock import docusign_time
from sandbox.definition import create_envelope
from sandbox.errors import ApiError
from sandbox.models import Envelope, User
from sandbox.multipart import is_multipart, read_definition

from .door import answer, find_envelope, json_body, operation
from .shapes import custom_fields_shape, envelope_shape


def create(request: HttpRequest, user: User) -> HttpResponse:
    content_type = request.headers.get("Content-Type", "")
    if is_multipart(content_type):
        definition = read_definition(content_type, request.body)
    else:
        definition = json_body(request)
    if not definition:
        raise ApiError("INVALID_REQUEST_BODY")
    transaction_id = str(definition.get("transactionId") or "")
    envelope = _same_transaction(user, transaction_id)
    if envelope is None:
        envelope = create_envelope(user, definition)
        lifecycle.record(envelope, "Registered", user.name, "The envelope was created by the API")
        if str(definition.get("status") or "").lower() == "sent":
            lifecycle.send(envelope)
    envelope.refresh_from_db()
    return answer(
        {
            "envelopeId": envelope.guid,
            "uri": f"/envelopes/{envelope.guid}",
            "statusDateTime": docusign_time(envelope.status_changed_at),
            "status": envelope.status,
        },
        status=201,
    )


def get(request: HttpRequest, user: User, envelope_id: str) -> HttpResponse:
    envelope = find_envelope(user, envelope_id)
    return answer(envelope_shape(envelope, include=_include(request)))


def update(request: HttpRequest, user: User, envelope_id: str) -> HttpResponse:
    """Send a draft, void, or resend (which tells nobody here: no mail leaves the sandbox)."""
    envelope = find_envelope(user, envelope_id)
    body = json_body(request)
    status = str(body.get("status") or "").lower()
    if status == "sent":
        lifecycle.send(envelope)
    elif status == "voided":
        lifecycle.void(envelope, str(body.get("voidedReason") or ""))
    elif status:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for status.")
    return answer({"envelopeId": envelope.guid})


def custom_fields(request: HttpRequest, user: User, envelope_id: str) -> HttpResponse:
    return answer(custom_fields_shape(find_envelope(user, envelope_id)))


def audit_events(request: HttpRequest, user: User, envelope_id: str) -> HttpResponse:
    envelope = find_envelope(user, envelope_id)
    events = [
        {
            "eventFields": [
                {"name": "logTime", "value": docusign_time(event.at)},
                {"name": "Source", "value": "sandbox"},
                {"name": "UserName", "value": event.user_name},
                {"name": "Action", "value": event.action},
                {"name": "Message", "value": event.message},
                {"name": "EnvelopeStatus", "value": envelope.status},
                {"name": "ClientIPAddress", "value": event.ip_address},
            ]
        }
        for event in envelope.audit_events.all()
    ]
    return answer({"auditEvents": events})


def _same_transaction(user: User, transaction_id: str) -> Envelope | None:
    if not transaction_id or not settings.TRANSACTION_ID_IS_UNIQUE:
        return None
    return Envelope.objects.filter(account=user.account, transaction_id=transaction_id).first()


def _include(request: HttpRequest) -> list[str]:
    return [part.strip() for part in request.GET.get("include", "").split(",") if part.strip()]


one: Any = operation(GET=get, PUT=update)
custom_fields_view: Any = operation(GET=custom_fields)
audit_events_view: Any = operation(GET=audit_events)
