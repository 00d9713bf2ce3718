"""What becomes of Connect messages: applied once, in whatever order they come, and tried again until they are."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from sandbox.robot import Robot
from signing import connect_messages, sending, status, tasks
from signing.docusign import CreatedEnvelope
from signing.docusign.connect import parse_message
from signing.models import CompletedDocument, ConnectMessage, Envelope, OutgoingMail
from tests.connect import KEY, NOON, message, post, summary
from tests.deeds import open_ceremony, send, sign
from tests.factories import make_draft, make_sent, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db
Capture = Callable[..., AbstractContextManager[list[Callable[[], None]]]]


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    settings.DOCUSIGN_CONNECT_KEYS = [KEY]


def states(envelope: Envelope) -> tuple[str, ...]:
    envelope.refresh_from_db()
    return envelope.status, *(r.status for r in envelope.recipients.order_by("number"))


def journey(envelope: Envelope) -> list[bytes]:
    """Every message Docusign sends about an envelope of two signers in turn."""
    told = [
        ("envelope-sent", "sent", "sent", "created"),
        ("recipient-sent", "sent", "sent", "created"),
        ("recipient-delivered", "delivered", "delivered", "created"),
        ("envelope-delivered", "delivered", "delivered", "created"),
        ("recipient-completed", "sent", "completed", "sent"),
        ("recipient-sent", "sent", "completed", "sent"),
        ("recipient-delivered", "delivered", "completed", "delivered"),
        ("recipient-completed", "completed", "completed", "completed"),
        ("envelope-completed", "completed", "completed", "completed"),
    ]
    return [
        message(envelope, event, summary(envelope, *statuses, minutes=minute), minutes=minute)
        for minute, (event, *statuses) in enumerate(told)
    ]


def test_a_journey_told_in_order_is_followed() -> None:
    envelope = make_sent()
    followed = []
    for body in journey(envelope):
        post(body)
        followed.append(states(envelope)[0])
    assert followed == ["sent", "sent", "delivered", "delivered", "sent", "sent", "delivered", "completed", "completed"]
    assert states(envelope) == ("completed", "completed", "completed")


@pytest.mark.parametrize("seed", range(6))
def test_lost_repeated_and_reordered_messages_end_in_the_same_state(seed: int) -> None:
    envelope = make_sent()
    *others, last = journey(envelope)
    chance = random.Random(seed)
    told = [body for body in others if chance.random() > 0.2] + [last]
    told += [body for body in told if chance.random() < 0.5]
    chance.shuffle(told)
    for body in told:
        assert post(body).status_code == 200
    assert states(envelope) == ("completed", "completed", "completed")
    assert ConnectMessage.objects.filter(outcome="failed").count() == 0


def test_a_message_delivered_again_is_neither_stored_nor_applied_again() -> None:
    envelope = make_sent()
    first = message(envelope, "envelope-delivered", summary(envelope, "delivered", "delivered", "created"))
    post(first)
    updated_at = Envelope.objects.get(pk=envelope.pk).updated_at
    post(message(envelope, "envelope-delivered", summary(envelope, "delivered", "delivered", "created"), retryCount=4))
    assert ConnectMessage.objects.count() == 1
    assert Envelope.objects.get(pk=envelope.pk).updated_at == updated_at


def test_old_news_is_kept_as_nothing_new() -> None:
    envelope = make_sent()
    post(message(envelope, "envelope-completed", summary(envelope, "completed", "completed", "completed", minutes=9)))
    post(message(envelope, "envelope-sent", summary(envelope, "sent", "sent", "created", minutes=1)))
    assert states(envelope)[0] == "completed"
    assert ConnectMessage.objects.get(event="envelope-sent").outcome == "unchanged"
    assert Envelope.objects.get(pk=envelope.pk).drift == []


def test_the_next_signer_is_invited_by_the_message_that_their_turn_has_come(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    envelope = make_sent()
    post(message(envelope, "recipient-completed", summary(envelope, "sent", "completed", "sent")))
    assert OutgoingMail.objects.filter(recipient=recipient_of(envelope, 2), kind="invitation").count() == 1


def test_a_message_that_tells_too_little_asks_docusign_once(docusign: SandboxProcess) -> None:
    envelope = send()
    Robot().sign(open_ceremony(recipient_of(envelope, 1)))
    for event in ("recipient-completed", "envelope-sent"):
        post(message(envelope, event, None))
    assert {row.outcome for row in ConnectMessage.objects.all()} == {"asked"}
    before = len(docusign.requests("GET"))
    tasks.refresh_envelope(envelope.pk)
    assert len(docusign.requests("GET")) == before + 1
    assert states(envelope) == ("sent", "completed", "sent")


def test_many_bells_about_one_envelope_ring_for_one_refresh(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture
) -> None:
    rung: list[object] = []
    monkeypatch.setattr(tasks.refresh_envelope, "apply_async", lambda args, **options: rung.append(args))
    envelope = make_sent()
    with django_capture_on_commit_callbacks(execute=True):
        for minute in range(3):
            post(message(envelope, "recipient-sent", None, minutes=minute))
    assert rung == [(envelope.pk,)]


def test_a_message_quicker_than_the_answer_to_our_own_create_is_that_answer() -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    told = summary(envelope, "sent", "sent", "created")
    post(message(None, "envelope-sent", told, docusign_id="made-by-docusign"))
    assert states(envelope) == ("sent", "sent", "created")
    assert envelope.docusign_id == "made-by-docusign"
    assert OutgoingMail.objects.filter(envelope=envelope, kind="invitation").count() == 1


def test_the_slow_answer_itself_then_changes_nothing() -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    told = summary(envelope, "completed", "completed", "completed")
    post(message(None, "envelope-completed", told, docusign_id="made-by-docusign"))
    late = CreatedEnvelope(docusign_id="made-by-docusign", status="sent", status_changed_at=NOON)
    assert sending.record_sent(envelope.pk, late) is False
    assert states(envelope) == ("completed", "completed", "completed")


@pytest.mark.parametrize("where", ["transactionId", "customFields"])
def test_our_reference_is_found_in_either_place(where: str) -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    told = summary(envelope, "sent", "sent", "created")
    if where == "transactionId":
        told |= {"transactionId": str(envelope.transaction_id), "customFields": {}}
    post(message(None, "envelope-sent", told, docusign_id="made-by-docusign"))
    assert states(envelope)[0] == "sent"


def test_a_second_envelope_with_our_reference_does_not_take_the_place_of_the_first(
    caplog: pytest.LogCaptureFixture,
) -> None:
    envelope = make_sent()
    told = summary(envelope, "completed", "completed", "completed")
    post(message(None, "envelope-completed", told, docusign_id="a-second-one"))
    assert states(envelope)[0] == "sent"
    assert ConnectMessage.objects.get().outcome == "not_ours"
    assert "carries its reference too" in caplog.text


def fail_once(monkeypatch: pytest.MonkeyPatch, envelope: Envelope) -> ConnectMessage:
    with monkeypatch.context() as broken:
        broken.setattr(status, "apply_snapshot", lambda snapshot: 1 / 0)
        post(message(envelope, "envelope-delivered", summary(envelope, "delivered", "delivered", "created")))
    return ConnectMessage.objects.get()


def test_what_failed_waits_longer_each_time_and_is_then_left_to_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    row = fail_once(monkeypatch, make_sent())
    monkeypatch.setattr(status, "apply_snapshot", lambda snapshot: 1 / 0)
    waits = []
    while row.due_at is not None:
        waits.append(round((row.due_at - timezone.now()).total_seconds()))
        connect_messages.apply(row.pk)
        row.refresh_from_db()
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(60, abs=10)
    assert waits[-1] == pytest.approx(6 * 3600, abs=10)
    assert connect_messages.due_message_ids(timezone.now() + timedelta(days=20)) == []


def test_what_failed_is_found_by_the_sweep_when_its_time_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    envelope = make_sent()
    row = fail_once(monkeypatch, envelope)
    assert connect_messages.due_message_ids(timezone.now()) == []
    assert connect_messages.due_message_ids(timezone.now() + timedelta(minutes=2)) == [row.pk]
    tasks.apply_connect_message(row.pk)
    row.refresh_from_db()
    assert (row.outcome, row.error, row.due_at) == ("applied", "", None)
    assert states(envelope)[0] == "delivered"


def test_a_worker_killed_between_storing_and_applying_costs_time_only() -> None:
    envelope = make_sent()
    body = message(envelope, "envelope-delivered", summary(envelope, "delivered", "delivered", "created"))
    message_id = connect_messages.store(parse_message(body), body)
    assert connect_messages.due_message_ids(timezone.now() + timedelta(minutes=2)) == [message_id]


def test_old_messages_are_thrown_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect_messages, "PRUNE_BATCH", 3)
    for body in journey(make_sent()):
        post(body)
    kept = ConnectMessage.objects.order_by("-pk")[0]
    before = timezone.now() - timedelta(days=settings.CONNECT_KEEP_DAYS, seconds=1)
    ConnectMessage.objects.exclude(pk=kept.pk).update(received_at=before)
    tasks.prune()
    assert list(ConnectMessage.objects.all()) == [kept]


def test_the_last_sign_of_life_is_known() -> None:
    assert connect_messages.last_received_at() is None
    envelope = make_sent()
    post(message(envelope, "envelope-sent", summary(envelope, "sent", "sent", "created")))
    heard_at = connect_messages.last_received_at()
    assert heard_at is not None
    assert timezone.now() - heard_at < timedelta(minutes=1)


def test_a_completed_envelope_told_by_connect_gets_its_documents(docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    Robot().sign(open_ceremony(recipient_of(envelope, 2)))  # and never returns
    told = summary(envelope, "completed", "completed", "completed", minutes=60 * 24 * 365 * 100)
    post(message(envelope, "envelope-completed", told))
    tasks.fetch_documents(envelope.pk)
    assert CompletedDocument.objects.filter(envelope=envelope).count() == 2


# The staff's page


def test_staff_see_what_came_and_what_became_of_it(admin_browser: Browser) -> None:
    envelope = make_sent()
    post(message(envelope, "envelope-delivered", summary(envelope, "delivered", "delivered", "created")))
    text = admin_browser.get("/admin/signing/connectmessage/").content.decode()
    for fact in ("envelope-delivered", "Consulting agreement", "Applied"):
        assert fact in text
    row = ConnectMessage.objects.get()
    text = admin_browser.get(f"/admin/signing/connectmessage/{row.pk}/change/").content.decode()
    assert "&quot;generatedDateTime&quot;" in text


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("outcome__exact=applied", True),
        ("outcome__exact=failed", False),
        ("event=envelope-delivered", True),
        ("event=envelope-voided", False),
        ("q=11111111-2222-3333-4444-555555555555", True),
        ("q=someone-elses", False),
    ],
)
def test_staff_filter_and_search(admin_browser: Browser, query: str, is_found: bool) -> None:
    envelope = make_sent()
    post(message(envelope, "envelope-delivered", summary(envelope, "delivered", "delivered", "created")))
    text = admin_browser.get(f"/admin/signing/connectmessage/?{query}").content.decode()
    assert ("Consulting agreement" in text) is is_found


def test_the_list_takes_the_same_number_of_queries_for_many_messages(
    admin_browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for body in journey(make_sent()):
        post(body)
    with django_assert_max_num_queries(8):
        assert admin_browser.get("/admin/signing/connectmessage/").status_code == 200


def test_staff_apply_a_failed_message_again_by_a_click(admin_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    envelope = make_sent()
    row = fail_once(monkeypatch, envelope)
    url = f"/admin/signing/connectmessage/{row.pk}/apply-again/"
    assert admin_browser.get(url).status_code == 405
    assert "Outcome: Applied" in admin_browser.post(url, follow=True).content.decode()
    assert states(envelope)[0] == "delivered"


def test_staff_apply_many_messages_again_from_the_list(admin_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    row = fail_once(monkeypatch, make_sent())
    data = {"action": "apply_again", "_selected_action": [row.pk]}
    text = admin_browser.post("/admin/signing/connectmessage/", data, follow=True).content.decode()
    assert "1 message is applied again." in text
    assert connect_messages.due_message_ids(timezone.now()) == [row.pk]


def test_applying_an_old_message_again_does_no_harm(admin_browser: Browser) -> None:
    envelope = make_sent()
    for body in journey(envelope):
        post(body)
    first = ConnectMessage.objects.order_by("pk")[0]
    admin_browser.post(f"/admin/signing/connectmessage/{first.pk}/apply-again/")
    first.refresh_from_db()
    assert first.outcome == "unchanged"
    assert states(envelope)[0] == "completed"
