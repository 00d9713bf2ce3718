"""Contacts: a user's address book, and what others share."""

from typing import Any

from django.http import HttpResponse

from sandbox.definition.reading import Json, is_email, is_true, list_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Resource

from .door import Call, answer
from .kinds import Kind, change, each
from .paging import page
from .registry import operation

CONTACTS = Kind("contact", "contactId", ("name", "organization", "shared", "signingGroup", "signingGroupName"))
MAX_EMAIL = 100


@operation("GET", "contacts", note="as the documentation has it: all contacts where no contactId is given")
def list_contacts(call: Call) -> HttpResponse:
    rows = [contact for contact in CONTACTS.rows(call.account) if _is_visible(call, contact)]
    return answer(page(call, rows, "contacts", lambda contact: _shape(call, contact)))


@operation("GET", "contacts/{contactId}")
def get_contact(call: Call, contact_id: str) -> HttpResponse:
    contact = CONTACTS.find(call.account, contact_id)
    if not _is_visible(call, contact):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for contactId.")
    return answer(page(call, [contact], "contacts", lambda row: _shape(call, row)))


@operation("POST", "contacts", partial="JSON only, no CSV or XML")
def create_contacts(call: Call) -> HttpResponse:
    def create(item: Json) -> dict[str, Any]:
        data = {"shared": "false"} | _read(item)
        if not data.get("name"):
            raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'name' must be specified.")
        return _shape(call, CONTACTS.create(call.account, data | {"ownerId": call.user.guid}))

    return answer({"contacts": each(list_of(call.json, "contactList"), create, "name")}, 201)


@operation("PUT", "contacts")
def update_contacts(call: Call) -> HttpResponse:
    def update(item: Json) -> dict[str, Any]:
        return _shape(call, change(_own(call, item.get("contactId")), _read(item)))

    return answer({"contacts": each(list_of(call.json, "contactList"), update, "contactId", "name")})


@operation("DELETE", "contacts")
def delete_contacts(call: Call) -> HttpResponse:
    deleted = each(list_of(call.json, "contactList"), lambda item: _delete(call, item.get("contactId")), "contactId")
    return answer({"contacts": deleted})


@operation("DELETE", "contacts/{contactId}")
def delete_contact(call: Call, contact_id: str) -> HttpResponse:
    return answer({"contacts": [_delete(call, contact_id)]})


def _delete(call: Call, contact_id: object) -> dict[str, Any]:
    contact = _own(call, contact_id)
    shape = _shape(call, contact)
    contact.delete()
    return shape


def _own(call: Call, contact_id: object) -> Resource:
    """Others' contacts may be seen, not changed."""
    contact = CONTACTS.find(call.account, contact_id)
    if contact.data["ownerId"] != call.user.guid:
        raise ApiError("USER_LACKS_PERMISSIONS")
    return contact


def _is_visible(call: Call, contact: Resource) -> bool:
    return contact.data["ownerId"] == call.user.guid or is_true(contact.data.get("shared"))


def _read(item: Json) -> dict[str, Any]:
    data: dict[str, Any] = CONTACTS.read(item)
    if item.get("emails") is not None:
        emails = item["emails"]
        if not isinstance(emails, list) or not all(isinstance(email, str) and is_email(email) for email in emails):
            raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for emails.")
        data["emails"] = emails
    if item.get("contactPhoneNumbers") is not None:
        data["contactPhoneNumbers"] = [
            {name: text_of(phone, name, MAX_EMAIL) for name in ("phoneNumber", "phoneType") if phone.get(name)}
            for phone in list_of(item, "contactPhoneNumbers")
        ]
    return data


def _shape(call: Call, contact: Resource) -> dict[str, Any]:
    shape = {name: value for name, value in CONTACTS.shape(contact).items() if name != "ownerId"}
    return shape | {
        "cloudProvider": "docusigncore",
        "contactUri": f"/contacts/{contact.guid}",
        "isOwner": contact.data["ownerId"] == call.user.guid,
    }
