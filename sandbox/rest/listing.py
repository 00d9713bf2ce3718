"""Envelopes: listStatusChanges and listStatus (reference 4.5)."""

import uuid
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict

from sandbox import folders
from sandbox.clock import docusign_time, now
from sandbox.errors import ApiError
from sandbox.models import CustomField, Envelope

from .door import Call, Json, answer
from .registry import operation
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
ORDERS = {
    "": "status_changed_at",
    "last_modified": "last_modified_at",
    "action_required": "status_changed_at",
    "created": "created_at",
    "completed": "completed_at",
    "envelope_name": "subject",
    "expire": "expire_at",
    "sent": "sent_at",
    "signer_list": "status_changed_at",
    "status": "status",
    "subject": "subject",
    "user_name": "sender__name",
    "status_changed": "status_changed_at",
}
PREFETCHED = {
    "recipients": ("recipients",),
    "tabs": ("recipients__tabs__document",),
    "custom_fields": ("custom_fields",),
    "documents": ("documents",),
}
NEEDS_A_FILTER = (
    "Query parameter 'from_date' must be set to a valid DateTime, or 'envelope_ids' or 'transaction_ids' "
    "must be specified."
)


@operation("GET", "envelopes", partial="no continuation tokens")
def list_status_changes(call: Call) -> HttpResponse:
    return _list(call, body={})


@operation("PUT", "envelopes/status")
def list_status(call: Call) -> HttpResponse:
    """PUT with ids in the body; the query says `envelope_ids=request_body`."""
    return _list(call, body=call.json)


def _list(call: Call, body: Json) -> HttpResponse:
    query = call.query
    envelope_ids = _ids(query, body, "envelope_ids", "envelopeIds")
    transaction_ids = _ids(query, body, "transaction_ids", "transactionIds")
    from_date = _date(query, "from_date")
    if not (envelope_ids or transaction_ids or from_date):
        raise ApiError("INVALID_REQUEST_PARAMETER", NEEDS_A_FILTER)
    rows = visible_to(call)
    if envelope_ids:
        rows = rows.filter(guid__in=[_guid(value) for value in envelope_ids])
    if transaction_ids:
        rows = _settled(rows.filter(transaction_id__in=transaction_ids))
    rows = _in_folders(call, _filtered(rows, query, from_date))
    return _page(call, rows, transaction_ids)


def visible_to(call: Call) -> QuerySet[Envelope]:
    """An administrator sees the account's envelopes, others what they sent or are asked to sign."""
    rows = Envelope.objects.filter(account=call.account, is_template=False).select_related("sender", "account")
    if call.membership is None or not call.membership.is_admin:
        mine = Envelope.objects.filter(recipients__email__iexact=call.user.email).values("pk")
        rows = rows.filter(Q(sender=call.user) | Q(pk__in=mine))
    return rows


def _filtered(rows: QuerySet[Envelope], query: QueryDict, from_date: datetime | None) -> QuerySet[Envelope]:
    rows = _within_dates(rows, query, from_date)
    if custom_field := query.get("custom_field"):
        name, _, value = custom_field.partition("=")
        rows = _settled(rows.filter(pk__in=CustomField.objects.filter(name=name, value=value).values("envelope_id")))
    statuses = _parts(query, "status")
    if statuses and "any" not in statuses:
        rows = rows.filter(status__in=statuses)
    if power_forms := _parts(query, "powerformids"):
        rows = rows.filter(power_form__in=power_forms)
    if text := query.get("search_text"):
        rows = rows.filter(Q(subject__icontains=text) | Q(recipients__name__icontains=text)).distinct()
    if email := query.get("email"):
        rows = rows.filter(recipients__email__iexact=email).distinct()
    if user_id := query.get("user_id"):
        rows = rows.filter(sender__guid=user_id.lower())
    return rows.order_by(*_order(query))


def _within_dates(rows: QuerySet[Envelope], query: QueryDict, from_date: datetime | None) -> QuerySet[Envelope]:
    """`from_to_status=Changed` is the default: dates are those of the last change of status."""
    column = DATE_COLUMNS.get((query.get("from_to_status") or "changed").lower())
    if column is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for from_to_status.")
    if from_date:
        rows = rows.filter(**{f"{column}__gte": from_date})
    if to_date := _date(query, "to_date"):
        rows = rows.filter(**{f"{column}__lte": to_date})
    return rows


def _order(query: QueryDict) -> tuple[str, str]:
    column = ORDERS.get((query.get("order_by") or "").lower())
    if column is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for order_by.")
    descending = "-" if query.get("order", "asc").lower() == "desc" else ""
    return f"{descending}{column}", f"{descending}id"


def _parts(query: QueryDict, name: str) -> list[str]:
    return [part.strip().lower() for part in query.get(name, "").split(",") if part.strip()]


def _in_folders(call: Call, rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """Raises FOLDER_DOES_NOT_EXIST."""
    wanted = [part.strip() for part in call.query.get("folder_ids", "").split(",") if part.strip()]
    found = [folders.find(call.user, call.account, name).envelopes.order_by().values("pk") for name in wanted]
    return rows.filter(reduce(or_, (Q(pk__in=keys) for keys in found))) if found else rows


def _settled(rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """Look-ups of what was just created may lag (reference 2.7 promises no moment): a switch."""
    if not settings.LOOKUP_LAG_SECONDS:
        return rows
    return rows.filter(created_at__lte=now() - timedelta(seconds=settings.LOOKUP_LAG_SECONDS))


def _page(call: Call, rows: QuerySet[Envelope], transaction_ids: list[str]) -> HttpResponse:
    query, include = call.query, call.include()
    start = _integer(query, "start_position", 0, lowest=0)
    count = min(_integer(query, "count", MAX_COUNT, lowest=1), MAX_COUNT)
    total = rows.count()
    prefetched = [path for name in sorted(include) for path in PREFETCHED.get(name, ())]
    envelopes = list(rows.prefetch_related(*prefetched)[start : start + count])
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


def _ids(query: QueryDict, body: Json, parameter: str, key: str) -> list[str]:
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
        moment = _american(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _american(text: str) -> datetime:
    """The official examples write `06/18/2026` too."""
    for pattern in ("%m/%d/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"):
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ApiError("INVALID_REQUEST_PARAMETER", NEEDS_A_FILTER)


def _integer(query: QueryDict, name: str, default: int, *, lowest: int) -> int:
    text = query.get(name, "") or str(default)
    if not text.isdecimal() or len(text) > 9 or int(text) < lowest:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.")
    return int(text)
