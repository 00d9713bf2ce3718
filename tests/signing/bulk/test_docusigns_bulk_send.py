"""Batches through Docusign's own Bulk Send: everybody gets Docusign's mail, and our rows know what became of each."""

from typing import Any

import pytest

from sandbox.robot import Robot
from signing import tasks
from signing.bulk import batches, lists
from signing.docusign import Client
from signing.models import BulkBatch, BulkList, Envelope
from tests.bulk import make_checked, make_template, many, states
from tests.clock import Clock
from tests.sandbox.api import Api
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def started(count: int = 3, **template: Any) -> BulkBatch:
    batch = make_checked(many(count), make_template(**template), mode="docusign")
    assert batches.start(batch)
    return batch


def turn(batch: BulkBatch) -> None:
    tasks.drive_bulk_batch(batch.pk)
    batch.refresh_from_db()


def wait(docusign: SandboxProcess, clock: Clock, batch: BulkBatch, seconds: int = 60) -> None:
    """Docusign's queue is worked off, and the portal asks."""
    docusign.advance(seconds)
    clock.advance(seconds=seconds)
    turn(batch)


def queued(docusign: SandboxProcess) -> int:
    """How often a list was sent."""
    return sum(call["path"].endswith("/send") for call in docusign.requests("POST", "/send"))


def test_a_list_is_sent_and_every_row_learns_of_its_envelope(docusign: SandboxProcess, clock: Clock) -> None:
    batch = started(subject="Lease for {{Name}}")
    turn(batch)
    assert (batch.status, states(batch)) == ("sending", ["sending"] * 3)
    wait(docusign, clock, batch)
    turn(batch)
    assert (batch.status, states(batch)) == ("done", ["sent"] * 3)
    envelope = batch.rows.get(number=2).envelope
    assert envelope
    assert (envelope.status, envelope.subject) == ("sent", "Lease for Person 1")
    assert not envelope.mails.exists()  # Docusign writes to them
    mails = docusign.mails(to="person1@example.com")
    assert [mail["envelopeId"] for mail in mails] == [envelope.docusign_id]


def test_what_they_sign_arrives_here(docusign: SandboxProcess, clock: Clock) -> None:
    batch = started(1)
    turn(batch)
    wait(docusign, clock, batch)
    mail = docusign.mails(to="person1@example.com")[0]
    Robot().sign(mail["link"], signature="Person 1")
    tasks.poll_envelopes()
    assert Envelope.objects.without_templates().filter(bulk_row__batch=batch).get().status == "completed"


def test_more_than_a_list_holds_goes_in_several(
    docusign: SandboxProcess, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_COPIES", 4)
    batch = started(10)
    for _ in range(8):
        wait(docusign, clock, batch)
    assert (batch.status, batch.counts) == ("done", {"sent": 10})
    assert queued(docusign) == BulkList.objects.count() == 3


def test_a_lost_answer_queues_nothing_twice(docusign: SandboxProcess, clock: Clock) -> None:
    batch = started()
    docusign.fail_next(method="POST", path_contains="/send", status=503, when="after")
    turn(batch)
    assert BulkList.objects.get().state == "composed"
    for _ in range(3):
        wait(docusign, clock, batch, 20)
    wait(docusign, clock, batch)
    assert (queued(docusign), states(batch)) == (1, ["sent"] * 3)


def test_a_list_that_docusign_refuses_fails_with_the_reason(docusign: SandboxProcess, clock: Clock) -> None:
    batch = started()
    batch.content.recipients.get().tabs.filter(label="Rent").update(anchor="nowhere")
    turn(batch)
    turn(batch)
    assert (batch.status, states(batch)) == ("done", ["failed"] * 3)
    assert "anchor" in batch.rows.get(number=2).problem
    assert queued(docusign) == 0


def test_a_full_queue_is_waited_for(docusign: SandboxProcess, clock: Clock) -> None:
    set_queue(docusign, 2)
    batch = started()
    turn(batch)
    assert (queued(docusign), states(batch)) == (0, ["sending"] * 3)
    set_queue(docusign, 2000)
    wait(docusign, clock, batch, 61)
    wait(docusign, clock, batch)
    assert (queued(docusign), states(batch)) == (1, ["sent"] * 3)


def test_what_the_list_of_envelopes_lacks_has_not_failed_for_that(
    docusign: SandboxProcess, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = started()
    turn(batch)
    monkeypatch.setattr(Client, "list_bulk_envelopes", lambda *_: iter(()))
    wait(docusign, clock, batch)
    assert states(batch) == ["sending"] * 3
    monkeypatch.undo()
    clock = Clock(monkeypatch)
    clock.advance(minutes=10)
    turn(batch)
    assert states(batch) == ["sent"] * 3


def set_queue(docusign: SandboxProcess, limit: int) -> None:
    """How many envelopes may wait at Docusign."""
    response = Api(docusign).call("PUT", "/settings", {"bulkSendMaxUnprocessedEnvelopesCount": str(limit)})
    assert response.status_code == 200, response.text


def test_the_sweep_sends_none_of_them_singly(docusign: SandboxProcess) -> None:
    batch = started()
    turn(batch)
    tasks.pick_up_left_behind()
    for row in batch.rows.all():
        tasks.send_envelope(row.envelope_id)
    assert states(batch) == ["sending"] * 3
    drafts = [c for c in docusign.requests("POST", "/envelopes") if c["path"].endswith("/envelopes")]
    assert len(drafts) == 1


def test_a_paused_batch_begins_no_other_list(
    docusign: SandboxProcess, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_COPIES", 2)
    batch = started(4)
    turn(batch)
    assert batches.pause(batch)
    wait(docusign, clock, batch)
    wait(docusign, clock, batch)
    assert states(batch) == ["sent", "sent", "ready", "ready"]
