"""Voiding an envelope on the staff's word. Docusign does it; our rows follow what it then says."""

from . import polling
from .connection import connect
from .models import Envelope
from .models.envelope import VOID_REASON_MAX_LENGTH


def void(envelope: Envelope, *, reason: str) -> None:
    """Void at Docusign, then read back what became of it. Calls Docusign; raises DocusignError."""
    connect(urgent=True).void_envelope(envelope.docusign_id or "", reason=reason[:VOID_REASON_MAX_LENGTH])
    polling.refresh([envelope.pk], urgent=True)
