"""BulkSend: batches on their way, their envelopes, and what is done to all of them (reference 6)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from sandbox import lifecycle
from sandbox.bulk import lists, queue
from sandbox.clock import docusign_time
from sandbox.definition.envelopes import check_notification, set_deadlines
from sandbox.definition.reading import Json, object_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Envelope, Resource
from sandbox.rules import OPEN_ENVELOPE

from .dates import moment_of
from .door import Call, answer
from .kinds import Kind
from .paging import page
from .registry import operation
from .shapes import envelope_shape

BATCHES = Kind(queue.BATCH, "batchId")
LARGEST_PAGE, LARGEST_ENVELOPE_PAGE = 100, 1000
STATES = ("all", "failed", "sent", "queued")
VOIDED = "The batch was voided before this copy was sent."


@operation("GET", "bulk_send_batch")
def list_batches(call: Call) -> HttpResponse:
    shown = page(call, _filtered(call), "bulkBatchSummaries", _summary, largest=LARGEST_PAGE)
    limits = {
        "batchSizeLimit": str(lists.max_copies(call.account)),
        "queueLimit": str(lists.max_queued(call.account)),
        "totalQueued": str(queue.queued(call.account)),
    }
    return answer(shown | limits)


@operation("GET", "bulk_send_batch/{bulkSendBatchId}")
def get(call: Call, bulk_send_batch_id: str) -> HttpResponse:
    return answer(_shape(_find(call, bulk_send_batch_id)))


@operation("PUT", "bulk_send_batch/{bulkSendBatchId}")
def rename(call: Call, bulk_send_batch_id: str) -> HttpResponse:
    batch = _find(call, bulk_send_batch_id)
    name = text_of(call.json, "batchName", 100)
    if not name:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'batchName' must be specified.")
    batch.data["name"] = name
    batch.save(update_fields=["data"])
    return answer(_shape(batch))


@operation("GET", "bulk_send_batch/{bulkSendBatchId}/envelopes")
def list_envelopes(call: Call, bulk_send_batch_id: str) -> HttpResponse:
    rows = queue.envelopes_of(_find(call, bulk_send_batch_id))
    if status := call.query.get("status", "").lower():
        rows = rows.filter(status__in=[part.strip() for part in status.split(",")])
    if text := call.query.get("search_text"):
        rows = rows.filter(recipients__name__icontains=text).distinct()
    if call.query.get("order", "").lower() == "desc":
        rows = rows.reverse()
    include = call.include()
    return answer(page(call, rows, "envelopes", lambda e: envelope_shape(e, include), largest=LARGEST_ENVELOPE_PAGE))


@operation("PUT", "bulk_send_batch/{bulkSendBatchId}/{bulkAction}")
def act(call: Call, bulk_send_batch_id: str, bulk_action: str) -> HttpResponse:
    """`resend`, `void`, or `correct`: new reminders and expirations. On every envelope that is still open."""
    batch = _find(call, bulk_send_batch_id)
    action = bulk_action.lower()
    open_envelopes = list(queue.envelopes_of(batch).filter(status__in=OPEN_ENVELOPE))
    if action == "resend":
        for envelope in open_envelopes:
            lifecycle.resend(envelope)
    elif action == "void":
        _void(call, batch, open_envelopes)
    elif action == "correct":
        _correct(open_envelopes, object_of(call.json, "notification"))
    else:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for bulkAction.")
    batch.data["action"] = action
    batch.save(update_fields=["data"])
    return answer(_shape(batch))


def _void(call: Call, batch: Resource, envelopes: list[Envelope]) -> None:
    """Copies that still wait are not sent any more."""
    reason = text_of(call.json, "voidReason")
    if not reason:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'voidReason' must be specified.")
    queue.note_failures(batch, queue.waiting(batch), VOIDED)
    for envelope in envelopes:
        lifecycle.void(envelope, reason, by=call.user.name)


def _correct(envelopes: list[Envelope], notification: Json) -> None:
    check_notification(notification)
    for envelope in envelopes:
        envelope.options["notification"] = {**(envelope.options.get("notification") or {}), **notification}
        set_deadlines(envelope)
        envelope.save(update_fields=["options", "expire_at", "warn_at", "remind_at"])
        lifecycle.touch(envelope)


def _filtered(call: Call) -> list[Resource]:
    rows: QuerySet[Resource] = BATCHES.rows(call.account).order_by("-id")
    if ids := call.query.get("batch_ids"):
        rows = rows.filter(guid__in=[part.strip().lower() for part in ids.split(",")])
    for name, column in (("from_date", "created_at__gte"), ("to_date", "created_at__lte")):
        if moment := moment_of(call.query.get(name, ""), name):
            rows = rows.filter(**{column: moment})
    if text := call.query.get("search_text"):
        rows = rows.filter(data__name__icontains=text)
    status = call.query.get("status", "all").lower()
    if status not in STATES:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for status.")
    mine = [batch for batch in rows if batch.data["senderId"] == call.user.guid]
    return mine if status == "all" else [batch for batch in mine if queue.counts(batch)[status]]


def _find(call: Call, batch_id: str) -> Resource:
    batch = BATCHES.rows(call.account).filter(guid=batch_id.lower()).first()
    if batch is None:
        raise ApiError("BULK_SEND_BATCH_DOES_NOT_EXIST")
    return batch


def _summary(batch: Resource) -> dict[str, Any]:
    """A `bulkSendBatchSummary`."""
    return {
        "batchId": batch.guid,
        "batchName": batch.data["name"],
        "batchSize": str(batch.data["size"]),
        "batchUri": f"/bulk_send_batch/{batch.guid}",
        "submittedDate": docusign_time(batch.created_at),
        **{name: str(count) for name, count in queue.counts(batch).items()},
    }


def _shape(batch: Resource) -> dict[str, Any]:
    """A `bulkSendBatchStatus`; the list's name and the action are newer than the specification's copy."""
    shape = {name: value for name, value in _summary(batch).items() if name != "batchUri"}
    return shape | {
        "bulkErrors": batch.data["errors"],
        "envelopeIdOrTemplateId": batch.data["sourceId"],
        "envelopesUri": f"/bulk_send_batch/{batch.guid}/envelopes",
        "mailingListId": batch.data["listId"],
        "mailingListName": batch.data["listName"],
        "ownerUserId": batch.data["senderId"],
        "senderUserId": batch.data["senderId"],
        "action": batch.data["action"],
        "actionStatus": "completed" if batch.data["action"] else "",
    }
