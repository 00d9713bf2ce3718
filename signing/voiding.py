"""Voiding an envelope on the staff's word. Docusign does it; our rows follow what it then says."""

from . import events, identities, polling
from .models import Envelope, EventKind
from .models.envelope import VOID_REASON_MAX_LENGTH


def void(envelope: Envelope, *, reason: str) -> None:
    """Void at Docusign, then read back what became of it. Calls Docusign; raises DocusignError."""
    reason = reason[:VOID_REASON_MAX_LENGTH]
    docusign_id = envelope.docusign_id or ""
    identities.ask(envelope, lambda client: client.void_envelope(docusign_id, reason=reason), urgent=True)
    events.record(envelope.pk, EventKind.VOID_ASKED, reason=reason)
    polling.refresh([envelope.pk], urgent=True)
