"""Drafts that are sent later, by themselves. The moment stands on the draft; staff may change or drop it until then."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import events, sending
from .models import Envelope, EnvelopeStatus, EventKind
from .verify.chain import instant

LONGEST = timedelta(days=365)
AT_ONCE = 100


class TooSoonError(Exception):
    """The moment has passed, or is further away than LONGEST."""


def schedule(envelope: Envelope, send_at: datetime) -> bool:
    """False when it is no draft any more. Raises TooSoonError."""
    now = timezone.now()
    if not now < send_at <= now + LONGEST:
        raise TooSoonError
    with transaction.atomic():
        is_done = _drafts().filter(pk=envelope.pk).update(send_at=send_at, updated_at=now) == 1
        if is_done:
            events.record(envelope.pk, EventKind.SCHEDULED, send_at=instant(send_at))
    return is_done


def unschedule(envelope: Envelope) -> bool:
    """It stays a draft. False when it is none any more, or was not scheduled."""
    with transaction.atomic():
        scheduled = _drafts().filter(pk=envelope.pk, send_at__isnull=False)
        is_done = scheduled.update(send_at=None, updated_at=timezone.now()) == 1
        if is_done:
            events.record(envelope.pk, EventKind.UNSCHEDULED)
    return is_done


def send_due(now: datetime) -> list[int]:
    """Claim what is due; the ids of the envelopes this caller has claimed. One claims each: the row's lock says who."""
    due = _drafts().filter(send_at__lte=now).order_by("send_at").values_list("pk", flat=True)
    return [envelope_id for envelope_id in list(due[:AT_ONCE]) if _claim(envelope_id, now)]


def _claim(envelope_id: int, now: datetime) -> bool:
    """Staff may have put it off since it was found."""
    with transaction.atomic():
        draft = _drafts().select_for_update().filter(pk=envelope_id, send_at__lte=now).first()
        return draft is not None and sending.claim_for_sending(draft, undo_seconds=0)


def _drafts() -> QuerySet[Envelope]:
    return Envelope.objects.filter(status=EnvelopeStatus.DRAFT)
