"""The user's own API request log: switch it on, list, read, delete."""

import base64
import io
import zipfile
from typing import Any

from django.http import HttpResponse

from sandbox import request_logs
from sandbox.clock import docusign_time
from sandbox.definition.reading import is_true
from sandbox.errors import ApiError
from sandbox.request_logs import MAX_ENTRIES, Entry

from .answers import content, nothing
from .door import Call, answer
from .registry import operation


@operation("GET", "/v2.1/diagnostics/settings")
def get_settings(call: Call) -> HttpResponse:
    return answer(_settings(call))


@operation("PUT", "/v2.1/diagnostics/settings")
def put_settings(call: Call) -> HttpResponse:
    if call.json.get("apiRequestLogging") is not None:
        request_logs.switch(call.user.guid, on=is_true(call.json["apiRequestLogging"]))
    return answer(_settings(call))


@operation("GET", "/v2.1/diagnostics/request_logs")
def list_logs(call: Call) -> HttpResponse:
    """As JSON, or as a zip of the entries for who accepts that."""
    entries = request_logs.log_of(call.user.guid).entries
    if "application/zip" in call.request.headers.get("Accept", ""):
        return content(_zip(entries), "application/zip", "request_logs.zip")
    return answer({"apiRequestLogs": [_shape(entry) for entry in entries]})


@operation("DELETE", "/v2.1/diagnostics/request_logs")
def delete_logs(call: Call) -> HttpResponse:
    request_logs.clear(call.user.guid)
    return nothing()


@operation("GET", "/v2.1/diagnostics/request_logs/{requestLogId}")
def get_log(call: Call, request_log_id: str) -> HttpResponse:
    for entry in request_logs.log_of(call.user.guid).entries:
        if entry.guid == request_log_id.lower():
            return _text(call, entry)
    raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for requestLogId.")


def _text(call: Call, entry: Entry) -> HttpResponse:
    if call.request.headers.get("Content-Transfer-Encoding", "").lower() != "base64":
        return content(entry.text.encode(), "text/plain; charset=utf-8", _file_name(0, entry))
    response = content(base64.b64encode(entry.text.encode()), "text/plain; charset=utf-8")
    response["Content-Transfer-Encoding"] = "base64"
    return response


def _settings(call: Call) -> dict[str, str]:
    log = request_logs.log_of(call.user.guid)
    return {
        "apiRequestLogging": "true" if log.is_on else "false",
        "apiRequestLogMaxEntries": str(MAX_ENTRIES),
        "apiRequestLogRemainingEntries": str(MAX_ENTRIES - len(log.entries) if log.is_on else 0),
    }


def _zip(entries: list[Entry]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for position, entry in enumerate(entries):
            archive.writestr(_file_name(position, entry), entry.text)
    return buffer.getvalue()


def _file_name(position: int, entry: Entry) -> str:
    return f"{position:02}_{entry.status.replace(' ', '')}_{entry.guid}.txt"


def _shape(entry: Entry) -> dict[str, Any]:
    return {
        "requestLogId": entry.guid,
        "createdDateTime": docusign_time(entry.at),
        "status": entry.status,
        "description": entry.description,
    }
