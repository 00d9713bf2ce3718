"""The API request log that a user may switch on for their own calls. In memory, of this process.

Unlike `journal`, which tests read, this is Docusign's own: off by default, fifty entries, then off again.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase

from . import clock
from .models import new_guid

MAX_ENTRIES = 50
MAX_BODY = 20_000  # characters of a body that are kept
HIDDEN = frozenset({"Authorization", "Cookie", "X-Docusign-Authentication"})


@dataclass(slots=True)
class Entry:
    description: str
    status: str
    text: str
    guid: str = field(default_factory=new_guid)
    at: datetime = field(default_factory=clock.now)


@dataclass(slots=True)
class Log:
    is_on: bool = False
    entries: list[Entry] = field(default_factory=list)


_lock = threading.Lock()
_logs: dict[str, Log] = {}  # by the user's guid


def log_of(user_guid: str) -> Log:
    with _lock:
        log = _logs.get(user_guid, Log())
        return Log(log.is_on, list(log.entries))


def switch(user_guid: str, *, on: bool) -> None:
    with _lock:
        _logs.setdefault(user_guid, Log()).is_on = on


def clear(user_guid: str) -> None:
    with _lock:
        _logs.setdefault(user_guid, Log()).entries = []


def forget() -> None:
    with _lock:
        _logs.clear()


def record(user_guid: str, request: HttpRequest, response: HttpResponseBase) -> None:
    """Only of a user who switched it on."""
    log = _logs.get(user_guid)
    if log is None or not log.is_on or "/diagnostics/" in request.path:
        return
    status = f"{response.status_code}_{response.reason_phrase.replace(' ', '')}"
    entry = Entry(f"{status} {request.method} {request.path}", response.reason_phrase, _text(request, response))
    with _lock:
        log.entries.append(entry)
        log.is_on = len(log.entries) < MAX_ENTRIES


def _text(request: HttpRequest, response: HttpResponseBase) -> str:
    """Request and answer as they went over the wire, without what is secret."""
    asked = [f"{name}: {'[omitted]' if name in HIDDEN else value}" for name, value in request.headers.items()]
    told = [f"{name}: {value}" for name, value in response.items()]
    try:
        body = _body(request.body)
    except RequestDataTooBig:
        body = "[too large]"
    lines = [f"{request.method} {request.build_absolute_uri()}", *asked, "", body, ""]
    lines += [f"{response.status_code} {response.reason_phrase}", *told, ""]
    lines.append(_body(b"" if response.streaming else getattr(response, "content", b"")))
    return "\r\n".join(lines)


def _body(content: bytes) -> str:
    try:
        return content[:MAX_BODY].decode()
    except UnicodeDecodeError:
        return f"[{len(content)} bytes]"
