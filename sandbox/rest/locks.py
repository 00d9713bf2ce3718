"""EnvelopeLocks, TemplateLocks: only the holder of the lock may change what it holds (reference 2.10).

The holder proves it by `X-DocuSign-Edit`, JSON or XML, with the lock's token; every such call extends the lock.
"""

import json
import re
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse

from sandbox import clock
from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, integer, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import Envelope

from .door import Call, answer
from .registry import on_envelope

HEADER = "X-DocuSign-Edit"
DEFAULT_SECONDS = 300
MAX_SECONDS = 1800  # more is cut down to it: the specification's own example asks for 3,600
LOCKABLE = frozenset({"created", "sent", "delivered"})
MAX_TEXT = 100


def require_free(call: Call, envelope: Envelope) -> None:
    """Raises EDIT_LOCK_NOT_LOCK_OWNER unless nobody holds a lock, or this call does."""
    if is_locked(envelope):
        _require_holder(call, envelope)
        _extend(envelope, _edit_header(call).get("LockDurationInSeconds"))


def is_locked(envelope: Envelope) -> bool:
    return bool(envelope.lock) and datetime.fromisoformat(envelope.lock["until"]) > clock.now()


def lock_shape(envelope: Envelope) -> dict[str, Any]:
    """A `lockInformation`; of a live lock only."""
    lock = envelope.lock
    return {
        "lockedByUser": lock["user"],
        "lockedByApp": lock["app"],
        "lockedUntilDateTime": docusign_time(datetime.fromisoformat(lock["until"])),
        "lockDurationInSeconds": str(lock["seconds"]),
        "lockType": "edit",
        "useScratchPad": lock["useScratchPad"],
        "lockToken": lock["token"],
    }


@on_envelope("GET", "lock")
def get_lock(call: Call, envelope: Envelope) -> HttpResponse:
    """For its holder, who may have lost the lock's token."""
    _require_locked(envelope)
    if envelope.lock["user"]["userId"] != call.user.guid:
        raise ApiError("EDIT_LOCK_NOT_LOCK_OWNER")
    return _answer(envelope)


@on_envelope("POST", "lock")
def create_lock(call: Call, envelope: Envelope) -> HttpResponse:
    if is_locked(envelope):
        raise ApiError("EDIT_LOCK_ENVELOPE_ALREADY_LOCKED")
    if envelope.status not in LOCKABLE:
        raise ApiError("EDIT_LOCK_INVALID_STATE_FOR_LOCK")
    given = _given(call.json)
    user = {"userName": call.user.name, "userId": call.user.guid, "email": call.user.email}
    envelope.lock = {"token": str(uuid.uuid4()), "user": user, "useScratchPad": "false", "app": ""} | given
    _extend(envelope, given.get("seconds", DEFAULT_SECONDS))
    return _answer(envelope, 201)


@on_envelope("PUT", "lock")
def update_lock(call: Call, envelope: Envelope) -> HttpResponse:
    _require_locked(envelope)
    _require_holder(call, envelope)
    given = _given(call.json)
    envelope.lock |= given
    _extend(envelope, given.get("seconds"))
    return _answer(envelope)


@on_envelope("DELETE", "lock", partial="changes made under the lock are always kept, whatever save_changes says")
def delete_lock(call: Call, envelope: Envelope) -> HttpResponse:
    _require_locked(envelope)
    _require_holder(call, envelope)
    response = _answer(envelope)
    envelope.lock = {}
    envelope.save(update_fields=["lock"])
    return response


def _require_locked(envelope: Envelope) -> None:
    if not is_locked(envelope):
        raise ApiError("EDIT_LOCK_ENVELOPE_NOT_LOCKED")


def _require_holder(call: Call, envelope: Envelope) -> None:
    is_theirs = envelope.lock["user"]["userId"] == call.user.guid
    if not is_theirs or str(_edit_header(call).get("LockToken")).lower() != envelope.lock["token"]:
        raise ApiError("EDIT_LOCK_NOT_LOCK_OWNER")


def _given(body: Json) -> dict[str, Any]:
    """The lock's properties as far as the request names them. Raises INVALID_REQUEST_PARAMETER."""
    if (text_of(body, "lockType") or "edit").lower() != "edit":
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for lockType.")
    given: dict[str, Any] = {}
    if body.get("lockDurationInSeconds") not in (None, ""):
        given["seconds"] = integer(body["lockDurationInSeconds"], "lockDurationInSeconds", lowest=1)
    if body.get("lockedByApp") is not None:
        given["app"] = text_of(body, "lockedByApp", MAX_TEXT)
    if body.get("useScratchPad") is not None:
        given["useScratchPad"] = str(spelled(body["useScratchPad"])).lower()
    return given


def _extend(envelope: Envelope, seconds: Any) -> None:
    """From now on, for as long as asked, else for as long as the lock was made for."""
    wanted = integer(seconds or envelope.lock.get("seconds") or DEFAULT_SECONDS, "lockDurationInSeconds", lowest=1)
    granted = min(wanted, MAX_SECONDS)
    until = clock.now() + timedelta(seconds=granted)
    envelope.lock |= {"seconds": granted, "until": until.isoformat()}
    envelope.save(update_fields=["lock"])


def _edit_header(call: Call) -> dict[str, Any]:
    text = call.request.headers.get(HEADER, "")
    if text.lstrip().startswith("<"):
        return dict(re.findall(r"<(LockToken|LockDurationInSeconds)>([^<]*)</\1>", text))
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _answer(envelope: Envelope, status: int = 200) -> HttpResponse:
    response = answer(lock_shape(envelope), status)
    lock = {"LockToken": envelope.lock["token"], "LockDurationInSeconds": str(envelope.lock["seconds"])}
    response[HEADER] = json.dumps(lock)
    return response
