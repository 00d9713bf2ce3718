"""Composing a draft: its text, settings, recipients and their fields. Nothing here talks to Docusign.

The documents' part is `signing.documents`; the names that others use are found here too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from . import events, finding, identities
from .branding import brand
from .documents import add_document, document_name, missing_anchors, remove_documents
from .drafting import ChangedMeanwhileError, NotADraftError, locked_draft, people_revision, settings_revision
from .models import Delivery, Document, Envelope, EventKind, Recipient, RecipientKind, Tab, TabKind, Verification
from .models.recipient import new_client_user_id
from .secretbox import decrypt, encrypt
from .visibility import team_for

__all__ = [
    "ChangedMeanwhileError",
    "NotADraftError",
    "add_document",
    "document_name",
    "locked_draft",
    "missing_anchors",
    "people_revision",
    "remove_documents",
    "settings_revision",
]

DEFAULT_ANCHOR = "/sn{number}/"
# Texts that stand for fields of recipient {number} by custom: Docusign's own examples use the first.
CONVENTION = {
    TabKind.SIGN_HERE: DEFAULT_ANCHOR,
    TabKind.INITIAL_HERE: "/in{number}/",
    TabKind.DATE_SIGNED: "/dt{number}/",
}


@dataclass(frozen=True, slots=True)
class TabInput:
    """One field as composed. Either `anchor`, or the other four (positions in 1/72 inch from the top left)."""

    kind: TabKind
    anchor: str = ""
    document_number: int | None = None
    page: int | None = None
    x: int | None = None
    y: int | None = None
    required: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True)
class SignerInput:
    """A recipient of any kind as composed.

    `number` is that of a recipient who is there already; without one it is somebody new. `tabs` replace the fields
    they have; None leaves those as they are.
    """

    name: str
    email: str
    routing_order: int = 1
    tabs: Sequence[TabInput] | None = None
    language: str = ""
    verification: Verification = Verification.NONE
    access_code: str = ""
    number: int | None = None
    kind: RecipientKind = RecipientKind.SIGNER
    role_name: str = ""
    host_name: str = ""
    host_email: str = ""
    delivery: Delivery = Delivery.PORTAL
    private_message: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What happens after sending."""

    reminder_delay_days: int
    reminder_frequency_days: int
    expire_after_days: int
    attach_copy: bool


@dataclass(frozen=True, slots=True)
class Presentation:
    """What signers see around the documents. An empty `ceremony_display` is the portal's own."""

    summary: str = ""
    ceremony_display: str = ""
    allows_hand_over: bool = False


def create_draft(user: User, *, subject: str = "", message: str = "") -> Envelope:
    with transaction.atomic():
        envelope = Envelope.objects.create(
            created_by=user, owner=user, team=team_for(user), subject=subject, message=message
        )
        identities.begin_with(envelope, user)
        finding.index(envelope)
        events.record(envelope.pk, EventKind.DRAFTED)
    return envelope


def save_text(envelope: Envelope, *, subject: str, message: str) -> None:
    _save_columns(envelope, {"subject": subject, "message": message})


def save_presentation(envelope: Envelope, presentation: Presentation) -> None:
    _save_columns(envelope, asdict(presentation))


def save_follow_up(envelope: Envelope, follow_up: FollowUp) -> None:
    _save_columns(envelope, asdict(follow_up))


def save_settings(envelope: Envelope, values: Mapping[str, Any]) -> None:
    """`values` by column: text, presentation, follow-up and sender at once."""
    former = envelope.sent_as
    _save_columns(envelope, values)
    if envelope.sent_as != former:
        to = envelope.sent_as.name if envelope.sent_as else brand().name
        events.record(envelope.pk, EventKind.SENDER_CHOSEN, to=to)


def replace_signers(envelope: Envelope, signers: Sequence[SignerInput]) -> list[Recipient]:
    """Make the recipients those given, in the same order. Who stays keeps their row and, unless others are given,
    their fields; who is not named any more goes, with all fields. New ones get the lowest numbers that are free.
    """
    with locked_draft(envelope) as draft:
        present = {recipient.number: recipient for recipient in draft.recipients.all()}
        staying = {signer.number for signer in signers if signer.number in present}
        draft.recipients.exclude(number__in=staying).delete()
        documents = {document.number: document for document in draft.documents.all()}
        free = (number for number in count(1) if number not in staying)
        return [_write(draft, signer, present, documents, free) for signer in signers]


def place_by_convention(envelope: Envelope) -> int:
    """Give signers who have no field yet those that the documents' own texts ask for (CONVENTION); how many.

    Reads the documents, unless everyone has fields.
    """
    with locked_draft(envelope) as draft:
        waiting = [r for r in draft.recipients.filter(tabs=None) if r.kind == RecipientKind.SIGNER]
        wanted = {
            (recipient, kind): text.format(number=recipient.number)
            for recipient in waiting
            for kind, text in CONVENTION.items()
        }
        missing = missing_anchors(draft, list(wanted.values())) if wanted else set()
        tabs = [
            Tab(recipient=recipient, kind=kind, anchor=anchor)
            for (recipient, kind), anchor in wanted.items()
            if anchor not in missing
        ]
        Tab.objects.bulk_create(tabs)
    return len(tabs)


def access_code_of(recipient: Recipient) -> str:
    """Of a draft; once it is sent, Docusign alone knows it."""
    return decrypt(recipient.sealed_access_code) or "" if recipient.sealed_access_code else ""


def _write(
    draft: Envelope,
    signer: SignerInput,
    present: dict[int, Recipient],
    documents: dict[int, Document],
    free: Iterator[int],
) -> Recipient:
    recipient = present.get(signer.number or 0) or Recipient(envelope=draft, number=next(free))
    for name in ("name", "email", "routing_order", "language", "verification", "kind", "role_name"):
        setattr(recipient, name, getattr(signer, name))
    for name in ("host_name", "host_email", "delivery", "private_message"):
        setattr(recipient, name, getattr(signer, name))
    recipient.sealed_access_code = encrypt(signer.access_code) if signer.access_code else ""
    if signer.delivery == Delivery.DOCUSIGN:
        recipient.client_user_id = ""  # Docusign writes to everyone who has none
    else:
        recipient.client_user_id = recipient.client_user_id or new_client_user_id()
    recipient.save()
    if signer.tabs is not None:
        recipient.tabs.all().delete()
        Tab.objects.bulk_create(_tab(recipient, tab, documents) for tab in signer.tabs)
    return recipient


def _tab(recipient: Recipient, tab: TabInput, documents: dict[int, Document]) -> Tab:
    row = Tab(recipient=recipient, kind=tab.kind, required=tab.required, label=tab.label)
    if tab.anchor:
        row.anchor = tab.anchor
    else:
        row.document = documents[tab.document_number or 0]
        row.page, row.x, row.y = tab.page, tab.x, tab.y
    return row


def _save_columns(envelope: Envelope, values: Mapping[str, Any]) -> None:
    with locked_draft(envelope) as draft:
        Envelope.objects.filter(pk=draft.pk).update(**values)
    envelope.refresh_from_db(fields=list(values))
