"""The portal's clock in the tests' hands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.utils import timezone


class Clock:
    """`timezone.now` from here on: real time, moved forward by `advance`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real_now = timezone.now
        self._offset = timedelta(0)
        monkeypatch.setattr(timezone, "now", self.now)

    def now(self) -> datetime:
        return self._real_now() + self._offset

    def advance(self, **time: float) -> None:
        self._offset += timedelta(**time)


@contextmanager
def travel(by: timedelta) -> Iterator[None]:
    """Within it, it is so much later."""
    with pytest.MonkeyPatch.context() as patch:
        Clock(patch).advance(seconds=by.total_seconds())
        yield
