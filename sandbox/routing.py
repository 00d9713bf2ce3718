"""Conditional recipients: who is asked next may depend on what was filled in before (a step's `recipientRouting`)."""

from collections.abc import Sequence
from typing import Any

from .definition.reading import Json, integer, is_email, list_of, object_of, text_of
from .errors import ApiError
from .models import Recipient, Tab

Rule = dict[str, Any]


def read(given: Json) -> dict[str, Any]:
    """As it is kept. Raises INVALID_REQUEST_PARAMETER, for people without an address too."""
    rules = [_read_rule(item) for item in list_of(object_of(given, "rules"), "conditionalRecipients")]
    return {"rules": {"conditionalRecipients": rules}}


def choose(routing: dict[str, Any], recipients: Sequence[Recipient]) -> None:
    """Whom the first condition that holds names takes the place of the recipient; where none holds nobody does."""
    for rule in sorted(routing["rules"]["conditionalRecipients"], key=_order):
        recipient = next((one for one in recipients if one.recipient_id == rule["recipientId"]), None)
        chosen = next((one for one in sorted(rule["conditions"], key=_order) if _holds(one, recipients)), None)
        if recipient is None or chosen is None:
            continue
        people = rule["recipientGroup"]["recipients"]
        person = next((one for one in people if one["recipientLabel"] == chosen["recipientLabel"]), None)
        if person is not None:
            recipient.name, recipient.email = person["name"], person["email"]
            recipient.data |= {"roleName": person["roleName"]} if person["roleName"] else {}
            recipient.save(update_fields=["name", "email", "data"])


def _read_rule(item: Json) -> Rule:
    group = object_of(item, "recipientGroup")
    return {
        "recipientId": text_of(item, "recipientId"),
        "order": str(integer(item.get("order") or 0, "order")),
        "recipientGroup": {
            "groupName": text_of(group, "groupName"),
            "groupMessage": text_of(group, "groupMessage"),
            "recipients": [_read_person(person) for person in list_of(group, "recipients")],
        },
        "conditions": [_read_condition(condition) for condition in list_of(item, "conditions")],
    }


def _read_person(item: Json) -> dict[str, str]:
    person = {name: text_of(item, name, 100) for name in ("recipientLabel", "roleName", "name", "email")}
    if not person["name"] or not is_email(person["email"]):
        raise ApiError("INVALID_REQUEST_PARAMETER", "A conditional recipient needs a name and an email address.")
    return person


def _read_condition(item: Json) -> Rule:
    names = ("scope", "recipientId", "tabId", "tabLabel", "operator", "value")
    return {
        "recipientLabel": text_of(item, "recipientLabel"),
        "order": str(integer(item.get("order") or 0, "order")),
        "filters": [{name: text_of(one, name) for name in names} for one in list_of(item, "filters")],
    }


def _holds(condition: Rule, recipients: Sequence[Recipient]) -> bool:
    return all(_is_met(one, recipients) for one in condition["filters"])


def _is_met(one: Json, recipients: Sequence[Recipient]) -> bool:
    signer = next((recipient for recipient in recipients if recipient.recipient_id == one["recipientId"]), None)
    tabs = list(signer.tabs.all()) if signer else []
    tab = next((tab for tab in tabs if one["tabLabel"] in (tab.data.get("tabLabel"), tab.data.get("groupName"))), None)
    is_equal = tab is not None and _value_of(tab) == one["value"]
    return not is_equal if one["operator"].lower().startswith("not") else is_equal


def _value_of(tab: Tab) -> str:
    return tab.value or "false" if tab.group == "checkboxTabs" else tab.value


def _order(item: Rule) -> int:
    return int(item["order"])
