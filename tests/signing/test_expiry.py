"""Expiry, with Docusign's word for it: what is asked for, when it is over, and who hears of it."""

from datetime import timedelta

import pytest
from django.core import mail as django_mail

from signing import tasks
from signing.models import Envelope, EnvelopeStatus
from tests.clock import Clock
from tests.deeds import send
from tests.factories import make_draft
from tests.mails import deliver
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def send_for(days: int) -> Envelope:
    envelope = make_draft()
    Envelope.objects.update(expire_after_days=days)
    envelope.refresh_from_db()
    return send(envelope)


def test_docusign_is_told_when_it_expires_and_to_remind_nobody(docusign: SandboxProcess) -> None:
    envelope = send_for(5)
    (call,) = [call for call in docusign.requests("POST") if call["path"].endswith("/envelopes")]
    assert call["body"]["notification"] == {
        "useAccountDefaults": "false",
        "reminders": {"reminderEnabled": "false"},
        "expirations": {"expireEnabled": "true", "expireAfter": "5", "expireWarn": "0"},
    }
    assert envelope.expires_at is not None
    assert envelope.sent_at is not None
    assert envelope.expires_at - envelope.sent_at == timedelta(days=5)


def test_the_same_moment_here_and_there(docusign: SandboxProcess) -> None:
    envelope = send_for(5)
    told_at = envelope.expires_at
    tasks.repair([envelope.pk])
    envelope.refresh_from_db()
    assert told_at is not None
    assert envelope.expires_at is not None
    assert abs(envelope.expires_at - told_at) < timedelta(seconds=2)


def test_once_the_time_is_over_signers_and_sender_hear_of_it(docusign: SandboxProcess, clock: Clock) -> None:
    envelope = send_for(5)
    docusign.advance(5 * 86_400 + 60)
    clock.advance(days=5, minutes=1)
    tasks.keep_connected()
    tasks.repair([envelope.pk])
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.VOIDED
    assert envelope.has_expired
    django_mail.outbox.clear()
    for mail in envelope.mails.filter(kind__in=("voided", "sender_expired")).order_by("kind"):
        deliver(mail)
    assert [(message.to, message.subject) for message in django_mail.outbox] == [
        (["dana@northwind.example"], "Expired: Consulting agreement"),
        (["ann@example.com"], "Expired: Consulting agreement"),
    ]
