"""The signed PDF that goes with the last mail."""

from datetime import datetime, timedelta

from django.conf import settings

from .models import CompletedDocument, MailKind, OutgoingMail, Verification

PATIENCE = timedelta(minutes=15)  # then the mail goes without, and the link leads there


def copy_for(mail: OutgoingMail) -> CompletedDocument | None:
    """Where the sender wants it so, the documents are here, and mail servers would take them."""
    if not _wants_copy(mail):
        return None
    combined = mail.envelope.completed_documents.filter(kind=CompletedDocument.Kind.COMBINED).first()
    return combined if combined and combined.size_bytes <= settings.ATTACH_COPY_MAX_BYTES else None


def waits_for_copy(mail: OutgoingMail, now: datetime) -> bool:
    """The documents come some seconds after the news that all have signed."""
    envelope = mail.envelope
    is_settled = envelope.documents_stored_at is not None or envelope.documents_purged
    return _wants_copy(mail) and not is_settled and now < mail.created_at + PATIENCE


def _wants_copy(mail: OutgoingMail) -> bool:
    """Not where the mailbox alone was not enough to see the documents."""
    if mail.kind != MailKind.COMPLETED or mail.recipient is None:
        return False
    return mail.envelope.attach_copy and mail.recipient.verification != Verification.ACCESS_CODE
