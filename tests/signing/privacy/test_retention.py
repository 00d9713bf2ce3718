"""Rules of retention take what is due, and never what is on hold or open."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from signing import finding, tasks
from signing.acting import Actor, acting
from signing.admin.timeline import timeline
from signing.docusign import EnvelopeSnapshot
from signing.models import (
    Envelope,
    EnvelopeEvent,
    EnvelopeStatus,
    EventKind,
    OutgoingMail,
    PurgeRequest,
    RetentionRule,
    Scope,
    SearchWord,
    Template,
)
from signing.polling import snapshots_of
from signing.privacy import holds, retention
from signing.status import apply_snapshot
from tests.deeds import path_of, send, sign
from tests.factories import make_draft, make_sent, make_staff
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db
PERSONAL = ("Ann", "ann@", "Carl", "carl@", "Consulting")


@pytest.fixture
def rule(settings: Settings) -> Settings:
    settings.RETAIN_DAYS, settings.RETAIN_SCOPE = 30, "everything"
    return settings


def finished(days_ago: float = 31, *, status: str = EnvelopeStatus.COMPLETED, number: int = 0) -> Envelope:
    column = {"completed": "completed_at", "declined": "declined_at", "voided": "voided_at"}[status]
    return make_sent(
        status=status,
        docusign_id=f"11111111-2222-3333-4444-{number:012}",
        recipient_statuses=("completed", "completed"),
        documents_stored_at=timezone.now(),
        **{column: timezone.now() - timedelta(days=days_ago)},
    )


def is_emptied(envelope: Envelope) -> bool:
    envelope.refresh_from_db()
    return envelope.content_deleted_at is not None


def test_without_a_rule_everything_is_kept_for_ever() -> None:
    envelope = finished(days_ago=30_000)
    assert retention.apply_due(timezone.now()) == 0
    assert not is_emptied(envelope)


@pytest.mark.parametrize("status", ["completed", "declined", "voided"])
def test_what_ended_long_enough_ago_goes(rule: Settings, status: str) -> None:
    old, young = finished(31, status=status), finished(29, status=status, number=1)
    retention.apply_due(timezone.now())
    assert is_emptied(old)
    assert not is_emptied(young)


def test_nothing_goes_twice(rule: Settings) -> None:
    finished()
    assert retention.apply_due(timezone.now()) == 1
    assert retention.apply_due(timezone.now()) == 0


def test_what_is_open_stays_however_old(rule: Settings) -> None:
    envelope = make_sent()
    Envelope.objects.update(created_at=timezone.now() - timedelta(days=900), completed_at=None)
    assert retention.apply_due(timezone.now()) == 0
    assert not is_emptied(envelope)


def test_a_hold_keeps_it_until_it_is_released(rule: Settings) -> None:
    envelope = finished()
    holds.hold(envelope, reason="A claim was filed")
    assert retention.apply_due(timezone.now()) == 0
    holds.release(envelope, reason="Settled")
    assert retention.apply_due(timezone.now()) == 1


def test_a_hold_says_who_and_why_on_the_timeline() -> None:
    envelope, user = finished(), make_staff("helen")
    with acting(Actor(lambda: user)):
        holds.hold(envelope, reason="A claim was filed")
    envelope.refresh_from_db()
    assert (envelope.held_by, envelope.hold_reason) == (user, "A claim was filed")
    assert "Helen Field" in [line.who for line in timeline(envelope).entries]


def test_a_template_has_its_own_rule_whichever_version_it_was(rule: Settings) -> None:
    template = Template.objects.create(name="Loan", content=make_draft(), created_by=make_staff("lena"), version=3)
    RetentionRule.objects.create(template=template, days=400, scope=Scope.EVERYTHING)
    envelope = finished(31)
    Envelope.objects.filter(pk=envelope.pk).update(template=template, template_version=1)
    assert retention.apply_due(timezone.now()) == 0
    RetentionRule.objects.update(days=10)
    assert retention.apply_due(timezone.now()) == 1
    assert is_emptied(envelope)


def test_a_template_may_be_kept_for_ever(rule: Settings) -> None:
    template = Template.objects.create(name="Deed", content=make_draft(), created_by=make_staff("lena"))
    RetentionRule.objects.create(template=template, days=None)
    envelope = finished()
    Envelope.objects.filter(pk=envelope.pk).update(template=template)
    assert retention.apply_due(timezone.now()) == 0


def test_names_addresses_and_words_are_gone_from_every_row(rule: Settings) -> None:
    envelope = finished()
    finding.index(envelope)
    first = envelope.recipients.get(number=1)
    OutgoingMail.objects.create(
        envelope=envelope, recipient=first, kind="invitation", to_email=first.email, due_at=timezone.now()
    )
    retention.apply_due(timezone.now())
    rows = [
        *Envelope.objects.filter(pk=envelope.pk).values(),
        *envelope.recipients.values(),
        *OutgoingMail.objects.values(),
        *SearchWord.objects.values(),
        *EnvelopeEvent.objects.filter(envelope_id=envelope.pk).values(),
    ]
    assert not [word for word in PERSONAL if word in str(rows)]


def test_the_lines_of_the_timeline_stay_with_the_hashes_of_what_is_gone(rule: Settings) -> None:
    envelope = finished()
    sha256 = envelope.documents.get().sha256
    before = EnvelopeEvent.objects.filter(envelope_id=envelope.pk).count()
    retention.apply_due(timezone.now())
    rows = EnvelopeEvent.objects.filter(envelope_id=envelope.pk)
    assert rows.count() == before + 1
    last = rows.order_by("-id")[0]
    assert last.kind == EventKind.CONTENT_DELETED
    assert last.data["documents"] == [["document 1", sha256]]


def test_files_and_pictures_go_unless_a_copy_needs_them(
    rule: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    envelope, shared = finished(), finished(number=1)
    name, shared_name = envelope.documents.get().file.name, shared.documents.get().file.name
    draft = make_draft()
    draft.documents.update(file=shared_name)
    with django_capture_on_commit_callbacks(execute=True):
        retention.apply_due(timezone.now())
    assert not default_storage.exists(name)
    assert default_storage.exists(shared_name)


def test_documents_alone_may_go_and_names_stay(rule: Settings) -> None:
    rule.RETAIN_SCOPE = "documents"
    envelope = finished()
    assert retention.apply_due(timezone.now()) == 1
    envelope.refresh_from_db()
    assert envelope.documents_deleted_at
    assert not envelope.documents.exists()
    assert envelope.recipients.filter(name="Ann Bee").exists()
    assert retention.apply_due(timezone.now()) == 0


def test_names_do_not_come_back_with_late_news(rule: Settings, docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    Envelope.objects.filter(pk=envelope.pk).update(completed_at=timezone.now() - timedelta(days=40))
    retention.apply_due(timezone.now())
    snapshot: EnvelopeSnapshot = next(snapshots_of([envelope.docusign_id or ""]))
    apply_snapshot(snapshot)
    assert not envelope.recipients.filter(name="Ann Bee").exists()
    assert tasks.archive.envelopes_without_documents(timezone.now() + timedelta(days=1)) == []


def test_drafts_nobody_touched_go_as_a_whole(settings: Settings) -> None:
    settings.DRAFT_RETAIN_DAYS = 90
    old, scheduled, held, young = (make_draft() for _ in range(4))
    Envelope.objects.exclude(pk=young.pk).update(updated_at=timezone.now() - timedelta(days=91))
    Envelope.objects.filter(pk=scheduled.pk).update(send_at=timezone.now())
    holds.hold(held, reason="Evidence")
    Envelope.objects.filter(pk=held.pk).update(updated_at=timezone.now() - timedelta(days=91))
    retention.apply_due(timezone.now())
    assert set(Envelope.objects.values_list("pk", flat=True)) == {scheduled.pk, held.pk, young.pk}
    assert old.pk not in Envelope.objects.values_list("pk", flat=True)


def test_a_batch_at_a_time_the_oldest_first(rule: Settings) -> None:
    ages = [finished(31 + n, number=n) for n in range(3)]
    assert retention.apply_due(timezone.now(), at_once=2) == 2
    assert [is_emptied(envelope) for envelope in ages] == [False, True, True]


def test_a_dry_run_says_what_would_go_and_changes_nothing(rule: Settings) -> None:
    envelope, out = finished(), StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert "1 by the rule of the site: 30 days" in out.getvalue()
    assert f"#{envelope.pk}" in out.getvalue()
    assert not is_emptied(envelope)
    call_command("retention", stdout=out)
    assert is_emptied(envelope)


def test_a_rule_asks_for_the_purge_at_docusign_and_a_person_decides(rule: Settings) -> None:
    rule.RETAIN_PURGE = "metadata"
    envelope = finished()
    retention.apply_due(timezone.now())
    request = PurgeRequest.objects.get()
    assert (request.envelope, request.asked_by, request.state) == (envelope, None, "asked")
    assert request.purge_state == "documents_and_metadata_queued"


def test_a_signer_who_comes_back_later_is_told_that_the_documents_are_gone(rule: Settings) -> None:
    rule.RETAIN_SCOPE = "documents"
    envelope = finished()
    retention.apply_due(timezone.now())
    page = Browser().get(path_of(envelope.recipients.get(number=1))).content.decode()
    assert "no longer kept here" in page
    assert "spinner" not in page
