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
        self._hour = Window(HOUR_SECONDS, hourly)
        self._burst = Window(BURST_SECONDS, burst)
        self._envelope_hourly = settings.ENVELOPE_HOURLY_LIMIT if envelope_hourly is None else envelope_hourly
        self._envelope_burst = settings.ENVELOPE_BURST_LIMIT if envelope_burst is None else envelope_burst
        self._envelopes: dict[tuple[str, bool], tuple[Window, Window]] = {}

    def current(self) -> dict[str, int]:
        """By the names that `set` knows."""
        return {
            "hourly": self._hour.limit,
            "burst": self._burst.limit,
            "envelope_hourly": self._envelope_hourly,
            "envelope_burst": self._envelope_burst,
        }

    def count(self, now: float) -> None:
        """Count one call of the account. Raises the documented error when it is one too many."""
        with self._lock:
            hour_is_over, burst_is_over = self._hour.add(now), self._burst.add(now)
        if hour_is_over:
            raise ApiError("HOURLY_APIINVOCATION_LIMIT_EXCEEDED", f"The hourly limit is {self._hour.limit}.")
        if burst_is_over:
            raise ApiError("BURST_APIINVOCATION_LIMIT_EXCEEDED", f"The burst limit is {self._burst.limit}.")

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

    def headers(self, *, is_exhausted: bool = False) -> Iterator[tuple[str, str]]:
        """`is_exhausted`: as if the last call of the hour had been made, whatever the count."""
        yield "X-RateLimit-Limit", str(self._hour.limit)
        yield "X-RateLimit-Remaining", str(0 if is_exhausted else self._hour.remaining)
        yield "X-RateLimit-Reset", str(self._hour.resets_at)
        yield "X-BurstLimit-Limit", str(self._burst.limit)
        yield "X-BurstLimit-Remaining", str(self._burst.remaining)


limits = Limits()
