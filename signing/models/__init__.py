"""The records and their constraints. They know nothing of HTTP, and nothing here changes a status."""

from .connect_message import ConnectMessage, ConnectOutcome
from .document import CompletedDocument, Document, Seal
from .envelope import Envelope, EnvelopeStatus
from .mail import MailKind, MailState, OutgoingMail
from .recipient import Recipient, RecipientStatus
from .tab import Tab, TabKind
from .traffic import CallBudget, PollCursor

__all__ = [
    "CallBudget",
    "CompletedDocument",
    "ConnectMessage",
    "ConnectOutcome",
    "Document",
    "Envelope",
    "EnvelopeStatus",
    "MailKind",
    "MailState",
    "OutgoingMail",
    "PollCursor",
    "Recipient",
    "RecipientStatus",
    "Seal",
    "Tab",
    "TabKind",
]
