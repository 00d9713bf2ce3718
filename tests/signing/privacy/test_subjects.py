"""What is known of an address: found exactly, exported, erased, and certified."""

import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import events, finding, tasks
from signing.acting import Actor, acting
from signing.models import (
    BulkBatch,
    BulkRow,
    Envelope,
    EnvelopeEvent,
    Erasure,
    EventKind,
    OutgoingMail,
    Recipient,
    SavedView,
    SearchWord,
    Template,
)
from signing.polling import snapshots_of
from signing.privacy import certificates, erasing, exporting, holds
from signing.privacy.subjects import Subject
from signing.status import apply_snapshot
from tests.deeds import send, sign
from tests.factories import make_draft, make_sent, make_staff
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db
ANN = "ann@example.com"


def finished(number: int = 0, **fields: object) -> Envelope:
    envelope = make_sent(
        status="completed",
        docusign_id=f"11111111-2222-3333-4444-{number:012}",
        recipient_statuses=("completed", "completed"),
        completed_at=timezone.now() - timedelta(days=5),
        documents_stored_at=timezone.now(),
        **fields,
    )
    finding.index(envelope)
    ann = envelope.recipients.get(number=1)
    OutgoingMail.objects.create(
        envelope=envelope, recipient=ann, kind="invitation", to_email=ann.email, due_at=timezone.now(), state="sent"
    )
    events.record(envelope.pk, EventKind.MAIL_SENT, recipient=ann, mail="invitation", to=ann.email)
    return envelope


def everything_as_text() -> str:
    rows: list[object] = []
    for model in (Envelope, Recipient, OutgoingMail, SearchWord, EnvelopeEvent, SavedView, Erasure):
        rows += model.objects.values()
    return str(rows)


def test_an_address_is_found_whatever_its_case_and_no_other_with_it() -> None:
    envelope = finished()
    make_sent(docusign_id="22222222-2222-3333-4444-555555555555")
    Recipient.objects.exclude(envelope=envelope).filter(number=1).update(email="joann@example.com")
    assert list(Subject("ANN@Example.com").envelopes) == [envelope.pk]


@pytest.mark.parametrize(
    "text", ["joann@example.com", "ann@example.com.au", "x-ann@example.com", "ann@example.community"]
)
def test_an_address_inside_of_another_is_another(text: str) -> None:
    envelope = finished()
    events.record(envelope.pk, EventKind.MAIL_SENT, mail="invitation", to=text)
    last = EnvelopeEvent.objects.order_by("-id")[0]
    assert last.pk not in {event.pk for event in Subject(ANN).events}


def test_an_address_is_found_in_timelines_and_saved_views() -> None:
    envelope = finished()
    SavedView.objects.create(user=envelope.owner, name="Ann's", query="on=ann%40example.com")
    counts = Subject(ANN).counts()
    assert (counts["mails"], counts["views"]) == (1, 1)
    assert counts["events"] >= 1


def test_an_export_holds_what_is_theirs_and_nothing_of_others_nor_any_secret(docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    buffer = io.BytesIO()
    exporting.export(Subject(ANN), buffer)
    with zipfile.ZipFile(buffer) as archive:
        names, text = archive.namelist(), archive.read("data.json").decode()
    recipient = envelope.recipients.get(number=1)
    assert f"documents/envelope-{envelope.pk}/combined.pdf" in names
    assert json.loads(text)["as_recipient"][0]["name"] == "Ann Bee"
    assert "carl@example.com" not in text
    assert recipient.link_nonce not in text
    assert str(recipient.link_digest) not in text


def test_erased_is_gone_from_every_row() -> None:
    envelope = finished(subject="Consulting agreement with Ann Bee", message="Dear Ann Bee, ann@example.com")
    SavedView.objects.create(user=envelope.owner, name="hers", query="on=ann%40example.com")
    erasing.erase(Subject(ANN), with_documents=False)
    text = everything_as_text().casefold()
    assert not {"ann", "bee"} & set(re.findall(r"\w+", text))  # whole words: hashes and keys hold any few letters
    assert "carl dee" in text


def test_what_is_open_held_or_has_to_be_kept_stays_and_says_why(settings: Settings) -> None:
    free, held, under_way = finished(1), finished(2), make_sent(docusign_id="33333333-2222-3333-4444-555555555555")
    holds.hold(held, reason="A claim")
    reasons = {refusal.envelope_id: refusal.why for refusal in erasing.plan(Subject(ANN)).refusals}
    assert "hold" in reasons[held.pk]
    assert "on its way" in reasons[under_way.pk]
    assert free.pk not in reasons
    erasing.erase(Subject(ANN), with_documents=True)
    assert set(Subject(ANN).envelopes) == {held.pk, under_way.pk}
    settings.RETAIN_DAYS = 3650
    assert "kept until" in erasing.why_kept(finished(3), timezone.now())


def test_a_template_in_force_is_not_changed_behind_its_owner() -> None:
    content = make_draft()
    Envelope.objects.filter(pk=content.pk).update(status="template")
    Template.objects.create(name="Loan", content=content, created_by=content.owner)
    assert "template “Loan”" in erasing.plan(Subject(ANN)).refusals[0].why


def test_staff_are_not_erased_but_handed_over() -> None:
    make_staff("lena")
    subject = Subject("lena@northwind.example")
    assert "staff" in erasing.plan(subject).refusals[0].why
    with pytest.raises(erasing.NotErasableError):
        erasing.erase(subject, with_documents=False)


def test_where_the_address_was_corrected_a_hold_keeps_the_old_one_too() -> None:
    envelope = finished()
    envelope.recipients.filter(number=1).update(email="ann.new@example.com")
    holds.hold(envelope, reason="A claim")
    erasing.erase(Subject(ANN), with_documents=True)
    assert OutgoingMail.objects.filter(to_email=ANN).exists()
    assert envelope.documents.exists()


def test_where_the_address_was_corrected_the_documents_are_about_the_new_one() -> None:
    envelope = finished()
    envelope.recipients.filter(number=1).update(email="ann.new@example.com")
    erasing.erase(Subject(ANN), with_documents=True)
    assert not OutgoingMail.objects.filter(to_email=ANN).exists()
    assert envelope.documents.exists()


def test_the_admins_own_log_forgets_as_well() -> None:
    envelope = finished(subject="Loan of Ann Bee")
    LogEntry.objects.create(
        user=envelope.owner, object_id=str(envelope.pk), object_repr="Loan of Ann Bee", action_flag=2
    )
    erasing.erase(Subject(ANN), with_documents=False)
    assert not LogEntry.objects.filter(object_repr__contains="Ann").exists()


def test_a_row_of_a_bulk_send_goes_with_its_sheet(staff: User) -> None:
    template = Template.objects.create(name="Loan", content=make_draft(staff), created_by=staff)
    batch = BulkBatch.objects.create(
        name="May", template=template, content=make_draft(staff, signers=()), status="done", created_by=staff,
        file=ContentFile(b"Ann Bee,ann@example.com", name="sheet"), file_name="May staff.csv",
    )  # fmt: skip
    BulkRow.objects.create(batch=batch, number=2, data=["Ann Bee", "Ann@example.com"], state="failed")
    BulkRow.objects.create(batch=batch, number=3, data=["Carl Dee", "carl@example.com"], state="failed")
    erasing.erase(Subject(ANN), with_documents=False)
    batch.refresh_from_db()
    assert not batch.file
    assert [row.data for row in batch.rows.order_by("number")] == [[], ["Carl Dee", "carl@example.com"]]


def test_an_export_says_nothing_of_where_staff_work_nor_of_who_came_after() -> None:
    envelope = finished()
    ann = envelope.recipients.get(number=1)
    with acting(Actor(lambda: envelope.owner, "203.0.113.9")):
        events.record(envelope.pk, EventKind.CORRECTED, {"email": [ANN, "eve@example.com"]}, recipient=ann)
    text = json.dumps(exporting.data_of(Subject(ANN)), default=str)
    assert "203.0.113.9" not in text
    assert "eve@example.com" not in text


def test_documents_go_only_when_that_was_chosen() -> None:
    envelope = finished()
    erasing.erase(Subject(ANN), with_documents=False)
    assert envelope.documents.exists()
    Recipient.objects.filter(envelope=envelope, number=2).update(email=ANN)
    erasing.erase(Subject(ANN), with_documents=True)
    assert not envelope.documents.exists()


def test_late_news_does_not_bring_a_name_back(docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    erasing.erase(Subject(ANN), with_documents=False)
    Envelope.objects.filter(pk=envelope.pk).update(last_modified_at=None)
    apply_snapshot(next(snapshots_of([envelope.docusign_id or ""])))
    assert not Recipient.objects.filter(name="Ann Bee").exists()
    assert Recipient.objects.filter(name="Carl Dee").exists()


def test_the_certificate_tells_what_was_erased_and_names_the_address_by_digest_alone() -> None:
    finished()
    erasure = erasing.erase(Subject(ANN), with_documents=False)
    assert ANN not in erasure.certificate
    assert hashlib.sha256(erasure.certificate.encode()).hexdigest() == erasure.sha256
    assert certificates.is_about(erasure, "Ann@Example.COM")
    assert not certificates.is_about(erasure, "carl@example.com")
    assert certificates.facts_of(erasure)["erased"]["recipients"] == 1


def test_a_changed_certificate_is_not_shown() -> None:
    finished()
    erasure = erasing.erase(Subject(ANN), with_documents=False)
    erasure.certificate = erasure.certificate.replace('"kept"', '"gone"')
    with pytest.raises(ValueError, match="changed"):
        certificates.facts_of(erasure)


def test_the_page_looks_twice_before_it_erases(admin_browser: Browser, connected: None) -> None:
    envelope = finished()
    first = admin_browser.post(reverse("admin:signing_privacy"), {"email": ANN}).content.decode()
    assert "Ann Bee" in first
    assert "Erase for good" not in first
    second = admin_browser.post(reverse("admin:signing_privacy"), {"email": ANN, "look": "again"}).content.decode()
    assert "Erase for good" in second
    admin_browser.post(reverse("admin:signing_privacy_erase"), {"email": ANN, "again": "other@example.com"})
    assert envelope.recipients.filter(email=ANN).exists()
    response = admin_browser.post(
        reverse("admin:signing_privacy_erase"), {"email": ANN, "again": "ANN@example.com"}, follow=True
    )
    assert "Certificate of erasure" in response.content.decode()
    assert not envelope.recipients.filter(email=ANN).exists()


def test_a_certificate_is_downloaded_as_the_bytes_that_were_hashed(admin_browser: Browser, connected: None) -> None:
    finished()
    erasure = erasing.erase(Subject(ANN), with_documents=False)
    content = admin_browser.get(reverse("admin:signing_erasure_json", args=[erasure.pk])).content
    assert hashlib.sha256(content).hexdigest() == erasure.sha256


@pytest.mark.parametrize("name", ["signing_privacy", "signing_privacy_export", "signing_privacy_erase"])
def test_only_who_holds_the_permission_may_look(name: str) -> None:
    browser = Browser()
    browser.force_login(make_staff("vera", is_superuser=False))
    assert browser.post(reverse(f"admin:{name}"), {"email": ANN, "again": ANN}).status_code == 403


def test_the_command_exports_shows_and_erases(tmp_path: Path) -> None:
    envelope = finished()
    call_command("privacy", "export", ANN, "--to", str(tmp_path / "ann.zip"))
    assert zipfile.is_zipfile(tmp_path / "ann.zip")
    call_command("privacy", "erase", ANN)
    assert envelope.recipients.filter(email=ANN).exists()
    call_command("privacy", "erase", ANN, "--yes", "--to", str(tmp_path / "certificate.json"))
    assert not envelope.recipients.filter(email=ANN).exists()
    assert json.loads((tmp_path / "certificate.json").read_text())["certificate"] == "erasure"


def test_the_command_says_when_nothing_is_known() -> None:
    with pytest.raises(CommandError, match="Nothing"):
        call_command("privacy", "export", "nobody@example.com")
