"""May this signer enter now? One pure function; the state names the page the signer sees."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .models.envelope import EnvelopeStatus
from .models.link import LinkState
from .models.recipient import DONE_STATUSES, RecipientKind, RecipientStatus


class Gate(StrEnum):
    REPLACED = "replaced"
    REVOKED = "revoked"
    VOIDED = "voided"
    DECLINED = "declined"
    DELEGATED = "delegated"  # someone else signs in their place
    EXPIRED = "expired"  # the link, not the envelope
    COMPLETED = "completed"  # finished by everyone
    SIGNED = "signed"  # finished by this signer, others pending
    VIEWED = "viewed"  # seen by who only had to see it, others pending
    COPY = "copy"  # they get a copy at the end, and do nothing
    PREPARING = "preparing"  # not sent yet, or being corrected
    WAITING = "waiting"  # someone with a lower routing order has not finished
    UNREACHABLE = "unreachable"  # their turn, but the portal's connection to Docusign is in trouble
    HOST = "host"  # their turn, and the host of the device has not said yet that they are there
    OPENED = "opened"  # their turn, and a ceremony was opened a moment ago, here or elsewhere
    READY = "ready"


# Where the button into the ceremony is: after trouble and from a second window, too.
ENTERABLE = frozenset({Gate.READY, Gate.OPENED, Gate.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that the gate looks at."""

    envelope_status: str
    recipient_status: str
    has_unfinished_before: bool
    link_expires_at: datetime | None
    now: datetime
    link_state: LinkState = LinkState.CURRENT
    is_delegated: bool = False
    is_connected: bool = True
    was_just_opened: bool = False
    lacks_host: bool = False
    kind: RecipientKind = RecipientKind.SIGNER


def gate_for(facts: GateFacts) -> Gate:
    """The first rule that fits decides.

    Who holds a replaced or revoked link may be anybody, so those come first and tell nothing of the envelope. Its ends
    come before the link's own expiry: "it was voided" helps more than "expired". A completed envelope behind an
    expired link stays closed, since its page offers the documents.
    """
    if facts.link_state != LinkState.CURRENT:
        return Gate(facts.link_state)
    if facts.envelope_status == EnvelopeStatus.VOIDED:
        return Gate.VOIDED
    if EnvelopeStatus.DECLINED in (facts.envelope_status, facts.recipient_status):
        return Gate.DECLINED
    if facts.is_delegated:
        return Gate.DELEGATED
    if facts.link_expires_at is not None and facts.link_expires_at <= facts.now:
        return Gate.EXPIRED
    if facts.envelope_status == EnvelopeStatus.COMPLETED:
        return Gate.COMPLETED
    if facts.kind != RecipientKind.CARBON_COPY and facts.recipient_status in DONE_STATUSES:
        return Gate.VIEWED if facts.kind == RecipientKind.CERTIFIED_DELIVERY else Gate.SIGNED
    if facts.envelope_status not in (EnvelopeStatus.SENT, EnvelopeStatus.DELIVERED):
        return Gate.PREPARING
    if facts.kind == RecipientKind.CARBON_COPY:
        return Gate.COPY
    # `created` with nobody before: Docusign has not yet told us that the turn has come, so let Docusign decide.
    is_asked = facts.recipient_status in (RecipientStatus.SENT, RecipientStatus.DELIVERED)
    if facts.has_unfinished_before and not is_asked:
        return Gate.WAITING
    return _way_in(facts)


def _way_in(facts: GateFacts) -> Gate:
    """It is their turn."""
    if facts.lacks_host:
        return Gate.HOST
    if not facts.is_connected:
        return Gate.UNREACHABLE
    return Gate.OPENED if facts.was_just_opened else Gate.READY
