"""How many API calls may be made (reference 5.1, 4.5): per account and per envelope. Counted in this process."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from .errors import ApiError

HOUR_SECONDS, BURST_SECONDS = 3600, 30
MOST_ENVELOPES = 50_000  # counted at a time


@dataclass(slots=True)
class Window:
    """A fixed window: its count begins anew when the clock enters the next one."""

    seconds: int
    limit: int
    number: int = -1
    count: int = 0

    def add(self, now: float) -> bool:
        """Count one call; is it one too many?"""
        number = int(now // self.seconds)
        if number != self.number:
            self.number, self.count = number, 0
        self.count += 1
        return self.count > self.limit

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.count)

    @property
    def resets_at(self) -> int:
        """Unix seconds."""
        return (self.number + 1) * self.seconds


class Limits:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Counts at zero, limits as in the settings."""
        self.set(hourly=settings.HOURLY_LIMIT, burst=settings.BURST_LIMIT)

    def set(
        self, *, hourly: int, burst: int, envelope_hourly: int | None = None, envelope_burst: int | None = None
    ) -> None:
        self._hourly, self._burst = hourly, burst
        self._envelope_hourly = settings.ENVELOPE_HOURLY_LIMIT if envelope_hourly is None else envelope_hourly
        self._envelope_burst = settings.ENVELOPE_BURST_LIMIT if envelope_burst is None else envelope_burst
        self._accounts: dict[str, tuple[Window, Window]] = {}
        self._envelopes: dict[tuple[str, bool], tuple[Window, Window]] = {}

    def current(self) -> dict[str, int]:
        """By the names that `set` knows."""
        return {
            "hourly": self._hourly,
            "burst": self._burst,
            "envelope_hourly": self._envelope_hourly,
            "envelope_burst": self._envelope_burst,
        }

    def count(self, account: str, now: float) -> None:
        """Count one call of the account. Raises the documented error when it is one too many."""
        with self._lock:
            hour, burst = self._windows(account, now)
            hour_is_over, burst_is_over = hour.add(now), burst.add(now)
        if hour_is_over:
            raise ApiError("HOURLY_APIINVOCATION_LIMIT_EXCEEDED", f"The hourly limit is {hour.limit}.")
        if burst_is_over:
            raise ApiError("BURST_APIINVOCATION_LIMIT_EXCEEDED", f"The burst limit is {burst.limit}.")

    def count_envelope(self, envelope_id: str, now: float, *, is_read: bool) -> None:
        """Count one call about one envelope; reading and writing are counted apart."""
        with self._lock:
            if len(self._envelopes) > MOST_ENVELOPES:
                self._envelopes.clear()
            windows = self._envelopes.get((envelope_id, is_read))
            if windows is None:
                windows = Window(HOUR_SECONDS, self._envelope_hourly), Window(BURST_SECONDS, self._envelope_burst)
                self._envelopes[envelope_id, is_read] = windows
            hour_is_over, burst_is_over = windows[0].add(now), windows[1].add(now)
        kind = "ENVELOPE_POLLING_LIMIT" if is_read else "APIINVOCATION_ENVELOPE_LIMIT"
        if hour_is_over:
            raise ApiError(f"HOURLY_{kind}_EXCEEDED", f"The hourly limit is {windows[0].limit}.")
        if burst_is_over:
            raise ApiError(f"BURST_{kind}_EXCEEDED", f"The burst limit is {windows[1].limit}.")

    def headers(self, account: str, now: float, *, is_exhausted: bool = False) -> Iterator[tuple[str, str]]:
        """`is_exhausted`: as if the last call of the hour had been made, whatever the count."""
        with self._lock:
            hour, burst = self._windows(account, now)
        yield "X-RateLimit-Limit", str(hour.limit)
        yield "X-RateLimit-Remaining", str(0 if is_exhausted else hour.remaining)
        yield "X-RateLimit-Reset", str(hour.resets_at)
        yield "X-BurstLimit-Limit", str(burst.limit)
        yield "X-BurstLimit-Remaining", str(burst.remaining)

    def _windows(self, account: str, now: float) -> tuple[Window, Window]:
        """Of the hour and of the burst; calls below no account share one pair."""
        if account not in self._accounts:
            kinds = ((HOUR_SECONDS, self._hourly), (BURST_SECONDS, self._burst))
            hour, burst = (Window(seconds, limit, int(now // seconds)) for seconds, limit in kinds)
            self._accounts[account] = hour, burst
        return self._accounts[account]


limits = Limits()
