"""An envelopeDefinition, or a template's, into rows (reference 2.1)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sandbox import clock, rows, workflow
from sandbox.connect import listeners
from sandbox.errors import ApiError
from sandbox.models import Account, CustomField, Envelope, User

from . import attachments
from .documents import create_documents, create_sender_tabs
from .forms import with_fields
from .reading import Json, integer, is_true, list_of, object_of, spelled, text_of
from .recipients import create_recipients
from .signable import with_html_tabs

CUSTOM_FIELD_GROUPS = ("textCustomFields", "listCustomFields")
MAX_SUBJECT = 100
MAX_BLURB = 10_000
MAX_CUSTOM_FIELD = 100
# The system's defaults, where a call says nothing of notification (reference 2.6).
REMINDERS = {"reminderEnabled": "false", "reminderDelay": "0", "reminderFrequency": "0"}
EXPIRATIONS = {"expireEnabled": "true", "expireAfter": "120", "expireWarn": "0"}
# Flags a sender may set, and what they are when nothing was said.
FLAGS = {
    "allowMarkup": "false",
    "allowReassign": "true",
    "autoNavigation": "true",
    "enableWetSign": "true",
    "enforceSignerVisibility": "false",
    "envelopeIdStamping": "true",
    "authoritativeCopy": "false",
    "signerCanSignOnMobile": "true",
    "messageLock": "false",
    "recipientsLock": "false",
    "useDisclosure": "false",
    "is21CFRPart11": "false",
    "allowComments": "true",
    "allowViewHistory": "true",
    "disableResponsiveDocument": "false",
    "hasFormDataChanged": "false",
    "isDynamicEnvelope": "false",
}
OWN_COLUMNS = frozenset(
    "documents recipients status emailSubject emailBlurb transactionId customFields templateRoles compositeTemplates "
    "templateId envelopeTemplateDefinition envelopeId name".split()
)


def create_envelope(account: Account, sender: User, definition: Json, *, is_template: bool = False) -> Envelope:
    """Write a `created` envelope with everything in it. Raises ApiError; call inside a transaction.

    `_templates`, where `templates.resolve` worked some in: which, for the envelope to remember.
    """
    now = clock.now()
    definition = with_html_tabs(with_fields(definition, account))
    envelope = Envelope(
        account=account,
        sender=sender,
        is_template=is_template,
        template_name=text_of(definition, "name", 200) if is_template else "",
        status="created",
        subject=subject_of(definition),
        blurb=text_of(definition, "emailBlurb", MAX_BLURB),
        transaction_id=text_of(definition, "transactionId", 200),
        options={n: value for n, value in definition.items() if n not in OWN_COLUMNS and not n.startswith("_")},
        applied_templates=definition.get("_templates") or [],
        created_at=now,
        status_changed_at=now,
        last_modified_at=now,
    )
    check_notification(object_of(definition, "notification"))
    listeners.check(definition)
    if definition.get("attachments"):
        envelope.options["attachments"] = attachments.read_all(definition, account)
    if definition.get("workflow"):
        envelope.options["workflow"] = workflow.read(object_of(definition, "workflow"))
    rows.insert([envelope])
    write_custom_fields(envelope, object_of(definition, "customFields"))
    documents = create_documents(envelope, list_of(definition, "documents"), is_new=True)
    create_recipients(envelope, object_of(definition, "recipients"), documents, is_new=True)
    create_sender_tabs(list_of(definition, "documents"), documents)
    return envelope


def subject_of(definition: Json) -> str:
    subject = text_of(definition, "emailSubject")
    if len(subject) > MAX_SUBJECT:
        detail = f"The email subject must not exceed {MAX_SUBJECT} characters."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail)
    return subject


def status_of(definition: Json) -> str:
    status = (text_of(definition, "status") or "created").lower()
    if status not in ("created", "sent"):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for status.")
    return status


def write_custom_fields(envelope: Envelope, groups: Json) -> list[CustomField]:
    """Added to those that are there."""
    items = [(kind, item) for kind in CUSTOM_FIELD_GROUPS for item in list_of(groups, kind)]
    if not items:
        return []
    first_number = 10_000 + envelope.custom_fields.count() + 1
    return CustomField.objects.bulk_create(
        CustomField(
            envelope=envelope,
            kind=kind,
            field_id=text_of(item, "fieldId", 20) or str(first_number + position),
            name=text_of(item, "name", MAX_CUSTOM_FIELD),
            value=text_of(item, "value", MAX_CUSTOM_FIELD),
            data=dict(item),
        )
        for position, (kind, item) in enumerate(items)
    )


def allows(envelope: Envelope, flag: str) -> bool:
    return is_true(envelope.options.get(flag, FLAGS[flag]))


def check_notification(notification: Json) -> None:
    for group, names in (
        ("reminders", ("reminderDelay", "reminderFrequency")),
        ("expirations", ("expireAfter", "expireWarn")),
    ):
        part = object_of(notification, group)
        for name in names:
            if part.get(name) not in (None, ""):
                days = integer(part[name], name)
                if days > 999:
                    raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.")


def notification_of(envelope: Envelope) -> dict[str, Any]:
    """As the API tells it. Without a word from the sender the system's defaults hold; the account's own only when
    asked for, or when what was said is empty (reference 2.6).
    """
    given: Mapping[str, Any] | None = envelope.options.get("notification")
    uses_account = given == {} or is_true((given or {}).get("useAccountDefaults"))
    said = object_of(envelope.account.settings, "accountNotification") if uses_account else given or {}
    shape = {
        "useAccountDefaults": spelled(uses_account),
        "reminders": REMINDERS | dict(object_of(said, "reminders")),
        "expirations": EXPIRATIONS | dict(object_of(said, "expirations")),
    }
    return {name: spelled(part) for name, part in shape.items()}


def set_deadlines(envelope: Envelope) -> None:
    """From the moment of sending on."""
    notification = notification_of(envelope)
    sent_at = envelope.sent_at or clock.now()
    expirations, reminders = notification["expirations"], notification["reminders"]
    days = integer(expirations["expireAfter"] or 0, "expireAfter")
    envelope.expire_at = sent_at + timedelta(days=days) if is_true(expirations["expireEnabled"]) and days else None
    warn_days = integer(expirations["expireWarn"] or 0, "expireWarn")
    warns = envelope.expire_at is not None and 0 < warn_days < days
    envelope.warn_at = sent_at + timedelta(days=days - warn_days) if warns else None
    delay = integer(reminders["reminderDelay"] or 0, "reminderDelay")
    wants_reminders = is_true(reminders["reminderEnabled"]) and delay
    envelope.remind_at = sent_at + timedelta(days=delay) if wants_reminders else None
