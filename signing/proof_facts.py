"""What a proof bundle says of an envelope: who, when, how verified, which documents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.urls import reverse

from .models import CompletedDocument, Document, Envelope, Proof, Recipient, Seal, Verification
from .zips import safe

IN_PERSON = "in_person_confirmed"  # the kind of event: a host says whom they have before them
NAMES = {
    CompletedDocument.Kind.COMBINED: "signed documents.pdf",
    CompletedDocument.Kind.CERTIFICATE: "certificate of completion.pdf",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A file for the bundle. `is_here`: it may have been deleted since, and its hash still stands in the proof."""

    name: str
    title: str
    kind: str
    sha256: str
    size_bytes: int
    file: FieldFile
    seal: str = ""

    @property
    def is_here(self) -> bool:
        return bool(self.file.name) and self.file.storage.exists(self.file.name or "")


def address_of(proof: Proof) -> str:
    """Of the public page that says whether a PDF is intact."""
    return settings.PORTAL_BASE_URL + reverse("signing:proof", args=[proof.public_id])


def signed_papers(envelope: Envelope) -> list[Paper]:
    return [_signed(completed) for completed in envelope.completed_documents.all()]


def sent_papers(envelope: Envelope) -> list[Paper]:
    return [_sent(document) for document in envelope.documents.all()]


def facts(envelope: Envelope, proof: Proof) -> dict[str, Any]:
    """As `envelope.json` has it. Instants are ISO 8601 in UTC."""
    hosted = hosts_words(envelope)
    return {
        "proof": {"id": str(proof.public_id), "address": address_of(proof)},
        "envelope": {
            "number": envelope.pk,
            "docusign_id": envelope.docusign_id or "",
            "subject": envelope.subject,
            "status": envelope.status,
            "sender": envelope.sender_name,
            "voided_reason": envelope.voided_reason,
            **_instants(envelope, "created_at sent_at completed_at declined_at voided_at"),
        },
        "recipients": [
            _person(recipient) | {"confirmed_in_person": hosted.get(recipient.number, [])}
            for recipient in envelope.recipients.prefetch_related("email_codes")
        ],
        "signed_documents": _papers(signed_papers(envelope)),
        "documents_as_sent": _papers(sent_papers(envelope)),
    }


def hosts_words(envelope: Envelope) -> Mapping[int, Sequence[Mapping[str, str]]]:
    """By number of the recipient: which host said when that they were there."""
    words: dict[int, list[dict[str, str]]] = {}
    for event in envelope.events.filter(kind=IN_PERSON, recipient_number__isnull=False).order_by("id"):
        told = {"at": event.at.isoformat(), "host": str(event.data.get("host", ""))}
        words.setdefault(event.recipient_number or 0, []).append(told)
    return words


def _person(recipient: Recipient) -> dict[str, Any]:
    return {
        "number": recipient.number,
        "part": recipient.kind,
        "routing_order": recipient.routing_order,
        "name": recipient.name,
        "email": recipient.email,
        "host": {"name": recipient.host_name, "email": recipient.host_email} if recipient.is_hosted else None,
        "signed_through": "portal" if recipient.is_embedded else "docusign",
        "verification": recipient.verification,
        "verified_at": _codes_given(recipient),
        "status": recipient.status,
        "declined_reason": recipient.declined_reason,
        **_instants(recipient, "sent_at delivered_at signed_at declined_at"),
    }


def _codes_given(recipient: Recipient) -> list[str]:
    """When a code from their mailbox was given."""
    if recipient.verification != Verification.EMAIL_CODE:
        return []
    return sorted(code.verified_at.isoformat() for code in recipient.email_codes.all() if code.verified_at)


def _instants(row: Envelope | Recipient, names: str) -> dict[str, str | None]:
    moments: dict[str, datetime | None] = {name: getattr(row, name) for name in names.split()}
    return {name: moment.isoformat() if moment else None for name, moment in moments.items()}


def _papers(papers: Iterable[Paper]) -> list[dict[str, Any]]:
    return [
        {
            "entry": paper.name if paper.is_here else None,
            "title": paper.title,
            "kind": paper.kind,
            "sha256": paper.sha256,
            "bytes": paper.size_bytes,
            "seal_when_stored": paper.seal,
        }
        for paper in papers
    ]


def _signed(completed: CompletedDocument) -> Paper:
    kind = CompletedDocument.Kind(completed.kind)
    seal = Seal(completed.seal).value
    title = str(completed.get_kind_display())
    return Paper(NAMES[kind], title, kind.value, completed.sha256, completed.size_bytes, completed.file, seal)


def _sent(document: Document) -> Paper:
    name = f"as sent/{document.number:02} {safe(document.name)}.pdf"
    return Paper(name, document.name, "", document.sha256, document.size_bytes, document.file)
