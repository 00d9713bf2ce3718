"""Envelopes: listStatusChanges and listStatus (reference 4.5)."""

import uuid
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import F, Func, OrderBy, Q, QuerySet
from django.http import HttpResponse, QueryDict

from sandbox import folders
from sandbox.clock import docusign_time, now
from sandbox.errors import ApiError
from sandbox.models import CustomField, Envelope, Recipient, User

from .dates import moment_of, searched_from
from .door import Call, Json, answer
from .folders import SEARCHES
from .gathering import fetch
from .paging import page
from .registry import operation
from .shapes import envelope_shape

MAX_COUNT = 1000
DATE_COLUMNS: dict[str, str | None] = {
    "any": "status_changed_at",
    "changed": "status_changed_at",
    "created": "created_at",
    "sent": "sent_at",
    "delivered": "delivered_at",
    "completed": "completed_at",
    "declined": "declined_at",
    "voided": "voided_at",
    "signed": "completed_at",  # passes into completed at once
    "timedout": "voided_at",  # an expired envelope is a voided one here
    "deleted": None,  # these two states no envelope has here
    "processing": None,
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
SENDER_COLUMNS = {"user_id": "guid", "email": "email", "user_name": "name"}
USER_FILTERS = ("", "sender", "recipient", "recipient_only")
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
    if not call.request.body:  # it must be at least {} (reference 4.5)
        raise ApiError("INVALID_REQUEST_BODY")
    return _list(call, body=call.json)


def _list(call: Call, body: Json) -> HttpResponse:
    query = call.query
    envelope_ids = _ids(query, body, "envelope_ids", "envelopeIds")
    transaction_ids = _ids(query, body, "transaction_ids", "transactionIds")
    from_date = moment_of(query.get("from_date", ""), "from_date")
    if not (envelope_ids or transaction_ids or from_date):
        raise ApiError("INVALID_REQUEST_PARAMETER", NEEDS_A_FILTER)
    rows = visible_to(call)
    if envelope_ids:
        rows = rows.filter(guid__in=[_guid(value) for value in envelope_ids])
    if transaction_ids:
        rows = _settled(rows.filter(transaction_id__in=transaction_ids))
    rows = _in_folders(call, _of_people(call, _filtered(rows, query, from_date)))
    are_few = bool(envelope_ids or transaction_ids or query.get("custom_field")) or "recipient" in _user_filter(query)
    return _page(call, rows.order_by(*_order(query, are_few=are_few)), transaction_ids)


def visible_to(call: Call) -> QuerySet[Envelope]:
    """An administrator sees the account's envelopes, others what they sent or are asked to sign."""
    rows = Envelope.objects.filter(account=call.account, is_template=False)
    if not call.is_for_every_sender:
        rows = rows.filter(Q(sender=call.user) | Q(pk__in=folders.received_by(call.user)))
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
        named = Recipient.objects.filter(name__icontains=text).values("envelope_id")
        rows = rows.filter(Q(subject__icontains=text) | Q(pk__in=named))
    return rows


def _of_people(call: Call, rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """`user_id`, `email` and `user_name` say who sent it, `user_filter` what the caller has to do with it."""
    query = call.query
    named = {f"{column}__iexact": query[name] for name, column in SENDER_COLUMNS.items() if query.get(name)}
    if named:
        rows = rows.filter(sender__in=list(User.objects.filter(**named).values_list("pk", flat=True)))
    wanted = _user_filter(query)
    if wanted == "sender":
        rows = rows.filter(sender=call.user)
    elif wanted:
        rows = rows.filter(pk__in=folders.received_by(call.user))
    return rows.exclude(sender=call.user) if wanted == "recipient_only" else rows


def _user_filter(query: QueryDict) -> str:
    wanted = query.get("user_filter", "").lower()
    if wanted not in USER_FILTERS:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for user_filter.")
    return wanted


def _within_dates(rows: QuerySet[Envelope], query: QueryDict, from_date: datetime | None) -> QuerySet[Envelope]:
    """`from_to_status=Changed` is the default: dates are those of the last change of status."""
    wanted = (query.get("from_to_status") or "changed").lower()
    if wanted not in DATE_COLUMNS:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for from_to_status.")
    column = DATE_COLUMNS[wanted]
    if column is None:
        return rows.none()
    to_date = moment_of(query.get("to_date", ""), "to_date")
    if from_date:
        rows = rows.filter(**{f"{column}__gte": searched_from(from_date, to_date)})
    if to_date:
        rows = rows.filter(**{f"{column}__lte": to_date})
    if modified_before := moment_of(query.get("last_queried_date", ""), "last_queried_date"):
        rows = rows.filter(last_modified_at__lte=modified_before)
    return rows


def _order(query: QueryDict, *, are_few: bool) -> tuple[OrderBy, OrderBy]:
    """`are_few`: SQLite is to find them by what they have in common and to sort them then. It would rather walk through
    all envelopes by an index that has them in order; a `+` before the column takes that index out of its sight.
    """
    column = ORDERS.get((query.get("order_by") or "").lower())
    if column is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for order_by.")
    descending = query.get("order", "asc").lower() == "desc"
    first = Func(F(column), template="+%(expressions)s") if are_few else F(column)
    return OrderBy(first, descending=descending), OrderBy(F("id"), descending=descending)


def _parts(query: QueryDict, name: str) -> list[str]:
    return [part.strip().lower() for part in query.get(name, "").split(",") if part.strip()]


def _in_folders(call: Call, rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """`folder_ids` and `folder_types` alike. Raises FOLDER_DOES_NOT_EXIST."""
    wanted = [name for parameter in ("folder_ids", "folder_types") for name in _parts(call.query, parameter)]
    found = [_in_folder(call, name) for name in wanted]
    return rows.filter(reduce(or_, found)) if found else rows


def _in_folder(call: Call, name: str) -> Q:
    if search := SEARCHES.get(name):
        return search(call)
    return folders.find(call.user, call.account, name).holds


def _settled(rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """Look-ups of what was just created may lag (reference 2.7 promises no moment): a switch."""
    if not settings.LOOKUP_LAG_SECONDS:
        return rows
    return rows.filter(created_at__lte=now() - timedelta(seconds=settings.LOOKUP_LAG_SECONDS))


def _page(call: Call, rows: QuerySet[Envelope], transaction_ids: list[str]) -> HttpResponse:
    include = call.include()
    data = page(
        call,
        rows,
        "envelopes",
        lambda envelope: envelope_shape(envelope, include),
        largest=MAX_COUNT,
        fetch=lambda keys: fetch(call.account, keys, include),
    )
    data["lastQueriedDateTime"] = docusign_time(now())
    envelopes = data["envelopes"]
    if not envelopes:  # the key is absent when nothing matches
        del data["envelopes"]
    if transaction_ids:
        names = ("envelopeId", "status", "transactionId")
        data["envelopeTransactionStatuses"] = [{name: one[name] for name in names} for one in envelopes]
    return answer(data)


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
