"""PowerForms: create, list, get, update, delete, senders (reference 7.1). Their public page is `sandbox.powerforms`."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse

from sandbox import clock
from sandbox.addresses import base_url
from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, integer, is_true, list_of, spelled, text_of
from sandbox.definition.templates import find
from sandbox.errors import ApiError
from sandbox.models import Envelope, Resource
from sandbox.powerforms import rules

from .answers import nothing
from .dates import moment_of
from .door import Call, answer
from .kinds import Kind, each
from .members import find_member, info, members
from .registry import operation

LONGEST = {"name": 100, "instructions": 2000, "emailSubject": 100, "emailBody": 10_000}
DEFAULTS = {
    "isActive": "true",
    "signingMode": "email",
    "maxUseEnabled": "false",
    "usesRemaining": "0",
    "limitUseIntervalEnabled": "false",
    "limitUseInterval": "0",
    "limitUseIntervalUnits": "days",
    **dict.fromkeys(LONGEST, ""),
}
FLAGS = ("isActive", "maxUseEnabled", "limitUseIntervalEnabled")
NUMBERS = ("usesRemaining", "limitUseInterval")
CHOICES = {"signingMode": ("email", "direct"), "limitUseIntervalUnits": tuple(rules.UNITS)}
POWERFORMS = Kind(rules.KIND, "powerFormId")
ROLE_NAMES = (
    "roleName",
    "name",
    "email",
    "userNameLocked",
    "emailLocked",
    "accessCode",
    "accessCodeLocked",
    "accessCodeRequired",
    "idCheckRequired",
    "idCheckConfigurationName",
    "templateRequiresIdLookup",
)


@operation("GET", "powerforms")
def list_powerforms(call: Call) -> HttpResponse:
    rows = list(_dated(call, POWERFORMS.rows(call.account)))
    key = "name" if call.query.get("order_by", "").lower() == "name" else "modified"
    rows.sort(key=lambda form: form.data["name"] if key == "name" else form.modified_at.isoformat())
    if call.query.get("order", "").lower() == "desc":
        rows.reverse()
    return answer(_page("powerForms", [_shape(call, form) for form in rows]))


@operation("POST", "powerforms")
def create(call: Call) -> HttpResponse:
    """Of a template with a document; who calls is the sender unless another is named."""
    template = find(call.account, call.json.get("templateId"))
    if not template.documents.exists() or not template.recipients.exists():
        raise ApiError("INVALID_REQUEST_PARAMETER", "The template of a PowerForm needs a document and a recipient.")
    data = DEFAULTS | {"templateId": template.guid, "senderUserId": call.user.guid, "recipients": [], "lastUsed": ""}
    data |= {"name": template.template_name, "createdBy": call.user.guid} | _read(call, call.json)
    _check(call, data)
    return answer(_shape(call, POWERFORMS.create(call.account, data)), 201)


@operation("DELETE", "powerforms")
def delete_many(call: Call) -> HttpResponse:
    def delete(item: Json) -> dict[str, Any]:
        form = POWERFORMS.find(call.account, item.get("powerFormId"))
        form.delete()
        return {"powerFormId": text_of(item, "powerFormId")}

    return answer(_page("powerForms", each(list_of(call.json, "powerForms"), delete, "powerFormId")))


@operation("GET", "powerforms/senders")
def list_senders(call: Call) -> HttpResponse:
    senders = {form.data["senderUserId"] for form in POWERFORMS.rows(call.account)}
    found = members(call.account).filter(user__guid__in=senders)
    return answer(_page("powerFormSenders", [info(member) for member in found]))


@operation("GET", "powerforms/{powerFormId}")
def get(call: Call, power_form_id: str) -> HttpResponse:
    return answer(_shape(call, POWERFORMS.find(call.account, power_form_id)))


@operation("PUT", "powerforms/{powerFormId}")
def update(call: Call, power_form_id: str) -> HttpResponse:
    """What is given replaces what was; the template stays."""
    form = POWERFORMS.find(call.account, power_form_id)
    form.data |= _read(call, call.json)
    _check(call, form.data)
    form.modified_at = clock.now()
    form.save(update_fields=["data", "modified_at"])
    return answer(_shape(call, form))


@operation("DELETE", "powerforms/{powerFormId}")
def delete_one(call: Call, power_form_id: str) -> HttpResponse:
    POWERFORMS.find(call.account, power_form_id).delete()
    return nothing()


def powerforms_of(call: Call, template: Envelope) -> list[dict[str, Any]]:
    forms = POWERFORMS.rows(call.account)
    return [_shape(call, form) for form in forms if form.data["templateId"] == template.guid]


def find_powerform(call: Call, power_form_id: str) -> Resource:
    return POWERFORMS.find(call.account, power_form_id)


def _dated(call: Call, rows: Any) -> Any:
    for name, column in (("from_date", "created_at__gte"), ("to_date", "created_at__lte")):
        if moment := moment_of(call.query.get(name, ""), name):
            rows = rows.filter(**{column: moment})
    return rows


def _read(call: Call, body: Json) -> dict[str, Any]:
    """What was given, judged. Raises INVALID_REQUEST_PARAMETER."""
    data: dict[str, Any] = {n: text_of(body, n, longest) for n, longest in LONGEST.items() if body.get(n) is not None}
    data |= {name: "true" if is_true(body[name]) else "false" for name in FLAGS if body.get(name) is not None}
    for name in NUMBERS:
        if body.get(name) not in (None, "", "Unlimited"):
            data[name] = str(integer(body[name], name))
    for name, choices in CHOICES.items():
        if body.get(name):
            data[name] = text_of(body, name).lower()
            if data[name] not in choices:
                raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.")
    if body.get("senderUserId"):
        data["senderUserId"] = find_member(call, body["senderUserId"]).user.guid
    if body.get("recipients"):
        items = list_of(body, "recipients")
        data["recipients"] = [{n: spelled(item[n]) for n in ROLE_NAMES if item.get(n) is not None} for item in items]
    return data


def _check(call: Call, data: Json) -> None:
    """What only the whole can tell."""
    if is_true(data["limitUseIntervalEnabled"]) and data["limitUseInterval"] == "0":
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for limitUseInterval.")
    if data["signingMode"] == "direct" and not is_true(call.account.settings.get("enablePowerFormDirect", "true")):
        raise ApiError("ACCOUNT_LACKS_PERMISSIONS", "The account does not allow PowerForms in direct mode.")


def _page(name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """All at once; here the specification counts in numbers."""
    count = len(items)
    position = {"startPosition": 0, "endPosition": max(0, count - 1), "resultSetSize": count, "totalSetSize": count}
    return {name: items, **position, "nextUri": "", "previousUri": ""}


def _shape(call: Call, form: Resource) -> dict[str, Any]:
    data, template = form.data, rules.template_of(form)
    query = {"PowerFormId": form.guid, "env": "demo", "acct": form.account.guid, "v": "2"}
    shape = {
        **{name: data[name] for name in DEFAULTS},
        "powerFormId": form.guid,
        "powerFormUrl": f"{base_url(call.request)}/Member/PowerFormSigning.aspx?{urlencode(query)}",
        "uri": f"/powerforms/{form.guid}",
        "templateId": data["templateId"],
        "templateName": template.template_name if template else None,
        "senderUserId": data["senderUserId"],
        "senderName": rules.sender_of(form).name,
        "createdBy": data["createdBy"],
        "createdDateTime": docusign_time(form.created_at),
        "lastUsed": data["lastUsed"] or None,
        "timesUsed": str(rules.uses(form)),
        "usesRemaining": data["usesRemaining"] if is_true(data["maxUseEnabled"]) else "Unlimited",
        "recipients": [_role_shape(role, form) for role in rules.roles_of(form, template)] if template else [],
    }
    return {name: value for name, value in shape.items() if value is not None}


def _role_shape(role: rules.Role, form: Resource) -> dict[str, Any]:
    """A `powerFormRecipient`."""
    given: Json = next((item for item in form.data["recipients"] if item.get("roleName") == role.name), {})
    return {
        **given,
        "roleName": role.name,
        "recipientType": role.recipient_type,
        "routingOrder": role.routing_order,
        "name": role.person_name,
        "email": role.email,
        "userNameLocked": "true" if role.is_name_locked else "false",
        "emailLocked": "true" if role.is_email_locked else "false",
    }
