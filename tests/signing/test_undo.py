"""After Send there are a few seconds to change one's mind; nothing leaves before they are over."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import sending, tasks
from signing.docusign import ConsentRequiredError
from signing.models import Envelope, EnvelopeStatus
from tests.clock import Clock
from tests.factories import make_draft, make_staff
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Clock:
    settings.SEND_UNDO_SECONDS = 10
    return Clock(monkeypatch)


def claimed(user: User | None = None) -> Envelope:
    envelope = make_draft(user)
    assert sending.claim_for_sending(envelope)
    envelope.refresh_from_db()
    return envelope


def take_back(browser: Browser, envelope: Envelope) -> str:
    response = browser.post(f"/admin/signing/envelope/{envelope.pk}/take-back/", follow=True)
    envelope.refresh_from_db()
    return response.content.decode()


def test_no_worker_begins_before_the_time_is_over(docusign: SandboxProcess, clock: Clock) -> None:
    envelope = claimed()
    clock.advance(seconds=9)
    assert sending.send_envelope(envelope.pk) is False
    assert sending.due_for_sending(clock.now()) == []
    clock.advance(seconds=2)
    assert sending.due_for_sending(clock.now()) == [envelope.pk]
    assert sending.send_envelope(envelope.pk) is True


def test_the_bell_rings_when_the_time_is_over(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[float] = []
    monkeypatch.setattr(tasks.send_envelope, "apply_async", lambda args, countdown: rung.append(countdown))
    monkeypatch.setattr(tasks.transaction, "on_commit", lambda call: call())
    for seconds in (10, 0):
        settings.SEND_UNDO_SECONDS = seconds
        tasks.ring_for_sending(1)
    assert rung == [10.5, 0]


def test_taken_back_it_is_a_draft_again_and_never_leaves(docusign: SandboxProcess, clock: Clock) -> None:
    envelope = claimed()
    assert sending.take_back(envelope)
    clock.advance(seconds=60)
    assert sending.send_envelope(envelope.pk) is False
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.DRAFT
    assert docusign.requests("POST") == []


def test_what_was_taken_back_can_be_sent_anew_with_a_full_window(docusign: SandboxProcess, clock: Clock) -> None:
    envelope = claimed()
    clock.advance(seconds=8)
    sending.take_back(envelope)
    assert sending.claim_for_sending(envelope)
    clock.advance(seconds=8)
    assert sending.send_envelope(envelope.pk) is False
    clock.advance(seconds=3)
    assert sending.send_envelope(envelope.pk) is True


def test_a_worker_who_has_begun_is_not_interrupted(clock: Clock) -> None:
    envelope = claimed()
    Envelope.objects.filter(pk=envelope.pk).update(send_lease_until=timezone.now() + timedelta(minutes=3))
    assert not sending.take_back(envelope)


def test_what_docusign_may_have_seen_cannot_be_taken_back(clock: Clock) -> None:
    envelope = claimed()
    Envelope.objects.filter(pk=envelope.pk).update(send_unclear_since=timezone.now())
    assert not sending.take_back(envelope)


def test_what_cannot_leave_for_lack_of_consent_can_still_be_taken_back(docusign: SandboxProcess, clock: Clock) -> None:
    docusign.revoke_consent()
    envelope = claimed()
    clock.advance(seconds=11)
    with pytest.raises(ConsentRequiredError):
        sending.send_envelope(envelope.pk)
    assert sending.take_back(envelope)
    envelope.refresh_from_db()
    assert envelope.last_error == ""


def test_a_worker_that_slept_past_its_lease_does_not_send_what_was_taken_back(
    docusign: SandboxProcess, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    envelope = claimed()
    clock.advance(seconds=11)
    definition = sending.envelope_definition

    def slowly(row: Envelope) -> dict[str, object]:
        clock.advance(minutes=4)
        assert sending.take_back(row)
        return definition(row)

    monkeypatch.setattr(sending, "envelope_definition", slowly)
    assert sending.send_envelope(envelope.pk) is False
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.DRAFT
    assert docusign.requests("POST") == []


def test_the_record_offers_it_while_it_is_possible(clock: Clock, admin_browser: Browser) -> None:
    envelope = claimed()
    html = admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/change/").content.decode()
    assert "It leaves in 10 seconds." in html
    assert "Taken back" in take_back(admin_browser, envelope)
    assert envelope.status == EnvelopeStatus.DRAFT


def test_too_late_is_said(clock: Clock, admin_browser: Browser) -> None:
    envelope = claimed()
    Envelope.objects.filter(pk=envelope.pk).update(send_unclear_since=timezone.now())
    assert "Take it back" not in admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/change/").content.decode()
    assert "Too late" in take_back(admin_browser, envelope)
    assert envelope.status == EnvelopeStatus.SENDING


def test_only_those_who_may_change_envelopes_can_take_them_back(clock: Clock) -> None:
    envelope = claimed(make_staff("dana"))
    reader = Browser()
    reader.force_login(make_staff("rita", is_superuser=False))
    assert reader.post(f"/admin/signing/envelope/{envelope.pk}/take-back/").status_code == 403
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENDING


def test_a_link_cannot_take_anything_back(clock: Clock, admin_browser: Browser) -> None:
    envelope = claimed()
    assert admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/take-back/").status_code == 405
