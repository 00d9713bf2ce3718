"""The records and their constraints. They know nothing of HTTP, and nothing here changes a status."""

from .document import CompletedDocument, Document, Seal
from .envelope import Envelope, EnvelopeStatus
from .mail import MailKind, MailState, OutgoingMail
from .recipient import Recipient, RecipientStatus
from .tab import Tab, TabKind

__all__ = [
    "CompletedDocument",
    "Document",
    "Envelope",
    "EnvelopeStatus",
    "MailKind",
    "MailState",
    "OutgoingMail",
    "Recipient",
    "RecipientStatus",
    "Seal",
    "Tab",
    "TabKind",
]
