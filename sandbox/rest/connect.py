"""Connect configurations of the account, and its HMAC keys (reference 4.2, 4.3)."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse

from sandbox.connect import delivery, listeners, secrets
from sandbox.connect.listeners import is_true, names_in
from sandbox.definition.reading import object_of, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import Account, Resource

from .answers import nothing
from .door import Call, Json, answer
from .kinds import Kind, change
from .members import info, members
from .paging import page
from .registry import operation

TEXTS = (
    "allowEnvelopePublish",
    "allowSalesforcePublish",
    "allUsers",
    "allUsersExcept",
    "configurationType",
    "deliveryMode",
    "enableLog",
    "externalFolderId",
    "externalFolderLabel",
    "includeCertificateOfCompletion",
    "includeCertSoapHeader",
    "includeDocumentFields",
    "includeDocuments",
    "includeEnvelopeVoidReason",
    "includeHMAC",
    "includeSenderAccountasCustomField",
    "includeTimeZoneInformation",
    "integratorManaged",
    "name",
    "pausePublish",
    "requireMutualTls",
    "requiresAcknowledgement",
    "senderOverride",
    "signMessageWithX509Certificate",
    "soapNamespace",
    "urlToPublishTo",
    "useSoapInterface",
)
LISTS = ("envelopeEvents", "recipientEvents", "events", "userIds", "groupIds")
CONFIGURATIONS = Kind(listeners.KIND, "connectId", TEXTS, is_numbered=True)
SECRETS = Kind(secrets.KIND, "keyId")
MAX_CONFIGURATIONS = 20
TYPES = ("custom", "customrecipient")
PARTIAL = "SIM only: no aggregate mode, no SOAP, no Salesforce, no mutual TLS"
DEFAULTS = {
    "allowEnvelopePublish": "false",
    "allUsers": "false",
    "configurationType": "custom",
    "deliveryMode": "SIM",
    "enableLog": "false",
    "includeHMAC": "false",
    "requiresAcknowledgement": "false",
}


@operation("GET", "connect", is_for_admins=True)
def list_configurations(call: Call) -> HttpResponse:
    return answer(_shapes(list(CONFIGURATIONS.rows(call.account))))


@operation("POST", "connect", is_for_admins=True, partial=PARTIAL)
def create_configuration(call: Call) -> HttpResponse:
    if CONFIGURATIONS.rows(call.account).count() >= MAX_CONFIGURATIONS:
        detail = f"An account has at most {MAX_CONFIGURATIONS} Connect configurations."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail)
    configuration = CONFIGURATIONS.create(call.account, _read(call.account, DEFAULTS, call.json))
    transaction.on_commit(listeners.forget)
    return answer(CONFIGURATIONS.shape(configuration), status=201)


@operation("PUT", "connect", is_for_admins=True, partial=PARTIAL)
def update_configuration(call: Call) -> HttpResponse:
    """What is left out stays as it is."""
    configuration = CONFIGURATIONS.find(call.account, call.json.get("connectId"))
    change(configuration, _read(call.account, configuration.data, call.json))
    if not is_true(configuration.data.get("pausePublish")):
        delivery.resume(configuration.number)
    transaction.on_commit(listeners.forget)
    return answer(CONFIGURATIONS.shape(configuration))


@operation("GET", "connect/{connectId}", is_for_admins=True)
def get_configuration(call: Call, connect_id: str) -> HttpResponse:
    return answer(_shapes([CONFIGURATIONS.find(call.account, connect_id)]))


@operation("DELETE", "connect/{connectId}", is_for_admins=True)
def delete_configuration(call: Call, connect_id: str) -> HttpResponse:
    """Messages that still wait will not be sent."""
    configuration = CONFIGURATIONS.find(call.account, connect_id)
    delivery.give_up(configuration.number)
    configuration.delete()
    transaction.on_commit(listeners.forget)
    return nothing()


@operation("GET", "connect/{connectId}/users", is_for_admins=True, partial="no filter by status")
def list_users(call: Call, connect_id: str) -> HttpResponse:
    """The members whose envelopes it tells of."""
    return _users(call, connect_id, only_included=call.query.get("list_included_users", "true").lower() == "true")


@operation("GET", "connect/{connectId}/all/users", is_for_admins=True, partial="no filter by status")
def list_all_users(call: Call, connect_id: str) -> HttpResponse:
    return _users(call, connect_id, only_included=False)


@operation("GET", "connect/secret", is_for_admins=True, note="the published specification has no shape for it")
def list_secrets(call: Call) -> HttpResponse:
    return answer({"secrets": [SECRETS.shape(key) for key in secrets.keys(call.account)]})


@operation("POST", "connect/secret", is_for_admins=True, note="the published specification has no shape for it")
def create_secret(call: Call) -> HttpResponse:
    key = secrets.add(call.account, text_of(call.json, "secret", 100))
    return answer(SECRETS.shape(key), status=201)


@operation("DELETE", "connect/secret/{keyId}", is_for_admins=True)
def delete_secret(call: Call, key_id: str) -> HttpResponse:
    SECRETS.find(call.account, key_id).delete()
    return nothing()


def _shapes(configurations: list[Resource]) -> Json:
    shapes = [CONFIGURATIONS.shape(configuration) for configuration in configurations]
    return {"configurations": shapes, "totalRecords": str(len(shapes))}


def _read(account: Account, before: Json, given: Json) -> dict[str, Any]:
    """What it will be: what it was, and over it what is given. Raises ApiError for what could never be told."""
    data = {**before, **CONFIGURATIONS.read(given)}
    data |= {name: _names(given, name) for name in LISTS if given.get(name) is not None}
    if given.get("eventData") is not None:
        data["eventData"] = spelled(object_of(given, "eventData"))
    if str(data.get("configurationType")).lower() not in TYPES:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"configurationType must be one of {', '.join(TYPES)}.")
    if not str(data.get("name") or "").strip():
        raise ApiError("INVALID_REQUEST_PARAMETER", "name must be set.")
    listeners.check_url(data.get("urlToPublishTo"), "urlToPublishTo")
    users = names_in(data.get("userIds"))
    if not is_true(data.get("allUsers")) and not users:
        raise ApiError("INVALID_REQUEST_PARAMETER", "userIds must be set where allUsers is not true.")
    if members(account).filter(user__guid__in=users).count() < len(set(users)):
        raise ApiError("USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT")
    return data


def _names(given: Json, name: str) -> list[str]:
    """An array of strings, one string with commas, or the older objects around a status code."""
    value = given[name]
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise ApiError("INVALID_REQUEST_BODY", f"{name} must be an array.")
    code = f"{name.removesuffix('s')}StatusCode"
    return [str(item.get(code) or "") if isinstance(item, dict) else str(item) for item in value]


def _users(call: Call, connect_id: str, *, only_included: bool) -> HttpResponse:
    configuration = CONFIGURATIONS.find(call.account, connect_id)
    rows = members(call.account).exclude(status="Closed")
    listener = listeners.of_configuration(configuration)
    if only_included and listener.only_users is not None:
        rows = rows.filter(user__guid__in=listener.only_users)
    for name, column in (("email_substring", "user__email"), ("user_name_substring", "user__name")):
        if call.query.get(name):
            rows = rows.filter(**{f"{column}__icontains": call.query[name]})
    data = page(call, rows, "users", info)
    return answer(data | {"allUsersSelected": spelled(listener.only_users is None)})
