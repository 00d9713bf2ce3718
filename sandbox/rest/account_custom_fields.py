"""Custom fields that an account offers to every new envelope."""

from typing import Any

from django.http import HttpResponse

from sandbox.definition.reading import Json, text_of
from sandbox.errors import ApiError
from sandbox.models import Resource

from .answers import nothing
from .door import Call, answer
from .kinds import Kind, change
from .registry import operation

FIELDS = Kind("custom_field", "fieldId", ("name", "required", "show", "value"), is_numbered=True)
GROUPS = {"text": "textCustomFields", "list": "listCustomFields"}
MAX_FIELDS, MAX_NAME = 500, 100
PARTIAL = "not put on new envelopes or templates"


@operation("GET", "custom_fields")
def list_fields(call: Call) -> HttpResponse:
    return answer(_shape(list(FIELDS.rows(call.account))))


@operation("POST", "custom_fields", is_for_admins=True, partial=PARTIAL)
def create_field(call: Call) -> HttpResponse:
    if FIELDS.rows(call.account).count() >= MAX_FIELDS:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"An account has at most {MAX_FIELDS} custom fields.")
    data = {"required": "false", "show": "false", "value": "", "customFieldType": "text"} | _read(call.json)
    if not data.get("name"):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'name' must be specified.")
    return answer(_shape([FIELDS.create(call.account, data)]), 201)


@operation("PUT", "custom_fields/{customFieldId}", is_for_admins=True, partial=PARTIAL)
def update_field(call: Call, custom_field_id: str) -> HttpResponse:
    return answer(_shape([change(FIELDS.find(call.account, custom_field_id), _read(call.json))]))


@operation("DELETE", "custom_fields/{customFieldId}", is_for_admins=True)
def delete_field(call: Call, custom_field_id: str) -> HttpResponse:
    FIELDS.find(call.account, custom_field_id).delete()
    return nothing()


def _read(item: Json) -> dict[str, Any]:
    text_of(item, "name", MAX_NAME)
    data: dict[str, Any] = FIELDS.read(item)
    if item.get("customFieldType") is not None:
        data["customFieldType"] = text_of(item, "customFieldType").lower()
        if data["customFieldType"] not in GROUPS:
            raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for customFieldType.")
    if item.get("listItems") is not None:
        choices = item["listItems"]
        if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
            raise ApiError("INVALID_REQUEST_BODY", "listItems must be an array of strings.")
        data["listItems"] = choices
    return data


def _shape(fields: list[Resource]) -> dict[str, Any]:
    shape: dict[str, Any] = {group: [] for group in GROUPS.values()}
    for field in fields:
        kind = field.data["customFieldType"]
        hidden = {"customFieldType"} if kind == "list" else {"customFieldType", "listItems"}
        values = {name: value for name, value in FIELDS.shape(field).items() if name not in hidden}
        shape[GROUPS[kind]].append(values)
    return shape
