"""Is the connection to Docusign in order? What went wrong, shared by all processes through the cache.

A failed token request, or credentials that the API refuses, are written down here with the time of the next try.
Until then nobody asks again: whoever needs a token shares the failure, background work rests, and staff see the
cause with its remedy. The waiting time doubles up to a few minutes. If the cache forgets, the next call finds out anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.cache import cache
from django.utils import timezone

from .docusign import (
    ConsentRequiredError,
    CredentialsRefusedError,
    DocusignError,
    NotConfiguredError,
    RateLimitedError,
    UnavailableError,
)

# What only a person can mend is tried again rarely; a silent host often, since it may come back at any moment.
STANDING_DELAYS = (timedelta(seconds=15), timedelta(minutes=5))  # the first, the longest
PASSING_DELAYS = (timedelta(seconds=2), timedelta(minutes=1))
PASSING_FAILURES_TO_TELL = 3  # a single lost connection is not worth a banner
KEPT_SECONDS = 24 * 3600

KINDS = {
    kind.__name__: kind
    for kind in (ConsentRequiredError, CredentialsRefusedError, NotConfiguredError, RateLimitedError, UnavailableError)
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no access token. `failures` counts the tries in a row that ended so."""

    error: DocusignError
    failures: int
    since: datetime
    retry_at: datetime

    @property
    def needs_consent(self) -> bool:
        return isinstance(self.error, ConsentRequiredError)

    @property
    def is_worth_telling(self) -> bool:
        return not self.error.retryable or self.failures >= PASSING_FAILURES_TO_TELL

    @property
    def sentence(self) -> str:
        """For staff: the cause, and what to do."""
        if isinstance(self.error, UnavailableError):
            cause = f"{self.error.staff_message} ({self.error.message})"
            return f"{cause} If this lasts, check the network and DOCUSIGN_OAUTH_BASE_URL."
        return self.error.staff_message

    def is_due(self, now: datetime) -> bool:
        return self.retry_at <= now

    def to_cache(self) -> dict[str, Any]:
        error = self.error
        return {
            "kind": type(error).__name__,
            "message": error.message,
            "facts": {
                "status_code": error.status_code,
                "error_code": error.error_code,
                "trace_token": error.trace_token,
            },
            "failures": self.failures,
            "since": self.since,
            "retry_at": self.retry_at,
        }

    @classmethod
    def from_cache(cls, data: dict[str, Any]) -> Self:
        kind, facts = KINDS[data["kind"]], dict(data["facts"])
        if issubclass(kind, RateLimitedError):
            facts["retry_at"] = data["retry_at"]
        elif issubclass(kind, UnavailableError):
            facts["outcome_unknown"] = False  # whoever shares the failure has sent nothing
        error = kind(data["message"], **facts)
        return cls(error=error, failures=data["failures"], since=data["since"], retry_at=data["retry_at"])


class Health:
    """The trouble of one configuration: with other settings the portal starts without a past."""

    def __init__(self, identity: str) -> None:
        self._key = f"docusign:trouble:{identity}"

    def trouble(self) -> Trouble | None:
        data = cache.get(self._key)
        return Trouble.from_cache(data) if data else None

    def note(self, error: DocusignError) -> None:
        """Remember a failed try. Several processes failing together count once."""
        now, before = timezone.now(), self.trouble()
        if before is not None and not before.is_due(now) and type(before.error) is type(error):
            return
        failures = before.failures + 1 if before else 1
        trouble = Trouble(
            error=error,
            failures=failures,
            since=before.since if before else now,
            retry_at=_retry_at(error, failures, now),
        )
        cache.set(self._key, trouble.to_cache(), KEPT_SECONDS)

    def try_at_once(self) -> None:
        """Something was mended: let the next caller find out."""
        data = cache.get(self._key)
        if data:
            cache.set(self._key, data | {"retry_at": timezone.now()}, KEPT_SECONDS)

    def clear(self) -> None:
        cache.delete(self._key)


def _retry_at(error: DocusignError, failures: int, now: datetime) -> datetime:
    if isinstance(error, RateLimitedError):
        return error.retry_at
    first, longest = PASSING_DELAYS if error.retryable else STANDING_DELAYS
    return now + min(first * 2 ** min(failures - 1, 20), longest)
