"""Purging (reference 7.2): documents of an ended envelope, and on request what is known of it, go after 14 days."""

from datetime import timedelta

from . import clock, connect, mails
from .errors import ApiError
from .models import Envelope
from .rules import ENDED_ENVELOPE

QUEUE_DAYS, WARN_AGAIN_DAYS = 14, 7
QUEUED = {
    "documents_queued": "documents_purged",
    "documents_and_metadata_queued": "documents_and_metadata_purged",
    "documents_and_metadata_and_redact_queued": "documents_and_metadata_and_redact_purged",
}
DEQUEUED = "documents_dequeued"


def ask(envelope: Envelope, state: str) -> None:
    """Queue it, or take it out of the queue. Raises INVALID_REQUEST_PARAMETER, ENVELOPE_INVALID_STATUS."""
    if envelope.status not in ENDED_ENVELOPE:
        raise ApiError("ENVELOPE_INVALID_STATUS", "Only completed, declined and voided envelopes can be purged.")
    if state == DEQUEUED and envelope.purge_state in QUEUED:
        envelope.purge_at = envelope.remind_at = None
    elif state in QUEUED and envelope.purge_state not in QUEUED.values():
        now = clock.now()
        envelope.purge_at, envelope.remind_at = now + timedelta(days=QUEUE_DAYS), now + timedelta(days=WARN_AGAIN_DAYS)
        mails.tell_purge(envelope)
    else:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for purgeState.")
    envelope.purge_state = state
    envelope.save(update_fields=["purge_state", "purge_at", "remind_at"])


def warn_again(envelope: Envelope) -> None:
    """Halfway through the queue; it can still be taken out."""
    mails.tell_purge(envelope)
    envelope.remind_at = None
    envelope.save(update_fields=["remind_at"])


def run(envelope: Envelope) -> None:
    """The queue's time is over: documents go, and what signers filled in goes with the metadata."""
    envelope.purge_state = QUEUED[envelope.purge_state]
    envelope.purge_at = None
    envelope.save(update_fields=["purge_state", "purge_at"])
    if "metadata" in envelope.purge_state:
        for recipient in envelope.recipients.all():
            recipient.tabs.all().delete()
    # The rows stay, for the list of documents; files are shared by content and stay for other envelopes.
    envelope.sealed_files.all().delete()
    connect.tell(envelope, "envelope-purge")


def are_documents_gone(envelope: Envelope) -> bool:
    return envelope.purge_state in QUEUED.values()


def require_documents(envelope: Envelope) -> None:
    """Raises DOCUMENT_DOES_NOT_EXIST."""
    if are_documents_gone(envelope):
        raise ApiError("DOCUMENT_DOES_NOT_EXIST")
