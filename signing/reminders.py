"""Reminders and the warning before expiry: whom to ask again, and when.

Each recipient whose turn it is has a timeline of moments: the first reminder so many days after their turn came, the
others every so many days, and one warning before the envelope expires. Of the moments gone by only the latest counts,
so whatever was missed while no worker ran is made up for by one mail. `remind_at` is when to look at a recipient again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from .models import MailKind, MailState, OutgoingMail, Recipient
from .models.envelope import MAX_DAYS, OPEN_STATUSES
from .models.mail import ASKING_KINDS
from .models.recipient import ACTIVE_STATUSES

Moment = tuple[datetime, MailKind]

REST = timedelta(hours=20)  # between two mails that ask the same person: never two a day
LOOK_AGAIN = timedelta(days=1)  # at the latest: the expiry may be changed at Docusign


def queue_due(now: datetime, *, limit: int = 2000) -> None:
    """Write the reminders that are due; they leave after the quiet hours. Idempotent: one per person, kind and day."""
    bounced = OutgoingMail.objects.filter(recipient=OuterRef("pk"), to_email=OuterRef("email"), state=MailState.BOUNCED)
    due = (
        Recipient.objects.filter(Q(remind_at=None) | Q(remind_at__lte=now), status__in=ACTIVE_STATUSES)
        .filter(~Exists(bounced), envelope__status__in=OPEN_STATUSES, sent_at__isnull=False)
        .exclude(client_user_id="")
        .annotate(asked_at=Max(Coalesce("mails__sent_at", "mails__due_at"), filter=Q(mails__kind__in=ASKING_KINDS)))
        .select_related("envelope")
        .order_by("remind_at")
    )
    for recipient in due[:limit]:
        with transaction.atomic():
            remind_at = _look_at(recipient, now)
            Recipient.objects.filter(pk=recipient.pk).update(remind_at=remind_at)


def timeline(recipient: Recipient) -> Iterator[Moment]:
    """All moments at which this recipient is asked again, in no order. It ends where the envelope expires."""
    envelope, turn_came_at = recipient.envelope, recipient.sent_at
    if turn_came_at is None:
        return
    ends_at = envelope.expires_at or turn_came_at + timedelta(days=MAX_DAYS)
    step = timedelta(days=envelope.reminder_frequency_days)
    moment = turn_came_at + timedelta(days=envelope.reminder_delay_days)
    while envelope.reminder_delay_days and moment < ends_at:
        yield moment, MailKind.REMINDER
        if not step:
            break
        moment += step
    warns_at = ends_at - timedelta(days=settings.EXPIRE_WARN_DAYS)
    if envelope.expires_at and settings.EXPIRE_WARN_DAYS and warns_at > turn_came_at:
        yield warns_at, MailKind.EXPIRING


def after_quiet_hours(moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours (of the portal's time zone) that it falls into."""
    if settings.QUIET_HOURS is None:
        return moment
    begin, end = settings.QUIET_HOURS
    local = timezone.localtime(moment, timezone.get_default_timezone())
    is_quiet = begin <= local.hour < end if begin <= end else local.hour >= begin or local.hour < end
    if not is_quiet:
        return moment
    wakes_at = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return wakes_at if wakes_at > local else wakes_at + timedelta(days=1)


def _look_at(recipient: Recipient, now: datetime) -> datetime:
    """Queue what is due for this recipient; when to look again."""
    moments = sorted(timeline(recipient))
    gone = [moment for moment in moments if moment[0] <= now]
    next_at = min((at for at, _kind in moments if at > now), default=now + LOOK_AGAIN)
    next_at = min(next_at, now + LOOK_AGAIN)
    if not gone:
        return next_at
    at, kind = gone[-1]
    asked_at: datetime | None = getattr(recipient, "asked_at", None)
    if asked_at and asked_at >= at:
        return next_at  # they were asked since
    if asked_at and now < asked_at + REST:
        return min(next_at, asked_at + REST)
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                envelope=recipient.envelope,
                recipient=recipient,
                kind=kind,
                occasion=timezone.localtime(at, timezone.get_default_timezone()).date().isoformat(),
                to_email=recipient.mail_address,
                due_at=after_quiet_hours(now),
            )
        ],
        ignore_conflicts=True,
    )
    return next_at
