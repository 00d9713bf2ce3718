"""Completed documents: fetched from Docusign once, hashed while streaming, their seal checked, kept here."""

import hashlib
import logging
import tempfile
from typing import IO

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet

from .connection import connect
from .docusign import Client
from .models import CompletedDocument, Envelope, EnvelopeStatus, Seal
from .seals import check_seal

logger = logging.getLogger(__name__)

KINDS = (CompletedDocument.Kind.COMBINED, CompletedDocument.Kind.CERTIFICATE)
MEMORY_BYTES = 2 * 1024 * 1024  # larger documents go through a temporary file


def envelopes_without_documents(limit: int = 100) -> list[int]:
    """Completed envelopes whose documents are not all here yet."""
    return list(_lacking_documents().order_by("pk").values_list("pk", flat=True)[:limit])


def lacks_documents(envelope_id: int) -> bool:
    return _lacking_documents().filter(pk=envelope_id).exists()


def fetch_documents(envelope_id: int) -> None:
    """Fetch what is missing. Calls Docusign; raises DocusignError. Harmless to repeat."""
    envelope = Envelope.objects.get(pk=envelope_id)
    if envelope.status != EnvelopeStatus.COMPLETED:
        return
    stored = set(envelope.completed_documents.values_list("kind", flat=True))
    missing = [kind for kind in KINDS if kind not in stored]
    if missing:
        client = connect()
        for kind in missing:
            _fetch(client, envelope, kind)


def _lacking_documents() -> QuerySet[Envelope]:
    return (
        Envelope.objects.filter(status=EnvelopeStatus.COMPLETED)
        .annotate(stored=Count("completed_documents"))
        .filter(stored__lt=len(KINDS))
    )


def _fetch(client: Client, envelope: Envelope, kind: CompletedDocument.Kind) -> None:
    digest = hashlib.sha256()
    with tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES) as buffer:
        with client.open_document(envelope.docusign_id or "", kind.value) as chunks:
            for chunk in chunks:
                digest.update(chunk)
                buffer.write(chunk)
        _store(envelope, kind, buffer, digest.hexdigest())


def _store(envelope: Envelope, kind: CompletedDocument.Kind, content: IO[bytes], sha256: str) -> None:
    size_bytes = content.tell()
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
    except IntegrityError:
        # Another worker was quicker; the storage gave our copy a name of its own, so nothing was overwritten.
        logger.info("envelope %s: %s was stored by another worker", envelope.pk, kind)
        completed.file.delete(save=False)
