"""Legal hold: what is on hold is neither deleted nor erased nor purged, whatever a rule or a person says."""

from django.db import transaction
from django.utils import timezone

from signing import events
from signing.acting import actor
from signing.models import Envelope, EventKind
from signing.models.privacy import HOLD_REASON_MAX_LENGTH


class OnHoldError(Exception):
    """The envelope is on legal hold, so nothing of it may go."""


def hold(envelope: Envelope, *, reason: str) -> bool:
    """False when it was on hold already; the first reason stays."""
    reason = reason.strip()[:HOLD_REASON_MAX_LENGTH]
    with transaction.atomic():
        held = Envelope.objects.filter(pk=envelope.pk, held_at=None).update(
            held_at=timezone.now(), held_by=actor().find_user(), hold_reason=reason
        )
        if held:
            events.record(envelope.pk, EventKind.HELD, reason=reason)
    return bool(held)


def release(envelope: Envelope, *, reason: str) -> bool:
    """False when it was not on hold. What is due by then goes with the next run of the rules."""
    with transaction.atomic():
        released = Envelope.objects.filter(pk=envelope.pk, held_at__isnull=False).update(
            held_at=None, held_by=None, hold_reason=""
        )
        if released:
            events.record(envelope.pk, EventKind.HOLD_RELEASED, reason=reason.strip()[:HOLD_REASON_MAX_LENGTH])
    return bool(released)
