"""The database itself refuses to change evidence, on SQLite and on PostgreSQL, whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from signing import events
from signing.models import EnvelopeEvent, EventKind, append_only
from signing.verify.chain import faults
from tests.factories import make_draft

pytestmark = pytest.mark.django_db

COLUMNS: dict[str, Any] = {
    "envelope_id": 99,
    "at": timezone.now(),
    "kind": "sent",
    "actor_kind": "docusign",
    "actor_name": "Somebody else",
    "recipient_number": 9,
    "about": "template:9",
    "data": {"other": "words"},
    "ip": "192.0.2.9",
    "number": 77,
    "previous_hash": "f" * 64,
    "hash": "f" * 64,
    "details_digest": "f" * 64,
    "salt": "f" * 32,
    "erased_at": timezone.now(),
}


def refused(deed: Callable[[], object]) -> bool:
    """Whatever is tried, it fails, and nothing remains of it."""
    before = list(EnvelopeEvent.objects.order_by("pk").values())
    with pytest.raises(IntegrityError, match=append_only.REFUSAL), transaction.atomic():
        deed()
    return before == list(EnvelopeEvent.objects.order_by("pk").values())


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def some_events() -> None:
    events.record(make_draft().pk, EventKind.DOWNLOADED, what="Agreement.pdf")


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_can_be_changed(column: str) -> None:
    some_events()
    assert refused(lambda: EnvelopeEvent.objects.update(**{column: COLUMNS[column]}))


def test_an_event_cannot_be_deleted() -> None:
    some_events()
    assert refused(lambda: EnvelopeEvent.objects.all().delete())
    assert refused(lambda: sql("DELETE FROM signing_envelopeevent"))


def test_the_table_cannot_be_emptied_at_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE")
    some_events()
    assert refused(lambda: sql("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE signing_envelopeevent CASCADE"))


def test_a_session_that_calls_itself_a_replica_is_refused_as_well() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a setting of PostgreSQL")
    some_events()
    assert refused(lambda: sql("SET LOCAL session_replication_role = replica; DELETE FROM signing_envelopeevent"))


@pytest.mark.parametrize("number", [1, 2, 9])
def test_an_event_goes_nowhere_but_after_the_last(number: int) -> None:
    some_events()
    head = EnvelopeEvent.objects.order_by("number").last()
    assert head is not None
    assert head.number == 2
    forged = EnvelopeEvent(envelope_id=head.envelope_id, kind="sent", actor_kind="user").follow(number - 1, head.hash)
    assert refused(lambda: forged.save(force_insert=True))


def test_an_event_that_follows_nothing_is_refused() -> None:
    some_events()
    forged = EnvelopeEvent(kind="sent", actor_kind="user").follow(0, "f" * 64)
    assert refused(lambda: forged.save(force_insert=True))


def test_details_can_be_erased_once_and_the_chain_still_holds() -> None:
    envelope = make_draft()
    events.record(envelope.pk, EventKind.DOWNLOADED, what="Ann Bee.pdf")
    assert envelope.events.filter(number=2).erase() == 1
    event = envelope.events.get(number=2)
    assert (event.actor_name, event.ip, event.data, event.details) == ("", None, {}, None)
    assert list(faults(event.chain_name, [row.link for row in envelope.events.order_by("number")])) == []
    assert envelope.events.filter(number=2).erase() == 0
    assert refused(lambda: envelope.events.filter(number=2).update(erased_at=timezone.now()))


def test_an_erasure_that_changes_something_else_is_refused() -> None:
    some_events()
    empty: dict[str, Any] = {"actor_name": "", "user": None, "ip": None, "data": {}, "salt": ""}
    assert refused(lambda: EnvelopeEvent.objects.update(**empty, kind="sent", erased_at=timezone.now()))
    assert refused(lambda: EnvelopeEvent.objects.update(**empty))


def test_all_triggers_stand_after_all_migrations() -> None:
    assert append_only.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_triggers_standing() -> None:
    some_events()
    assert append_only.missing(connection) == []
