"""Composing a draft: its text, documents, signers and fields. Nothing here talks to Docusign."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from . import events, finding
from .copying import drop_unused_file
from .models import Document, Envelope, EventKind, Recipient, Tab, TabKind, Verification
from .pdfs import find_texts, inspect_pdf
from .secretbox import decrypt, encrypt

DEFAULT_ANCHOR = "/sn{number}/"


class NotADraftError(Exception):
    """Neither a draft nor a template's content (someone sent it meanwhile): it can no longer be changed here."""


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
    name: str
    email: str
    routing_order: int = 1
    tabs: Sequence[TabInput] = ()
    language: str = ""
    verification: Verification = Verification.NONE
    access_code: str = ""


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
        envelope = Envelope.objects.create(created_by=user, owner=user, subject=subject, message=message)
        finding.index(envelope)
        events.record(envelope.pk, EventKind.DRAFTED)
    return envelope


def save_text(envelope: Envelope, *, subject: str, message: str) -> None:
    with _locked_draft(envelope) as draft:
        draft.subject, draft.message = subject, message
        draft.save(update_fields=["subject", "message", "updated_at"])
    envelope.subject, envelope.message = subject, message


def save_presentation(envelope: Envelope, presentation: Presentation) -> None:
    _save_columns(envelope, asdict(presentation))


def save_follow_up(envelope: Envelope, follow_up: FollowUp) -> None:
    _save_columns(envelope, asdict(follow_up))


def add_document(envelope: Envelope, *, filename: str, content: bytes) -> Document:
    """Check and keep one uploaded PDF. Raises DocumentRefusedError, NotADraftError."""
    facts = inspect_pdf(content)
    with _locked_draft(envelope) as draft:
        last_number = draft.documents.aggregate(last=Max("number"))["last"] or 0
        document = Document(
            envelope=draft,
            number=last_number + 1,
            name=document_name(filename),
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            page_sizes=[[round(width, 2), round(height, 2)] for width, height in facts.page_sizes],
        )
        document.file.save("", ContentFile(content), save=False)
        document.save()
    return document


def remove_documents(envelope: Envelope, numbers: Sequence[int]) -> None:
    """Drop documents from a draft; fields placed on them by position go too."""
    with _locked_draft(envelope) as draft:
        for document in [document for document in draft.documents.all() if document.number in numbers]:
            document.delete()
            drop_unused_file(document)


def replace_signers(envelope: Envelope, signers: Sequence[SignerInput]) -> None:
    """Write the signers and their fields anew: a draft's people have no history worth keeping."""
    with _locked_draft(envelope) as draft:
        documents = {document.number: document for document in draft.documents.all()}
        draft.recipients.all().delete()
        for number, signer in enumerate(signers, start=1):
            recipient = Recipient.objects.create(
                envelope=draft,
                number=number,
                name=signer.name,
                email=signer.email,
                routing_order=signer.routing_order,
                language=signer.language,
                verification=signer.verification,
                sealed_access_code=encrypt(signer.access_code) if signer.access_code else "",
            )
            Tab.objects.bulk_create(_tab(recipient, tab, documents) for tab in signer.tabs)


def access_code_of(recipient: Recipient) -> str:
    """Of a draft; once it is sent, Docusign alone knows it."""
    return decrypt(recipient.sealed_access_code) or "" if recipient.sealed_access_code else ""


def missing_anchors(envelope: Envelope, anchors: Sequence[str]) -> set[str]:
    """Those anchor texts that no document of the envelope contains: Docusign would refuse them."""
    missing = set(anchors)
    for document in envelope.documents.all():
        if not missing:
            break
        with document.file.open("rb") as file:
            counts = find_texts(file.read(), missing)
        missing -= {text for text, count in counts.items() if count}
    return missing


def document_name(filename: str) -> str:
    """What signers see: the file's name without path, extension and control characters."""
    stem = PurePath(filename.replace("\\", "/")).name
    stem = re.sub(r"\.pdf$", "", stem, flags=re.IGNORECASE)
    cleaned = "".join(character for character in stem if character.isprintable()).strip()
    return cleaned[:100] or "Document"


def _tab(recipient: Recipient, tab: TabInput, documents: dict[int, Document]) -> Tab:
    row = Tab(recipient=recipient, kind=tab.kind, required=tab.required, label=tab.label)
    if tab.anchor:
        row.anchor = tab.anchor
    else:
        row.document = documents[tab.document_number or 0]
        row.page, row.x, row.y = tab.page, tab.x, tab.y
    return row


def _save_columns(envelope: Envelope, values: dict[str, Any]) -> None:
    with _locked_draft(envelope) as draft:
        Envelope.objects.filter(pk=draft.pk).update(**values)
    envelope.refresh_from_db(fields=list(values))


@contextmanager
def _locked_draft(envelope: Envelope) -> Iterator[Envelope]:
    """The draft's row, locked, inside one transaction. Raises NotADraftError if it is none any more."""
    with transaction.atomic():
        row = Envelope.objects.select_for_update().get(pk=envelope.pk)
        if not row.is_editable:
            raise NotADraftError
        yield row
        finding.index(row)
        events.record_edit(row.pk)
