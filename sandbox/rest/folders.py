"""Folders and search folders: looking into them, moving envelopes between them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse

from sandbox import clock, folders
from sandbox.clock import docusign_time
from sandbox.definition.reading import text_of
from sandbox.errors import ApiError
from sandbox.folders import Folder
from sandbox.models import Envelope, User

from .dates import moment_of
from .door import Call, answer, find_envelope, find_template
from .gathering import fetch
from .members import find_member, info
from .paging import page
from .recipient_shapes import recipients_shape
from .registry import operation
from .shapes import summary_shape

LARGEST = 1000
SEARCH_DAYS = 30
ORDERS = {"created": "created_at", "completed": "completed_at", "sent": "sent_at", "status": "status"}
ORDERS |= {"subject": "subject", "action_required": "status_changed_at"}


@operation("GET", "folders", partial="the system's folders and the templates; none of the user's own making")
def list_folders(call: Call) -> HttpResponse:
    wanted = call.include() or {"envelope_folders"}
    if template := call.query.get("template", "").lower():  # the parameter of old
        wanted = {"include": {"envelope_folders", "template_folders"}, "only": {"template_folders"}}.get(
            template, wanted
        )
    rows = folders.folders_of(call.user, call.account) if "envelope_folders" in wanted else []
    if wanted & {"template_folders", "shared_template_folders"}:
        rows.append(Folder(folders.TEMPLATES, call.user, call.account))
    with_items = call.flag("include_items")
    return answer(page(call, rows, "folders", lambda folder: _shape(call, folder, with_items=with_items)))


@operation("GET", "folders/{folderId}")
def get_folder(call: Call, folder_id: str) -> HttpResponse:
    """With its items, unless `include_items=false`: the specification has it the other way round, but the C# SDK's test
    reads them without asking.
    """
    folder = folders.find(call.user, call.account, folder_id)
    items = page(call, _searched(call, folder.envelopes), "items", _item, largest=LARGEST, fetch=_fetcher(call))
    shape = _shape(call, folder, with_items=False) | ({"folderItems": items["items"]})
    if call.query.get("include_items", "").lower() == "false":
        del shape["folderItems"]
    del items["items"]
    return answer({"folders": [shape]} | items)


@operation("PUT", "folders/{folderId}", partial="moves envelopes and templates; makes no folders")
def move(call: Call, folder_id: str) -> HttpResponse:
    target = folders.find(call.user, call.account, folder_id)
    from_folder = text_of(call.json, "fromFolderId")
    source = folders.find(call.user, call.account, from_folder) if from_folder else None
    envelope_ids = call.json.get("envelopeIds")
    if not isinstance(envelope_ids, list) or not envelope_ids:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'envelopeIds' must be specified.")
    moved = [_envelope_or_template(call, str(value)) for value in envelope_ids]
    folders.move(moved, target, source)
    summaries = [summary_shape(envelope) for envelope in moved if not envelope.is_template]
    return answer({"folders": [_shape(call, target, with_items=False)], "envelopes": summaries})


@operation("GET", "search_folders/{searchFolderId}", note="deprecated by Docusign in favour of listStatusChanges")
def search(call: Call, search_folder_id: str) -> HttpResponse:
    condition = SEARCHES.get(search_folder_id.lower())
    if condition is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for searchFolderId.")
    rows = Envelope.objects.filter(account=call.account, is_template=False).filter(condition(call))
    rows = rows.exclude(folder="recyclebin")
    if not call.flag("all"):
        since = moment_of(call.query.get("from_date", ""), "from_date") or clock.now() - timedelta(days=SEARCH_DAYS)
        rows = _until(call, rows.filter(created_at__gte=since))
    sign = "-" if call.query.get("order", "desc").lower() == "desc" else ""
    column = ORDERS.get(call.query.get("order_by", "created").lower(), "created_at")
    rows = rows.order_by(f"{sign}{column}", f"{sign}id")
    shown = page(call, rows, "folderItems", _item_shaper(call), fetch=_fetcher(call))
    return answer(shown | {"totalRows": shown.pop("totalSetSize")})


def _fetcher(call: Call) -> Callable[[list[int]], list[Envelope]]:
    include = ("recipients",) if call.flag("include_recipients") else ()
    return lambda keys: fetch(call.account, keys, include)


def _own(call: Call) -> Q:
    return Q(sender=call.user)


def _waits_for_me(call: Call) -> Q:
    mine = folders.received_by(call.user).filter(status__in=("sent", "delivered"))
    return Q(pk__in=mine, status__in=("sent", "delivered"))


def _expires_soon(call: Call) -> Q:
    soon: datetime = clock.now() + timedelta(days=7)
    return _own(call) & Q(status__in=("sent", "delivered"), expire_at__lte=soon)


SEARCHES: dict[str, Callable[[Call], Q]] = {
    "drafts": lambda call: _own(call) & Q(status="created"),
    "awaiting_my_signature": _waits_for_me,
    "completed": lambda call: _own(call) & Q(status="completed"),
    "out_for_signature": lambda call: _own(call) & Q(status__in=("sent", "delivered")),
    "waiting_for_others": lambda call: _own(call) & Q(status__in=("sent", "delivered")),
    "expiring_soon": _expires_soon,
}


def _envelope_or_template(call: Call, guid: str) -> Envelope:
    try:
        return find_envelope(call, guid)
    except ApiError as error:
        if error.error_code != "ENVELOPE_DOES_NOT_EXIST":
            raise
    try:
        return find_template(call, guid)
    except ApiError:
        raise ApiError("ENVELOPE_DOES_NOT_EXIST") from None


def _searched(call: Call, rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    if text := call.query.get("search_text"):
        people = list(User.objects.filter(name__icontains=text).values_list("pk", flat=True))
        rows = rows.filter(Q(subject__icontains=text) | Q(sender__in=people))
    if status := call.query.get("status"):
        rows = rows.filter(status__in=[part.strip().lower() for part in status.split(",")])
    since = moment_of(call.query.get("from_date", ""), "from_date")
    return _until(call, rows.filter(created_at__gte=since) if since else rows)


def _until(call: Call, rows: QuerySet[Envelope]) -> QuerySet[Envelope]:
    until = moment_of(call.query.get("to_date", ""), "to_date")
    return rows.filter(created_at__lte=until) if until else rows


def _shape(call: Call, folder: Folder, *, with_items: bool) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "folderId": folder.guid,
        "name": folder.name,
        "type": folder.type if folder.type in folders.NAMES else "normal",
        "uri": f"/folders/{folder.guid}",
        "owner": info(find_member(call, folder.owner.guid)),
        "parentFolderId": "root",
        "hasAccess": "true",
        "hasSubFolders": "false",
        "subFolderCount": "0",
        "itemCount": str(folder.envelopes.count()),
    }
    if with_items:
        shape["folderItems"] = [_item(envelope) for envelope in folder.envelopes.select_related("sender")[:LARGEST]]
    return shape


def _item_shaper(call: Call) -> Callable[[Envelope], dict[str, Any]]:
    if not call.flag("include_recipients"):
        return _item
    return lambda envelope: _item(envelope) | {"recipients": recipients_shape(envelope)}


def _item(envelope: Envelope) -> dict[str, Any]:
    sender = envelope.sender
    uri = f"/{'templates' if envelope.is_template else 'envelopes'}/{envelope.guid}"
    own_id = {"templateId": envelope.guid, "templateUri": uri}
    data = {
        "senderName": sender.name,
        "senderEmail": sender.email,
        "senderUserId": sender.guid,
        "ownerName": sender.name,
        "status": envelope.status,
        "subject": envelope.template_name if envelope.is_template else envelope.subject,
        "recipientsUri": f"{uri}/recipients",
        "createdDateTime": docusign_time(envelope.created_at),
        "sentDateTime": docusign_time(envelope.sent_at),
        "completedDateTime": docusign_time(envelope.completed_at),
        "expireDateTime": docusign_time(envelope.expire_at),
        "is21CFRPart11": "false",
    } | (own_id if envelope.is_template else {"envelopeId": envelope.guid, "envelopeUri": uri})
    return {name: value for name, value in data.items() if value is not None}
