"""User groups: Administrators and Everyone, and the account's own."""

from typing import Any

from django.http import HttpResponse

from sandbox.definition.reading import Json, list_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Account, Membership, Resource

from .brands import brands_of
from .door import Call, answer
from .kinds import Kind, change, each
from .members import find_member, info, members
from .paging import page
from .permission_profiles import find_profile
from .registry import operation

GROUPS = Kind("group", "groupId", ("groupName", "groupType"), is_numbered=True)
ADMINISTRATORS, EVERYONE, CUSTOM = "adminGroup", "everyoneGroup", "customGroup"
BUILT_IN = {"Administrators": ADMINISTRATORS, "Everyone": EVERYONE}


def groups(account: Account) -> list[Resource]:
    for name, group_type in BUILT_IN.items():
        GROUPS.ensure(account, name, {"groupName": name, "groupType": group_type})
    return list(GROUPS.rows(account))


def find_group(account: Account, wanted: object) -> Resource:
    """Raises INVALID_REQUEST_PARAMETER."""
    groups(account)
    return GROUPS.find(account, wanted)


def users_of(group: Resource) -> list[Membership]:
    open_members = members(group.account).exclude(status="Closed")
    if group.data["groupType"] == ADMINISTRATORS:
        return list(open_members.filter(is_admin=True))
    if group.data["groupType"] == EVERYONE:
        return list(open_members)
    return list(open_members.filter(user__guid__in=group.data.get("userIds", [])))


def add_users(group: Resource, added: list[Membership]) -> None:
    """To be an administrator is to be in that group; everyone is in Everyone anyway."""
    if group.data["groupType"] == ADMINISTRATORS:
        for member in added:
            member.is_admin = True
            member.save(update_fields=["is_admin"])
    elif group.data["groupType"] == CUSTOM:
        guids = [*group.data.get("userIds", []), *(member.user.guid for member in added)]
        change(group, {"userIds": list(dict.fromkeys(guids))})


@operation("GET", "groups")
def list_groups(call: Call) -> HttpResponse:
    found = groups(call.account)
    text, group_type = call.query.get("search_text", "").lower(), call.query.get("group_type", "").lower()
    if text:
        found = [group for group in found if text in str(group.data["groupName"]).lower()]
    if group_type:
        found = [group for group in found if group.data["groupType"].lower() == group_type]
    with_count = call.query.get("include_usercount", "true").lower() != "false"
    return answer(page(call, found, "groups", lambda group: _shape(group, with_count=with_count)))


@operation("POST", "groups", is_for_admins=True)
def create_groups(call: Call) -> HttpResponse:
    def create(item: Json) -> dict[str, Any]:
        name = text_of(item, "groupName", 100)
        if not name:
            raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'groupName' must be specified.")
        profile = _profile(call, item)
        group = GROUPS.create(call.account, {"groupName": name, "groupType": CUSTOM} | profile)
        add_users(group, [find_member(call, user.get("userId")) for user in list_of(item, "users")])
        return _shape(group)

    return answer({"groups": each(list_of(call.json, "groups"), create, "groupName")}, 201)


@operation("PUT", "groups", is_for_admins=True)
def update_groups(call: Call) -> HttpResponse:
    def update(item: Json) -> dict[str, Any]:
        group = find_group(call.account, item.get("groupId"))
        name = text_of(item, "groupName", 100)
        renamed = {"groupName": name} if name and group.data["groupType"] == CUSTOM else {}
        return _shape(change(group, renamed | _profile(call, item)))

    return answer({"groups": each(list_of(call.json, "groups"), update, "groupId", "groupName")})


@operation("DELETE", "groups", is_for_admins=True)
def delete_groups(call: Call) -> HttpResponse:
    def delete(item: Json) -> dict[str, Any]:
        group = find_group(call.account, item.get("groupId"))
        if group.data["groupType"] != CUSTOM:
            raise ApiError("INVALID_REQUEST_PARAMETER", "This group cannot be deleted.")
        shape = _shape(group)
        group.delete()
        return shape

    return answer({"groups": each(list_of(call.json, "groups"), delete, "groupId")})


@operation("GET", "groups/{groupId}/users")
def list_users(call: Call, group_id: str) -> HttpResponse:
    return answer(page(call, users_of(find_group(call.account, group_id)), "users", info))


@operation("PUT", "groups/{groupId}/users", is_for_admins=True)
def put_users(call: Call, group_id: str) -> HttpResponse:
    group = find_group(call.account, group_id)

    def add(item: Json) -> dict[str, Any]:
        member = find_member(call, item.get("userId"))
        add_users(group, [member])
        return info(member)

    return answer({"users": each(list_of(call.json, "users"), add, "userId")})


@operation("DELETE", "groups/{groupId}/users", is_for_admins=True)
def delete_users(call: Call, group_id: str) -> HttpResponse:
    group = find_group(call.account, group_id)

    def remove(item: Json) -> dict[str, Any]:
        member = find_member(call, item.get("userId"))
        if group.data["groupType"] == ADMINISTRATORS:
            member.is_admin = False
            member.save(update_fields=["is_admin"])
        change(group, {"userIds": [guid for guid in group.data.get("userIds", []) if guid != member.user.guid]})
        return info(member)

    return answer({"users": each(list_of(call.json, "users"), remove, "userId")})


@operation("GET", "groups/{groupId}/brands")
def list_brands(call: Call, group_id: str) -> HttpResponse:
    return answer(_brands(call, find_group(call.account, group_id)))


@operation("PUT", "groups/{groupId}/brands", is_for_admins=True)
def put_brands(call: Call, group_id: str) -> HttpResponse:
    group = find_group(call.account, group_id)
    change(group, {"brandIds": [text_of(item, "brandId") for item in list_of(call.json, "brands")]})
    return answer(_brands(call, group))


@operation("DELETE", "groups/{groupId}/brands", is_for_admins=True)
def delete_brands(call: Call, group_id: str) -> HttpResponse:
    group = find_group(call.account, group_id)
    gone = {text_of(item, "brandId") for item in list_of(call.json, "brands")}
    change(group, {"brandIds": [brand_id for brand_id in group.data.get("brandIds", []) if brand_id not in gone]})
    return answer(_brands(call, group))


def _brands(call: Call, group: Resource) -> dict[str, Any]:
    return {"brandOptions": brands_of(call.account, group.data.get("brandIds", []))}


def _profile(call: Call, item: Json) -> dict[str, str]:
    if not item.get("permissionProfileId"):
        return {}
    return {"permissionProfileId": find_profile(call.account, item["permissionProfileId"]).number}


def _shape(group: Resource, *, with_count: bool = True) -> dict[str, Any]:
    shape = {name: value for name, value in GROUPS.shape(group).items() if name not in ("userIds", "brandIds")}
    return shape | ({"usersCount": str(len(users_of(group)))} if with_count else {})
