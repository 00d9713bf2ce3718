"""Signs of life of the processes behind the pages, in the shared cache."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.core.cache import cache
from django.utils import timezone

KEPT_SECONDS = 7 * 24 * 3600
STALE_AFTER = timedelta(minutes=2)  # ticks come every ten seconds


class Part(StrEnum):
    WORKER = "worker"  # took any task from the queue
    BEAT = "beat"  # gave out a tick


def beat(part: Part) -> None:
    cache.set(_key(part), timezone.now(), KEPT_SECONDS)


def last(part: Part) -> datetime | None:
    """None when there was none for a week, or the cache has forgotten."""
    seen: datetime | None = cache.get(_key(part))
    return seen


def is_stale(seen: datetime | None, now: datetime) -> bool:
    return seen is None or now - seen > STALE_AFTER


def _key(part: Part) -> str:
    return f"signing:heartbeat:{part}"
