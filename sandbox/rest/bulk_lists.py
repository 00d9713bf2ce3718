"""BulkSend: lists, the test and the sending (reference 6)."""

from typing import Any

from django.http import HttpResponse

from sandbox import clock
from sandbox.bulk import fitting, lists, queue
from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import Resource

from .door import Call, answer
from .kinds import Kind
from .registry import operation

LISTS = Kind("bulk_list", "listId")
MAX_NAME = 100


@operation("GET", "bulk_send_lists")
def list_lists(call: Call) -> HttpResponse:
    return answer(_summaries(call))


@operation("POST", "bulk_send_lists")
def create(call: Call) -> HttpResponse:
    data = _read(call) | {"createdByUser": call.user.guid}
    return answer(_shape(LISTS.create(call.account, data)), 201)


@operation("GET", "bulk_send_lists/{bulkSendListId}")
def get(call: Call, bulk_send_list_id: str) -> HttpResponse:
    return answer(_shape(_find(call, bulk_send_list_id)))


@operation("PUT", "bulk_send_lists/{bulkSendListId}")
def update(call: Call, bulk_send_list_id: str) -> HttpResponse:
    """The whole list anew."""
    bulk_list = _find(call, bulk_send_list_id)
    bulk_list.data |= _read(call)
    bulk_list.modified_at = clock.now()
    bulk_list.save(update_fields=["data", "modified_at"])
    return answer(_shape(bulk_list))


@operation("DELETE", "bulk_send_lists/{bulkSendListId}")
def delete(call: Call, bulk_send_list_id: str) -> HttpResponse:
    _find(call, bulk_send_list_id).delete()
    return answer(_summaries(call))


@operation("POST", "bulk_send_lists/{bulkSendListId}/test")
def test(call: Call, bulk_send_list_id: str) -> HttpResponse:
    """Everything that is wrong, at once."""
    bulk_list = _find(call, bulk_send_list_id)
    found = fitting.judge(call.account, call.user, bulk_list, text_of(call.json, "envelopeOrTemplateId"))
    data = {
        "canBeSent": not found,
        "validationErrors": [one.code for one in found],
        "validationErrorDetails": [one.sentence for one in found],
    }
    return answer(data, 201)


@operation("POST", "bulk_send_lists/{bulkSendListId}/send")
def send(call: Call, bulk_send_list_id: str) -> HttpResponse:
    """All of it is queued, or the first thing that is wrong is the error."""
    bulk_list = _find(call, bulk_send_list_id)
    source_id = text_of(call.json, "envelopeOrTemplateId")
    name = text_of(call.json, "batchName", MAX_NAME) or bulk_list.data["name"]
    for found in fitting.judge(call.account, call.user, bulk_list, source_id):
        raise found.error
    source = fitting.find_source(call.account, call.user, source_id)
    if source is None:
        raise ApiError("BULK_SEND_ENVELOPE_NOT_FOUND")
    batch = queue.queue(call.user, bulk_list, source, name)
    data: dict[str, Any] = {
        "batchId": batch.guid,
        "batchName": name,
        "batchSize": str(batch.data["size"]),
        "envelopeOrTemplateId": source.guid,
        "errorDetails": [],
        "errors": [],
        "queueLimit": str(lists.max_queued(call.account)),
        "totalQueued": str(queue.queued(call.account)),
    }
    return answer(data, 201)


def _read(call: Call) -> dict[str, Any]:
    """Raises the BULK_SEND_ error of what is wrong first."""
    body: Json = call.json
    lists.require_sound(call.account, body)
    return {"name": text_of(body, "name", MAX_NAME), "bulkCopies": body.get("bulkCopies") or []}


def _find(call: Call, list_id: str) -> Resource:
    """Each user has their own."""
    found = LISTS.rows(call.account).filter(guid=list_id.lower()).first()
    if found is None or found.data["createdByUser"] != call.user.guid:
        raise ApiError("BULK_SEND_LIST_NOT_FOUND")
    return found


def _shape(bulk_list: Resource) -> dict[str, Any]:
    data = bulk_list.data
    return {"listId": bulk_list.guid, "name": data["name"], "bulkCopies": spelled(data["bulkCopies"])}


def _summaries(call: Call) -> dict[str, Any]:
    rows = [row for row in LISTS.rows(call.account) if row.data["createdByUser"] == call.user.guid]
    return {
        "bulkListSummaries": [
            {
                "bulkSendListId": row.guid,
                "name": row.data["name"],
                "createdByUser": row.data["createdByUser"],
                "createdDate": docusign_time(row.created_at),
            }
            for row in rows
        ]
    }
