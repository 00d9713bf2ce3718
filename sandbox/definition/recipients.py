"""Recipients of a definition (reference 2.4)."""

import uuid
from collections.abc import Sequence
from typing import Any

from sandbox import rows
from sandbox.errors import ApiError
from sandbox.models import Document, Envelope, Membership, Recipient, Resource, Tab

from .reading import Json, integer, is_email, list_of, object_of, text_of
from .tabs import build_tabs

# Kind → how the API names the type.
RECIPIENT_TYPES = {
    "signers": "signer",
    "agents": "agent",
    "editors": "editor",
    "intermediaries": "intermediary",
    "carbonCopies": "carboncopy",
    "certifiedDeliveries": "certifieddelivery",
    "inPersonSigners": "inpersonsigner",
    "seals": "seal",
    "witnesses": "witness",
    "notaries": "notary",
}
UNNAMED_KINDS = frozenset({"seals"})
MAX_RECIPIENTS = 100
MAX_NAME = 100
MAX_CLIENT_USER_ID = 100
LONGEST = {"accessCode": 50, "note": 1000, "roleName": 100}


def create_recipients(
    envelope: Envelope, groups: Json, documents: Sequence[Document], *, is_new: bool = False
) -> list[Recipient]:
    """Write recipients and their tabs, beside those the envelope has; a new one has none. Raises ApiError."""
    parties = [(kind, item) for kind in RECIPIENT_TYPES for item in list_of(groups, kind)]
    unknown = [
        name for name, items in groups.items() if items and isinstance(items, list) and name not in RECIPIENT_TYPES
    ]
    if unknown:
        raise ApiError("INVALID_RECIPIENT_TYPE", f"Not known here: {', '.join(sorted(unknown))}.")
    present = [] if is_new else list(envelope.recipients.all())
    if len(present) + len(parties) > MAX_RECIPIENTS:
        raise ApiError("RECIPIENT_LIMIT_EXCEEDED")
    recipients: list[Recipient] = []
    for kind, item in parties:
        recipient = read_recipient(envelope, kind, item)
        if any(recipient.recipient_id == other.recipient_id for other in [*present, *recipients]):
            raise ApiError("INVALID_REQUEST_PARAMETER", f"Duplicate recipientId {recipient.recipient_id}.")
        recipients.append(recipient)
    if not envelope.is_template:
        refuse_duplicates([*present, *recipients])
    rows.insert(recipients)
    tabs: list[Tab] = []
    for recipient, (_, item) in zip(recipients, parties, strict=True):
        tabs += build_tabs(recipient, object_of(item, "tabs"), documents)
    rows.insert(tabs)
    return recipients


def refuse_duplicates(recipients: Sequence[Recipient]) -> None:
    """The same name, email and routing order twice (reference 2.4)."""
    people = [(r.name.casefold(), r.email.casefold(), r.routing_order) for r in recipients if r.email or r.name]
    if len(set(people)) < len(people):
        raise ApiError("ENVELOPE_HAS_DUPLICATE_RECIPIENTS")


def read_recipient(envelope: Envelope, kind: str, item: Json) -> Recipient:
    """Not saved yet. On templates and drafts a recipient may be only a role."""
    recipient_id = text_of(item, "recipientId")
    if not recipient_id:
        raise ApiError("INVALID_REQUEST_PARAMETER", "'recipientId' not set for recipient.")
    if len(recipient_id) > 50 or not _is_id(recipient_id):
        raise ApiError("INVALID_RECIPIENT_ID", f"Recipient Id: {recipient_id[:50]}")
    for name, longest in LONGEST.items():
        text_of(item, name, longest)
    name, email = _person(envelope, kind, item)
    may_be_open = envelope.is_template or bool(item.get("roleName")) or kind in UNNAMED_KINDS
    if len(name) > MAX_NAME or not (name or may_be_open):
        raise ApiError("INVALID_USERNAME_FOR_RECIPIENT", f"Recipient Id: {recipient_id}")
    if not (is_email(email) or (not email and (may_be_open or _is_reached_otherwise(item)))):
        detail = f"The recipient Id follows. Recipient Id: {recipient_id}"
        raise ApiError("INVALID_EMAIL_ADDRESS_FOR_RECIPIENT", detail)
    client_user_id = text_of(item, "clientUserId", MAX_CLIENT_USER_ID)
    return Recipient(
        envelope=envelope,
        kind=kind,
        recipient_id=recipient_id,
        name=name,
        email=email,
        routing_order=integer(item.get("routingOrder") or 1, "routingOrder", lowest=1),
        client_user_id=client_user_id or None,
        status="created",
        data={name: value for name, value in item.items() if name != "tabs"} | _identity_verification(item),
    )


def _identity_verification(item: Json) -> dict[str, Any]:
    """What Docusign knows of it (reference 2.4); its own examples send more, which is ignored."""
    given = object_of(item, "identityVerification")
    if not given:
        return {}
    options = [
        {
            **_only(option, "name", "valueType"),
            "phoneNumberList": [
                _only(number, "countryCode", "number", "extension") for number in list_of(option, "phoneNumberList")
            ],
        }
        for option in list_of(given, "inputOptions")
    ]
    return {"identityVerification": {**_only(given, "workflowId"), "inputOptions": options}}


def _only(item: Json, *names: str) -> dict[str, str]:
    return {name: text_of(item, name) for name in names if item.get(name) is not None}


def _person(envelope: Envelope, kind: str, item: Json) -> tuple[str, str]:
    """Name and email; an in-person signer's host must be a member of the account (reference 2.4)."""
    if kind == "inPersonSigners":
        host_email, host_name = text_of(item, "hostEmail", 100), text_of(item, "hostName", 100)
        if not envelope.is_template or host_email:
            _require_member(envelope, host_email, host_name)
        return text_of(item, "signerName") or text_of(item, "name"), text_of(item, "signerEmail") or host_email
    if item.get("signingGroupId"):
        group = _signing_group(envelope, text_of(item, "signingGroupId"))
        return str(group.data.get("groupName") or "Signing group"), text_of(item, "email", 100)
    return text_of(item, "name"), text_of(item, "email", 100).strip()


def _require_member(envelope: Envelope, email: str, name: str) -> None:
    members = Membership.objects.filter(account=envelope.account, user__email__iexact=email)
    if not members.filter(user__name__iexact=name).exists():
        detail = "The host of an in-person signer must be a member of the account."
        raise ApiError("USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT", detail)


def _signing_group(envelope: Envelope, number: str) -> Resource:
    for group in Resource.objects.filter(account=envelope.account, kind="signing_group"):
        if group.number == number:
            return group
    raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for signingGroupId.")


def _is_reached_otherwise(item: Json) -> bool:
    """By text message to a phone, or as a member of a signing group."""
    return bool(item.get("phoneNumber") or item.get("signingGroupId"))


def _is_id(text: str) -> bool:
    """A positive number or a GUID of the sender's choice."""
    if text.isdecimal() and text.isascii():
        return True
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
