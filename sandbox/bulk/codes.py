"""Docusign's codes for what is wrong with a list or does not fit an envelope (reference 6), with a sentence each."""

from typing import NamedTuple

from sandbox.errors import ApiError

PREFIX = "BULK_SEND_"
SENTENCES = {
    "MAX_COPIES_EXCEEDED": "A bulk send list holds at most {0} copies.",
    "RECIPIENT_IDS_MUST_BE_UNIQUE": "The recipientId {0} stands more than once in a copy.",
    "RECIPIENT_ID_REQUIRED": "A recipient needs a roleName or a recipientId.",
    "RECIPIENT_NAME_REQUIRED": "Recipient {0} has no name.",
    "EMAIL_ADDRESS_REQUIRED_FOR_EMAIL_RECIPIENT": "Recipient {0} has no email address.",
    "EMAIL_ADDRESS_NOT_VALID": "The email address {1} of recipient {0} is not valid.",
    # The misspelling is Docusign's.
    "PHONE_NUMBER_REQURED_FOR_SMS_AUTH": "Recipient {0} is to be authenticated by SMS and has no phone number.",
    "PHONE_NUMBER_INVALID_FOR_SMS_AUTH": "The phone number {1} of recipient {0} is not valid.",
    "INVALID_ID_CHECK_CONFIGURATION": "Recipient {0} is to be authenticated by SMS without any settings for it.",
    "ROLE_NAMES_MUST_BE_UNIQUE": "The role {0} stands more than once in a copy.",
    "CANNOT_USE_BOTH_ROLE_AND_ID_ON_SAME_RECIPIENT": "Recipient {0} has both a roleName and a recipientId.",
    "CANNOT_USE_BOTH_ROLE_AND_ID_IN_SAME_LIST": "Some recipients of the list have a roleName, others a recipientId.",
    "TAB_LABELS_MUST_BE_UNIQUE": "The tab label {0} stands more than once with a recipient.",
    "TAB_LABEL_REQUIRED": "A tab has no label.",
    "TAB_VALUE_REQUIRED": "The tab {0} has no value.",
    "ENVELOPE_CUSTOM_FIELD_NAME_MUST_BE_UNIQUE": "The custom field {0} stands more than once in a copy.",
    "ENVELOPE_CUSTOM_FIELD_NAME_REQUIRED": "A custom field has no name.",
    "ENVELOPE_CUSTOM_FIELD_VALUE_REQUIRED": "The custom field {0} has no value; it may be empty, but not null.",
    "ENVELOPE_NOT_IN_SENDABLE_STATE": "Envelope {0} cannot be sent in bulk: {1}.",
    "ENVELOPE_LIST_CONTAINS_NO_COPIES": "The bulk send list holds no copies.",
    "ENVELOPE_LIST_CONTAINS_TOO_MANY_COPIES": "The bulk send list holds more than {0} copies.",
    "ENVELOPE_CANNOT_BE_NULL": "No envelope or template was named.",
    "ACCOUNT_HAS_TOO_MANY_QUEUED_ENVELOPES": "At most {0} envelopes may wait, and {1} do already.",
    "ENVELOPE_NOT_FOUND": "Envelope {0} does not exist, or you may not use it.",
    "LIST_NOT_FOUND": "The bulk send list does not exist, or you may not use it.",
    "ENVELOPE_HAS_NO_RECIPIENTS": "The copies have recipients, the envelope has none.",
    "ENVELOPE_HAS_BULK_RECIPIENT": "Recipient {0} is a bulk recipient of the old kind.",
    "RECIPIENT_ID_DOES_NOT_EXIST_IN_ENVELOPE": "Recipient {0} does not exist in the envelope.",
    "RECIPIENT_ID_DOES_NOT_MATCH": "Recipient {0} of the envelope is not in every copy.",
    "RECIPIENT_ROLE_DOES_NOT_MATCH": "The role {0} of the envelope is not in every copy.",
    "DUPLICATE_RECIPIENT_DETECTED": "{0} stands twice in the same routing order.",
    "ENVELOPE_HAS_NO_TABS": "The copies have tabs, the envelope has none.",
    "TAB_LABEL_DOES_NOT_EXIST_IN_ENVELOPE": "The envelope has no tab with the label {0} for that recipient.",
    "ENVELOPE_HAS_NO_ENVELOPE_CUSTOM_FIELDS": "The copies have custom fields, the envelope has none.",
    "ENVELOPE_CUSTOM_FIELD_DOES_NOT_EXIST_IN_ENVELOPE": "The envelope has no custom field {0}.",
}


class Finding(NamedTuple):
    code: str
    sentence: str

    @property
    def error(self) -> ApiError:
        return ApiError(self.code, message=self.sentence)


def finding(name: str, *values: object) -> Finding:
    """`name` without the prefix."""
    return Finding(PREFIX + name, SENTENCES[name].format(*values))
