"""Is a bulk send list in itself in order? Judged when it is made or replaced (reference 6)."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.definition.reading import Json, is_email, list_of, object_of, text_of
from sandbox.models import Account

from .codes import Finding, finding

PHONE = re.compile(r"\+?[\d\s().-]{5,20}")
SMS = "sms auth"
MAX_COPIES, MAX_QUEUED = 1000, 2000
TEXTS = ("name", "email", "roleName", "recipientId", "clientUserId", "accessCode", "note", "hostName", "hostEmail")


def max_copies(account: Account) -> int:
    return _limit(account, "bulkSendMaxCopiesInBatch", MAX_COPIES)


def max_queued(account: Account) -> int:
    return _limit(account, "bulkSendMaxUnprocessedEnvelopesCount", MAX_QUEUED)


def require_sound(account: Account, body: Json) -> None:
    """Raises the error of the first finding."""
    for found in judge(account, body):
        raise found.error


def judge(account: Account, body: Json) -> Iterator[Finding]:
    copies = list_of(body, "bulkCopies")
    if len(copies) > max_copies(account):
        yield finding("MAX_COPIES_EXCEEDED", max_copies(account))
    by_role = [bool(item.get("roleName")) for copy in copies for item in list_of(copy, "recipients")]
    for copy in copies:
        recipients = list_of(copy, "recipients")
        for recipient in recipients:
            yield from _judge_recipient(recipient)
        for role in _repeated(text_of(item, "roleName") for item in recipients):
            yield finding("ROLE_NAMES_MUST_BE_UNIQUE", role)
        for recipient_id in _repeated(text_of(item, "recipientId") for item in recipients):
            yield finding("RECIPIENT_IDS_MUST_BE_UNIQUE", recipient_id)
        yield from _judge_custom_fields(list_of(copy, "customFields"))
    if len(set(by_role)) > 1:
        yield finding("CANNOT_USE_BOTH_ROLE_AND_ID_IN_SAME_LIST")


def key_of(recipient: Json) -> str:
    return text_of(recipient, "roleName") or text_of(recipient, "recipientId")


def _judge_recipient(recipient: Json) -> Iterator[Finding]:
    for name in TEXTS:
        text_of(recipient, name)
    key = key_of(recipient)
    if not key:
        yield finding("RECIPIENT_ID_REQUIRED")
    if recipient.get("roleName") and recipient.get("recipientId"):
        yield finding("CANNOT_USE_BOTH_ROLE_AND_ID_ON_SAME_RECIPIENT", key)
    if not recipient.get("signingGroupId"):
        email = text_of(recipient, "email") or text_of(recipient, "hostEmail")
        if not (recipient.get("name") or recipient.get("signerName")):
            yield finding("RECIPIENT_NAME_REQUIRED", key)
        if not email and not recipient.get("phoneNumber"):
            yield finding("EMAIL_ADDRESS_REQUIRED_FOR_EMAIL_RECIPIENT", key)
        elif email and not is_email(email):
            yield finding("EMAIL_ADDRESS_NOT_VALID", key, email)
    if text_of(recipient, "idCheckConfigurationName").lower().startswith(SMS):
        yield from _judge_sms(key, object_of(recipient, "smsAuthentication"))
    yield from _judge_tabs(list_of(recipient, "tabs"))


def _judge_sms(key: str, settings: Json) -> Iterator[Finding]:
    numbers = settings.get("senderProvidedNumbers")
    if not settings:
        yield finding("INVALID_ID_CHECK_CONFIGURATION", key)
    elif not isinstance(numbers, list) or not numbers:
        yield finding("PHONE_NUMBER_REQURED_FOR_SMS_AUTH", key)
    else:
        for number in numbers:
            if not PHONE.fullmatch(str(number)):
                yield finding("PHONE_NUMBER_INVALID_FOR_SMS_AUTH", key, number)


def _judge_tabs(tabs: Sequence[Json]) -> Iterator[Finding]:
    for tab in tabs:
        if not text_of(tab, "tabLabel"):
            yield finding("TAB_LABEL_REQUIRED")
        elif tab.get("initialValue") is None:
            yield finding("TAB_VALUE_REQUIRED", text_of(tab, "tabLabel"))
        text_of(tab, "initialValue")
    for label in _repeated(text_of(tab, "tabLabel") for tab in tabs):
        yield finding("TAB_LABELS_MUST_BE_UNIQUE", label)


def _judge_custom_fields(fields: Sequence[Json]) -> Iterator[Finding]:
    for field in fields:
        if not text_of(field, "name"):
            yield finding("ENVELOPE_CUSTOM_FIELD_NAME_REQUIRED")
        elif field.get("value") is None:
            yield finding("ENVELOPE_CUSTOM_FIELD_VALUE_REQUIRED", text_of(field, "name"))
    for name in _repeated(text_of(field, "name") for field in fields):
        yield finding("ENVELOPE_CUSTOM_FIELD_NAME_MUST_BE_UNIQUE", name)


def _repeated(texts: Iterator[str]) -> list[str]:
    return [text for text, count in Counter(texts).items() if text and count > 1]


def _limit(account: Account, setting: str, default: int) -> int:
    value: Any = account.settings.get(setting)
    return int(value) if str(value).isdecimal() else default
