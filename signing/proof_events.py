"""The timeline of an envelope as links of a chain, for its proof bundle."""

import secrets

from .models import Envelope, EnvelopeEvent
from .verify import chain
from .verify.chain import Link


def links_of(envelope: Envelope) -> list[Link]:
    name, previous, links = chain.chain_name(envelope.pk), chain.FIRST, []
    for number, row in enumerate(envelope.events.order_by("id"), start=1):
        link = _link(row, number, previous, name)
        links.append(link)
        previous = link.hash
    return links


def _link(row: EnvelopeEvent, number: int, previous: str, name: str) -> Link:
    details = {"actor": row.actor_name, "ip": row.ip or "", "data": row.data, "salt": secrets.token_hex(16)}
    event = chain.event_of(
        number=number,
        at=row.at,
        kind=row.kind,
        actor_kind=row.actor_kind,
        about=f"recipient:{row.recipient_number}" if row.recipient_number else "",
        details_digest=chain.digest(details),
    )
    return Link(event, previous, chain.event_hash(previous, name, event), details)
