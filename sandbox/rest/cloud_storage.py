"""Cloud storage of a user: which services are linked is kept, nothing is fetched from them."""

from typing import Any

from django.http import HttpResponse

from sandbox.addresses import base_url
from sandbox.definition.reading import Json, list_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Membership

from .door import Call, answer
from .kinds import each
from .members import change_data, own_or_administered
from .registry import operation

PATH = "users/{userId}/cloud_storage"
DATA = "cloudStorage"  # in a member's data: [{service, serviceId}]
UNLINKED = "kept and told; no service is ever reached, so every folder is empty"


@operation("GET", PATH, partial=UNLINKED)
def list_providers(call: Call, user_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    return answer({"storageProviders": [_shape(call, one) for one in _of(member)]})


@operation("POST", PATH, partial=UNLINKED)
def add_providers(call: Call, user_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)

    def add(item: Json) -> dict[str, Any]:
        service = text_of(item, "service", 100) or text_of(item, "serviceId", 100)
        if not service:
            raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'service' must be specified.")
        one = {"service": service, "serviceId": text_of(item, "serviceId", 100) or service.lower()}
        _keep(member, [other for other in _of(member) if other["serviceId"] != one["serviceId"]] + [one])
        return _shape(call, one)

    return answer({"storageProviders": each(list_of(call.json, "storageProviders"), add, "service")}, 201)


@operation("DELETE", PATH, partial=UNLINKED)
def delete_providers(call: Call, user_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    gone = {text_of(item, "serviceId") for item in list_of(call.json, "storageProviders")}
    return _without(call, member, gone)


@operation("GET", f"{PATH}/{{serviceId}}", partial=UNLINKED)
def get_provider(call: Call, user_id: str, service_id: str) -> HttpResponse:
    return answer({"storageProviders": [_shape(call, _find(own_or_administered(call, user_id), service_id))]})


@operation("DELETE", f"{PATH}/{{serviceId}}", partial=UNLINKED)
def delete_provider(call: Call, user_id: str, service_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    return _without(call, member, {_find(member, service_id)["serviceId"]})


@operation("GET", f"{PATH}/{{serviceId}}/folders", partial=UNLINKED)
def list_folders(call: Call, user_id: str, service_id: str) -> HttpResponse:
    return _empty_folder(call, user_id, service_id, "")


@operation("GET", f"{PATH}/{{serviceId}}/folders/{{folderId}}", partial=UNLINKED)
def get_folder(call: Call, user_id: str, service_id: str, folder_id: str) -> HttpResponse:
    return _empty_folder(call, user_id, service_id, folder_id)


def _empty_folder(call: Call, user_id: str, service_id: str, folder_id: str) -> HttpResponse:
    service = _find(own_or_administered(call, user_id), service_id)
    sizes = dict.fromkeys(("resultSetSize", "totalSetSize", "startPosition", "endPosition"), "0")
    named = {"id": folder_id, "name": folder_id or service["service"], "items": []}
    return answer({**named, **sizes, "nextUri": "", "previousUri": ""})


def _without(call: Call, member: Membership, gone: set[str]) -> HttpResponse:
    """Answers with those gone."""
    known = _of(member)
    _keep(member, [one for one in known if one["serviceId"] not in gone])
    return answer({"storageProviders": [_shape(call, one) for one in known if one["serviceId"] in gone]})


def _of(member: Membership) -> list[dict[str, str]]:
    return list(member.data.get(DATA, []))


def _find(member: Membership, service_id: str) -> dict[str, str]:
    found = next((one for one in _of(member) if one["serviceId"] == service_id), None)
    if found is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for serviceId.")
    return found


def _keep(member: Membership, providers: list[dict[str, str]]) -> None:
    change_data(member, **{DATA: providers})


def _shape(call: Call, one: dict[str, str]) -> dict[str, Any]:
    """`redirectUrl`: where the user would be sent after logging in there."""
    redirect = call.query.get("redirectUrl", "")
    own = {"authenticationUrl": f"{base_url(call.request)}/console/"}
    return one | own | ({"redirectUrl": redirect} if redirect else {})
