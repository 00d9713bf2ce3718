"""What deleting means, row by row: what people wrote and who they are goes; that something happened, and when, stays.

Rows of documents go, their hashes stay on the timeline. Whoever calls holds the envelope's lock.
"""

from functools import partial

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from signing import copying, events
from signing.drafting import throw_away
from signing.models import (
    BulkRow,
    ConnectMessage,
    EmailCode,
    Envelope,
    EnvelopeEvent,
    FormEntry,
    FormerLink,
    MailState,
    OutgoingMail,
    Tab,
)
from signing.models.mail import WAITING_STATES

ERASED = "[erased]"  # instead of a name, where a page shows one
Hashes = list[list[str]]


def delete_documents(envelope: Envelope) -> Hashes:
    """Files, pictures of pages, and fields that stand on them; [[what it was, SHA-256], …] of what is gone."""
    gone: Hashes = []
    for completed in envelope.completed_documents.all():
        gone.append([completed.kind, completed.sha256])
        transaction.on_commit(partial(completed.file.storage.delete, completed.file.name))
    for document in envelope.documents.all():
        gone.append([f"document {document.number}", document.sha256])
        copying.drop_unused_file(document)
    envelope.completed_documents.all().delete()
    envelope.documents.all().delete()
    now = timezone.now()
    Envelope.objects.filter(pk=envelope.pk).update(
        documents_deleted_at=now,
        documents_stored_at=Coalesce("documents_stored_at", now),  # or they would be fetched again
        documents_due_at=None,
        documents_problem="",
        documents_purged=False,
    )
    return gone


def delete_content(envelope: Envelope) -> Hashes:
    """Everything but the bare course of events."""
    gone = delete_documents(envelope)
    Envelope.objects.filter(pk=envelope.pk).update(
        subject="",
        message="",
        summary="",
        voided_reason="",
        last_error="",
        content_deleted_at=timezone.now(),
    )
    envelope.search_words.all().delete()
    Tab.objects.filter(recipient__envelope=envelope).update(value="", label="", tooltip="", options=[])
    erase_mails(envelope)
    erase_people(envelope)
    BulkRow.objects.filter(envelope=envelope).update(data=[], email="", errors={}, problem="")
    if envelope.docusign_id:
        ConnectMessage.objects.filter(docusign_id=envelope.docusign_id).delete()
    _forget_in_admins_log(envelope)
    events.erase(EnvelopeEvent.objects.filter(envelope_id=envelope.pk))
    return gone


def erase_people(envelope: Envelope) -> None:
    """Names, addresses and words of everybody in it; their links close."""
    now, people = timezone.now(), envelope.recipients.all()
    FormEntry.objects.filter(recipient__in=people).update(name=ERASED, email="")
    EmailCode.objects.filter(recipient__in=people).update(to_email="")
    FormerLink.objects.filter(recipient__in=people).delete()
    people.update(
        name=ERASED,
        email="",
        erased_at=now,
        host_name="",
        host_email="",
        private_message="",
        declined_reason="",
        sealed_access_code="",
        link_revoked_at=Coalesce("link_revoked_at", now),
    )


def erase_mails(envelope: Envelope) -> None:
    """That and when mails left stays; what waits will not leave any more."""
    mails = OutgoingMail.objects.filter(envelope=envelope)
    mails.filter(state__in=WAITING_STATES).update(state=MailState.NOT_NEEDED)
    mails.update(to_email="", note="", error="", sealed_code="", message_id="", provider_id="")


def delete_draft(envelope: Envelope) -> None:
    """Nobody but its author has seen it: the row goes as well."""
    for document in envelope.documents.all():
        copying.drop_unused_file(document)
    _forget_in_admins_log(envelope)
    _forget_in_admins_log(envelope)
    envelope_id = envelope.pk
    throw_away(envelope)
    events.erase(EnvelopeEvent.objects.filter(envelope_id=envelope_id))


def _forget_in_admins_log(envelope: Envelope) -> None:
    """It keeps what a thing was called when somebody added, changed or deleted it."""
    kind = ContentType.objects.get_for_model(Envelope)
    LogEntry.objects.filter(content_type=kind, object_id=str(envelope.pk)).update(object_repr=ERASED, change_message="")
