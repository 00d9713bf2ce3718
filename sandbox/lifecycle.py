"""What happens to envelopes: sent, opened, signed, declined, voided. The only writer of statuses.

Callers hold the envelope inside a transaction (SQLite's IMMEDIATE transactions make writers queue).
"""

from collections.abc import Sequence

from django.db import transaction

from . import clock, rules
from .errors import ApiError
from .models import AuditEvent, Envelope, Recipient
from .rules import Party


def parties_of(recipients: Sequence[Recipient]) -> list[Party]:
    return [Party(r.pk, r.kind, r.routing_order, r.status) for r in recipients]


@transaction.atomic
def send(envelope: Envelope) -> None:
    """`created → sent`. Raises ENVELOPE_IS_INCOMPLETE, ENVELOPE_INVALID_STATUS."""
    if envelope.status != "created":
        raise ApiError("ENVELOPE_INVALID_STATUS")
    if not envelope.subject or not envelope.documents.exists() or not envelope.recipients.exists():
        raise ApiError("ENVELOPE_IS_INCOMPLETE")
    envelope.sent_at = clock.now()
    _set_status(envelope, "sent")
    record(envelope, "Sent Invitations", envelope.sender.name, f"{envelope.sender.name} sent the envelope")
    move_on(envelope)


@transaction.atomic
def open_by(recipient: Recipient, ip_address: str) -> None:
    """The recipient looks at it for the first time: `sent → delivered`."""
    recipient.ip_address = ip_address
    if recipient.status == "sent":
        recipient.status = "delivered"
        recipient.delivered_at = clock.now()
        record(recipient.envelope, "Opened", recipient.name, f"{recipient.name} opened the envelope", ip_address)
    recipient.save()
    move_on(recipient.envelope)


@transaction.atomic
def complete_by(recipient: Recipient) -> None:
    """The recipient has finished; the next ones are asked, or the envelope is complete and gets sealed."""
    recipient.status = "completed"
    recipient.signed_at = clock.now()
    recipient.save()
    record(
        recipient.envelope,
        "Signed",
        recipient.name,
        f"{recipient.name} signed the envelope",
        recipient.ip_address,
    )
    move_on(recipient.envelope)


@transaction.atomic
def decline_by(recipient: Recipient, reason: str) -> None:
    recipient.status = "declined"
    recipient.declined_at = clock.now()
    recipient.declined_reason = reason
    recipient.save()
    message = f"{recipient.name} declined to sign"
    record(recipient.envelope, "Declined", recipient.name, message, recipient.ip_address)
    move_on(recipient.envelope)


@transaction.atomic
def void(envelope: Envelope, reason: str) -> None:
    """Raises INVALID_REQUEST_PARAMETER, ENVELOPE_CANNOT_VOID_INVALID_STATE."""
    if not reason:
        detail = "Value for 'voidedReason' must be specified when voiding an envelope."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail)
    if envelope.status not in rules.OPEN_ENVELOPE:
        raise ApiError("ENVELOPE_CANNOT_VOID_INVALID_STATE")
    envelope.voided_at = clock.now()
    envelope.voided_reason = reason[:200]
    _set_status(envelope, "voided")
    record(envelope, "Voided", envelope.sender.name, f"{envelope.sender.name} voided the envelope")


def record(envelope: Envelope, action: str, user_name: str, message: str, ip_address: str = "") -> None:
    AuditEvent.objects.create(
        envelope=envelope,
        at=clock.now(),
        action=action,
        user_name=user_name,
        message=message,
        ip_address=ip_address,
    )


def touch(envelope: Envelope) -> None:
    """Something about it changed, if not its status."""
    envelope.last_modified_at = clock.now()
    envelope.save(update_fields=["last_modified_at"])


def move_on(envelope: Envelope) -> None:
    """Ask whoever is next and let the envelope follow."""
    recipients = {recipient.pk: recipient for recipient in envelope.recipients.all()}
    parties = parties_of(list(recipients.values()))
    status = rules.envelope_status(parties)
    if status != "declined":
        parties = rules.ask_next(parties)
        for party in parties:
            recipient = recipients[party.key]
            if party.status != recipient.status:
                _ask(recipient, party.status)
        status = rules.envelope_status(parties)
    if status == envelope.status:
        touch(envelope)
        return
    _set_status(envelope, status)
    if status == "completed":
        record(envelope, "Completed", "", "Everyone has signed")


def _ask(recipient: Recipient, status: str) -> None:
    recipient.status = status
    recipient.sent_at = clock.now()
    if status in rules.DONE:  # told, nothing to do
        recipient.delivered_at = recipient.signed_at = recipient.sent_at
    recipient.save()


def _set_status(envelope: Envelope, status: str) -> None:
    now = clock.now()
    envelope.status = status
    envelope.status_changed_at = envelope.last_modified_at = now
    if status in ("delivered", "completed", "declined"):
        setattr(envelope, f"{status}_at", now)
    envelope.save()
