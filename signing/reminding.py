"""Reminding on the staff's word: now, with a few words of their own, and not more often than is decent."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import events, identities, notifications
from .models import Envelope, EventKind, MailKind, Recipient
from .models.mail import ASKING_KINDS
from .models.recipient import ACTIVE_STATUSES

PAUSE = timedelta(hours=1)  # after whatever last asked this person to sign
ASKS = ASKING_KINDS | {MailKind.FRESH_LINK}


@dataclass(frozen=True, slots=True)
class Reminded:
    """Names of those who are asked again, and of those who were asked less than PAUSE ago."""

    asked: tuple[str, ...] = ()
    too_soon: tuple[str, ...] = ()


def remind(envelope: Envelope, *, number: int | None = None, note: str = "") -> Reminded:
    """Ask those whose turn it is, or the one recipient with this number, if it is their turn.

    Our own mails wait in the outbox. To those whom Docusign invites Docusign writes again, to all of them at once:
    one call, which raises DocusignError.
    """
    if not envelope.is_open:
        return Reminded()
    waiting = envelope.recipients.filter(status__in=ACTIVE_STATUSES)
    if number is not None:
        waiting = waiting.filter(number=number)
    asked, too_soon, theirs = [], [], []
    for recipient in waiting:
        if not recipient.is_embedded:
            theirs.append(recipient)
        elif _queue(recipient, note):
            asked.append(recipient.name)
        else:
            too_soon.append(recipient.name)
    if theirs:
        (asked if _resend(envelope, theirs) else too_soon).extend(recipient.name for recipient in theirs)
    return Reminded(tuple(asked), tuple(too_soon))


def _queue(recipient: Recipient, note: str) -> bool:
    with transaction.atomic():
        Envelope.objects.select_for_update().get(pk=recipient.envelope_id)  # first, as when news comes
        row = Recipient.objects.select_for_update().get(pk=recipient.pk)
        if row.link_revoked_at or row.mails.filter(kind__in=ASKS, created_at__gt=timezone.now() - PAUSE).exists():
            return False
        events.record(row.envelope_id, EventKind.REMINDED, recipient=row, note=note)
        notifications.queue_reminder(row, note)
    return True


def _resend(envelope: Envelope, recipients: list[Recipient]) -> bool:
    since = timezone.now() - PAUSE
    numbers = [recipient.number for recipient in recipients]
    asked = envelope.events.filter(kind=EventKind.REMINDED, recipient_number__in=numbers, at__gt=since)
    if asked.exists() or (envelope.sent_at and envelope.sent_at > since):
        return False
    docusign_id = envelope.docusign_id or ""
    identities.ask(envelope, lambda client: client.resend_envelope(docusign_id), urgent=True)
    for recipient in recipients:
        events.record(envelope.pk, EventKind.REMINDED, recipient=recipient)
    return True
