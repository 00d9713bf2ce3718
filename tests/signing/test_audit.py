"""`manage.py audit verify` finds whatever was done to the evidence behind the database's back, and names the row."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from signing import anchoring, auditing, events, tasks
from signing.acting import Actor, acting
from signing.models import Anchor, Envelope, EnvelopeEvent, EventKind, PortalKind, append_only
from signing.verify import merkle
from signing.verify.chain import FIRST
from tests.clock import travel
from tests.factories import make_draft, make_staff

pytestmark = pytest.mark.django_db

Forgery = Callable[[EnvelopeEvent], object]


def history() -> tuple[Envelope, Envelope]:
    """Two envelopes of four events each, among each other, and some of the portal."""
    one, other = make_draft(), make_draft()
    for number in range(3):
        events.record(one.pk, EventKind.DOWNLOADED, what=f"one {number}")
        events.record(other.pk, EventKind.DOWNLOADED, what=f"other {number}")
        events.record_portal(PortalKind.CHANGED, about="template:1", n=number)
    return one, other


def verify(*options: str) -> tuple[bool, str]:
    out = io.StringIO()
    try:
        call_command("audit", "verify", *options, stdout=out)
    except CommandError as error:
        return error.returncode != 1, out.getvalue() + str(error)
    return True, out.getvalue()


def event_of(envelope: Envelope, number: int) -> EnvelopeEvent:
    return envelope.events.get(number=number)


def chain_anew(envelope: Envelope) -> None:
    head = (0, FIRST)
    for event in envelope.events.order_by("number"):
        event.follow(*head).save()
        head = (event.number, event.hash)


def test_what_nobody_touched_holds_with_anchors_and_without() -> None:
    history()
    assert verify() == (True, "11 events in 3 chains, 0 anchors; 0 erased: all as it was written.\n")
    anchoring.write_anchors()
    assert verify()[0]
    history()
    anchoring.write_anchors()
    assert verify()[0]
    assert verify("--since", "2020-01-01")[0]


CHANGES: dict[str, object] = {
    "at": F("at") + timedelta(seconds=1),
    "kind": "sent",
    "actor_kind": "docusign",
    "actor_name": "Somebody else",
    "recipient_number": 9,
    "about": "template:9",
    "data": {"what": "other words"},
    "ip": "192.0.2.9",
    "user": None,
    "previous_hash": "f" * 64,
    "hash": "f" * 64,
    "details_digest": "f" * 64,
    "salt": "f" * 32,
    "erased_at": F("at"),
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_column_is_found_and_its_row_named(column: str) -> None:
    one, _ = history()
    with append_only.suspended(connection):
        number = 1 if column == "user" else 2
        envelope = _of_somebody() if column == "user" else one
        envelope.events.filter(number=number).update(**{column: CHANGES[column]})
    is_good, said = verify()
    assert not is_good
    assert f"envelope:{envelope.pk}, event {number}: changed" in said
    assert said.count("event ") == 1


def _of_somebody() -> Envelope:
    staff = make_staff("robin")
    with acting(Actor(lambda: staff)):
        return make_draft(staff)


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_dropped_inserted_and_moved_rows_are_found(data: st.DataObject) -> None:
    with transaction.atomic():
        one, other = history()
        forgery = data.draw(st.sampled_from(["drop", "insert", "swap", "take over", "drop last"]))
        place = data.draw(st.integers(1, 3))
        anchoring.write_anchors()
        with append_only.suspended(connection):
            named = _forge(forgery, one, other, place)
        is_good, said = verify()
        assert not is_good
        assert named in said
        transaction.set_rollback(True)


def _forge(forgery: str, one: Envelope, other: Envelope, place: int) -> str:
    event = event_of(one, place)
    if forgery == "drop":
        event.delete()
        return f"envelope:{one.pk}, event {place}: missing"
    if forgery == "drop last":
        one.events.filter(number__gte=place).delete()
        return f"envelope:{one.pk}, event 4: truncated"
    if forgery == "insert":
        for later in one.events.filter(number__gte=place).order_by("-number"):
            one.events.filter(pk=later.pk).update(number=later.number + 1)
        forged = EnvelopeEvent(envelope=one, kind="sent", actor_kind="user", data={"forged": True})
        forged.follow(place - 1, event.previous_hash).save(force_insert=True)
        return f"envelope:{one.pk}, event {place + 1}: moved, it was written as event {place}"
    if forgery == "swap":
        one.events.filter(number=place).update(number=99)
        one.events.filter(number=4).update(number=place)
        one.events.filter(number=99).update(number=4)
        return f"envelope:{one.pk}, event {place}: moved, it was written as event 4"
    other.events.filter(number=place).delete()
    one.events.filter(number=place).update(envelope=other)
    return f"envelope:{other.pk}, event {place}: changed"


def test_a_chain_hashed_anew_holds_by_itself_and_an_anchor_tells() -> None:
    one, _ = history()
    with append_only.suspended(connection):
        event_of(one, 2).__class__.objects.filter(pk=event_of(one, 2).pk).update(data={"what": "forged"})
        chain_anew(one)
    assert verify()[0]
    history()
    with append_only.suspended(connection):
        Anchor.objects.all().delete()
    anchoring.write_anchors()
    with append_only.suspended(connection):
        one.events.filter(number=2).update(data={"what": "forged again"})
        chain_anew(one)
    is_good, said = verify()
    assert not is_good
    assert f"envelope:{one.pk}, event 4: rewritten, anchor 1" in said
    assert f"envelope:{one.pk}, event 4: rewritten" in verify("--envelope", str(one.pk))[1]


def test_a_whole_chain_that_is_gone_is_told_by_the_anchor() -> None:
    one, _ = history()
    anchoring.write_anchors()
    with append_only.suspended(connection):
        one.events.all().delete()
    assert f"envelope:{one.pk}, event 4: truncated" in verify()[1]


def test_an_envelope_that_vanished_without_a_word_is_told() -> None:
    one, _ = history()
    Envelope.objects.filter(pk=one.pk).delete()
    assert f"envelope:{one.pk}, event 0: missing, the envelope is gone" in verify()[1]


@pytest.mark.parametrize(
    "column", ["at", "after_event", "last_event", "count", "root", "heads", "previous_hash", "hash"]
)
def test_a_changed_anchor_is_named(column: str) -> None:
    history()
    anchoring.write_anchors()
    values: dict[str, object] = {
        "at": F("at") + timedelta(1),
        "root": merkle.EMPTY,
        "heads": {},
        "previous_hash": "f" * 64,
        "hash": "f" * 64,
    }
    with append_only.suspended(connection):
        Anchor.objects.update(**{column: values.get(column, 3)})
    assert "anchors, event 1: changed" in verify()[1]


def test_a_missing_anchor_is_named() -> None:
    for _ in range(3):
        history()
        anchoring.write_anchors()
    with append_only.suspended(connection):
        Anchor.objects.filter(number=2).delete()
    assert "anchors, event 2: missing" in verify()[1]


def test_the_file_outside_finds_what_was_rewritten_with_all_anchors(settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_ANCHOR_FILE = str(tmp_path / "anchors.jsonl")
    one, _ = history()
    anchoring.write_anchors()
    with append_only.suspended(connection):
        one.events.filter(number=2).update(data={"what": "forged"})
        chain_anew(one)
        Anchor.objects.all().delete()
    settings.EVIDENCE_ANCHOR_FILE = ""
    anchoring.write_anchors()
    assert verify()[0]  # the perfect crime, were it not for the file
    settings.EVIDENCE_ANCHOR_FILE = str(tmp_path / "anchors.jsonl")
    assert "anchors, event 1: rewritten, the file outside has another hash" in verify()[1]
    with append_only.suspended(connection):
        Anchor.objects.all().delete()
    assert "anchors, event 1: truncated, the file outside knows it" in verify()[1]


def test_an_anchor_is_told_outside_and_names_nobody(
    settings: Settings, tmp_path: Path, mailoutbox: list[object]
) -> None:
    settings.EVIDENCE_ANCHOR_FILE = str(tmp_path / "anchors.jsonl")
    settings.EVIDENCE_ANCHOR_MAIL = "notary@example.com"
    history()
    (anchor,) = anchoring.write_anchors()
    line = json.loads((tmp_path / "anchors.jsonl").read_text())
    assert line["hash"] == anchor.hash
    assert line["root"] == merkle.root(EnvelopeEvent.objects.order_by("pk").values_list("hash", flat=True))
    assert line.keys().isdisjoint({"heads", "data"})
    (mail,) = mailoutbox
    assert anchor.hash in mail.body  # type: ignore[attr-defined]


def test_a_file_that_cannot_be_written_stops_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_ANCHOR_FILE = str(tmp_path / "nowhere" / "anchors.jsonl")
    history()
    assert len(anchoring.write_anchors()) == 1
    assert "the file of anchors cannot be read" in verify()[1]


def test_many_events_make_several_anchors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signing.anchoring.AT_ONCE", 5)
    history()
    assert [anchor.count for anchor in anchoring.write_anchors()] == [5, 5, 1]
    assert verify()[0]
    assert anchoring.write_anchors()[0].count == 1  # that it was verified


def test_anchors_cannot_be_changed_either() -> None:
    history()
    anchoring.write_anchors()
    for deed in (lambda: Anchor.objects.update(count=3), lambda: Anchor.objects.all().delete()):
        with pytest.raises(IntegrityError, match=append_only.REFUSAL), transaction.atomic():
            deed()


def test_a_trigger_that_is_down_is_told() -> None:
    history()
    with append_only.suspended(connection):
        is_good, said = verify()
    assert not is_good
    assert "The trigger event_kept is missing" in said


def test_the_tick_anchors_once_a_day_and_looks_through_what_went_on() -> None:
    history()
    tasks.keep_evidence()
    tasks.keep_evidence()
    assert Anchor.objects.count() == 1
    assert EnvelopeEvent.objects.filter(kind=PortalKind.VERIFIED).count() == 1
    with travel(timedelta(days=1)):
        history()
        tasks.keep_evidence()
        assert Anchor.objects.count() == 2
    assert auditing.look_through().is_good


def test_erased_details_are_counted_and_no_fault() -> None:
    one, _ = history()
    one.events.all().erase()
    is_good, said = verify()
    assert is_good
    assert "4 erased" in said
