"""What happens to envelopes: sent, opened, signed, declined, voided. The only writer of statuses.

Callers hold the envelope inside a transaction (SQLite's IMMEDIATE transactions make writers queue).
"""

from collections.abc import Sequence

from . import clock, connect, mails, rows, rules, workflow
from .definition.envelopes import set_deadlines
from .definition.recipients import UNNAMED_KINDS
from .definition.tabs import first_value
from .errors import ApiError
from .models import AuditEvent, Document, Envelope, Recipient, new_guid
from .rules import Party

MAX_REASON = 200
MAX_MESSAGE = 500
# Of a recipient's definition, what goes with the person when someone else takes the place.
PERSONAL = frozenset({"accessCode", "clientUserId", "embeddedRecipientStartURL", "phoneNumber", "userId"})


def parties_of(recipients: Sequence[Recipient]) -> list[Party]:
    return [Party(r.pk, r.kind, r.routing_order, r.status) for r in recipients]


def register(envelope: Envelope) -> None:
    record(envelope, "Registered", envelope.sender.name, "The envelope was created by the API")
    connect.tell(envelope, "envelope-created")


def send(envelope: Envelope) -> None:
    """`created → sent`, or later if it is scheduled. Raises ENVELOPE_IS_INCOMPLETE, ENVELOPE_INVALID_STATUS."""
    if envelope.status != "created":
        raise ApiError("ENVELOPE_INVALID_STATUS")
    recipients = rows.read(Recipient, "envelope_id = %s ORDER BY routing_order, id", envelope.pk)
    if not envelope.subject or not recipients or not rows.exists(Document, "envelope_id = %s", envelope.pk):
        raise ApiError("ENVELOPE_IS_INCOMPLETE")
    if any(not r.name or not (r.email or _has_another_way(r)) for r in recipients if r.kind not in UNNAMED_KINDS):
        raise ApiError("ENVELOPE_IS_INCOMPLETE", "A recipient has no name or no email address.")
    if workflow.postpone(envelope):
        return
    envelope.sent_at = clock.now()
    set_deadlines(envelope)
    record(envelope, "Sent Invitations", envelope.sender.name, f"{envelope.sender.name} sent the envelope")
    _set_status(envelope, "sent")
    move_on(envelope, recipients)


def open_by(recipient: Recipient, ip_address: str) -> None:
    """The recipient looks at it for the first time: `sent → delivered`."""
    recipient.ip_address = ip_address
    envelope = recipient.envelope
    if recipient.status not in ("sent", "autoresponded"):
        recipient.save(update_fields=["ip_address"])
        return
    recipient.status = "delivered"
    recipient.delivered_at = clock.now()
    recipient.save()
    record(envelope, "Opened", recipient.name, f"{recipient.name} opened the envelope", ip_address)
    connect.tell(envelope, "recipient-delivered", recipient)
    if recipient.kind in rules.SEEING_IS_ENOUGH:
        complete_by(recipient)
    else:
        move_on(envelope)


def complete_by(recipient: Recipient) -> None:
    """The recipient has finished; the next ones are asked, or the envelope is complete and gets sealed."""
    recipient.status = "completed"
    recipient.signed_at = clock.now()
    recipient.save()
    did = "signed" if recipient.kind in rules.SIGNING_KINDS else "viewed"
    message = f"{recipient.name} {did} the envelope"
    record(recipient.envelope, did.capitalize(), recipient.name, message, recipient.ip_address)
    connect.tell(recipient.envelope, "recipient-completed", recipient)
    move_on(recipient.envelope)


def decline_by(recipient: Recipient, reason: str) -> None:
    recipient.status = "declined"
    recipient.declined_at = clock.now()
    recipient.declined_reason = reason
    recipient.save()
    message = f"{recipient.name} declined to sign"
    record(recipient.envelope, "Declined", recipient.name, message, recipient.ip_address)
    connect.tell(recipient.envelope, "recipient-declined", recipient)
    move_on(recipient.envelope)


def postpone(recipient: Recipient) -> None:
    """The recipient finishes later."""
    connect.tell(recipient.envelope, "recipient-finish-later", recipient)
    touch(recipient.envelope)


def wait_for_paper(recipient: Recipient) -> None:
    """The recipient signs by hand (reference 2.9): `faxpending`, until they sign here after all."""
    recipient.status = "faxpending"
    recipient.save(update_fields=["status"])
    message = f"{recipient.name} chose to sign on paper"
    record(recipient.envelope, "Signing on paper", recipient.name, message, recipient.ip_address)
    touch(recipient.envelope)


def reassign(recipient: Recipient, name: str, email: str, reason: str) -> None:
    """Someone else takes the recipient's place, from an email and not embedded any more; nothing filled in stays."""
    envelope, before, ip_address = recipient.envelope, recipient.name, recipient.ip_address
    recipient.data = {key: value for key, value in recipient.data.items() if key not in PERSONAL}
    recipient.data |= {"name": name, "email": email}
    recipient.name, recipient.email, recipient.client_user_id = name, email, None
    recipient.user_guid, recipient.status = new_guid(), "created"
    recipient.signature, recipient.authentication, recipient.ip_address = {}, {}, ""
    recipient.delivered_at = recipient.disclosure_accepted_at = None
    recipient.save()
    for tab in recipient.tabs.all():
        tab.value = first_value(tab.group, tab.data, recipient)
        tab.save(update_fields=["value"])
    message = f"{before} assigned the signing to {name}" + (f": {reason}" if reason else "")
    record(envelope, "Reassigned", before, message[:MAX_MESSAGE], ip_address)
    connect.tell(envelope, "recipient-reassign", recipient)
    move_on(envelope)


def fail_authentication(recipient: Recipient, did: str = "gave a wrong access code too often") -> None:
    message = f"{recipient.name} {did}"
    record(recipient.envelope, "Authentication failed", recipient.name, message, recipient.ip_address)
    connect.tell(recipient.envelope, "recipient-authenticationfailed", recipient)


def void(envelope: Envelope, reason: str, *, by: str = "") -> None:
    """Raises INVALID_REQUEST_PARAMETER, ENVELOPE_CANNOT_VOID_INVALID_STATE."""
    if not reason:
        detail = "Value for 'voidedReason' must be specified when voiding an envelope."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail)
    if envelope.status not in rules.OPEN_ENVELOPE:
        raise ApiError("ENVELOPE_CANNOT_VOID_INVALID_STATE")
    who = by or envelope.sender.name
    envelope.voided_at = clock.now()
    envelope.voided_reason = reason[:MAX_REASON]
    record(envelope, "Voided", who, f"{who} voided the envelope")
    _set_status(envelope, "voided")
    mails.tell_end(envelope)


def record(envelope: Envelope, action: str, user_name: str, message: str, ip_address: str = "") -> None:
    event = AuditEvent(
        envelope=envelope,
        at=clock.now(),
        action=action,
        user_name=user_name,
        message=message,
        ip_address=ip_address,
    )
    rows.insert([event])


def touch(envelope: Envelope) -> None:
    """Something about it changed, if not its status."""
    envelope.last_modified_at = clock.now()
    rows.save(envelope, "last_modified_at")


def mail_again(envelope: Envelope, recipient: Recipient, kind: str) -> None:
    """To someone whose turn it is; an earlier mail may have come back, and this one may again."""
    if recipient.status == "autoresponded":
        recipient.status = "sent"
        recipient.save(update_fields=["status"])
    recipient.envelope = envelope
    mails.invite(envelope, recipient, kind=kind)
    _hear_from_the_mail(envelope, recipient)


def resend(envelope: Envelope) -> None:
    """To whoever's turn it is; embedded recipients get nothing (reference 2.10). Raises ENVELOPE_INVALID_STATUS."""
    if envelope.status not in rules.OPEN_ENVELOPE:
        raise ApiError("ENVELOPE_INVALID_STATUS")
    for recipient in envelope.recipients.filter(status__in=(*rules.ASKED, "autoresponded")):
        mail_again(envelope, recipient, "resent")
    record(envelope, "Resent", envelope.sender.name, f"{envelope.sender.name} sent the envelope again")
    connect.tell(envelope, "envelope-resent")


def move_on(envelope: Envelope, recipients: Sequence[Recipient] = ()) -> None:
    """Ask whoever is next and let the envelope follow."""
    by_key = {recipient.pk: recipient for recipient in recipients or envelope.recipients.all()}
    parties = parties_of(list(by_key.values()))
    status = rules.envelope_status(parties)
    if status != "declined":
        asked = rules.ask_next(parties, workflow.pauses(envelope))
        while workflow.choose_recipients(envelope, rules.next_order(asked), list(by_key.values())):
            asked = rules.ask_next(asked, workflow.pauses(envelope))
        for party in asked:
            recipient = by_key[party.key]
            if party.status != recipient.status:
                _ask(envelope, recipient, party.status)
        workflow.stop_at(envelope, rules.next_order(asked))
        status = rules.envelope_status(asked)
    if status == envelope.status:
        touch(envelope)
        return
    if status == "completed":
        record(envelope, "Completed", "", "Everyone has signed")
    _set_status(envelope, status)
    if status in rules.ENDED_ENVELOPE:
        mails.tell_end(envelope)


def _ask(envelope: Envelope, recipient: Recipient, status: str) -> None:
    recipient.envelope = envelope
    recipient.status = status
    recipient.sent_at = clock.now()
    if status in rules.DONE:  # told, nothing to do
        recipient.delivered_at = recipient.signed_at = recipient.sent_at
    rows.save(recipient, "status", "sent_at", "delivered_at", "signed_at")
    mails.invite(envelope, recipient)
    connect.tell(envelope, "recipient-sent", recipient)
    _hear_from_the_mail(envelope, recipient)
    if status in rules.DONE:
        connect.tell(envelope, "recipient-completed", recipient)


def _hear_from_the_mail(envelope: Envelope, recipient: Recipient) -> None:
    """A mail that came back makes who was asked `autoresponded` (reference 2.9); they may still sign."""
    if recipient.status in rules.ASKED and mails.comes_back(recipient):
        recipient.status = "autoresponded"
        recipient.save(update_fields=["status"])
        record(envelope, "Autoresponded", recipient.name, f"The email to {recipient.name} came back")
        connect.tell(envelope, "recipient-autoresponded", recipient)


def _set_status(envelope: Envelope, status: str) -> None:
    now = clock.now()
    envelope.status = status
    envelope.status_changed_at = envelope.last_modified_at = now
    if status in ("delivered", "completed", "declined"):
        setattr(envelope, f"{status}_at", now)
    rows.save(envelope)
    connect.tell(envelope, f"envelope-{status}")


def _has_another_way(recipient: Recipient) -> bool:
    return bool(recipient.data.get("phoneNumber") or recipient.data.get("signingGroupId"))
