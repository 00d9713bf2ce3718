"""Rules by which envelopes pass from one user to another as they come to be."""

from typing import Any

from django.http import HttpResponse

from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, list_of, object_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Resource

from .answers import nothing
from .door import Call, answer
from .groups import find_group
from .kinds import Kind, change, each
from .members import find_member, information
from .paging import page
from .registry import operation

KIND = Kind("transfer_rule", "envelopeTransferRuleId", ("carbonCopyOriginalOwner", "enabled"))
EVENT_TYPES = ("sent", "before sent", "completed")
KEPT = "kept and told; no envelope changes hands by them"
PATH = "envelopes/transfer_rules"


@operation("GET", PATH)
def list_rules(call: Call) -> HttpResponse:
    return answer(page(call, KIND.rows(call.account), "envelopeTransferRules", _shape))


@operation("POST", PATH, is_for_admins=True, partial=KEPT)
def create_rules(call: Call) -> HttpResponse:
    """One for each user and each group they pass from."""
    body = call.json
    sources: list[dict[str, Any]] = [{"fromUser": _user(call, user)} for user in list_of(body, "fromUsers")]
    sources += [{"fromGroup": _group(call, group)} for group in list_of(body, "fromGroups")]
    if not sources or not body.get("toUser"):
        raise ApiError("INVALID_REQUEST_BODY", "fromUsers or fromGroups, and toUser, must be given.")
    common = {"enabled": "true", "carbonCopyOriginalOwner": "false", **_read(call, body)}
    rules = [KIND.create(call.account, common | source) for source in sources]
    return answer(page(call, rules, "envelopeTransferRules", _shape), 201)


@operation("PUT", PATH, is_for_admins=True, partial=KEPT)
def update_rules(call: Call) -> HttpResponse:
    """Each by its id; only whether it is enabled, and what is copied, says the documentation."""
    items = list_of(call.json, "envelopeTransferRules")
    updated = each(items, lambda item: _shape(_updated(call, item.get(KIND.id_name), item)), KIND.id_name)
    return answer({"envelopeTransferRules": updated})


@operation("PUT", f"{PATH}/{{envelopeTransferRuleId}}", is_for_admins=True, partial=KEPT)
def update_rule(call: Call, envelope_transfer_rule_id: str) -> HttpResponse:
    return answer(_shape(_updated(call, envelope_transfer_rule_id, call.json)))


@operation("DELETE", f"{PATH}/{{envelopeTransferRuleId}}", is_for_admins=True)
def delete_rule(call: Call, envelope_transfer_rule_id: str) -> HttpResponse:
    KIND.find(call.account, envelope_transfer_rule_id).delete()
    return nothing()


def _updated(call: Call, rule_id: object, item: Json) -> Resource:
    return change(KIND.find(call.account, rule_id), _read(call, item))


def _read(call: Call, item: Json) -> dict[str, Any]:
    data: dict[str, Any] = KIND.read(item)
    if item.get("eventType"):
        event = text_of(item, "eventType").lower()
        if event not in EVENT_TYPES:
            raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for eventType.")
        data["eventType"] = event
    if item.get("toUser"):
        data["toUser"] = _user(call, object_of(item, "toUser"))
    if item.get("toFolder"):
        folder = object_of(item, "toFolder")
        data["toFolder"] = {name: text_of(folder, name, 100) for name in ("folderId", "name") if folder.get(name)}
    return data | {"modifiedUser": {"userId": call.user.guid, "userName": call.user.name, "email": call.user.email}}


def _user(call: Call, item: Json) -> dict[str, Any]:
    shown = ("userId", "userName", "email")
    return {name: value for name, value in information(find_member(call, item.get("userId"))).items() if name in shown}


def _group(call: Call, item: Json) -> dict[str, Any]:
    group = find_group(call.account, item.get("groupId"))
    return {"groupId": group.number, "groupName": str(group.data.get("groupName") or "")}


def _shape(rule: Resource) -> dict[str, Any]:
    return KIND.shape(rule) | {"modifiedDate": docusign_time(rule.modified_at)}
