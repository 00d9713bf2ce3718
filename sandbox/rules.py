"""The state machine (reference 2.9), pure: who is asked next, and what that makes of the envelope.

envelope:   created → sent → delivered → completed;  sent|delivered → declined | voided
recipient:  created → sent → delivered → completed;  sent|delivered → declined
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

DONE = frozenset({"completed"})
ASKED = frozenset({"sent", "delivered"})
OPEN_ENVELOPE = frozenset({"sent", "delivered"})
# Kinds that are finished by being told, not by doing anything.
TOLD_ONLY = frozenset({"carbonCopies"})


@dataclass(frozen=True, slots=True)
class Party:
    """What the rules look at in a recipient."""

    key: int
    kind: str
    routing_order: int
    status: str


def ask_next(parties: Sequence[Party]) -> list[Party]:
    """Everyone in the lowest unfinished routing order is asked; carbon copies are done at once; and so on."""
    current = list(parties)
    while True:
        unfinished = [party for party in current if party.status not in DONE]
        if not unfinished:
            return current
        order = min(party.routing_order for party in unfinished)
        current = [
            _asked(party) if party in unfinished and party.routing_order == order else party for party in current
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
