"""The state machine (reference 2.9), pure: who is asked next, and what that makes of the envelope.

envelope:   created → sent → delivered → completed;  sent|delivered → declined | voided
recipient:  created → sent → delivered → completed;  sent|delivered → declined
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

DONE = frozenset({"completed"})
ASKED = frozenset({"sent", "delivered"})
OPEN_ENVELOPE = frozenset({"sent", "delivered"})
ENDED_ENVELOPE = frozenset({"completed", "declined", "voided"})
# Kinds that are finished by being told, not by doing anything.
TOLD_ONLY = frozenset({"carbonCopies", "seals"})
# Kinds that are finished by looking.
SEEING_IS_ENOUGH = frozenset({"certifiedDeliveries"})
SIGNING_KINDS = frozenset({"signers", "inPersonSigners", "witnesses", "notaries"})


@dataclass(frozen=True, slots=True)
class Party:
    """What the rules look at in a recipient."""

    key: int
    kind: str
    routing_order: int
    status: str


def next_order(parties: Sequence[Party]) -> int | None:
    """The lowest routing order with someone unfinished."""
    return min((party.routing_order for party in parties if party.status not in DONE), default=None)


def ask_next(parties: Sequence[Party], pauses: Collection[int] = ()) -> list[Party]:
    """Everyone in the lowest unfinished routing order is asked; who is only told is done at once; and so on.

    `pauses`: routing orders that are not to be begun yet.
    """
    current = list(parties)
    while True:
        order = next_order(current)
        if order is None or order in pauses:
            return current
        current = [
            _asked(party) if party.status not in DONE and party.routing_order == order else party for party in current
        ]
        if any(party.status not in DONE for party in current if party.routing_order == order):
            return current


def envelope_status(parties: Sequence[Party]) -> str:
    """Of a sent envelope. `delivered`: everyone asked so far has opened it."""
    if any(party.status == "declined" for party in parties):
        return "declined"
    if all(party.status in DONE for party in parties):
        return "completed"
    asked = [party for party in parties if party.status in ASKED]
    return "delivered" if asked and all(party.status == "delivered" for party in asked) else "sent"


def is_in_sequence(party: Party, parties: Sequence[Party]) -> bool:
    """May this party be let in? Not before everyone of a lower routing order is done."""
    return all(other.status in DONE for other in parties if other.routing_order < party.routing_order)


def _asked(party: Party) -> Party:
    if party.kind in TOLD_ONLY:
        return replace(party, status="completed")
    return replace(party, status="sent") if party.status == "created" else party
