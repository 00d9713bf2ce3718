"""A batch's life in the hands of workers that may die at any moment, and of staff who change their minds."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from sandbox.robot import Robot
from signing import sending, tasks
from signing.bulk import batches, driving, rows, waves
from signing.models import BulkBatch, Envelope, RowState
from tests.bulk import PEOPLE, make_batch, make_checked, make_read, make_template, many, send_all, states
from tests.clock import Clock
from tests.deeds import open_ceremony
from tests.factories import recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db
Commits = Any  # pytest-django's fixture: what is to be done after the commit


def created(docusign: SandboxProcess) -> int:
    """How often Docusign made an envelope."""
    return sum(c["path"].endswith("/envelopes") and c["status"] == 201 for c in docusign.requests("POST", "/envelopes"))


def envelopes() -> Any:
    return Envelope.objects.without_templates().filter(template__isnull=False)


def started(content: str = PEOPLE) -> BulkBatch:
    batch = make_checked(content)
    assert batches.start(batch)
    batch.refresh_from_db()
    return batch


def refused() -> BulkBatch:
    """Docusign refuses the first of two, whose anchor is nowhere in the documents."""
    batch = started()
    tasks.drive_bulk_batch(batch.pk)
    first = batch.rows.get(number=2).envelope
    assert first
    first.recipients.get().tabs.filter(label="Rent").update(anchor="nowhere")
    send_all(batch)
    return batch


def test_a_file_becomes_rows() -> None:
    batch = make_read()
    assert (batch.status, batch.headers, batch.counts) == ("draft", ["Name", "Email", "Rent"], {"new": 2})
    assert batch.rows.get(number=2).data == ["Ann Bee", "ann@example.com", "1200"]


def test_a_file_that_cannot_be_read_says_why_and_leaves_no_rows() -> None:
    batch = make_read('Name,Email\nAnn,ann@example.com\n"never closed')
    assert batch.status == "draft"
    assert "quotation mark" in batch.problem
    assert batch.rows.count() == 0


def test_a_file_without_rows_says_so() -> None:
    assert "no rows" in make_read("Name,Email\n").problem


def test_reading_begins_anew_after_a_worker_died() -> None:
    batch = make_batch(many(700))
    leased = batches.lease(batch.pk)
    batch.rows.create(number=2, data=["half", "read", ""])
    assert leased
    assert driving.drive(batch.pk) == []  # the dead worker's lease
    BulkBatch.objects.update(lease_until=None)
    driving.drive(batch.pk)
    assert batch.rows.count() == 700
    assert batch.rows.get(number=2).data[0] == "Person 1"


def test_all_rows_are_checked() -> None:
    batch = make_checked("Name,Email,Rent\nAnn,ann@example.com,1\nCarl,carl@,2\n,dora@example.com,3\n")
    assert (batch.status, states(batch)) == ("ready", ["ready", "bad", "bad"])
    assert set(batch.rows.get(number=3).errors) == {"email:1"}


def test_checking_goes_on_where_a_worker_died() -> None:
    batch = make_read()
    batches.choose_columns(batch, {"name:1": [0], "email:1": [1]})
    batch.rows.filter(number=2).update(state=RowState.BAD, errors={"row": "checked before"})
    tasks.drive_bulk_batch(batch.pk)
    assert states(batch) == ["bad", "ready"]


def test_a_corrected_row_is_checked_at_once() -> None:
    batch = make_checked("Name,Email,Rent\nAnn,ann@,1\n")
    corrected = rows.correct(batch, 2, ["Ann", "ann@example.com", "1"])
    assert corrected
    assert (corrected.state, corrected.errors) == ("ready", {})


def test_who_is_there_twice_is_found() -> None:
    batch = make_checked("Name,Email\nAnn,ann@example.com\nCarl,carl@example.com\nAnn B,ANN@example.com\n")
    assert [row.number for row in rows.repeated(batch).order_by("number")] == [2, 4]


def test_a_change_of_the_template_does_not_reach_a_batch_begun_before() -> None:
    batch = make_checked()
    assert batch.template
    batch.template.content.recipients.all().delete()
    assert batch.content.recipients.count() == 1


def test_what_is_thrown_away_leaves_nothing_behind(django_capture_on_commit_callbacks: Commits) -> None:
    batch = make_checked()
    file, template = batch.file, batch.template
    with django_capture_on_commit_callbacks(execute=True):
        assert batches.discard(batch)
    assert not file.storage.exists(file.name)
    assert list(Envelope.objects.filter(status="template")) == [template.content if template else None]
    document = template.content.documents.get() if template else None
    assert document
    assert document.file.storage.exists(document.file.name)


def test_another_file_takes_the_place_of_the_first(django_capture_on_commit_callbacks: Commits) -> None:
    batch = make_checked()
    former = batch.file.name
    other = ContentFile(b"Name,Email\nDora,dora@example.com\n")
    with django_capture_on_commit_callbacks(execute=True):
        assert batches.read_again(batch, file=other, file_name="new.csv")
    tasks.drive_bulk_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.file_name, batch.mapping, batch.row_count) == ("new.csv", {}, 1)
    assert not batch.file.storage.exists(former)


def test_every_row_becomes_an_envelope_of_its_own(docusign: SandboxProcess) -> None:
    template = make_template(subject="Lease for {{Name}}", message="Your rent: {{Rent}}")
    batch = make_checked(PEOPLE, template)
    batches.start(batch)
    send_all(batch)
    assert (batch.status, states(batch)) == ("done", ["sent", "sent"])
    first = batch.rows.get(number=2).envelope
    assert first
    assert (first.subject, first.message, first.status) == ("Lease for Ann Bee", "Your rent: 1200", "sent")
    assert first.template == template
    recipient = first.recipients.get()
    assert (recipient.name, recipient.email, recipient.role_name) == ("Ann Bee", "ann@example.com", "Tenant")
    assert recipient.tabs.get(label="Rent").value == "1200"


def test_two_hundred_rows_are_sent_and_all_signed(docusign: SandboxProcess) -> None:
    batch = started(many(200))
    send_all(batch)
    assert (batch.status, batch.counts) == ("done", {"sent": 200})
    robot = Robot()
    for envelope in envelopes():
        robot.sign(open_ceremony(recipient_of(envelope, 1)), signature="X")
    tasks.poll_envelopes()
    assert set(envelopes().values_list("status", flat=True)) == {"completed"}
    assert created(docusign) == 200


def test_a_wave_makes_no_more_than_it_holds(docusign: SandboxProcess) -> None:
    batch = started(many(50))
    tasks.drive_bulk_batch(batch.pk)
    tasks.drive_bulk_batch(batch.pk)  # nothing was sent meanwhile
    assert envelopes().count() == waves.WAVE


def test_a_worker_killed_between_two_rows_loses_none_and_makes_none_twice(
    docusign: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = started(many(5))
    made: list[int] = []
    claim = sending.claim_for_sending

    def dying(envelope: Envelope, **options: Any) -> bool:
        made.append(envelope.pk)
        if len(made) == 3:
            raise MemoryError
        return claim(envelope, **options)

    monkeypatch.setattr(sending, "claim_for_sending", dying)
    with pytest.raises(MemoryError):
        driving.drive(batch.pk)
    monkeypatch.undo()
    assert states(batch).count("sending") == envelopes().count() == 2
    send_all(batch)
    assert (envelopes().count(), states(batch)) == (5, ["sent"] * 5)


def test_what_was_made_and_not_rung_for_is_found_by_the_sweep(docusign: SandboxProcess) -> None:
    batch = started()
    made = driving.drive(batch.pk)  # and the worker dies before it rings
    assert sending.due_for_sending(batch.created_at.replace(year=2100)) == made


def test_a_second_worker_finds_nothing_to_do() -> None:
    batch = started()
    assert batches.lease(batch.pk)
    assert driving.drive(batch.pk) == []
    assert envelopes().count() == 0


def test_a_worker_whose_lease_is_over_makes_no_more(clock: Clock) -> None:
    batch = started()
    slow = batches.lease(batch.pk)
    assert slow
    clock.advance(minutes=6)
    assert batches.lease(batch.pk)
    assert waves.send_wave(slow) == []


def test_a_paused_batch_goes_on_where_it_stopped(docusign: SandboxProcess) -> None:
    batch = started(many(30))
    tasks.drive_bulk_batch(batch.pk)
    assert batches.pause(batch)
    for envelope_id in envelopes().values_list("pk", flat=True):
        tasks.send_envelope(envelope_id)
    tasks.drive_bulk_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.counts) == ("paused", {"sent": 20, "ready": 10})
    assert batches.start(batch)
    send_all(batch)
    assert (batch.status, batch.counts) == ("done", {"sent": 30})


def test_a_cancelled_batch_sends_no_more(docusign: SandboxProcess) -> None:
    batch = started(many(30))
    tasks.drive_bulk_batch(batch.pk)
    assert batches.cancel(batch)
    assert batches.start(batch) is False
    for envelope_id in envelopes().values_list("pk", flat=True):
        tasks.send_envelope(envelope_id)
    assert batch.pk in batches.due(batch.created_at.replace(year=2100))  # it is still looked after
    tasks.drive_bulk_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.counts == {"sent": 20, "left_out": 10}


def test_what_docusign_refuses_fails_alone_with_the_reason(docusign: SandboxProcess) -> None:
    batch = refused()
    assert (batch.status, states(batch)) == ("done", ["failed", "sent"])
    assert "anchor" in batch.rows.get(number=2).problem


def test_only_what_failed_is_tried_again(docusign: SandboxProcess) -> None:
    batch = refused()
    assert rows.retry_failed(batch) == 1
    assert batches.start(batch)
    send_all(batch)
    assert (batch.status, states(batch), envelopes().count()) == ("done", ["sent", "sent"], 2)
    assert created(docusign) == 2


def test_a_failed_row_that_somebody_sent_by_hand_is_not_sent_again(docusign: SandboxProcess) -> None:
    batch = refused()
    draft = batch.rows.get(number=2).envelope
    assert draft
    draft.recipients.get().tabs.filter(label="Rent").update(anchor="both")
    sending.claim_for_sending(draft)
    tasks.send_envelope(draft.pk)
    assert rows.retry_failed(batch) == 0
    tasks.drive_bulk_batch(batch.pk)
    assert (states(batch), envelopes().count()) == (["sent", "sent"], 2)


def test_a_row_on_its_way_cannot_be_changed(docusign: SandboxProcess) -> None:
    batch = started()
    tasks.drive_bulk_batch(batch.pk)
    assert rows.correct(batch, 2, ["Eve", "eve@example.com", ""]) is None
    assert rows.leave_out(batch, 2) is False


def test_no_more_are_made_while_docusign_wants_peace(docusign: SandboxProcess) -> None:
    docusign.set_limits(hourly=15, burst=1000)
    batch = started(many(60))
    for _ in range(5):
        tasks.drive_bulk_batch(batch.pk)
        for envelope in envelopes().filter(status="sending"):
            tasks.send_envelope(envelope.pk)
    assert created(docusign) < 15  # some calls are kept for signers
    assert envelopes().count() == created(docusign) + waves.WAVE


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)
