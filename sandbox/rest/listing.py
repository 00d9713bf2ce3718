"""Envelopes: listStatusChanges and listStatus (reference 4.5)."""

import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict

from sandbox.clock import docusign_time, now
from sandbox.definition import CUSTOM_FIELD_GROUPS
from sandbox.errors import ApiError
from sandbox.models import Envelope, User

from .door import answer, json_body, operation
from .envelopes import create
from .shapes import envelope_shape

MAX_COUNT = 1000
DATE_COLUMNS = {
    "changed": "status_changed_at",
    "created": "created_at",
    "sent": "sent_at",
    "delivered": "delivered_at",
    "completed": "completed_at",
    "declined": "declined_at",
    "voided": "voided_at",
}
NEEDS_A_FILTER = (
    "Query parameter 'from_date' must be set to a valid DateTime, or 'envelope_ids' or 'transaction_ids' "
    "must be specified."
)


def list_status_changes(request: HttpRequest, user: User) -> HttpResponse:
    return _list(request.GET, user, body={})


def list_status(request: HttpRequest, user: User) -> HttpResponse:
    """PUT with ids in the body; the query says `envelope_ids=request_body`."""
    return _list(request.GET, user, body=json_body(request))


def _list(query: QueryDict, user: User, body: dict[str, Any]) -> HttpResponse:
    envelope_ids = _ids(query, body, "envelope_ids", "envelopeIds")
    transaction_ids = _ids(query, body, "transaction_ids", "transactionIds")
    from_date = _date(query, "from_date")
    if not (envelope_ids or transaction_ids or from_date):
        raise ApiError("INVALID_REQUEST_PARAMETER", NEEDS_A_FILTER)
    rows = Envelope.objects.filter(account=user.account).select_related("sender", "account")
    if envelope_ids:
        rows = rows.filter(guid__in=[_guid(value) for value in envelope_ids])
    if transaction_ids:
        rows = rows.filter(transaction_id__in=transaction_ids)
    rows = _filtered(rows, query, from_date)
    return _page(rows, query, transaction_ids)


def _filtered(rows: QuerySet[Envelope], query: QueryDict, from_date: datetime | None) -> QuerySet[Envelope]:
    """`from_to_status=Changed` is the default: dates are those of the last change of status."""
    column = DATE_COLUMNS.get(query.get("from_to_status", "changed").lower())
    if column is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for from_to_status.")
    if from_date:
        rows = rows.filter(**{f"{column}__gte": from_date})
    if to_date := _date(query, "to_date"):
        rows = rows.filter(**{f"{column}__lte": to_date})
    if custom_field := query.get("custom_field"):
        rows = rows.filter(pk__in=_with_custom_field(rows, custom_field))
    statuses = [part.strip().lower() for part in query.get("status", "").split(",") if part.strip()]
    if statuses and "any" not in statuses:
        rows = rows.filter(status__in=statuses)
    if text := query.get("search_text"):
        rows = rows.filter(Q(subject__icontains=text) | Q(recipients__name__icontains=text)).distinct()
    descending = query.get("order", "asc").lower() == "desc"
    return rows.order_by("-status_changed_at", "-id") if descending else rows.order_by("status_changed_at", "id")


def _with_custom_field(rows: QuerySet[Envelope], wanted: str) -> list[int]:
    """`custom_field=name=value`. The fields lie in JSON, which SQLite cannot search as a list."""
    name, _, value = wanted.partition("=")
    return [
        pk
        for pk, options in rows.values_list("pk", "options")
        for group in CUSTOM_FIELD_GROUPS
        for field in (options.get("customFields") or {}).get(group) or []
        if str(field.get("name")) == name and str(field.get("value")) == value
    ]


def _page(rows: QuerySet[Envelope], query: QueryDict, transaction_ids: list[str]) -> HttpResponse:
    start = _integer(query, "start_position", 0, lowest=0)
    count = min(_integer(query, "count", MAX_COUNT, lowest=1), MAX_COUNT)
    include = [part.strip() for part in query.get("include", "").split(",")]
    total = rows.count()
    if "recipients" in include:
        rows = rows.prefetch_related("recipients")
    envelopes = list(rows[start : start + count])
    data: dict[str, Any] = {
        "resultSetSize": str(len(envelopes)),
        "startPosition": str(start),
        "endPosition": str(max(start, start + len(envelopes) - 1)),
        "totalSetSize": str(total),
        "nextUri": _page_uri(query, start + count, count) if start + count < total else "",
        "previousUri": _page_uri(query, max(0, start - count), count) if start else "",
        "lastQueriedDateTime": docusign_time(now()),
    }
    if envelopes:  # the key is absent when nothing matches
        data["envelopes"] = [envelope_shape(envelope, include) for envelope in envelopes]
    if transaction_ids:
        data["envelopeTransactionStatuses"] = [
            {"envelopeId": e.guid, "status": e.status, "transactionId": e.transaction_id} for e in envelopes
        ]
    return answer(data)


def _page_uri(query: QueryDict, start: int, count: int) -> str:
    values = query.dict() | {"start_position": str(start), "count": str(count)}
    return f"/envelopes?{urlencode(values)}"


def _ids(query: QueryDict, body: dict[str, Any], parameter: str, key: str) -> list[str]:
    text = query.get(parameter, "")
    if text == "request_body":
        values = body.get(key)
        if not isinstance(values, list):
            raise ApiError("INVALID_REQUEST_BODY", f"{key} must be an array.")
        return [str(value) for value in values]
    return [part.strip() for part in text.split(",") if part.strip()]


def _guid(value: str) -> str:
    try:
        return str(uuid.UUID(value))
    except ValueError:
        detail = "Invalid value specified for envelopeId."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail) from None


def _date(query: QueryDict, name: str) -> datetime | None:
    text = query.get(name, "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError("INVALID_REQUEST_PARAMETER", NEEDS_A_FILTER) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _integer(query: QueryDict, name: str, default: int, *, lowest: int) -> int:
    text = query.get(name, "") or str(default)
    if not text.isdecimal() or int(text) < lowest or len(text) > 9:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.")
    return int(text)


many: Any = operation(GET=list_status_changes, POST=create)
status: Any = operation(PUT=list_status)
