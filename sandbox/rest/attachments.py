"""EnvelopeAttachments: files that go with an envelope without being documents of it."""

from typing import Any

from django.http import HttpResponse

from sandbox import files, lifecycle
from sandbox.definition import attachments
from sandbox.definition.reading import list_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Envelope

from . import locks
from .answers import content
from .door import Call, answer
from .envelope_details import EDITABLE
from .kinds import each
from .registry import on_envelope


@on_envelope("GET", "attachments", templates=False)
def list_attachments(call: Call, envelope: Envelope) -> HttpResponse:
    return answer(_shape(envelope))


@on_envelope("PUT", "attachments", templates=False)
def put_attachments(call: Call, envelope: Envelope) -> HttpResponse:
    """Added, or put in the place of those with the same id."""
    items = list_of(call.json, "attachments")
    if not items:
        raise ApiError("INVALID_REQUEST_BODY", "No attachments were given.")
    return _put(call, envelope, [attachments.read(item, call.account) for item in items])


@on_envelope("DELETE", "attachments", templates=False)
def delete_attachments(call: Call, envelope: Envelope) -> HttpResponse:
    """Named by their ids. Answers with those gone."""
    _require_editable(call, envelope)
    gone: list[str] = []

    def delete(item: Any) -> dict[str, Any]:
        found = _find(envelope, text_of(item, "attachmentId"))
        gone.append(found["attachmentId"])
        return attachments.shape(found)

    results = each(list_of(call.json, "attachments"), delete, "attachmentId")
    _keep(envelope, [item for item in _of(envelope) if item["attachmentId"] not in gone])
    return answer({"attachments": results})


@on_envelope("GET", "attachments/{attachmentId}", templates=False)
def get_attachment(call: Call, envelope: Envelope, attachment_id: str) -> HttpResponse:
    found = _find(envelope, attachment_id)
    name = "".join(c for c in found.get("name", "") if c.isascii() and c.isprintable() and c not in '"\\')
    return content(files.load(found["path"]), "application/octet-stream", name or "attachment")


@on_envelope("PUT", "attachments/{attachmentId}", templates=False)
def put_attachment(call: Call, envelope: Envelope, attachment_id: str) -> HttpResponse:
    return _put(call, envelope, [attachments.read({**call.json, "attachmentId": attachment_id}, call.account)])


def _put(call: Call, envelope: Envelope, given: list[dict[str, str]]) -> HttpResponse:
    _require_editable(call, envelope)
    merged = {item["attachmentId"]: item for item in [*_of(envelope), *given]}
    _keep(envelope, list(merged.values()))
    return answer(_shape(envelope))


def _of(envelope: Envelope) -> list[dict[str, str]]:
    return list(envelope.options.get("attachments") or [])


def _find(envelope: Envelope, attachment_id: str) -> dict[str, str]:
    found = next((item for item in _of(envelope) if item["attachmentId"] == attachment_id), None)
    if found is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for attachmentId.")
    return found


def _keep(envelope: Envelope, items: list[dict[str, str]]) -> None:
    envelope.options["attachments"] = items
    envelope.save(update_fields=["options"])
    lifecycle.touch(envelope)


def _shape(envelope: Envelope) -> dict[str, Any]:
    return {"attachments": [attachments.shape(item) for item in _of(envelope)]}


def _require_editable(call: Call, envelope: Envelope) -> None:
    locks.require_free(call, envelope)
    if envelope.status not in EDITABLE:
        raise ApiError("ENVELOPE_INVALID_STATUS")
