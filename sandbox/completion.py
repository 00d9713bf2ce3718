"""PDFs of an envelope: as they stand while it is open, sealed once it is complete."""

import threading
from collections.abc import Callable

from django.db.models import Q

from . import certificate as certificates
from . import files, seal
from .drawing import draw_values, join
from .models import Document, Envelope, SealedFile, SignerAttachment, Tab
from .tabkinds import RADIO
from .visibility import visible_documents

# Two first downloads at once must not make two different files.
_sealing = threading.Lock()


def current(document: Document) -> bytes:
    """One document with the values of everyone who has finished; sealed when the envelope is complete."""
    return _sealed(document.envelope, f"document-{document.document_id}", lambda: _drawn(document))


def combined(envelope: Envelope, *, with_certificate: bool = False, hidden: frozenset[int] = frozenset()) -> bytes:
    """All documents in one file, then what signers attached; on request the certificate of completion at the end.

    `hidden`: documentIds to leave out.
    """

    def draw() -> bytes:
        parts = [_drawn(document) for document in visible_documents(envelope, hidden)]
        parts += [files.load(attachment.path) for attachment in _attachments(envelope)]
        if with_certificate:
            parts.append(certificates.draw(envelope))
        return join(parts)

    name = "combined-certificate" if with_certificate else "combined"
    return _sealed(envelope, f"{name}-without-{_digest(hidden)}" if hidden else name, draw)


def certificate(envelope: Envelope) -> bytes:
    return _sealed(envelope, "certificate", lambda: certificates.draw(envelope))


def _digest(numbers: frozenset[int]) -> str:
    """So that few and many make a name of the same length."""
    return files.digest_of(",".join(map(str, sorted(numbers))).encode())[:16]


def _drawn(document: Document) -> bytes:
    """What the sender filled in stands there from the beginning, what a recipient did once they have finished."""
    is_here = Q(document=document) | Q(group=RADIO, document__envelope=document.envelope)
    is_known = Q(recipient=None) | Q(recipient__status="completed")
    return draw_values(document, Tab.objects.filter(is_here, is_known).select_related("recipient"))


def _attachments(envelope: Envelope) -> list[SignerAttachment]:
    rows = SignerAttachment.objects.filter(tab__recipient__envelope=envelope, tab__recipient__status="completed")
    return list(rows.order_by("pk"))


def _sealed(envelope: Envelope, name: str, draw: Callable[[], bytes]) -> bytes:
    if envelope.status != "completed":
        return draw()
    with _sealing:
        existing = SealedFile.objects.filter(envelope=envelope, name=name).first()
        if existing is not None:
            return files.load(existing.path)
        content = seal.sign(draw(), reason=f"Envelope {envelope.guid} completed")
        SealedFile.objects.create(envelope=envelope, name=name, path=files.save(content))
        return content
