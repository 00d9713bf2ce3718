"""Rows for tests, made by the deeds that make them in life."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from signing import authoring
from signing.authoring import SignerInput, TabInput
from signing.links import open_link
from signing.models import Envelope, EnvelopeStatus, Recipient, RecipientStatus, TabKind

from .pdf_files import draw_pdf

ANN = SignerInput("Ann Bee", "ann@example.com", 1, (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),))
CARL = SignerInput("Carl Dee", "carl@example.com", 2, (TabInput(TabKind.SIGN_HERE, anchor="/sn2/"),))


def make_staff(username: str = "dana", **fields: Any) -> User:
    defaults: dict[str, Any] = {
        "email": f"{username}@northwind.example",
        "first_name": username.title(),
        "last_name": "Field",
        "is_staff": True,
        "is_superuser": True,
    }
    return User.objects.create_user(username, password="pass", **(defaults | fields))


def make_draft(
    user: User | None = None,
    *,
    subject: str = "Consulting agreement",
    message: str = "",
    signers: Sequence[SignerInput] = (ANN, CARL),
    content: bytes | None = None,
) -> Envelope:
    user = user or User.objects.filter(username="dana").first() or make_staff()
    envelope = authoring.create_draft(user, subject=subject, message=message)
    authoring.add_document(envelope, filename="Agreement.pdf", content=content or draw_pdf())
    authoring.replace_signers(envelope, signers)
    return envelope


def make_sent(
    *,
    status: str = EnvelopeStatus.SENT,
    docusign_id: str = "11111111-2222-3333-4444-555555555555",
    recipient_statuses: Sequence[str] = (RecipientStatus.SENT, RecipientStatus.CREATED),
    **fields: object,
) -> Envelope:
    """An envelope as it stands after sending, without any Docusign: for rules that only read rows."""
    envelope = make_draft()
    Envelope.objects.filter(pk=envelope.pk).update(
        status=status, docusign_id=docusign_id, sent_at=timezone.now(), **fields
    )
    for recipient, recipient_status in zip(envelope.recipients.all(), recipient_statuses, strict=True):
        open_link(recipient, timezone.now())
        recipient.status = recipient_status
        if recipient_status != RecipientStatus.CREATED:
            recipient.sent_at = timezone.now()
        recipient.save()
    envelope.refresh_from_db()
    return envelope


def recipient_of(envelope: Envelope, number: int) -> Recipient:
    return Recipient.objects.get(envelope=envelope, number=number)
