"""May this signer enter now? One pure function; the state names the page the signer sees."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .models.envelope import EnvelopeStatus
from .models.recipient import DONE_STATUSES, RecipientStatus


class Gate(StrEnum):
    PREPARING = "preparing"  # not sent yet, or being corrected
    WAITING = "waiting"  # someone with a lower routing order has not finished
    READY = "ready"
    SIGNED = "signed"  # finished by this signer, others pending
    COMPLETED = "completed"  # finished by everyone
    DECLINED = "declined"
    VOIDED = "voided"
    EXPIRED = "expired"  # the link, not the envelope


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that the gate looks at."""

    envelope_status: str
    recipient_status: str
    has_unfinished_before: bool
    link_expires_at: datetime | None
    now: datetime


def gate_for(facts: GateFacts) -> Gate:
    """The first rule that fits decides.

    Ends of the envelope come before the link's own expiry: "it was voided" helps more than "expired".
    A completed envelope behind an expired link stays closed, since its page offers the documents.
    """
    if facts.envelope_status == EnvelopeStatus.VOIDED:
        return Gate.VOIDED
    if EnvelopeStatus.DECLINED in (facts.envelope_status, facts.recipient_status):
        return Gate.DECLINED
    if facts.link_expires_at is not None and facts.link_expires_at <= facts.now:
        return Gate.EXPIRED
    if facts.envelope_status == EnvelopeStatus.COMPLETED:
        return Gate.COMPLETED
    if facts.recipient_status in DONE_STATUSES:
        return Gate.SIGNED
    if facts.envelope_status not in (EnvelopeStatus.SENT, EnvelopeStatus.DELIVERED):
        return Gate.PREPARING
    if facts.recipient_status in (RecipientStatus.SENT, RecipientStatus.DELIVERED):
        return Gate.READY
    if facts.has_unfinished_before:
        return Gate.WAITING
    # Docusign has not yet told us that the turn has come, but nothing stands before it: let Docusign decide.
    return Gate.READY
