"""Changing the recipients of an envelope that exists (reference 2.10). The only other writer beside `lifecycle`."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from . import lifecycle
from .definition import RECIPIENT_KINDS, create_recipients
from .errors import ApiError
from .models import Envelope, Recipient

CORRECTABLE = frozenset({"created", "sent", "delivered"})
FINISHED = frozenset({"completed", "declined"})
NOT_CORRECTABLE = {
    "errorCode": "RECIPIENT_UPDATE_FAILED",
    "message": "The recipient could not be updated.  Recipient not in state that allows correction.",
}


def update(envelope: Envelope, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One result per recipient; `errorDetails` only where it failed, as the official SDK's test expects."""
    _require_correctable(envelope)
    results = []
    for kind in RECIPIENT_KINDS:
        for item in _items(body, kind):
            results.append(_update_one(envelope, item))
    if envelope.status == "created":
        lifecycle.touch(envelope)
    else:
        lifecycle.move_on(envelope)  # an earlier routing order may make it someone's turn
    return results


def add(envelope: Envelope, body: Mapping[str, Any]) -> None:
    _require_correctable(envelope)
    create_recipients(envelope, body, list(envelope.documents.all()))
    if envelope.status != "created":
        lifecycle.move_on(envelope)


def delete(envelope: Envelope, recipient_ids: list[str]) -> None:
    """Raises UNKNOWN_ENVELOPE_RECIPIENT; who has finished cannot be taken out."""
    _require_correctable(envelope)
    for recipient_id in recipient_ids:
        recipient = envelope.recipients.filter(recipient_id=recipient_id).first()
        if recipient is None:
            raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT")
        if recipient.status in FINISHED:
            raise ApiError(NOT_CORRECTABLE["errorCode"], message=NOT_CORRECTABLE["message"])
        recipient.delete()
    if envelope.status != "created" and envelope.recipients.exists():
        lifecycle.move_on(envelope)


def _update_one(envelope: Envelope, item: Mapping[str, Any]) -> dict[str, Any]:
    recipient = envelope.recipients.filter(recipient_id=str(item.get("recipientId") or "")).first()
    if recipient is None:
        raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT")
    result: dict[str, Any] = {"recipientId": recipient.recipient_id, "recipientIdGuid": recipient.guid}
    if recipient.status in FINISHED:
        return result | {"errorDetails": NOT_CORRECTABLE}
    if item.get("name"):
        recipient.name = str(item["name"])[:100]
    if item.get("email"):
        recipient.email = _email(item, recipient)
    if item.get("routingOrder") and str(item["routingOrder"]).isdecimal():
        recipient.routing_order = max(1, min(int(str(item["routingOrder"])[:9]), 10**6))
    if "note" in item:
        recipient.data = recipient.data | {"note": str(item["note"] or "")[:1000]}
    recipient.save()
    return result


def _email(item: Mapping[str, Any], recipient: Recipient) -> str:
    email = str(item["email"])
    try:
        validate_email(email)
    except ValidationError:
        detail = f"The recipient Id follows. Recipient Id: {recipient.recipient_id}"
        raise ApiError("INVALID_EMAIL_ADDRESS_FOR_RECIPIENT", detail) from None
    return email


def _require_correctable(envelope: Envelope) -> None:
    if envelope.status not in CORRECTABLE:
        raise ApiError("ENVELOPE_INVALID_STATUS")


def _items(body: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    items = body.get(kind) or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ApiError("INVALID_REQUEST_BODY", f"{kind} must be an array of objects.")
    return items
