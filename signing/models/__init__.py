"""The records and their constraints. They know nothing of HTTP, and nothing here changes a status."""

from .connect_message import ConnectMessage, ConnectOutcome
from .desk import Errand, ErrandKind, ErrandState, SavedView, SearchWord
from .document import CompletedDocument, Document, Seal
from .envelope import CeremonyDisplay, Envelope, EnvelopeStatus
from .event import ActorKind, EnvelopeEvent, EventKind
from .link import FormerLink, LinkState
from .mail import MailKind, MailState, OutgoingMail
from .recipient import Delivery, Recipient, RecipientKind, RecipientStatus, Verification
from .tab import Tab, TabKind
from .template import Template
from .traffic import CallBudget, PollCursor
from .verification import EmailCode

__all__ = [
    "ActorKind",
    "CallBudget",
    "CeremonyDisplay",
    "CompletedDocument",
    "ConnectMessage",
    "ConnectOutcome",
    "Delivery",
    "Document",
    "EmailCode",
    "Envelope",
    "EnvelopeEvent",
    "EnvelopeStatus",
    "Errand",
    "ErrandKind",
    "ErrandState",
    "EventKind",
    "FormerLink",
    "LinkState",
    "MailKind",
    "MailState",
    "OutgoingMail",
    "PollCursor",
    "Recipient",
    "RecipientKind",
    "RecipientStatus",
    "SavedView",
    "Seal",
    "SearchWord",
    "Tab",
    "TabKind",
    "Template",
    "Verification",
]
