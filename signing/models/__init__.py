"""The records and their constraints. They know nothing of HTTP, and nothing here changes a status."""

from .anchor import Anchor
from .bulk import BatchMode, BatchStatus, BulkBatch, BulkList, BulkRow, ListState, RowState
from .connect_message import ConnectMessage, ConnectOutcome
from .desk import Errand, ErrandKind, ErrandState, SavedView, SearchWord
from .document import CompletedDocument, Document, Seal
from .envelope import CeremonyDisplay, Envelope, EnvelopeStatus
from .event import ActorKind, EnvelopeEvent, EventKind, PortalKind
from .identity import LossReason, SendingIdentity
from .link import FormerLink, LinkState
from .mail import MailKind, MailState, OutgoingMail
from .privacy import Erasure, PurgeRequest, PurgeRequestState, PurgeState, RetentionRule, Scope
from .proof import Proof, ProofKey
from .public_form import FormEntry, PublicForm
from .recipient import Delivery, Recipient, RecipientKind, RecipientStatus, Verification
from .tab import Tab, TabKind
from .team import Team
from .template import Template, TemplateVersion
from .traffic import CallBudget, PollCursor
from .verification import EmailCode

__all__ = [
    "ActorKind",
    "Anchor",
    "BatchMode",
    "BatchStatus",
    "BulkBatch",
    "BulkList",
    "BulkRow",
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
    "Erasure",
    "Errand",
    "ErrandKind",
    "ErrandState",
    "EventKind",
    "FormEntry",
    "FormerLink",
    "LinkState",
    "ListState",
    "LossReason",
    "MailKind",
    "MailState",
    "OutgoingMail",
    "PollCursor",
    "PortalKind",
    "Proof",
    "ProofKey",
    "PublicForm",
    "PurgeRequest",
    "PurgeRequestState",
    "PurgeState",
    "Recipient",
    "RecipientKind",
    "RecipientStatus",
    "RetentionRule",
    "RowState",
    "SavedView",
    "Scope",
    "Seal",
    "SearchWord",
    "SendingIdentity",
    "Tab",
    "TabKind",
    "Team",
    "Template",
    "TemplateVersion",
    "Verification",
]
