"""A consent that is withdrawn, or a user who is closed: seen and told."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from signing import connection, identities, tasks, voiding
from signing.models import (
    Envelope,
    EnvelopeStatus,
    EventKind,
    LossReason,
    MailKind,
    OutgoingMail,
    SendingIdentity,
)
from tests.deeds import send
from tests.identities import (
    connect,
)
from tests.sandbox_process import SandboxProcess

from .senders import close, draft_as, kinds, lose_consent, sender_at_docusign

pytestmark = pytest.mark.django_db


def test_what_is_to_leave_after_a_withdrawal_waits_for_a_decision(
    docusign: SandboxProcess, alex: SendingIdentity
) -> None:
    lose_consent(docusign, alex)
    envelope = send(draft_as(alex))
    assert envelope.status == EnvelopeStatus.DRAFT
    assert "the consent was withdrawn" in envelope.last_error
    assert kinds(envelope)[-1] == EventKind.SENDER_HELD
    (mail,) = OutgoingMail.objects.filter(kind=MailKind.SENDER_LOST)
    assert mail.to_email == envelope.owner.email
    assert docusign.mails() == []


def test_by_the_sites_own_rule_the_service_account_sends_it_and_says_so(
    docusign: SandboxProcess, alex: SendingIdentity, settings: Settings
) -> None:
    settings.LOST_SENDER = "service-account"
    lose_consent(docusign, alex)
    envelope = send(draft_as(alex))
    assert envelope.status == EnvelopeStatus.SENDING
    tasks.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert sender_at_docusign(docusign, envelope) == "signing-service@sandbox.example"
    assert EventKind.SENDER_REPLACED in kinds(envelope)
    assert envelope.sent_as is None


def test_after_sending_the_service_account_takes_over_and_says_so(
    docusign: SandboxProcess, alex: SendingIdentity
) -> None:
    envelope = send(draft_as(alex))
    lose_consent(docusign, alex)
    voiding.void(envelope, reason="A mistake")
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.VOIDED
    assert EventKind.SENDER_LOST in kinds(envelope)
    assert OutgoingMail.objects.filter(kind=MailKind.SENDER_LOST, envelope=envelope).count() == 1


def test_a_user_closed_at_docusign_is_found_by_a_token_that_was_still_good(
    docusign: SandboxProcess, alex: SendingIdentity
) -> None:
    envelope = send(draft_as(alex))
    close(docusign, alex)
    voiding.void(envelope, reason="A mistake")
    alex.refresh_from_db()
    envelope.refresh_from_db()
    assert (alex.lost_reason, envelope.status) == (LossReason.CLOSED, EnvelopeStatus.VOIDED)


def test_one_persons_trouble_pauses_nobody_else(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    lose_consent(docusign, alex)
    send(draft_as(alex))
    assert not connection.is_paused()
    assert connection.trouble() is None
    assert send(draft_as(None)).status == EnvelopeStatus.SENT


def test_trouble_of_the_service_account_ends_no_consent(
    docusign: SandboxProcess, alex: SendingIdentity, settings: Settings
) -> None:
    docusign.control("POST", "consent", {"granted": False, "userId": docusign.config["DOCUSIGN_USER_ID"]})
    connection.shared_grants().forget()
    envelope = send(draft_as(alex))
    assert envelope.status == EnvelopeStatus.SENT
    alex.refresh_from_db()
    assert alex.lost_at is None


def test_consenting_again_brings_it_back(
    docusign: SandboxProcess, alex: SendingIdentity, admin_browser: Browser
) -> None:
    lose_consent(docusign, alex)
    envelope = send(draft_as(alex))
    connect(admin_browser, alex.docusign_user_id)
    alex.refresh_from_db()
    assert alex.lost_at is None
    envelope = send(Envelope.objects.get(pk=envelope.pk))
    assert sender_at_docusign(docusign, envelope) == "alex@sandbox.example"


def test_a_deactivated_colleagues_identity_is_not_used_any_more(
    docusign: SandboxProcess, alex: SendingIdentity
) -> None:
    User.objects.filter(pk=alex.user_id).update(is_active=False)
    docusign.control("POST", "reset")
    envelope = send(draft_as(alex))
    assert envelope.status == EnvelopeStatus.DRAFT
    alex.refresh_from_db()
    assert alex.lost_reason == LossReason.DEACTIVATED
    assert not [c for c in docusign.requests("POST") if c["path"].endswith("/envelopes")]


def test_a_loss_is_told_once_however_many_meet_it(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    envelope = send(draft_as(alex))
    assert identities.lose(alex, LossReason.CONSENT)
    assert not identities.lose(SendingIdentity.objects.get(), LossReason.CLOSED)
    assert kinds(envelope).count(EventKind.SENDER_LOST) == 1
