"""Signing groups: any one of their members may sign."""

from typing import Any

from django.http import HttpResponse

from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, is_email, list_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Resource

from .door import Call, answer
from .kinds import Kind, change, each
from .registry import operation

# `users` in its data: [{"userName", "email"}]
SIGNING_GROUPS = Kind("signing_group", "signingGroupId", ("groupEmail", "groupName", "groupType"), is_numbered=True)
DEFAULT_TYPE = "sharedSigningGroup"
MAX_GROUPS, MAX_USERS, MAX_NAME = 50, 50, 100


@operation("GET", "signing_groups")
def list_groups(call: Call) -> HttpResponse:
    rows = list(SIGNING_GROUPS.rows(call.account))
    if group_type := call.query.get("group_type", "").lower():
        rows = [group for group in rows if group.data["groupType"].lower() == group_type]
    with_users = call.flag("include_users")
    return answer({"groups": [_shape(group, with_users=with_users) for group in rows]})


@operation("POST", "signing_groups", is_for_admins=True)
def create_groups(call: Call) -> HttpResponse:
    def create(item: Json) -> dict[str, Any]:
        rows = SIGNING_GROUPS.rows(call.account)
        name = text_of(item, "groupName", MAX_NAME)
        if not name:
            raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'groupName' must be specified.")
        if rows.count() >= MAX_GROUPS:
            raise ApiError("INVALID_REQUEST_PARAMETER", f"An account has at most {MAX_GROUPS} signing groups.")
        if any(group.data["groupName"].casefold() == name.casefold() for group in rows):
            raise ApiError("INVALID_REQUEST_PARAMETER", "A signing group of this name exists.")
        data = {"groupType": DEFAULT_TYPE} | SIGNING_GROUPS.read(item) | _signed("createdBy", "modifiedBy", call=call)
        return _shape(SIGNING_GROUPS.create(call.account, data | {"users": _users(item)}))

    return answer({"groups": each(list_of(call.json, "groups"), create, "groupName")}, 201)


@operation("PUT", "signing_groups", is_for_admins=True)
def update_groups(call: Call) -> HttpResponse:
    updated = each(
        list_of(call.json, "groups"), lambda item: _update(call, item.get("signingGroupId"), item), "signingGroupId"
    )
    return answer({"groups": updated})


@operation("DELETE", "signing_groups", is_for_admins=True)
def delete_groups(call: Call) -> HttpResponse:
    def delete(item: Json) -> dict[str, Any]:
        group = SIGNING_GROUPS.find(call.account, item.get("signingGroupId"))
        shape = _shape(group, with_users=False)
        group.delete()
        return shape

    return answer({"groups": each(list_of(call.json, "groups"), delete, "signingGroupId")})


@operation("GET", "signing_groups/{signingGroupId}")
def get_group(call: Call, signing_group_id: str) -> HttpResponse:
    return answer(_shape(SIGNING_GROUPS.find(call.account, signing_group_id)))


@operation("PUT", "signing_groups/{signingGroupId}", is_for_admins=True)
def update_group(call: Call, signing_group_id: str) -> HttpResponse:
    return answer(_update(call, signing_group_id, call.json))


@operation("GET", "signing_groups/{signingGroupId}/users")
def list_users(call: Call, signing_group_id: str) -> HttpResponse:
    return answer({"users": SIGNING_GROUPS.find(call.account, signing_group_id).data["users"]})


@operation("PUT", "signing_groups/{signingGroupId}/users", is_for_admins=True)
def put_users(call: Call, signing_group_id: str) -> HttpResponse:
    """Added to those that are there; one and the same email is one member."""
    group = SIGNING_GROUPS.find(call.account, signing_group_id)
    by_email = {user["email"].lower(): user for user in [*group.data["users"], *_users(call.json)]}
    _keep_users(call, group, list(by_email.values()))
    return answer({"users": group.data["users"]})


@operation("DELETE", "signing_groups/{signingGroupId}/users", is_for_admins=True)
def delete_users(call: Call, signing_group_id: str) -> HttpResponse:
    group = SIGNING_GROUPS.find(call.account, signing_group_id)
    gone = {text_of(item, "email").lower() for item in list_of(call.json, "users")}
    removed = [user for user in group.data["users"] if user["email"].lower() in gone]
    _keep_users(call, group, [user for user in group.data["users"] if user not in removed])
    return answer({"users": removed})


def _update(call: Call, signing_group_id: object, item: Json) -> dict[str, Any]:
    group = SIGNING_GROUPS.find(call.account, signing_group_id)
    users = {"users": _users(item)} if item.get("users") is not None else {}
    return _shape(change(group, SIGNING_GROUPS.read(item) | users | _signed("modifiedBy", call=call)))


def _users(item: Json) -> list[dict[str, str]]:
    users = [
        {"userName": text_of(user, "userName", MAX_NAME), "email": text_of(user, "email", MAX_NAME)}
        for user in list_of(item, "users")
    ]
    if not all(user["userName"] and is_email(user["email"]) for user in users):
        raise ApiError("INVALID_REQUEST_PARAMETER", "A member needs userName and a valid email.")
    return _counted(users)


def _keep_users(call: Call, group: Resource, users: list[dict[str, str]]) -> None:
    change(group, {"users": _counted(users)} | _signed("modifiedBy", call=call))


def _counted(users: list[dict[str, str]]) -> list[dict[str, str]]:
    if len(users) > MAX_USERS:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"A signing group has at most {MAX_USERS} members.")
    return users


def _signed(*names: str, call: Call) -> dict[str, str]:
    return dict.fromkeys(names, call.user.guid)


def _shape(group: Resource, *, with_users: bool = True) -> dict[str, Any]:
    shape = SIGNING_GROUPS.shape(group)
    if not with_users:
        shape.pop("users")
    return shape | {"created": docusign_time(group.created_at), "modified": docusign_time(group.modified_at)}
