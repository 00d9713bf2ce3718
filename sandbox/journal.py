"""The API calls received, for tests and people to look at. In memory, of this process."""

import sys
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

KEPT_CALLS = 10_000
Call = dict[str, Any]

_lock = threading.Lock()
_calls: "deque[_Kept]" = deque(maxlen=KEPT_CALLS)
_keeps_responses = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is asked for, and the whole call as JSON: ten thousand of them as objects would be most of our memory."""

    method: str
    path: str
    status: int
    operation: str
    trace_token: str
    whole: bytes


def add_call(call: Call) -> None:
    method, path, operation = (sys.intern(call[name]) for name in ("method", "path", "operation"))
    whole = bytes(memoryview(orjson.dumps(call)))  # a copy, for orjson's own holds several times the room it needs
    kept = _Kept(method, path, call["status"], operation, call["trace_token"], whole)
    with _lock:
        _calls.append(kept)


def calls(*, method: str = "", path_contains: str = "", status: int = 0, operation: str = "") -> list[Call]:
    """Oldest first; only those that fit what is given."""
    with _lock:
        kept = list(_calls)
    return [
        _read(call)
        for call in kept
        if method in ("", call.method)
        and path_contains in call.path
        and status in (0, call.status)
        and operation in ("", call.operation)
    ]


def find(trace_token: str) -> Call | None:
    with _lock:
        kept = next((call for call in _calls if call.trace_token == trace_token), None)
    return _read(kept) if kept else None


def _read(kept: _Kept) -> Call:
    call: Call = orjson.loads(kept.whole)
    return call


def forget() -> None:
    with _lock:
        _calls.clear()


def keep_responses(wanted: bool) -> None:
    """The answers' bodies as well, so that they can be checked against Docusign's specification."""
    global _keeps_responses
    _keeps_responses = wanted


def keeps_responses() -> bool:
    return _keeps_responses


def real_now() -> datetime:
    return datetime.now(UTC)
