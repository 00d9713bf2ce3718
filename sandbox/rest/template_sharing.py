"""Templates shared with groups: the one part, `groups`, of `PUT /templates/{templateId}/{templatePart}`."""

from typing import Any

from django.http import HttpResponse

from sandbox.definition.reading import Json, list_of
from sandbox.errors import ApiError
from sandbox.models import Envelope, Resource

from . import locks
from .door import Call, answer
from .groups import find_group, groups, users_of
from .kinds import Kind, each
from .registry import operation

SHARES = Kind("template_share", "shareId", ("templateId", "groupId"))
PART = "templates/{templateId}/{templatePart}"


@operation("PUT", PART)
def share(call: Call, envelope: Envelope, template_part: str) -> HttpResponse:
    return _each_group(call, envelope, template_part, is_shared=True)


@operation("DELETE", PART)
def unshare(call: Call, envelope: Envelope, template_part: str) -> HttpResponse:
    return _each_group(call, envelope, template_part, is_shared=False)


def shared_by_group(call: Call) -> list[str]:
    """Ids of the templates that the caller sees as member of a group."""
    shares = list(SHARES.rows(call.account))
    if not shares:
        return []
    mine = {
        group.number
        for group in groups(call.account)
        if any(member.user_id == call.user.pk for member in users_of(group))
    }
    return [share.data["templateId"] for share in shares if share.data["groupId"] in mine]


def _each_group(call: Call, template: Envelope, part: str, *, is_shared: bool) -> HttpResponse:
    if part.lower() != "groups":
        raise ApiError("RESOURCE_NOT_FOUND")
    locks.require_free(call, template)

    def change(item: Json) -> dict[str, Any]:
        group = find_group(call.account, item.get("groupId"))
        data = {"templateId": template.guid, "groupId": group.number}
        present = SHARES.rows(call.account).filter(data=data)
        if not is_shared:
            present.delete()
        elif not present.exists():
            SHARES.create(call.account, data)
        return _shape(group)

    return answer({"groups": each(list_of(call.json, "groups"), change, "groupId")})


def _shape(group: Resource) -> dict[str, Any]:
    return {"groupId": group.number, **{name: group.data[name] for name in ("groupName", "groupType")}}
