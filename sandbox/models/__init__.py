"""The sandbox's state. Names follow Docusign's; rules live in `rules` and `lifecycle`."""

from .ceremony import Mail, RecipientView
from .connect import ConnectMessage
from .envelope import AuditEvent, CustomField, Document, Envelope, Recipient, SealedFile, SignerAttachment, Tab
from .guids import new_guid
from .identity import Account, AuthorizationCode, Clock, Consent, IntegrationKey, Membership, User
from .resource import Resource

__all__ = [
    "Account",
    "AuditEvent",
    "AuthorizationCode",
    "Clock",
    "ConnectMessage",
    "Consent",
    "CustomField",
    "Document",
    "Envelope",
    "IntegrationKey",
    "Mail",
    "Membership",
    "Recipient",
    "RecipientView",
    "Resource",
    "SealedFile",
    "SignerAttachment",
    "Tab",
    "User",
    "new_guid",
]
