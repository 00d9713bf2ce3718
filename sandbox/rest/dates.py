"""Moments in query parameters."""

from datetime import UTC, datetime, timedelta

from sandbox import clock
from sandbox.errors import ApiError

DAYS = ("%m/%d/%Y", "%Y/%m/%d", "%m-%d-%Y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y")
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
PATTERNS = (*(day + time for day in DAYS for time in TIMES), "%a, %d %b %Y %H:%M:%S GMT")

LONGEST_SEARCH = timedelta(days=2 * 366)  # two years (reference 4.5)


def searched_from(from_date: datetime, to_date: datetime | None) -> datetime:
    """A search reaches back two years from its end, which is now where none is named."""
    latest = to_date or clock.now()
    return (
        max(from_date, latest - LONGEST_SEARCH)
        if latest > datetime.min.replace(tzinfo=UTC) + LONGEST_SEARCH
        else from_date
    )


def moment_of(text: str, name: str) -> datetime | None:
    """ISO 8601, UTC where no zone is named; None where nothing is given. Raises INVALID_REQUEST_PARAMETER."""
    if not text:
        return None
    try:
        moment = _as_people_write(text) or datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        detail = f"Query parameter '{name}' must be set to a valid DateTime."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail) from None


def _as_people_write(text: str) -> datetime | None:
    """What .NET's `DateTime.Parse` reads, the specification says; official examples write `06/18/2026` (Python),
    `2026/06/18` (C#, Java, Ruby).
    """
    for pattern in PATTERNS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
