"""The signed PDF that goes with the last mail."""

from datetime import datetime, timedelta

from django.conf import settings

from .models import CompletedDocument, Envelope, MailKind, OutgoingMail, Recipient, Verification

PATIENCE = timedelta(minutes=15)  # then the mail goes without, and the link leads there


def copy_of(envelope: Envelope, recipient: Recipient) -> CompletedDocument | None:
    """Where the sender wants copies to go by mail, the documents are here, and mail servers would take them."""
    if not _is_wanted(envelope, recipient):
        return None
    combined = envelope.completed_documents.filter(kind=CompletedDocument.Kind.COMBINED).first()
    return combined if combined and combined.size_bytes <= settings.ATTACH_COPY_MAX_BYTES else None


def copy_for(mail: OutgoingMail) -> CompletedDocument | None:
    """What goes along with this mail."""
    recipient = _signer_of_last(mail)
    return copy_of(mail.envelope, recipient) if recipient else None


def waits_for_copy(mail: OutgoingMail, now: datetime) -> bool:
    """The documents come some seconds after the news that all have signed."""
    recipient, envelope = _signer_of_last(mail), mail.envelope
    is_settled = envelope.documents_stored_at is not None or envelope.documents_purged
    is_wanted = recipient is not None and _is_wanted(envelope, recipient)
    return is_wanted and not is_settled and now < mail.created_at + PATIENCE


def _signer_of_last(mail: OutgoingMail) -> Recipient | None:
    return mail.recipient if mail.kind == MailKind.COMPLETED else None


def _is_wanted(envelope: Envelope, recipient: Recipient) -> bool:
    """Not where the mailbox alone was not enough to see the documents."""
    return envelope.attach_copy and recipient.verification != Verification.ACCESS_CODE
