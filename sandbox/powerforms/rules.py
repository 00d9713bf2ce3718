"""May this PowerForm be used, by whom, and what comes of it (reference 7.1)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from sandbox import clock, lifecycle
from sandbox.definition.composites import resolve
from sandbox.definition.envelopes import create_envelope
from sandbox.definition.merging import Definition
from sandbox.definition.reading import is_true
from sandbox.definition.recipients import RECIPIENT_TYPES
from sandbox.definition.templates import definition_of, find, without_open_roles
from sandbox.errors import ApiError
from sandbox.models import Envelope, Recipient, Resource, User

KIND = "powerform"
UNITS = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
    "months": timedelta(days=30),
}
CODE_DIGITS = 6


class ClosedError(Exception):
    """The form cannot be used now; the text is for the visitor."""


class Role(NamedTuple):
    """One of the template's, and what the PowerForm fixes of it."""

    name: str
    recipient_type: str
    routing_order: str
    person_name: str
    email: str
    is_name_locked: bool
    is_email_locked: bool


def template_of(form: Resource) -> Envelope | None:
    """None once it is deleted, which ends its PowerForms."""
    try:
        return find(form.account, form.data["templateId"])
    except ApiError:
        return None


def sender_of(form: Resource) -> User:
    return User.objects.get(guid=form.data["senderUserId"])


def uses(form: Resource) -> int:
    return Envelope.objects.filter(account=form.account, power_form=form.guid).count()


def require_open(form: Resource) -> Envelope:
    """The template. Raises ClosedError."""
    template = template_of(form)
    if template is None:
        raise ClosedError("The document behind this form has been taken away, so the form cannot be used any more.")
    if not is_true(form.data["isActive"]):
        raise ClosedError("This form is not open at the moment. Please ask whoever sent you here when it will be.")
    if is_true(form.data["maxUseEnabled"]) and int(form.data["usesRemaining"]) <= 0:
        raise ClosedError("This form has been used as often as it may be, so it is closed now.")
    return template


def roles_of(form: Resource, template: Envelope) -> list[Role]:
    """In routing order; the first is the visitor's own."""
    given = {item.get("roleName"): item for item in form.data["recipients"]}
    roles = []
    for recipient in template.recipients.all():
        role_name = str(recipient.data.get("roleName") or "")
        own = given.get(role_name, {})
        name, email = str(own.get("name") or recipient.name), str(own.get("email") or recipient.email)
        roles.append(
            Role(
                name=role_name,
                recipient_type=RECIPIENT_TYPES[recipient.kind],
                routing_order=str(recipient.routing_order),
                person_name=name,
                email=email,
                is_name_locked=bool(name) and is_true(own.get("userNameLocked")),
                is_email_locked=bool(email) and is_true(own.get("emailLocked")),
            )
        )
    return roles


def use(form: Resource, people: list[dict[str, str]], prefills: Mapping[str, str], *, with_code: bool) -> Recipient:
    """Make the envelope and send it; whoever comes first in it. Raises ClosedError, ApiError.

    people: roleName, name and email of each. prefills: values by `{roleName}_{tabLabel}`. with_code: in the mode
    `email` the first signer must enter a code that only the email tells.
    """
    template = require_open(form)
    _refuse_soon_again(form, people[0]["email"])
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS)) if with_code else ""
    roles = [{**person, "tabs": _prefilled(template, person["roleName"], prefills)} for person in people]
    if code:
        body = f"{form.data['emailBody']}\n\nYour validation code: {code}".strip()
        roles[0] |= {"accessCode": code, "emailNotification": {"emailBody": body}}
    definition: Definition = {"templateId": template.guid, "templateRoles": roles, "status": "sent"}
    definition |= {name: form.data[name] for name in ("emailSubject",) if form.data[name]}
    definition |= {"emailBlurb": form.data["emailBody"]} if form.data["emailBody"] else {}
    envelope = create_envelope(form.account, sender_of(form), without_open_roles(resolve(form.account, definition)))
    envelope.power_form = form.guid
    envelope.save(update_fields=["power_form"])
    lifecycle.register(envelope)
    lifecycle.send(envelope)
    _count(form)
    return envelope.recipients.all()[0]


def _refuse_soon_again(form: Resource, email: str) -> None:
    """The same person may have to wait before the next use."""
    if not is_true(form.data["limitUseIntervalEnabled"]):
        return
    since = clock.now() - int(form.data["limitUseInterval"]) * UNITS[form.data["limitUseIntervalUnits"]]
    theirs = Envelope.objects.filter(account=form.account, power_form=form.guid, created_at__gt=since)
    if theirs.filter(recipients__email=email).exists():
        length = f"{form.data['limitUseInterval']} {form.data['limitUseIntervalUnits']}"
        raise ClosedError(f"You have used this form already. The same person may use it once in {length}.")


def _prefilled(template: Envelope, role_name: str, prefills: Mapping[str, str]) -> Definition:
    """Tabs of the role with the values that the address gives to their labels."""
    for items in definition_of(template)["recipients"].values():
        for item in items:
            if item.get("roleName") == role_name:
                return {group: _valued(group, tabs, role_name, prefills) for group, tabs in item["tabs"].items()}
    return {}


def _valued(group: str, tabs: list[Definition], role_name: str, prefills: Mapping[str, str]) -> list[Definition]:
    valued = []
    for tab in tabs:
        label = str(tab.get("tabLabel") or tab.get("groupName") or "")
        value = prefills.get(f"{role_name}_{label}", "") if label else ""
        if value:
            is_box = group == "checkboxTabs"
            valued.append({"tabLabel": label, "selected": value} if is_box else {"tabLabel": label, "value": value})
    return valued


def _count(form: Resource) -> None:
    now = clock.now()
    form.data["lastUsed"] = now.isoformat()
    if is_true(form.data["maxUseEnabled"]):
        form.data["usesRemaining"] = str(int(form.data["usesRemaining"]) - 1)
    form.save(update_fields=["data"])


def find_public(powerform_id: str, account_id: str) -> Resource | None:
    rows: Any = Resource.objects.select_related("account").filter(kind=KIND, guid=powerform_id.lower())
    found: Resource | None = rows.filter(account__guid=account_id.lower()).first()
    return found
