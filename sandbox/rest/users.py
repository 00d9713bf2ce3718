"""Users: list, invite, change, close."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, is_email, list_of, object_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Membership, Resource, User

from .account_settings import read
from .door import Call, answer
from .groups import add_users, find_group, groups, users_of
from .kinds import each
from .members import TEXTS, change_data, find_member, info, information, members, own_or_administered
from .paging import page
from .permission_profiles import find_profile, profile_of, profiles
from .registry import operation
from .user_settings import GROUPED, custom_settings_of, settings_of

STATUSES = ("ActivationRequired", "ActivationSent", "Active", "Closed", "Disabled")
MAX_NAME = 100


@operation("GET", "users")
def list_users(call: Call) -> HttpResponse:
    known = profiles(call.account)
    is_full = call.flag("additional_info")
    rows = _filtered(call, members(call.account))
    return answer(page(call, rows, "users", lambda member: _shape(member, known, is_full=is_full)))


@operation("POST", "users", is_for_admins=True)
def create_users(call: Call) -> HttpResponse:
    known = profiles(call.account)
    created = each(list_of(call.json, "newUsers"), lambda item: _invite(call, item, known), "userName", "email")
    return answer({"newUsers": created}, 201)


@operation("PUT", "users", is_for_admins=True)
def update_users(call: Call) -> HttpResponse:
    known = profiles(call.account)

    def update(item: Json) -> dict[str, Any]:
        member = find_member(call, item.get("userId"))
        _change(call, member, item)
        return _shape(member, known)

    return answer({"users": each(list_of(call.json, "users"), update, "userId")})


@operation("DELETE", "users", is_for_admins=True)
def close_users(call: Call) -> HttpResponse:
    """Nobody is ever deleted: the membership is closed, and so is a user who has no other."""

    def close(item: Json) -> dict[str, Any]:
        member = find_member(call, item.get("userId"))
        if member.user_id == call.user.pk:
            raise ApiError("INVALID_REQUEST_PARAMETER", "You cannot close your own membership.")
        _set_status(member, "Closed")
        return info(member)

    return answer({"users": each(list_of(call.json, "users"), close, "userId")})


@operation("GET", "users/{userId}")
def get_user(call: Call, user_id: str) -> HttpResponse:
    member = find_member(call, user_id)
    return answer(_shape(member, profiles(call.account), is_full=True))


@operation("PUT", "users/{userId}")
def update_user(call: Call, user_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    _change(call, member, call.json)
    return answer(_shape(member, profiles(call.account), is_full=True))


def _filtered(call: Call, rows: QuerySet[Membership]) -> QuerySet[Membership]:
    query = call.query
    if email := query.get("email"):
        rows = rows.filter(user__email__iexact=email)
    if part := query.get("email_substring"):
        rows = rows.filter(user__email__icontains=part)
    if part := query.get("user_name_substring"):
        rows = rows.filter(user__name__icontains=part)
    if status := query.get("status"):
        wanted = [name for name in STATUSES if name.lower() in status.lower().split(",")]
        rows = rows.filter(status__in=wanted)
    for name in ("group_id", "not_group_id"):
        if wanted_ids := query.get(name):
            found = [find_group(call.account, group_id.strip()) for group_id in wanted_ids.split(",")]
            keys = [member.pk for group in found for member in users_of(group)]
            rows = rows.filter(pk__in=keys) if name == "group_id" else rows.exclude(pk__in=keys)
    return rows


def _invite(call: Call, item: Json, known: list[Resource]) -> dict[str, Any]:
    """A newcomer, or someone who has a user elsewhere or had a membership here before."""
    name = _name(item)
    email = text_of(item, "email", 100).strip()
    if not name or not is_email(email):
        raise ApiError("INVALID_REQUEST_PARAMETER", "A user needs userName and a valid email.")
    user = User.objects.filter(email__iexact=email, name__iexact=name).first()
    member = members(call.account).filter(user=user).first() if user else None
    if member is not None and member.status != "Closed":
        raise ApiError("USER_ALREADY_EXISTS_IN_ACCOUNT")
    if user is None:
        user = User.objects.create(name=name, email=email)
    if member is None:
        is_default = not user.memberships.exists()
        member = Membership(account=call.account, user=user, is_default=is_default)
    is_told = text_of(item, "sendActivationEmail").lower() != "false"
    _set_status(member, "ActivationSent" if is_told else "ActivationRequired")
    _change(call, member, {key: value for key, value in item.items() if key not in ("email", "userStatus")})
    for group in list_of(item, "groupList"):
        add_users(find_group(call.account, group.get("groupId")), [member])
    profile = profile_of(member, known)
    return {
        "userId": user.guid,
        "uri": f"/users/{user.guid}",
        "email": user.email,
        "userName": user.name,
        "userStatus": member.status,
        "createdDateTime": docusign_time(user.created_at),
        "permissionProfileId": profile.number,
        "permissionProfileName": profile.data["permissionProfileName"],
    }


def _change(call: Call, member: Membership, item: Json) -> None:
    user = member.user
    user.name = _name(item) or user.name
    email = text_of(item, "email", 100).strip()
    if email and not is_email(email):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for email.")
    user.email = email or user.email
    user.save(update_fields=["name", "email"])
    data: dict[str, Any] = {name: text_of(item, name, MAX_NAME) for name in TEXTS if item.get(name) is not None}
    if item.get("permissionProfileId"):
        data["permissionProfileId"] = find_profile(call.account, item["permissionProfileId"]).number
    if item.get("userSettings"):
        data["settings"] = settings_of(member) | _settings(item)
    status = text_of(item, "userStatus")
    if status and call.membership and call.membership.is_admin:
        _set_status(member, _status(status))
    change_data(member, **data)


def _settings(item: Json) -> dict[str, Any]:
    """An object, or as the older API had it an array of name and value."""
    settings = item["userSettings"]
    if isinstance(settings, list):
        return {text_of(part, "name"): text_of(part, "value") for part in list_of(item, "userSettings")}
    return read(object_of(item, "userSettings"), GROUPED)


def _name(item: Json) -> str:
    parts = (text_of(item, part, 50) for part in ("firstName", "middleName", "lastName"))
    return text_of(item, "userName", MAX_NAME).strip() or " ".join(part for part in parts if part).strip()[:MAX_NAME]


def _status(text: str) -> str:
    for status in STATUSES:
        if status.lower() == text.lower():
            return status
    raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for userStatus.")


def _set_status(member: Membership, status: str) -> None:
    member.status = status
    member.save()
    user = member.user
    user.is_active = user.memberships.exclude(status="Closed").exists()
    user.save(update_fields=["is_active"])


def _shape(member: Membership, known: list[Resource], *, is_full: bool = False) -> dict[str, Any]:
    profile = profile_of(member, known)
    shape = information(member) | {
        "permissionProfileId": profile.number,
        "permissionProfileName": profile.data["permissionProfileName"],
    }
    if is_full:
        shape |= {
            "userSettings": settings_of(member),
            "customSettings": custom_settings_of(member),
            "groupList": _groups(member),
        }
    return shape


def _groups(member: Membership) -> list[dict[str, str]]:
    return [
        {"groupId": group.number, "groupName": group.data["groupName"], "groupType": group.data["groupType"]}
        for group in groups(member.account)
        if any(other.pk == member.pk for other in users_of(group))
    ]
