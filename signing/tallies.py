"""Figures over many envelopes: counted by the worker every minute, shown by the pages from the cache.

A page never counts a million rows; where nobody has counted yet (no worker), it says so.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from .listing import GROUPS
from .models import Envelope

KEY = "signing:tallies"
KEPT_SECONDS = 24 * 3600
DAYS = 30
WEEKS = 12
SAMPLE = 2000  # completed envelopes of a week, of which the median is taken


@dataclass(frozen=True, slots=True)
class Tallies:
    """`by_day`: (day, sent, completed); `by_week`: (first day, median hours from sent to completed, or None)."""

    counted_at: datetime
    groups: dict[str, int]
    by_day: tuple[tuple[date, int, int], ...]
    by_week: tuple[tuple[date, float | None], ...]


def renew() -> None:
    """Count everything. Takes a second where there are a million envelopes."""
    cache.set(KEY, _count(timezone.now()), KEPT_SECONDS)


def present() -> Tallies | None:
    found = cache.get(KEY)
    return found if isinstance(found, Tallies) else None


def _count(now: datetime) -> Tallies:
    statuses = dict(Envelope.objects.order_by().values_list("status").annotate(n=Count("pk")))
    groups = {name: sum(statuses.get(status, 0) for status in group) for name, group in GROUPS.items()}
    return Tallies(now, groups, _by_day(now), _by_week(now))


def _by_day(now: datetime) -> tuple[tuple[date, int, int], ...]:
    zone = timezone.get_default_timezone()
    today = timezone.localtime(now, zone).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    since = now - timedelta(days=DAYS + 1)
    sent, completed = (
        dict(
            Envelope.objects.filter(**{f"{column}__gt": since})
            .order_by()
            .values_list(TruncDate(column, tzinfo=zone))
            .annotate(n=Count("pk"))
        )
        for column in ("sent_at", "completed_at")
    )
    return tuple((day, sent.get(day, 0), completed.get(day, 0)) for day in days)


def _by_week(now: datetime) -> tuple[tuple[date, float | None], ...]:
    weeks = []
    for back in reversed(range(WEEKS)):
        starts_at = now - timedelta(weeks=back + 1)
        done = Envelope.objects.filter(completed_at__gt=starts_at, completed_at__lte=now - timedelta(weeks=back))
        pairs = done.exclude(sent_at=None).order_by("-completed_at").values_list("sent_at", "completed_at")[:SAMPLE]
        hours = [(to - since).total_seconds() / 3600 for since, to in pairs if since and to]
        weeks.append((timezone.localtime(starts_at).date(), round(median(hours), 1) if hours else None))
    return tuple(weeks)
