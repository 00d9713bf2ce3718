"""What wakes the housekeeping thread before its next round is due."""

import threading

from django.db import transaction

_rung = threading.Event()


def ring() -> None:
    """There is something to do."""
    _rung.set()


def ring_after_commit() -> None:
    """There is, once the transaction at hand is through."""
    transaction.on_commit(ring)


def wait(seconds: float) -> None:
    """Until it rings, but not longer."""
    _rung.wait(seconds)
    _rung.clear()
