"""The sandbox's time: real UTC plus an offset that the control door moves."""

from datetime import UTC, datetime, timedelta

from .models import Clock


def now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=_offset_seconds())


def advance(seconds: float) -> datetime:
    Clock.objects.update_or_create(pk=1, defaults={"offset_seconds": _offset_seconds() + seconds})
    return now()


def reset() -> None:
    Clock.objects.all().delete()


def _offset_seconds() -> float:
    return Clock.objects.filter(pk=1).values_list("offset_seconds", flat=True).first() or 0.0


def docusign_time(moment: datetime | None) -> str | None:
    """`2026-06-18T10:11:12.1230000Z`: seven decimals, UTC (reference 2.9)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z") if moment else None
