"""How far an errand has come, written to its row now and then; there the worker learns that it was cancelled."""

import time
from datetime import timedelta

from django.utils import timezone

from signing.models import Errand, ErrandState

TELL_EVERY_SECONDS = 1.0


class CancelledError(Exception):
    """Staff have cancelled it."""


class Progress:
    def __init__(self, errand: Errand, lease: timedelta) -> None:
        self._errand, self._lease = errand, lease
        self._told_at = time.monotonic()

    def step(self, count: int = 1) -> None:
        """Raises CancelledError."""
        self._errand.done += count
        if time.monotonic() - self._told_at > TELL_EVERY_SECONDS:
            self._tell(lease_until=timezone.now() + self._lease)

    def rest(self) -> None:
        """Let another worker go on."""
        self._tell(lease_until=None, state=ErrandState.QUEUED)

    def _tell(self, **columns: object) -> None:
        self._told_at = time.monotonic()
        told = Errand.objects.filter(pk=self._errand.pk, state=ErrandState.RUNNING).update(
            done=self._errand.done, problems=self._errand.problems, **columns
        )
        if not told:
            raise CancelledError
