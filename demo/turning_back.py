"""The demo's past is made up, its evidence too: what nobody may do, the owner of a database can, as long as no anchor
lies elsewhere (docs/adr, the chain of events).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from signing.models import EnvelopeEvent, append_only
from signing.verify.chain import FIRST


@contextmanager
def evidence(last_id: int) -> Iterator[None]:
    """Within it, events with a higher id than `last_id` can be changed; then their chains are hashed anew."""
    with transaction.atomic(), append_only.suspended(connection):
        yield
        changed = EnvelopeEvent.objects.filter(pk__gt=last_id).order_by().values_list("envelope_id", flat=True)
        for envelope_id in set(changed):
            _chain_anew(envelope_id)


def _chain_anew(envelope_id: int | None) -> None:
    head = (0, FIRST)
    for event in EnvelopeEvent.objects.of_chain(envelope_id).order_by("number"):
        event.follow(*head).save()
        head = (event.number, event.hash)
