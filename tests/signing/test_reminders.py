"""Reminders and the warning before expiry: whom, when, and never one too many."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from signing import notifications, outbox, reminders, tasks
from signing.models import Envelope, EnvelopeStatus, MailKind, MailState, OutgoingMail, RecipientStatus
from tests.factories import make_sent

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday, in no quiet hours


class Beat:
    """Days go by, and every few hours the beat looks for reminders and the worker delivers what is due."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def live(self, *, days: float, step_hours: int = 3) -> list[tuple[float, str]]:
        """(days since the beginning, kind) of the reminders that left meanwhile."""
        until = self.now + timedelta(days=days)
        while self.now < until:
            self.now = min(self.now + timedelta(hours=step_hours), until)
            tasks.remind()
            for mail_id in outbox.due_mail_ids(self.now):
                outbox.deliver(mail_id)
        left = OutgoingMail.objects.filter(state=MailState.SENT, kind__in=("reminder", "expiring"))
        return [
            (round((mail.sent_at - NOON) / timedelta(days=1), 2), mail.kind)
            for mail in left.order_by("sent_at")
            if mail.sent_at
        ]


@pytest.fixture
def beat(monkeypatch: pytest.MonkeyPatch) -> Beat:
    return Beat(monkeypatch)


def make_waiting(**fields: object) -> Envelope:
    """Sent at this moment, the invitation delivered; Ann's turn, Carl waits."""
    schedule: dict[str, object] = {"reminder_delay_days": 3, "reminder_frequency_days": 2, "expires_at": None}
    envelope = make_sent(**(schedule | fields))  # type: ignore[arg-type]
    notifications.queue_due(envelope)
    return envelope


def test_the_first_after_some_days_and_then_every_so_many(beat: Beat) -> None:
    make_waiting()
    assert beat.live(days=8) == [(3, "reminder"), (5, "reminder"), (7, "reminder")]


def test_only_whose_turn_it_is(beat: Beat) -> None:
    make_waiting()
    beat.live(days=4)
    assert {mail.to_email for mail in OutgoingMail.objects.filter(kind=MailKind.REMINDER)} == {"ann@example.com"}


def test_none_where_the_sender_wants_none(beat: Beat) -> None:
    make_waiting(reminder_delay_days=0)
    assert beat.live(days=30) == []


def test_only_one_where_the_sender_wants_one(beat: Beat) -> None:
    make_waiting(reminder_frequency_days=0)
    assert beat.live(days=30) == [(3, "reminder")]


def test_the_later_signers_days_begin_with_their_turn(beat: Beat) -> None:
    envelope = make_waiting()
    beat.live(days=2)
    envelope.recipients.filter(number=1).update(status=RecipientStatus.COMPLETED)
    envelope.recipients.filter(number=2).update(status=RecipientStatus.SENT, sent_at=beat.now)
    assert beat.live(days=4) == [(5, "reminder")]


@pytest.mark.parametrize("status", [EnvelopeStatus.VOIDED, EnvelopeStatus.DECLINED, EnvelopeStatus.COMPLETED])
def test_none_once_the_envelope_has_ended(beat: Beat, status: str) -> None:
    envelope = make_waiting()
    beat.live(days=2)
    Envelope.objects.filter(pk=envelope.pk).update(status=status)
    assert beat.live(days=9) == []


def test_none_after_they_have_signed_even_if_it_was_queued_before(beat: Beat) -> None:
    envelope = make_waiting()
    beat.live(days=2)
    beat.now = NOON + timedelta(days=3)
    tasks.remind()
    envelope.recipients.update(status=RecipientStatus.COMPLETED)
    outbox.deliver(OutgoingMail.objects.get(kind=MailKind.REMINDER).pk)
    assert OutgoingMail.objects.get(kind=MailKind.REMINDER).state == MailState.NOT_NEEDED


def test_a_warning_before_it_expires_and_nothing_after(beat: Beat) -> None:
    make_waiting(reminder_delay_days=0, expires_at=NOON + timedelta(days=10))
    assert beat.live(days=20) == [(7, "expiring")]


def test_nobody_is_asked_twice_on_one_day(beat: Beat) -> None:
    make_waiting(reminder_delay_days=7, reminder_frequency_days=0, expires_at=NOON + timedelta(days=10, hours=3))
    asked = beat.live(days=9)
    assert [kind for _day, kind in asked] == ["reminder", "expiring"]
    assert asked[1][0] - asked[0][0] >= 0.8


def test_an_invitation_sent_again_by_staff_counts_as_asking(beat: Beat) -> None:
    make_waiting()
    beat.live(days=2.9)
    outbox.send_again(OutgoingMail.objects.get(kind=MailKind.INVITATION))
    assert beat.live(days=0.5) == []


def test_whatever_was_missed_while_nothing_ran_becomes_one_mail(beat: Beat) -> None:
    make_waiting()
    beat.live(days=1)
    beat.now += timedelta(days=20)
    assert beat.live(days=0.25) == [(21.12, "reminder")]


def test_beat_and_worker_may_come_as_often_as_they_like(beat: Beat) -> None:
    make_waiting()
    beat.now += timedelta(days=3, minutes=1)
    for _ in range(3):
        Envelope.objects.get().recipients.update(remind_at=None)
        tasks.remind()
    assert OutgoingMail.objects.filter(kind=MailKind.REMINDER).count() == 1


def test_none_to_an_address_that_was_refused(beat: Beat) -> None:
    make_waiting()
    OutgoingMail.objects.update(state=MailState.BOUNCED)
    assert beat.live(days=9) == []


def test_in_quiet_hours_they_wait_for_the_morning(beat: Beat, settings: Settings) -> None:
    settings.TIME_ZONE, settings.QUIET_HOURS = "Europe/Berlin", (20, 8)
    beat.now = NOON + timedelta(hours=7)  # nine in the evening in Berlin
    make_waiting(reminder_frequency_days=0)
    assert beat.live(days=5, step_hours=1) == [(3.75, "reminder")]  # six o'clock UTC, eight in Berlin


@pytest.mark.parametrize(
    ("quiet_hours", "hour", "leaves_at_hour"),
    [((20, 8), 7, 8), ((20, 8), 8, 8), ((20, 8), 19, 19), ((20, 8), 20, 8), ((12, 14), 13, 14), (None, 3, 3)],
)
def test_quiet_hours(settings: Settings, quiet_hours: tuple[int, int] | None, hour: int, leaves_at_hour: int) -> None:
    settings.QUIET_HOURS = quiet_hours
    assert reminders.after_quiet_hours(NOON.replace(hour=hour)).hour == leaves_at_hour


def test_quiet_hours_hold_over_the_change_of_clocks(settings: Settings) -> None:
    settings.TIME_ZONE, settings.QUIET_HOURS = "Europe/Berlin", (20, 8)
    evening = datetime(2026, 3, 28, 21, tzinfo=UTC)  # summer time begins in the night
    assert reminders.after_quiet_hours(evening) == datetime(2026, 3, 29, 6, tzinfo=UTC)


def test_they_speak_the_recipients_language(beat: Beat) -> None:
    make_waiting().recipients.update(language="de")
    beat.live(days=3.1)
    assert django_mail.outbox[-1].subject == "Erinnerung: Consulting agreement"


def test_the_expiry_changed_at_docusign_is_noticed(beat: Beat) -> None:
    envelope = make_waiting(reminder_delay_days=30, expires_at=NOON + timedelta(days=100))
    beat.live(days=1)
    Envelope.objects.filter(pk=envelope.pk).update(expires_at=NOON + timedelta(days=6))
    assert beat.live(days=4) == [(3.0, "expiring")]


@given(delay=st.integers(0, 400), frequency=st.integers(0, 400), expires_after=st.integers(1, 999) | st.none())
def test_a_timeline_never_goes_beyond_the_expiry(delay: int, frequency: int, expires_after: int | None) -> None:
    envelope = Envelope(reminder_delay_days=delay, reminder_frequency_days=frequency)
    envelope.expires_at = NOON + timedelta(days=expires_after) if expires_after else None
    recipient = envelope.recipients.model(envelope=envelope, sent_at=NOON)
    moments = [at for at, _kind in reminders.timeline(recipient)]
    assert all(NOON < at < (envelope.expires_at or NOON + timedelta(days=999)) for at in moments)
    assert len(moments) <= 1000
