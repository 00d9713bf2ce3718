"""Moments in query parameters."""

from datetime import UTC, datetime

from sandbox.errors import ApiError


def moment_of(text: str, name: str) -> datetime | None:
    """ISO 8601, UTC where no zone is named; None where nothing is given. Raises INVALID_REQUEST_PARAMETER."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        detail = f"Query parameter '{name}' must be set to a valid DateTime."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail) from None
