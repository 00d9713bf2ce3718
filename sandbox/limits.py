"""How many API calls an account may make (reference 5.1): per hour, and per 30 seconds. Counted in this process."""

import threading
from dataclasses import dataclass

from django.conf import settings

from .errors import ApiError

HOUR_SECONDS, BURST_SECONDS = 3600, 30


@dataclass(slots=True)
class Window:
    """A fixed window: its count begins anew when the clock enters the next one."""

    seconds: int
    limit: int
    number: int = -1
    count: int = 0

    def add(self, now: float) -> None:
        number = int(now // self.seconds)
        if number != self.number:
            self.number, self.count = number, 0
        self.count += 1

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

    def set(self, *, hourly: int, burst: int) -> None:
        self._hour = Window(HOUR_SECONDS, hourly)
        self._burst = Window(BURST_SECONDS, burst)

    def count(self, now: float) -> None:
        """Count one call. Raises the documented error when it is one too many."""
        with self._lock:
            self._hour.add(now)
            self._burst.add(now)
            hour_is_over, burst_is_over = self._hour.count > self._hour.limit, self._burst.count > self._burst.limit
        if hour_is_over:
            raise ApiError("HOURLY_APIINVOCATION_LIMIT_EXCEEDED", f"The hourly limit is {self._hour.limit}.")
        if burst_is_over:
            raise ApiError("BURST_APIINVOCATION_LIMIT_EXCEEDED", f"The burst limit is {self._burst.limit}.")

    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self._hour.limit),
            "X-RateLimit-Remaining": str(self._hour.remaining),
            "X-RateLimit-Reset": str(self._hour.resets_at),
            "X-BurstLimit-Limit": str(self._burst.limit),
            "X-BurstLimit-Remaining": str(self._burst.remaining),
        }


limits = Limits()
