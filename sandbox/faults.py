"""Trouble to order: failing, slow, dropped and throttled calls, dead access tokens, Connect messages gone astray."""

import errno
import random
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from .errors import CATALOGUE, ApiError
from .models import new_guid

TARGETS = ("api", "oauth", "ceremony", "connect")
CONNECT_KINDS = ("duplicate", "reorder", "lose")
MAX_LATENCY_SECONDS = 120
EXPIRED_TOKEN = "AUTHORIZATION_INVALID_TOKEN"  # noqa: S105  (an error code)
THROTTLED = "HOURLY_APIINVOCATION_LIMIT_EXCEEDED"


class DropConnectionError(BaseException):
    """Not to be answered: the connection is closed without a byte. A BaseException, so that nobody catches it."""


@dataclass(slots=True)
class Fault:
    """What happens to the next `count` calls that match, each with this probability; before or after the work."""

    target: str = "api"
    method: str = ""
    path_contains: str = ""  # of Connect messages: the listener's URL
    event: str = ""  # of Connect messages
    count: int = 1
    probability: float = 1.0
    status: int = 500
    error_code: str = ""
    message: str = ""
    latency_seconds: float = 0.0
    drop: bool = False
    when: str = "before"
    connect: str = ""
    guid: str = field(default_factory=new_guid)
    hits: int = 0

    def fits(self, method: str, path: str, when: str, target: str) -> bool:
        wanted = self.event if target == "connect" else self.method
        is_meant = self.target == target and self.when == when and self.path_contains in path
        return is_meant and wanted in ("", method) and self.hits < self.count


_lock = threading.Lock()
_faults: list[Fault] = []
_random = random.Random()  # noqa: S311  (trouble needs no cryptography)


def order(fault: Fault) -> None:
    with _lock:
        _faults.append(fault)


def remove(guid: str) -> bool:
    with _lock:
        kept = [fault for fault in _faults if fault.guid != guid]
        is_gone = len(kept) < len(_faults)
        _faults[:] = kept
    return is_gone


def forget() -> None:
    with _lock:
        _faults.clear()
        _random.seed()


def seed(number: int) -> None:
    """From here on probabilities fall the same way every time."""
    with _lock:
        _random.seed(number)


def listed() -> list[dict[str, Any]]:
    with _lock:
        return [_shape(fault) for fault in _faults]


def strike(method: str, path: str, when: str, target: str = "api") -> None:
    """Do what was ordered for this call: wait, drop, or raise ApiError."""
    fault = take(method, path, when, target)
    if fault is None:
        return
    if fault.latency_seconds:
        time.sleep(fault.latency_seconds)
    if fault.drop:
        raise DropConnectionError
    if fault.error_code:
        raise ApiError(fault.error_code, status=fault.status, message=fault.message)


def take(method: str, path: str, when: str, target: str) -> Fault | None:
    """The first fault that fits, counted down. Of Connect messages `method` is the event and `path` the URL."""
    if not _faults:
        return None
    with _lock:
        for fault in _faults:
            if fault.fits(method, path, when, target) and _random.random() < fault.probability:
                fault.hits += 1
                return fault
    return None


def read(data: dict[str, Any]) -> Fault:
    """An order in JSON: Fault's fields, `error_code` also as `errorCode`; `throttle` and `expired_token` are short for
    the errors they mean. Raises ValueError, a sentence saying what is wrong.
    """
    given = {"error_code" if name == "errorCode" else name: value for name, value in data.items()}
    if given.pop("throttle", False):
        given["error_code"] = THROTTLED
    if given.pop("expired_token", False):
        given["error_code"] = EXPIRED_TOKEN
    unknown = given.keys() - Fault.__dataclass_fields__.keys() | given.keys() & {"guid", "hits"}
    if unknown:
        raise ValueError(f"not known here: {', '.join(sorted(unknown))}")
    for name, value in given.items():
        _check(name, value)
    does_something = given.keys() & {"drop", "latency_seconds", "connect", "error_code"}
    code = str(given.get("error_code") or ("" if does_something else "UNSPECIFIED_ERROR"))
    status, message = CATALOGUE.get(code, (500, "Ordered by the control door."))
    fields: dict[str, Any] = {"status": status, "message": message} | given | {"error_code": code}
    return Fault(**fields)


def closing_dropped_connections(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The WSGI application, with connections really closed where that was ordered."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return application(environ, start_response)
        except DropConnectionError:
            connection: socket.socket = environ["gunicorn.socket"]
            connection.shutdown(socket.SHUT_RDWR)
            # gunicorn takes this for a client that went away, and keeps quiet about it.
            raise ConnectionResetError(errno.ECONNRESET, "dropped on order") from None

    return serve


def _check(name: str, value: Any) -> None:
    limits: dict[str, tuple[float, float]] = {
        "count": (1, 10**9),
        "status": (400, 599),
        "probability": (0, 1),
        "latency_seconds": (0, MAX_LATENCY_SECONDS),
    }
    choices = {"target": TARGETS, "when": ("before", "after"), "connect": ("", *CONNECT_KINDS)}
    if name in limits:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        is_whole = name in ("probability", "latency_seconds") or isinstance(value, int)
        lowest, highest = limits[name]
        if not (is_number and is_whole and lowest <= value <= highest):
            raise ValueError(f"{name} must be a number from {lowest} to {highest}")
    elif name in choices:
        if value not in choices[name]:
            raise ValueError(f"{name} must be one of {', '.join(filter(None, choices[name]))}")
    elif name == "drop":
        if not isinstance(value, bool):
            raise ValueError("drop must be true or false")
    elif not isinstance(value, str):
        raise ValueError(f"{name} must be a string")


def _shape(fault: Fault) -> dict[str, Any]:
    data = asdict(fault)
    data["errorCode"], data["id"] = data.pop("error_code"), data.pop("guid")
    return data
