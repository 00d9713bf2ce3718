"""Completed documents: fetched from Docusign once, hashed while streaming, their seal checked, kept here."""

import hashlib
import logging
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import SEEK_END
from typing import IO

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from . import events, identities
from .docusign import Client, DocusignError, RateLimitedError, RequestRefusedError, UnavailableError
from .models import ActorKind, CompletedDocument, Envelope, EventKind, Seal
from .seals import check_seal

logger = logging.getLogger(__name__)

KINDS = (CompletedDocument.Kind.COMBINED, CompletedDocument.Kind.CERTIFICATE)
MEMORY_BYTES = 2 * 1024 * 1024  # larger documents go through a temporary file
PDF_MAGIC = b"%PDF-"

# After a killed worker the next one waits no longer. A fetch may take longer still: then two do the same, and the
# second finds the document stored (see `_store`).
LEASE = timedelta(minutes=2)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)


def envelopes_without_documents(now: datetime, limit: int = 100) -> list[int]:
    """Completed envelopes whose documents are not all here, and whose next try has come."""
    due = Envelope.objects.lacking_documents().filter(_is_due(now))
    return list(due.order_by("documents_due_at").values_list("pk", flat=True)[:limit])


def lacks_documents(envelope_id: int) -> bool:
    """Is there something to fetch now?"""
    return Envelope.objects.lacking_documents().filter(_is_due(timezone.now()), pk=envelope_id).exists()


def try_now(envelope_ids: Iterable[int]) -> list[int]:
    """Forget the back-off of those that lack documents, also of those given up as purged; their ids."""
    rows = Envelope.objects.filter(pk__in=envelope_ids)
    rows.filter(documents_purged=True).update(documents_purged=False)
    rows.lacking_documents().update(documents_due_at=None, documents_attempts=0)
    return list(rows.lacking_documents().values_list("pk", flat=True))


def fetch_documents(envelope_id: int) -> None:
    """Fetch what is missing, if it is time. Calls Docusign; trouble is noted on the row and raised (DocusignError)."""
    envelope = _claim(envelope_id)
    if envelope is None:
        return
    try:
        all_here = _fetch_missing(envelope)
    except (DocusignError, OSError) as error:
        _note_failure(envelope, error)
        raise
    if all_here:
        _note(envelope, documents_stored_at=timezone.now(), documents_due_at=None, documents_problem="")
    else:
        logger.error("envelope %s: Docusign purged the documents before they were here", envelope.pk)
        _note(envelope, documents_purged=True, documents_due_at=None, documents_problem="")


def _fetch_missing(envelope: Envelope) -> bool:
    """False when Docusign has purged them. No error code is documented for that, so a refusal is looked into."""
    stored = set(envelope.completed_documents.values_list("kind", flat=True))
    missing = [kind for kind in KINDS if kind not in stored]
    if not missing:
        return True
    client = identities.client_of(envelope)
    try:
        for kind in missing:
            _fetch(client, envelope, kind)
    except RequestRefusedError:
        told = client.list_envelopes(envelope_ids=[envelope.docusign_id or ""], include_recipients=False)
        if not any(snapshot.is_purged for snapshot in told):
            raise
        return False
    return True


def _fetch(client: Client, envelope: Envelope, kind: CompletedDocument.Kind) -> None:
    digest = hashlib.sha256()
    with tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES) as buffer:
        with client.open_document(envelope.docusign_id or "", kind.value) as chunks:
            for chunk in chunks:
                digest.update(chunk)
                buffer.write(chunk)
        buffer.seek(0)
        if buffer.read(len(PDF_MAGIC)) != PDF_MAGIC:
            raise UnavailableError("the answer was not a PDF", outcome_unknown=False)
        _store(envelope, kind, buffer, digest.hexdigest())


def _store(envelope: Envelope, kind: CompletedDocument.Kind, content: IO[bytes], sha256: str) -> None:
    size_bytes = content.seek(0, SEEK_END)
    content.seek(0)
    seal = check_seal(content)
    if seal == Seal.BROKEN:
        logger.error("envelope %s: the seal of %s does not hold", envelope.pk, kind)
    content.seek(0)
    completed = CompletedDocument(envelope=envelope, kind=kind, sha256=sha256, size_bytes=size_bytes, seal=seal)
    completed.file.save("", File(content), save=False)
    try:
        with transaction.atomic():
            completed.save()
            events.record(
                envelope.pk,
                EventKind.DOCUMENT_STORED,
                by=ActorKind.SYSTEM,
                document=kind.value,
                sha256=sha256,
                seal=seal.value,
            )
    except IntegrityError:
        # Another worker was quicker; the storage gave our copy a name of its own, so nothing was overwritten.
        logger.info("envelope %s: %s was stored by another worker", envelope.pk, kind)
        completed.file.delete(save=False)


def _claim(envelope_id: int) -> Envelope | None:
    now = timezone.now()
    claimed = (
        Envelope.objects.lacking_documents()
        .filter(_is_due(now), pk=envelope_id)
        .update(documents_due_at=now + LEASE, documents_attempts=F("documents_attempts") + 1)
    )
    return Envelope.objects.get(pk=envelope_id) if claimed else None


def _note_failure(envelope: Envelope, error: DocusignError | OSError) -> None:
    """Back off 30 s, 1 min, 2 min … up to hours, for as long as it takes; the watchdog shows it meanwhile.

    A call that may not be made yet is no failed attempt: it is made as soon as it may.
    """
    attempts = envelope.documents_attempts
    if isinstance(error, RateLimitedError):
        due_at, attempts = error.retry_at, attempts - 1
    else:
        due_at = timezone.now() + min(FIRST_RETRY * 2 ** min(attempts - 1, 20), LONGEST_RETRY)
    problem = error.staff_message if isinstance(error, DocusignError) else f"They could not be stored: {error.strerror}"
    _note(envelope, documents_due_at=due_at, documents_attempts=attempts, documents_problem=problem[:500])


def _note(envelope: Envelope, **columns: object) -> None:
    Envelope.objects.filter(pk=envelope.pk).update(**columns)


def _is_due(now: datetime) -> Q:
    return Q(documents_due_at=None) | Q(documents_due_at__lte=now)
