"""eNotary: a user's registration as a notary. No notary ever acts here, so the journal is empty."""

from typing import Any

from django.http import HttpResponse

from sandbox import clock
from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, object_of, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import Membership, new_guid

from .answers import nothing
from .door import Call, answer
from .members import change_data, information
from .paging import page
from .registry import operation

PATH = "/v2.1/current_user/notary"
DATA = "notary"  # in the data of the user's first membership: {enabled, searchable, createdDate, jurisdictions}
TEXTS = ("commissionExpiration", "commissionId", "county", "registeredName", "sealType")
JURISDICTION = (
    "allowSystemCreatedSeal",
    "allowUserUploadedSeal",
    "commissionIdInSeal",
    "county",
    "countyInSeal",
    "enabled",
    "jurisdictionId",
    "name",
    "notaryPublicInSeal",
    "stateNameInSeal",
)
KEPT = "kept and told; the ceremony has no notary"


@operation("GET", PATH)
def get_notary(call: Call) -> HttpResponse:
    member, notary = _registered(call)
    shape: dict[str, Any] = {"notary": _shape(member, notary)}
    if call.flag("include_jurisdictions"):
        shape["jurisdictions"] = [one["jurisdiction"] for one in notary["jurisdictions"]]
    return answer(shape)


@operation("POST", PATH, partial=KEPT)
def create_notary(call: Call) -> HttpResponse:
    member = _membership(call)
    if member.data.get(DATA):
        raise ApiError("INVALID_REQUEST_PARAMETER", "The user is a notary already.")
    own: dict[str, Any] = {
        "createdDate": docusign_time(clock.now()),
        "enabled": "true",
        "searchable": "false",
        "jurisdictions": [],
    }
    notary = own | _flags(call.json)
    change_data(member, **{DATA: notary})
    return answer(_shape(member, notary), 201)


@operation("PUT", PATH, partial=KEPT)
def update_notary(call: Call) -> HttpResponse:
    member, notary = _registered(call)
    changed = notary | _flags(call.json)
    change_data(member, **{DATA: changed})
    return answer(_shape(member, changed))


@operation("GET", f"{PATH}/journals", partial="there are none")
def list_journals(call: Call) -> HttpResponse:
    _registered(call)
    return answer(page(call, [], "notaryJournals", dict))


@operation("GET", f"{PATH}/jurisdictions")
def list_jurisdictions(call: Call) -> HttpResponse:
    _, notary = _registered(call)
    return answer(page(call, notary["jurisdictions"], "notaryJurisdictions", dict))


@operation("POST", f"{PATH}/jurisdictions", partial=KEPT)
def create_jurisdiction(call: Call) -> HttpResponse:
    member, notary = _registered(call)
    made = _read(call.json)
    made["jurisdiction"] = {"jurisdictionId": new_guid(), **made["jurisdiction"]}
    _keep(member, notary, [*notary["jurisdictions"], made])
    return answer(made, 201)


@operation("GET", f"{PATH}/jurisdictions/{{jurisdictionId}}")
def get_jurisdiction(call: Call, jurisdiction_id: str) -> HttpResponse:
    _, notary = _registered(call)
    return answer(_find(notary, jurisdiction_id))


@operation("PUT", f"{PATH}/jurisdictions/{{jurisdictionId}}", partial=KEPT)
def update_jurisdiction(call: Call, jurisdiction_id: str) -> HttpResponse:
    member, notary = _registered(call)
    found, given = _find(notary, jurisdiction_id), _read(call.json)
    jurisdiction = found["jurisdiction"] | given["jurisdiction"] | {"jurisdictionId": jurisdiction_id}
    changed = found | given | {"jurisdiction": jurisdiction}
    _keep(member, notary, [changed if one is found else one for one in notary["jurisdictions"]])
    return answer(changed)


@operation("DELETE", f"{PATH}/jurisdictions/{{jurisdictionId}}", partial=KEPT)
def delete_jurisdiction(call: Call, jurisdiction_id: str) -> HttpResponse:
    member, notary = _registered(call)
    found = _find(notary, jurisdiction_id)
    _keep(member, notary, [one for one in notary["jurisdictions"] if one is not found])
    return nothing()


def _membership(call: Call) -> Membership:
    """The address names no account: the default one's."""
    rows = call.user.memberships.exclude(status="Closed").select_related("account", "user")
    member = rows.order_by("-is_default", "pk").first()
    if member is None:
        raise ApiError("USER_LACKS_MEMBERSHIP")
    return member


def _registered(call: Call) -> tuple[Membership, dict[str, Any]]:
    member = _membership(call)
    notary = member.data.get(DATA)
    if not notary:
        raise ApiError("INVALID_REQUEST_PARAMETER", "The user is not a notary.")
    return member, notary


def _find(notary: dict[str, Any], jurisdiction_id: str) -> dict[str, Any]:
    known: list[dict[str, Any]] = notary["jurisdictions"]
    found = next((one for one in known if one["jurisdiction"]["jurisdictionId"] == jurisdiction_id), None)
    if found is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for jurisdictionId.")
    return found


def _read(item: Json) -> dict[str, Any]:
    texts: dict[str, Any] = {name: text_of(item, name, 200) for name in TEXTS if item.get(name) is not None}
    jurisdiction = object_of(item, "jurisdiction")
    named = {name: text_of(jurisdiction, name, 200) for name in JURISDICTION if jurisdiction.get(name) is not None}
    return texts | {"jurisdiction": named}


def _flags(item: Json) -> dict[str, str]:
    return {name: text_of(item, name, 10) for name in ("enabled", "searchable") if item.get(name) is not None}


def _keep(member: Membership, notary: dict[str, Any], jurisdictions: list[dict[str, Any]]) -> None:
    change_data(member, **{DATA: notary | {"jurisdictions": jurisdictions}})


def _shape(member: Membership, notary: dict[str, Any]) -> dict[str, Any]:
    shown = {name: spelled(notary[name]) for name in ("createdDate", "enabled", "searchable")}
    return shown | {"userInfo": information(member)}
