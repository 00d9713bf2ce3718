"""What tests look at and order: the API calls received, and faults to come. In memory, of this process."""

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

KEPT_CALLS = 10_000

_lock = threading.Lock()
_calls: deque[dict[str, Any]] = deque(maxlen=KEPT_CALLS)
_faults: list["Fault"] = []


@dataclass(slots=True)
class Fault:
    """Fail the next `count` API calls that match; `when` is before or after the work is done."""

    method: str
    path_contains: str
    count: int
    status: int
    error_code: str
    message: str
    when: str = "before"
    hits: int = field(default=0)


def add_call(call: dict[str, Any]) -> None:
    with _lock:
        _calls.append(call)


def calls() -> list[dict[str, Any]]:
    with _lock:
        return list(_calls)


def add_fault(fault: Fault) -> None:
    with _lock:
        _faults.append(fault)


def take_fault(method: str, path: str, when: str) -> Fault | None:
    """The first fault that fits, counted down."""
    with _lock:
        for fault in _faults:
            fits = fault.when == when and fault.path_contains in path and fault.method in ("", method)
            if fits and fault.hits < fault.count:
                fault.hits += 1
                return fault
    return None


def forget() -> None:
    with _lock:
        _calls.clear()
        _faults.clear()


def forget_faults() -> None:
    with _lock:
        _faults.clear()


def real_now() -> datetime:
    return datetime.now(UTC)
