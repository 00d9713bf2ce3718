"""The sandbox's time: real UTC plus an offset that the control door moves."""

import threading
from datetime import UTC, datetime, timedelta

from .models import Clock

_offset: timedelta | None = None  # read once; this process is the only writer
_moving = threading.Lock()


def now() -> datetime:
    return datetime.now(UTC) + _current_offset()


def advance(seconds: float) -> datetime:
    with _moving:  # two moves at once are both made
        _keep(_current_offset() + timedelta(seconds=seconds))
    return now()


def reset() -> None:
    _keep(timedelta(0))


def offset_seconds() -> float:
    """How far ahead of the real time."""
    return _current_offset().total_seconds()


def _current_offset() -> timedelta:
    global _offset
    if _offset is None:
        seconds = Clock.objects.filter(pk=1).values_list("offset_seconds", flat=True).first()
        _offset = timedelta(seconds=seconds or 0)
    return _offset


def _keep(offset: timedelta) -> None:
    global _offset
    Clock.objects.update_or_create(pk=1, defaults={"offset_seconds": offset.total_seconds()})
    _offset = offset


def docusign_time(moment: datetime | None) -> str | None:
    """`2026-06-18T10:11:12.1230000Z`: seven decimals, UTC (reference 2.9)."""
    if moment is None:
        return None
    return f"{moment.isoformat(timespec='microseconds')[:26]}0Z"
