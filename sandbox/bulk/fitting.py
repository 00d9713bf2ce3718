"""Does a bulk send list fit an envelope or template, and may it be sent now (reference 6)?"""

import uuid
from collections.abc import Iterator, Sequence

from sandbox import files
from sandbox.definition.merging import Definition
from sandbox.definition.reading import Json, is_true, list_of, text_of
from sandbox.definition.recipients import RECIPIENT_TYPES, UNNAMED_KINDS
from sandbox.definition.templates import definition_of
from sandbox.models import Account, Envelope, Resource, User

from .codes import Finding, finding
from .lists import key_of, max_copies, max_queued
from .queue import queued

MAX_BYTES = 75 * 1024 * 1024
PLACEHOLDER = "multibulkrecipients"  # how Docusign's examples begin the email address of who is still to come


def find_source(account: Account, user: User, source_id: str) -> Envelope | None:
    """The caller's own draft, or a template."""
    try:
        guid = str(uuid.UUID(source_id))
    except ValueError:
        return None
    rows = Envelope.objects.filter(account=account, guid=guid).select_related("sender", "account")
    found = rows.first()
    return found if found and (found.is_template or found.sender_id == user.pk) else None


def judge(account: Account, user: User, bulk_list: Resource, source_id: str) -> list[Finding]:
    """All that is wrong, each thing once. Empty: it can be sent."""
    copies = list_of(bulk_list.data, "bulkCopies")
    source = find_source(account, user, source_id)
    found = list(_judge_list(account, copies))
    if not source_id:
        found.append(finding("ENVELOPE_CANNOT_BE_NULL"))
    elif source is None:
        found.append(finding("ENVELOPE_NOT_FOUND", source_id[:60]))
    else:
        definition = definition_of(source)
        found += _judge_envelope(source, copies)
        found += _judge_members(definition, copies)
        found += _judge_custom_fields(definition, copies)
    return list(dict.fromkeys(found))


def members_of(definition: Definition) -> list[Definition]:
    recipients = definition["recipients"]
    return [item | {"_kind": kind} for kind in RECIPIENT_TYPES for item in recipients.get(kind, [])]


def is_meant(recipient: Json, member: Json) -> bool:
    """Of a copy, and of the envelope: by the name of the role, case and all, or by recipientId."""
    if recipient.get("roleName"):
        return bool(recipient["roleName"] == member.get("roleName"))
    return text_of(recipient, "recipientId") == text_of(member, "recipientId")


def _judge_list(account: Account, copies: Sequence[Json]) -> Iterator[Finding]:
    waiting = queued(account)
    if not copies:
        yield finding("ENVELOPE_LIST_CONTAINS_NO_COPIES")
    elif len(copies) > max_copies(account):
        yield finding("ENVELOPE_LIST_CONTAINS_TOO_MANY_COPIES", max_copies(account))
    elif waiting + len(copies) > max_queued(account):
        yield finding("ACCOUNT_HAS_TOO_MANY_QUEUED_ENVELOPES", max_queued(account), waiting)


def _judge_envelope(source: Envelope, copies: Sequence[Json]) -> Iterator[Finding]:
    has_subject = source.subject or all(copy.get("emailSubject") for copy in copies)
    reasons = {
        "its status is not created": source.status != "created",
        "it has no documents": not source.documents.exists(),
        "it has no email subject": not has_subject,
        "document visibility is on": is_true(source.options.get("enforceSignerVisibility")),
        "it is larger than 75 MB": sum(files.size(document.path) for document in source.documents.all()) > MAX_BYTES,
    }
    for reason in (reason for reason, applies in reasons.items() if applies):
        yield finding("ENVELOPE_NOT_IN_SENDABLE_STATE", source.guid, reason)


def _judge_members(definition: Definition, copies: Sequence[Json]) -> Iterator[Finding]:
    members = members_of(definition)
    if not members:
        yield finding("ENVELOPE_HAS_NO_RECIPIENTS")
        return
    for member in members:
        if is_true(member.get("isBulkRecipient")):
            yield finding("ENVELOPE_HAS_BULK_RECIPIENT", text_of(member, "recipientId"))
    for copy in copies:
        recipients = list_of(copy, "recipients")
        for recipient in recipients:
            yield from _judge_recipient(recipient, [member for member in members if is_meant(recipient, member)])
        for member in members:
            if _is_open(member) and not any(is_meant(recipient, member) for recipient in recipients):
                yield _unmatched(member)
        yield from _judge_duplicates(members, recipients)


def _judge_recipient(recipient: Json, members: Sequence[Json]) -> Iterator[Finding]:
    if not members:
        yield finding("RECIPIENT_ID_DOES_NOT_EXIST_IN_ENVELOPE", key_of(recipient))
        return
    wanted = [text_of(tab, "tabLabel") for tab in list_of(recipient, "tabs")]
    labels = labels_of(members[0])
    if wanted and not labels:
        yield finding("ENVELOPE_HAS_NO_TABS")
        return
    for label in wanted:
        if label not in labels:
            yield finding("TAB_LABEL_DOES_NOT_EXIST_IN_ENVELOPE", label)


def labels_of(member: Json) -> set[str]:
    tabs = [tab for group in member["tabs"].values() for tab in group]
    return {text_of(tab, "tabLabel") or text_of(tab, "groupName") for tab in tabs} - {""}


def _judge_duplicates(members: Sequence[Json], recipients: Sequence[Json]) -> Iterator[Finding]:
    seen = set()
    for member in members:
        own = next((recipient for recipient in recipients if is_meant(recipient, member)), member)
        name, email = text_of(own, "name"), text_of(own, "email")
        person = (name.casefold(), email.casefold(), text_of(member, "routingOrder"))
        if email and person in seen:
            yield finding("DUPLICATE_RECIPIENT_DETECTED", name)
        seen.add(person)


def _judge_custom_fields(definition: Definition, copies: Sequence[Json]) -> Iterator[Finding]:
    names = {text_of(field, "name") for fields in definition["customFields"].values() for field in fields}
    wanted = [text_of(field, "name") for copy in copies for field in list_of(copy, "customFields")]
    if wanted and not names:
        yield finding("ENVELOPE_HAS_NO_ENVELOPE_CUSTOM_FIELDS")
        return
    for name in wanted:
        if name not in names:
            yield finding("ENVELOPE_CUSTOM_FIELD_DOES_NOT_EXIST_IN_ENVELOPE", name)


def _is_open(member: Json) -> bool:
    """Somebody must be named for it; others stay in every copy who they are."""
    if member["_kind"] in UNNAMED_KINDS or member.get("signingGroupId"):
        return False
    email = text_of(member, "email") or text_of(member, "hostEmail")
    return not email or email.lower().startswith(PLACEHOLDER)


def _unmatched(member: Json) -> Finding:
    if member.get("roleName"):
        return finding("RECIPIENT_ROLE_DOES_NOT_MATCH", text_of(member, "roleName"))
    return finding("RECIPIENT_ID_DOES_NOT_MATCH", text_of(member, "recipientId"))
