"""A link lives at least as long as what it leads to."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import linking, outbox
from signing.links import AFTER_THE_END, find_link, link_token_of
from signing.models import Envelope, MailKind, OutgoingMail, Recipient
from tests.clock import Clock
from tests.deeds import path_of
from tests.factories import make_sent, recipient_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def sent_for(days: int, **fields: Any) -> Recipient:
    return recipient_of(make_sent(expires_at=timezone.now() + timedelta(days=days), **fields), 1)


def page_of(recipient: Recipient) -> str:
    return Browser().get(path_of(recipient)).content.decode()


def ends_in_days(recipient: Recipient) -> int:
    link = find_link(link_token_of(recipient))
    assert link
    assert link.expires_at
    return (link.expires_at - timezone.now() + timedelta(hours=1)).days


def test_an_envelope_that_lives_for_years_can_be_signed_on_its_last_day(clock: Clock) -> None:
    recipient = sent_for(999)
    clock.advance(days=998, hours=23)
    assert "asks you to sign" in page_of(recipient)


def test_who_signed_on_the_last_day_can_still_fetch_a_copy(clock: Clock) -> None:
    recipient = sent_for(999)
    clock.advance(days=998)
    Envelope.objects.update(status="completed", completed_at=timezone.now())
    Recipient.objects.update(status="completed")
    clock.advance(days=AFTER_THE_END.days - 1)
    assert "Everyone has signed" in page_of(recipient)
    clock.advance(days=2)
    assert "This link has expired" in page_of(recipient)


@pytest.mark.parametrize(
    ("link_days", "envelope_days", "expected"), [(180, 120, 180), (180, 180, 210), (180, 999, 1029), (7, 1, 31)]
)
def test_the_later_of_both_ends_counts(settings: Settings, link_days: int, envelope_days: int, expected: int) -> None:
    settings.SIGNER_LINK_DAYS = link_days
    assert ends_in_days(sent_for(envelope_days)) == expected


def test_an_envelope_that_is_prolonged_takes_its_links_along() -> None:
    recipient = sent_for(120)
    Envelope.objects.update(expires_at=timezone.now() + timedelta(days=500))
    assert ends_in_days(recipient) == 530


def test_completed_early_a_long_lived_envelope_no_longer_holds_its_links_open() -> None:
    recipient = sent_for(999, status="completed", completed_at=timezone.now())
    assert ends_in_days(recipient) == 180


def test_a_reminder_is_needed_as_long_as_the_link_works(clock: Clock) -> None:
    recipient = sent_for(999)
    reminder = OutgoingMail.objects.create(
        envelope=recipient.envelope,
        recipient=recipient,
        kind=MailKind.REMINDER,
        to_email=recipient.email,
        due_at=timezone.now(),
    )
    clock.advance(days=900)
    assert outbox.is_needed(reminder, timezone.now())


def test_asking_for_a_fresh_link_replaces_none_that_works(clock: Clock) -> None:
    recipient = sent_for(999)
    token = link_token_of(recipient)
    clock.advance(days=500)
    linking.mail_to_signer(recipient)
    recipient.refresh_from_db()
    assert link_token_of(recipient) == token
