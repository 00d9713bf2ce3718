"""EnvelopeRecipients: list, update, add, delete; their tabs."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from sandbox import correction
from sandbox.errors import ApiError
from sandbox.models import User

from .door import answer, find_envelope, json_body, operation
from .shapes import recipients_shape, tabs_shape


def list_recipients(request: HttpRequest, user: User, envelope_id: str) -> HttpResponse:
    envelope = find_envelope(user, envelope_id)
    with_tabs = request.GET.get("include_tabs", "").lower() == "true"
    return answer(recipients_shape(envelope, with_tabs=with_tabs))


def update(request: HttpRequest, user: User, envelope_id: str) -> HttpResponse:
    """Also the way to resend (`?resend_envelope=true`), which tells nobody here: no mail leaves the sandbox."""
    envelope = find_envelope(user, envelope_id)
    return answer({"recipientUpdateResults": correction.update(envelope, json_body(request))})


def add(request: HttpRequest, user: User, envelope_id: str) -> HttpResponse:
    envelope = find_envelope(user, envelope_id)
    correction.add(envelope, json_body(request))
    return answer(recipients_shape(envelope), status=201)


def delete_many(request: HttpRequest, user: User, envelope_id: str) -> HttpResponse:
    """The body names them as it names those to add: `{"signers": [{"recipientId": "1"}]}`."""
    envelope = find_envelope(user, envelope_id)
    groups = [group for group in json_body(request).values() if isinstance(group, list)]
    ids = [str(item.get("recipientId")) for group in groups for item in group if isinstance(item, dict)]
    correction.delete(envelope, ids)
    return answer(recipients_shape(envelope))


def delete_one(request: HttpRequest, user: User, envelope_id: str, recipient_id: str) -> HttpResponse:
    envelope = find_envelope(user, envelope_id)
    correction.delete(envelope, [recipient_id])
    return answer(recipients_shape(envelope))


def tabs(request: HttpRequest, user: User, envelope_id: str, recipient_id: str) -> HttpResponse:
    envelope = find_envelope(user, envelope_id)
    recipient = envelope.recipients.filter(recipient_id=recipient_id).first()
    if recipient is None:
        raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT")
    return answer(tabs_shape(recipient))


many: Any = operation(GET=list_recipients, PUT=update, POST=add, DELETE=delete_many)
one: Any = operation(DELETE=delete_one)
tabs_of_one: Any = operation(GET=tabs)
