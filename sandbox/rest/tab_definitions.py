"""Custom tabs: tabs kept under a name, to be used again."""

from typing import Any

from django.http import HttpResponse

from sandbox.clock import docusign_time
from sandbox.definition.reading import Json, is_true, object_of
from sandbox.errors import ApiError
from sandbox.models import Resource

from .account_settings import read
from .answers import nothing
from .door import Call, answer
from .kinds import Kind, change
from .registry import operation

TABS = Kind(
    "custom_tab",
    "customTabId",
    [
        "anchor",
        "anchorCaseSensitive",
        "anchorHorizontalAlignment",
        "anchorIgnoreIfNotPresent",
        "anchorMatchWholeWord",
        "anchorUnits",
        "anchorXOffset",
        "anchorYOffset",
        "bold",
        "collaborative",
        "concealValueOnDocument",
        "disableAutoSize",
        "font",
        "fontColor",
        "fontSize",
        "height",
        "includedInEmail",
        "initialValue",
        "italic",
        "locked",
        "maximumLength",
        "name",
        "paymentItemCode",
        "paymentItemDescription",
        "paymentItemName",
        "requireAll",
        "required",
        "requireInitialOnSharedChange",
        "scaleValue",
        "selected",
        "shared",
        "stampType",
        "tabLabel",
        "type",
        "underline",
        "validationMessage",
        "validationPattern",
        "width",
    ],
)


@operation("GET", "tab_definitions")
def list_tabs(call: Call) -> HttpResponse:
    """The caller's own and those that are shared."""
    rows = [tab for tab in TABS.rows(call.account) if _is_own(call, tab) or is_true(tab.data.get("shared"))]
    return answer({"tabs": [_shape(call, tab) for tab in rows]})


@operation("POST", "tab_definitions")
def create_tab(call: Call) -> HttpResponse:
    data = _read(call.json)
    if not data.get("type"):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'type' must be specified.")
    user = call.user
    data |= {"createdByUserId": user.guid, "createdByDisplayName": user.name, **_modified(call)}
    return answer(_shape(call, TABS.create(call.account, data)), 201)


@operation("GET", "tab_definitions/{customTabId}")
def get_tab(call: Call, custom_tab_id: str) -> HttpResponse:
    return answer(_shape(call, TABS.find(call.account, custom_tab_id)))


@operation("PUT", "tab_definitions/{customTabId}")
def update_tab(call: Call, custom_tab_id: str) -> HttpResponse:
    return answer(_shape(call, change(_editable(call, custom_tab_id), _read(call.json) | _modified(call))))


@operation("DELETE", "tab_definitions/{customTabId}")
def delete_tab(call: Call, custom_tab_id: str) -> HttpResponse:
    _editable(call, custom_tab_id).delete()
    return nothing()


def _editable(call: Call, custom_tab_id: str) -> Resource:
    tab = TABS.find(call.account, custom_tab_id)
    if not _is_own(call, tab):
        raise ApiError("USER_LACKS_PERMISSIONS")
    return tab


def _is_own(call: Call, tab: Resource) -> bool:
    return bool(tab.data["createdByUserId"] == call.user.guid)


def _read(item: Json) -> dict[str, Any]:
    data: dict[str, Any] = TABS.read(item)
    if item.get("items") is not None:
        choices = item["items"]
        if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
            raise ApiError("INVALID_REQUEST_BODY", "items must be an array of strings.")
        data["items"] = choices
    if item.get("mergeField"):
        data["mergeField"] = read(object_of(item, "mergeField"), {})
    return data


def _modified(call: Call) -> dict[str, str]:
    return {"lastModifiedByUserId": call.user.guid, "lastModifiedByDisplayName": call.user.name}


def _shape(call: Call, tab: Resource) -> dict[str, Any]:
    moments = {"lastModified": docusign_time(tab.modified_at)}
    return TABS.shape(tab) | moments | {"editable": "true" if _is_own(call, tab) else "false"}
