"""Who is told what. Docusign mails embedded signers nothing, so all of it is ours.

Mails are rows, written in the transaction that calls for them; they leave afterwards (`signing.outbox`): a crash in
between loses nothing.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from .models import (
    Envelope,
    EnvelopeStatus,
    MailKind,
    MailState,
    OutgoingMail,
    Recipient,
    RecipientKind,
    RecipientStatus,
)
from .models.mail import WAITING_STATES
from .models.recipient import ACTIVE_STATUSES
from .secretbox import encrypt

ADMINISTRATORS = "Administrator"  # the role (`signing.roles`)
CODE_VALID_FOR = timedelta(minutes=10)  # a code is not delivered later than that, and its mail says so


def queue_due(envelope: Envelope) -> None:
    """Write the mails that the envelope's present state calls for and that do not exist yet. Idempotent.

    Of an envelope's end hears everyone who was ever asked, but not the one who caused it. Who only gets a copy hears
    of it once it is complete, and of nothing else.
    """
    recipients = [recipient for recipient in envelope.recipients.all() if recipient.is_embedded]
    copied = [recipient for recipient in recipients if recipient.kind == RecipientKind.CARBON_COPY]
    asked = [recipient for recipient in recipients if recipient.sent_at and recipient not in copied]
    mails: list[OutgoingMail] = []
    if envelope.is_open:
        mails = _to(MailKind.INVITATION, [r for r in recipients if r.status in ACTIVE_STATUSES])
    elif envelope.status == EnvelopeStatus.COMPLETED:
        mails = [*_to(MailKind.COMPLETED, asked + copied), *_to_sender(MailKind.SENDER_COMPLETED, envelope)]
    elif envelope.status == EnvelopeStatus.DECLINED:
        others = [r for r in asked if r.status != RecipientStatus.DECLINED]
        mails = [*_to(MailKind.DECLINED, others), *_to_sender(MailKind.SENDER_DECLINED, envelope)]
    elif envelope.status == EnvelopeStatus.VOIDED:
        mails = _to(MailKind.VOIDED, asked)
        if envelope.has_expired:
            mails += _to_sender(MailKind.SENDER_EXPIRED, envelope)
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)


def queue_fresh_link(recipient: Recipient) -> OutgoingMail:
    """The recipient's present link, to the address on file. One that has not left yet is enough."""
    waiting = recipient.mails.filter(kind=MailKind.FRESH_LINK, state__in=WAITING_STATES)
    return waiting.first() or _on_request(recipient, MailKind.FRESH_LINK)


def queue_reminder(recipient: Recipient, note: str = "") -> OutgoingMail:
    """Asked for by staff, with their own words; it does not wait for the end of the quiet hours."""
    return _on_request(recipient, MailKind.REMINDER, note=note)


def queue_code(recipient: Recipient, code: str) -> OutgoingMail:
    """A code that lets the recipient in, valid for CODE_VALID_FOR. Former ones that have not left never will.

    The row holds it encrypted, until it is worth nothing.
    """
    former = recipient.mails.filter(kind=MailKind.CODE, state__in=WAITING_STATES)
    former.update(state=MailState.NOT_NEEDED)
    return _on_request(recipient, MailKind.CODE, sealed_code=encrypt(code))


def queue_copy(recipient: Recipient) -> OutgoingMail:
    """The signed documents once more, to the address on file."""
    return _on_request(recipient, MailKind.COMPLETED)


def _on_request(recipient: Recipient, kind: MailKind, *, sealed_code: str = "", note: str = "") -> OutgoingMail:
    now = timezone.now()
    return OutgoingMail.objects.create(
        envelope=recipient.envelope,
        recipient=recipient,
        kind=kind,
        occasion=now.isoformat(),
        sealed_code=sealed_code,
        note=note,
        to_email=recipient.mail_address,
        due_at=now,
    )


def _to(kind: MailKind, recipients: Iterable[Recipient]) -> list[OutgoingMail]:
    now = timezone.now()
    return [
        OutgoingMail(
            envelope_id=recipient.envelope_id,
            recipient=recipient,
            kind=kind,
            to_email=recipient.mail_address,
            due_at=now,
        )
        for recipient in recipients
    ]


def _to_sender(kind: MailKind, envelope: Envelope) -> list[OutgoingMail]:
    """Nothing, where nobody who is to be told has an address."""
    now = timezone.now()
    return [
        OutgoingMail(envelope=envelope, kind=kind, to_email=user.email, occasion=occasion, due_at=now)
        for user, occasion in _told_for(envelope)
        if user.email
    ]


def name_of_told(envelope: Envelope) -> str:
    """The team or the house, where whoever sent it has left and nobody has taken over yet."""
    if envelope.owner.is_active:
        return envelope.sender_name
    return envelope.team.name if envelope.team else settings.ORGANISATION_NAME


def _told_for(envelope: Envelope) -> list[tuple[User, str]]:
    """The owner. Of an owner who has left before a hand-over: their team; without one, the administrators."""
    if envelope.owner.is_active:
        return [(envelope.owner, "")]
    able = User.objects.filter(is_active=True, is_staff=True).order_by("pk")
    of_team = list(able.filter(teams=envelope.team_id)) if envelope.team_id else []
    others = of_team or list(able.filter(Q(is_superuser=True) | Q(groups__name=ADMINISTRATORS)).distinct())
    return [(user, f"for {user.pk}") for user in others]
