"""Moments in query parameters."""

from datetime import UTC, datetime, timedelta

from sandbox import clock
from sandbox.errors import ApiError

AMERICAN = ("%m/%d/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")

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
        moment = _american(text) or datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        detail = f"Query parameter '{name}' must be set to a valid DateTime."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail) from None


def _american(text: str) -> datetime | None:
    """The official examples write `06/18/2026` too."""
    for pattern in AMERICAN:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
