"""How many calls the account may still make: read from every answer, shared by all processes, never overdrawn.

Docusign counts per account (reference: rules and limits): so many an hour, so many in 30 seconds. A share of both
is kept free for people who wait in front of a page; background work stops above it until the window has passed.
"""

from datetime import datetime

from django.db.models import Case, F, Q, When
from django.db.models.functions import Least
from django.utils import timezone

from .docusign import RateLimitedError, RateLimits
from .docusign.answers import BURST_WINDOW
from .models import CallBudget

RESERVED_SHARE = 0.2  # of both limits; more than all workers together can have under way at once


def before_background_call(account_id: str) -> None:
    """Count one call of the background. Raises RateLimitedError when it must wait; nothing was sent then."""
    now = timezone.now()
    budget = CallBudget.objects.filter(pk=account_id).first()
    if budget is None:
        return  # the first answer will tell
    retry_at = _background_may_go_at(budget, now)
    if retry_at > now:
        raise RateLimitedError("the calls that are left are kept for signers", retry_at=retry_at)
    # Counted before the answer tells, so that calls under way at the same time do not all see the same number.
    CallBudget.objects.filter(pk=account_id).update(burst_remaining=F("burst_remaining") - 1)


def read_answer(account_id: str, limits: RateLimits) -> None:
    """Take over what an answer told. Within a window the number only falls, since answers overtake each other."""
    hour, burst, resets_at = limits.hour_remaining, limits.burst_remaining, limits.hour_resets_at
    if hour is None or burst is None or resets_at is None:
        return
    now = timezone.now()
    is_same_hour, is_same_burst = Q(hour_resets_at=resets_at), Q(burst_since__gt=now - BURST_WINDOW)
    is_not_past = Q(hour_resets_at=None) | Q(hour_resets_at__lte=resets_at)
    told = CallBudget.objects.filter(is_not_past, pk=account_id).update(
        hour_limit=limits.hour_limit,
        hour_remaining=Case(When(is_same_hour, then=Least("hour_remaining", hour)), default=hour),
        hour_resets_at=resets_at,
        burst_limit=limits.burst_limit,
        burst_remaining=Case(When(is_same_burst, then=Least("burst_remaining", burst)), default=burst),
        burst_since=Case(When(is_same_burst, then="burst_since"), default=now),
    )
    if not told:
        first = {
            "hour_limit": limits.hour_limit,
            "hour_remaining": hour,
            "hour_resets_at": resets_at,
            "burst_limit": limits.burst_limit,
            "burst_remaining": burst,
            "burst_since": now,
        }
        CallBudget.objects.get_or_create(pk=account_id, defaults=first)


def wait_until(account_id: str, retry_at: datetime) -> None:
    """Docusign refused a call for the whole account: the background is silent until then."""
    CallBudget.objects.update_or_create(pk=account_id, defaults={"wait_until": retry_at})


def _background_may_go_at(budget: CallBudget, now: datetime) -> datetime:
    """The earliest moment for a background call; `now` when there is room."""
    may_go_at = [now]
    if budget.wait_until:
        may_go_at.append(budget.wait_until)
    if budget.hour_resets_at and _is_spent(budget.hour_remaining, budget.hour_limit):
        may_go_at.append(budget.hour_resets_at)
    if budget.burst_since and _is_spent(budget.burst_remaining, budget.burst_limit):
        may_go_at.append(budget.burst_since + BURST_WINDOW)
    return max(may_go_at)


def _is_spent(remaining: int | None, limit: int | None) -> bool:
    return remaining is not None and limit is not None and remaining <= limit * RESERVED_SHARE
