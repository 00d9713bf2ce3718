"""Shared access: who may act for whom (reference 1.7). Newer than the stored specification; shapes of the SDKs."""

from typing import Any

from django.http import HttpResponse

from sandbox import clock, shared_access
from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, list_of, object_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Membership, Resource

from .answers import nothing
from .dates import moment_of
from .door import Call, answer
from .kinds import Kind, change
from .members import find_member, own_or_administered
from .paging import page
from .registry import operation

AUTHORIZATIONS = Kind(shared_access.KIND, "authorizationId")
PERMISSIONS = ("manage", "send", "sign")
DATES = ("startDate", "endDate")


@operation("POST", "users/{userId}/authorization")
def create_authorization(call: Call, user_id: str) -> HttpResponse:
    """`userId` is the principal, who is acted for."""
    return answer(_shape(_create(call, own_or_administered(call, user_id), call.json)), 201)


@operation("GET", "users/{userId}/authorization/{authorizationId}")
def get_authorization(call: Call, user_id: str, authorization_id: str) -> HttpResponse:
    return answer(_shape(_find(call, user_id, authorization_id)))


@operation("PUT", "users/{userId}/authorization/{authorizationId}")
def update_authorization(call: Call, user_id: str, authorization_id: str) -> HttpResponse:
    own_or_administered(call, user_id)
    grant = _find(call, user_id, authorization_id)
    return answer(_shape(change(grant, _dates(call.json) | {"modifiedBy": call.user.guid})))


@operation("DELETE", "users/{userId}/authorization/{authorizationId}")
def delete_authorization(call: Call, user_id: str, authorization_id: str) -> HttpResponse:
    own_or_administered(call, user_id)
    _find(call, user_id, authorization_id).delete()
    return nothing()


@operation("GET", "users/{userId}/authorizations")
def list_of_principal(call: Call, user_id: str) -> HttpResponse:
    """Those by which others may act for this user."""
    return _list(call, user_id, own="principalUser", other="agentUser", wanted=call.query.get("agent_user_id", ""))


@operation("GET", "users/{userId}/authorizations/agent")
def list_of_agent(call: Call, user_id: str) -> HttpResponse:
    """Those by which this user may act for others."""
    wanted = call.query.get("principal_user_id", "")
    return _list(call, user_id, own="agentUser", other="principalUser", wanted=wanted)


@operation("POST", "users/{userId}/authorizations")
def create_or_update_authorizations(call: Call, user_id: str) -> HttpResponse:
    principal = own_or_administered(call, user_id)

    def put(item: Json) -> Resource:
        if item.get("authorizationId"):
            grant = _find(call, user_id, text_of(item, "authorizationId"))
            return change(grant, _dates(item) | {"modifiedBy": call.user.guid})
        return _create(call, principal, item)

    results = []
    for item in list_of(call.json, "authorizations"):
        try:
            results.append({"success": "true", "authorization": _shape(put(item))})
        except ApiError as error:
            results.append({"success": "false", "errorMessage": error.message})
    return answer({"results": results})


@operation("DELETE", "users/{userId}/authorizations")
def delete_authorizations(call: Call, user_id: str) -> HttpResponse:
    own_or_administered(call, user_id)
    wanted = call.json.get("authorizations") or []
    if not isinstance(wanted, list):
        raise ApiError("INVALID_REQUEST_BODY", "authorizations must be an array.")
    results = []
    for authorization_id in map(str, wanted):
        try:
            _find(call, user_id, authorization_id).delete()
            results.append({"success": "true", "authorizationId": authorization_id})
        except ApiError as error:
            results.append({"success": "false", "authorizationId": authorization_id, "errorMessage": error.message})
    return answer({"results": results})


def _create(call: Call, principal: Membership, item: Json) -> Resource:
    agent = find_member(call, object_of(item, "agentUser").get("userId"))
    permission = text_of(item, "permission") or "manage"
    if permission.lower() not in PERMISSIONS or agent.pk == principal.pk:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for permission or agentUser.")
    data = {
        "principalUser": _person(principal),
        "agentUser": _person(agent),
        "permission": permission.lower(),
        "createdBy": call.user.guid,
        "modifiedBy": call.user.guid,
        "startDate": docusign_time(clock.now()),
    }
    return AUTHORIZATIONS.create(call.account, data | _dates(item))


def _dates(item: Json) -> dict[str, Any]:
    return {name: docusign_time(moment_of(text_of(item, name), name)) for name in DATES if item.get(name)}


def _find(call: Call, user_id: str, authorization_id: str) -> Resource:
    grant = AUTHORIZATIONS.find(call.account, authorization_id)
    if grant.data["principalUser"]["userId"] != find_member(call, user_id).user.guid:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for authorizationId.")
    return grant


def _list(call: Call, user_id: str, *, own: str, other: str, wanted: str) -> HttpResponse:
    member = find_member(call, user_id)
    rows = [grant for grant in AUTHORIZATIONS.rows(call.account) if grant.data[own]["userId"] == member.user.guid]
    if wanted:
        rows = [grant for grant in rows if grant.data[other]["userId"] == wanted.lower()]
    if call.flag("active_only"):
        rows = [grant for grant in rows if shared_access.is_current(grant)]
    if permissions := call.query.get("permissions"):
        rows = [grant for grant in rows if grant.data["permission"] in permissions.lower().split(",")]
    for name, query in (("email", "email_substring"), ("name", "user_name_substring")):
        part = call.query.get(query, "").lower()
        rows = [grant for grant in rows if part in grant.data[other][name].lower()]
    return answer(page(call, rows, "authorizations", _shape))


def _person(member: Membership) -> dict[str, str]:
    user = member.user
    return {"accountId": member.account.guid, "userId": user.guid, "name": user.name, "email": user.email}


def _shape(grant: Resource) -> dict[str, Any]:
    moments = {"created": docusign_time(grant.created_at), "modified": docusign_time(grant.modified_at)}
    return AUTHORIZATIONS.shape(grant) | moments
