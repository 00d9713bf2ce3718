"""The timeline of an envelope as links of a chain, for its proof bundle."""

from .models import Envelope
from .verify.chain import Link


def links_of(envelope: Envelope) -> list[Link]:
    return [event.link for event in envelope.events.order_by("number")]
