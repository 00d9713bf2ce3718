"""Members of the account, found and shown."""

import uuid
from typing import Any

from django.db.models import QuerySet

from sandbox.clock import docusign_time
from sandbox.errors import ApiError
from sandbox.models import Account, Membership

from .door import Call

TEXTS = (
    "activationAccessCode",
    "company",
    "countryCode",
    "enableConnectForUser",
    "firstName",
    "jobTitle",
    "lastName",
    "middleName",
    "suffixName",
    "title",
)


def members(account: Account) -> QuerySet[Membership]:
    return Membership.objects.filter(account=account).select_related("user", "account")


def find_member(call: Call, user_id: object) -> Membership:
    """Raises INVALID_USERID, USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT."""
    try:
        guid = str(uuid.UUID(str(user_id)))
    except ValueError:
        raise ApiError("INVALID_USERID") from None
    member = members(call.account).filter(user__guid=guid).first()
    if member is None:
        raise ApiError("USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT")
    return member


def own_or_administered(call: Call, user_id: object) -> Membership:
    """A member whose things this call may change: the caller's own, anyone's for an administrator."""
    member = find_member(call, user_id)
    is_admin = call.membership is not None and call.membership.is_admin
    if member.user_id != call.user.pk and not is_admin:
        raise ApiError("USER_NOT_ACCOUNT_ADMIN")
    return member


def info(member: Membership) -> dict[str, Any]:
    """A `userInfo`: enough to tell who it is."""
    return {
        "userId": member.user.guid,
        "userName": member.user.name,
        "email": member.user.email,
        "userStatus": member.status,
        "userType": "CompanyUser",
        "uri": f"/users/{member.user.guid}",
    }


def information(member: Membership) -> dict[str, Any]:
    """A `userInformation`, without what only `additional_info` asks for."""
    first, _, last = member.user.name.partition(" ")
    names = {"firstName": first, "lastName": last, "jobTitle": "", "company": ""}
    given = {name: str(member.data[name]) for name in TEXTS if name in member.data}
    return {
        **info(member),
        "isAdmin": "True" if member.is_admin else "False",
        "isNAREnabled": "false",
        "createdDateTime": docusign_time(member.user.created_at),
        "userAddedToAccountDateTime": docusign_time(member.user.created_at),
        "defaultAccountId": member.account.guid,
        **names,
        **given,
    }


def change_data(member: Membership, **parts: Any) -> None:
    member.data = member.data | parts
    member.save(update_fields=["data"])
