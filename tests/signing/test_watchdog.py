"""What is stuck is found, shown with its remedy, and mended by a click or by itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from sandbox.robot import Robot
from signing import sending, status, tasks, watchdog
from signing.models import (
    CompletedDocument,
    ConnectMessage,
    ConnectOutcome,
    Envelope,
    Errand,
    MailKind,
    MailState,
    OutgoingMail,
    Recipient,
    Seal,
)
from tests.deeds import open_ceremony, send, sign
from tests.factories import make_draft, make_sent, make_staff, recipient_of
from tests.sandbox_process import SandboxProcess
from tests.signing.test_status import snapshot

pytestmark = pytest.mark.django_db
Capture = Callable[..., AbstractContextManager[list[Callable[[], None]]]]

NOW = timezone.now()


def kinds(envelope: Envelope) -> set[str]:
    return {finding.kind for finding in watchdog.findings_of(envelope, NOW)}


def touch(envelope: Envelope, **columns: Any) -> None:
    Envelope.objects.filter(pk=envelope.pk).update(**columns)


def opened_long_ago() -> Envelope:
    """Open, and nothing wrong with it."""
    envelope = make_sent(status="delivered", recipient_statuses=("delivered", "created"), synced_at=NOW)
    touch(envelope, sent_at=NOW - timedelta(days=30))
    Recipient.objects.filter(envelope=envelope).update(sent_at=NOW - timedelta(days=30))
    return envelope


def test_what_goes_well_is_left_alone() -> None:
    for envelope in (make_draft(), opened_long_ago()):
        assert kinds(envelope) == set()
    assert watchdog.counts(NOW) == []


def test_an_open_envelope_without_news_for_long_is_found(settings: Settings) -> None:
    envelope = opened_long_ago()
    touch(envelope, synced_at=NOW - timedelta(hours=settings.WATCH_NEWS_HOURS))
    assert kinds(envelope) == {"no_news"}


def test_a_signer_who_has_not_opened_for_days_is_found(settings: Settings) -> None:
    envelope = make_sent(synced_at=NOW)
    long_ago = NOW - timedelta(days=settings.WATCH_UNOPENED_DAYS)
    touch(envelope, sent_at=long_ago)
    assert kinds(envelope) == set()
    Recipient.objects.filter(envelope=envelope, number=1).update(sent_at=long_ago)
    assert kinds(envelope) == {"unopened"}


def test_a_second_signer_who_does_not_open_is_found_too(settings: Settings) -> None:
    envelope = make_sent(recipient_statuses=("completed", "sent"), synced_at=NOW)
    long_ago = NOW - timedelta(days=settings.WATCH_UNOPENED_DAYS)
    touch(envelope, sent_at=long_ago)
    Recipient.objects.filter(envelope=envelope).update(sent_at=long_ago)
    assert kinds(envelope) == {"unopened"}


def test_a_completed_envelope_without_its_documents_is_found(settings: Settings) -> None:
    envelope = make_sent(status="completed", recipient_statuses=("completed", "completed"))
    touch(envelope, completed_at=NOW)
    assert kinds(envelope) == set()
    touch(envelope, completed_at=NOW - timedelta(minutes=settings.WATCH_DOCUMENTS_MINUTES))
    assert kinds(envelope) == {"documents_missing"}
    touch(envelope, documents_purged=True)
    assert kinds(envelope) == {"documents_purged"}
    touch(envelope, documents_purged=False, documents_stored_at=NOW)
    assert kinds(envelope) == set()


def test_an_envelope_that_is_being_sent_for_long_is_found(settings: Settings) -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    assert kinds(envelope) == set()
    touch(envelope, updated_at=NOW - timedelta(minutes=settings.WATCH_SENDING_MINUTES))
    assert kinds(envelope) == {"sending_long"}


def test_an_envelope_that_docusign_does_not_take_is_found_although_each_try_touches_it() -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    touch(envelope, updated_at=NOW, send_attempts=watchdog.MANY_ATTEMPTS)
    assert kinds(envelope) == {"sending_long"}


def test_a_mail_that_failed_is_found() -> None:
    envelope = opened_long_ago()
    OutgoingMail.objects.create(
        envelope=envelope,
        recipient=recipient_of(envelope, 1),
        kind=MailKind.INVITATION,
        to_email="a@example.com",
        state=MailState.FAILED,
        due_at=NOW,
    )
    assert kinds(envelope) == {"mail_failed"}


def test_a_broken_seal_is_found() -> None:
    envelope = make_sent(status="completed", recipient_statuses=("completed", "completed"))
    touch(envelope, completed_at=NOW, documents_stored_at=NOW)
    CompletedDocument.objects.create(
        envelope=envelope, kind="combined", file="x.pdf", sha256="0" * 64, size_bytes=1, seal=Seal.BROKEN
    )
    assert kinds(envelope) == {"seal_broken"}


def test_drift_is_found() -> None:
    envelope = opened_long_ago()
    touch(envelope, drift=[["", "sent", "voided"]])
    assert kinds(envelope) == {"drift"}


@pytest.mark.parametrize("finding", watchdog.FINDINGS, ids=lambda finding: finding.kind)
def test_every_finding_filters_the_list(admin_browser: Browser, finding: watchdog.Finding) -> None:
    text = admin_browser.get(f"/admin/signing/envelope/?attention={finding.kind}").content.decode()
    assert str(finding.label) in text


def test_the_list_shows_only_what_needs_attention(admin_browser: Browser) -> None:
    stuck = opened_long_ago()
    touch(stuck, drift=[["", "sent", "voided"]], subject="A stuck one", docusign_id="stuck")
    make_draft(subject="A good one")
    for choice in ("any", "drift"):
        text = admin_browser.get(f"/admin/signing/envelope/?attention={choice}").content.decode()
        assert "A stuck one" in text
        assert "A good one" not in text


def test_the_record_says_what_is_wrong_and_what_to_do(admin_browser: Browser) -> None:
    envelope = opened_long_ago()
    touch(envelope, drift=[["", "delivered", "voided"], ["2", "created", "absent"]])
    text = admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/change/").content.decode()
    assert "Differs from Docusign" in text
    assert "<td>Envelope</td><td>Opened</td><td>Voided</td>" in text
    assert "<td>Carl Dee</td><td>Waiting</td><td>Not there</td>" in text
    assert "Ask Docusign now" in text


def test_the_dashboard_counts_what_needs_attention(
    admin_browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    touch(opened_long_ago(), drift=[["", "sent", "voided"]])
    with django_assert_max_num_queries(27):
        text = admin_browser.get("/admin/").content.decode()
    assert "Needs attention" in text
    assert "?attention=drift" in text


def test_one_click_brings_news_and_documents(
    admin_browser: Browser, docusign: SandboxProcess, django_capture_on_commit_callbacks: Capture
) -> None:
    envelope = send()
    sign(envelope, 1)
    Robot().sign(open_ceremony(recipient_of(envelope, 2)))  # and neither returns nor is heard of
    with django_capture_on_commit_callbacks() as rung:
        url = f"/admin/signing/envelope/{envelope.pk}/repair/"
        text = admin_browser.post(url, follow=True).content.decode()
    assert "Docusign had news of 1 envelope." in text
    envelope.refresh_from_db()
    assert envelope.status == "completed"
    assert len(rung) >= 2  # the mails, and the documents


def test_the_click_is_for_those_who_may_change_envelopes(docusign: SandboxProcess) -> None:
    envelope = send()
    reader = make_staff("rita", is_superuser=False)
    reader.user_permissions.add(*Permission.objects.filter(codename__in=("see_all", "view_envelope")))
    browser = Browser()
    browser.force_login(reader)
    url = f"/admin/signing/envelope/{envelope.pk}/repair/"
    assert browser.post(url).status_code == 403
    assert browser.get(url).status_code == 405
    assert "Ask Docusign now" not in browser.get(f"/admin/signing/envelope/{envelope.pk}/change/").content.decode()


def test_a_click_while_docusign_is_away_says_so(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = send()
    docusign.fail_next(method="GET", status=503)
    url = f"/admin/signing/envelope/{envelope.pk}/repair/"
    assert "Docusign could not be reached." in admin_browser.post(url, follow=True).content.decode()


def test_many_envelopes_are_asked_about_in_one_call(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelopes = [send(make_draft(subject=f"Envelope {n}")) for n in range(3)]
    tasks.repair([envelope.pk for envelope in envelopes])
    before = len(docusign.requests("GET"))
    data = {"deed": "ask", "selected": [envelope.pk for envelope in envelopes]}
    admin_browser.post("/admin/signing/envelope/many/", data)
    tasks.run_errand(Errand.objects.get().pk)
    assert Errand.objects.get().state == "done"
    assert len(docusign.requests("GET")) == before + 1


def test_a_finished_envelope_is_compared_as_well(docusign: SandboxProcess) -> None:
    envelope = send()
    touch(envelope, status="voided")  # here only
    watchdog.ask_docusign([envelope.pk])
    envelope.refresh_from_db()
    assert (envelope.status, envelope.drift) == ("voided", [["", "voided", "sent"]])


def test_an_envelope_docusign_does_not_know_is_marked(docusign: SandboxProcess) -> None:
    envelope = make_sent(docusign_id="0b1c2d3e-0000-4000-8000-000000000000")
    watchdog.ask_docusign([envelope.pk])
    assert kinds(envelope) == {"drift"}


def test_a_click_gives_given_up_documents_another_try(docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    touch(envelope, documents_purged=True)
    tasks.repair([envelope.pk])
    tasks.fetch_documents(envelope.pk)
    assert envelope.completed_documents.count() == 2


def test_staff_cannot_delete_what_was_sent_from_the_list(admin_browser: Browser) -> None:
    envelope = make_sent()
    data = {"action": "delete_selected", "_selected_action": [envelope.pk], "post": "yes"}
    admin_browser.post("/admin/signing/envelope/", data)
    assert Envelope.objects.filter(pk=envelope.pk).exists()


# Connect itself


def hear(moment: object) -> None:
    message = ConnectMessage.objects.create(digest="d", event="envelope-sent", docusign_id="e", body="{}")
    ConnectMessage.objects.filter(pk=message.pk).update(received_at=moment, outcome=ConnectOutcome.APPLIED)


@pytest.mark.parametrize(
    ("minutes_since_news", "minutes_since_message", "is_silent"),
    [
        (60, None, True),
        (60, 90, True),
        (60, 59, False),
        (60, 61, False),  # Docusign's clock is a little ahead
        (5, 90, False),  # the message may still come
        (2000, None, False),  # before anyone can say
    ],
)
def test_connect_is_silent_when_something_happened_and_not_a_word_came(
    settings: Settings, minutes_since_news: int, minutes_since_message: int | None, is_silent: bool
) -> None:
    settings.DOCUSIGN_CONNECT = "envelope"
    touch(make_sent(), last_modified_at=NOW - timedelta(minutes=minutes_since_news))
    if minutes_since_message is not None:
        hear(NOW - timedelta(minutes=minutes_since_message))
    assert watchdog.connect_is_silent(NOW) is is_silent


def test_connect_that_is_off_is_not_missed(settings: Settings) -> None:
    settings.DOCUSIGN_CONNECT = "off"
    touch(make_sent(), last_modified_at=NOW - timedelta(hours=1))
    assert not watchdog.connect_is_silent(NOW)


def test_the_dashboard_says_that_connect_is_silent(admin_browser: Browser, settings: Settings) -> None:
    settings.DOCUSIGN_CONNECT = "envelope"
    touch(make_sent(), last_modified_at=timezone.now() - timedelta(hours=1))
    assert "Docusign has stopped sending messages" in admin_browser.get("/admin/").content.decode()


def test_the_dashboard_says_that_messages_failed(admin_browser: Browser) -> None:
    ConnectMessage.objects.create(digest="d", event="envelope-sent", body="{}", outcome=ConnectOutcome.FAILED)
    assert "1 message of Docusign could not be applied" in admin_browser.get("/admin/").content.decode()


def test_the_watch_tells_the_log_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    tasks.watch()
    assert "needs attention" not in caplog.text
    touch(opened_long_ago(), drift=[["", "sent", "voided"]])
    ConnectMessage.objects.create(digest="d", event="envelope-sent", body="{}", outcome=ConnectOutcome.FAILED)
    tasks.watch()
    assert "needs attention: 1 drift, 1 Connect messages failed" in caplog.text


def test_news_still_moves_an_envelope_marked_as_drifting() -> None:
    envelope = make_sent()
    status.note_unknown({envelope.docusign_id or ""})
    status.apply_snapshot(snapshot(envelope, "delivered", "delivered", "created"))
    envelope.refresh_from_db()
    assert (envelope.status, envelope.drift) == ("delivered", [])
