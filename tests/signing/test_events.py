"""Events as they are written: each on its chain, whatever stands in it, however many write at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signing import events, sending
from signing.acting import Actor, acting
from signing.docusign import CreatedEnvelope
from signing.models import ActorKind, EnvelopeEvent, EventKind
from signing.verify.chain import faults
from tests.factories import make_draft

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def is_whole(envelope_id: int | None) -> bool:
    rows = list(EnvelopeEvent.objects.of_chain(envelope_id).order_by("number"))
    return bool(rows) and not list(faults(rows[0].chain_name, [row.link for row in rows]))


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.dictionaries(st.text(max_size=8), ANYTHING, max_size=3))
def test_whatever_is_told_comes_back_as_it_was_hashed(facts: dict[str, Any]) -> None:
    with transaction.atomic():
        events.record_portal("changed", facts, about="template:1")
        assert is_whole(None)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("ip", ["192.0.2.7", "2001:DB8:0::1", "::ffff:192.0.2.7", "fe80::1%eth0", ""])
def test_addresses_come_back_as_they_were_hashed(ip: str) -> None:
    with acting(Actor(ip=ip)):
        events.record_portal("changed", about="template:1", by=ActorKind.RECIPIENT)
    assert is_whole(None)


@pytest.mark.django_db
def test_each_envelope_has_a_chain_of_its_own_and_the_portal_another() -> None:
    one, other = make_draft(), make_draft()
    for envelope in (one, other, one):
        events.record(envelope.pk, EventKind.DOWNLOADED)
        events.record_portal("changed", about="template:1")
    assert list(one.events.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert list(other.events.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert is_whole(one.pk)
    assert is_whole(other.pk)
    assert is_whole(None)


@pytest.mark.django_db
def test_equal_details_have_different_digests() -> None:
    """Otherwise somebody could guess what was erased."""
    events.record_portal("changed", about="template:1")
    events.record_portal("changed", about="template:1")
    assert len(set(EnvelopeEvent.objects.values_list("details_digest", flat=True))) == 2


@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_once_make_one_chain() -> None:
    envelope = make_draft()

    def write(number: int) -> None:
        try:
            with transaction.atomic():
                events.record(envelope.pk, EventKind.DOWNLOADED, what=str(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert envelope.events.count() == 41
    assert is_whole(envelope.pk)


@pytest.mark.django_db
def test_what_was_sent_stands_in_its_event_by_hash() -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    sending.record_sent(envelope.pk, CreatedEnvelope(docusign_id="d-1", status="sent", status_changed_at=None))
    told = envelope.events.get(kind=EventKind.SENT).data
    assert told["documents"] == [document.sha256 for document in envelope.documents.all()]
