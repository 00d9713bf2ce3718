"""Polling is rare while Connect works, frequent while it is silent, and never two at once."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from signing import connection, polling, tasks
from signing.docusign import RateLimitedError
from signing.models import Envelope, EnvelopeStatus, PollCursor
from tests.clock import Clock
from tests.deeds import send
from tests.factories import make_draft, make_sent
from tests.sandbox_process import SandboxProcess

from .fake import (
    FakeDocusign,
    hear_connect,
    make_open,
    poll_for,
    told_changed,
)

pytestmark = pytest.mark.django_db


def test_nothing_open_means_no_call(fake: FakeDocusign, clock: Clock) -> None:
    make_draft()
    make_sent(status=EnvelopeStatus.COMPLETED)
    poll_for(clock, timedelta(hours=2))
    assert fake.searches == []


def test_polling_is_frequent_while_connect_is_silent(fake: FakeDocusign, clock: Clock, settings: Settings) -> None:
    settings.DOCUSIGN_POLL_SECONDS = 300
    make_open(1, clock.now())
    poll_for(clock, timedelta(minutes=50))
    assert len(fake.by_date()) == 10


def test_polling_is_rare_while_connect_works(fake: FakeDocusign, clock: Clock, settings: Settings) -> None:
    settings.DOCUSIGN_POLL_RARELY_SECONDS = 1800
    make_open(1, clock.now())
    hear_connect(clock)
    poll_for(clock, timedelta(hours=5))
    assert len(fake.by_date()) == 10


def test_news_that_connect_had_not_told_makes_polling_frequent_again(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now())
    hear_connect(clock)
    fake.changed = told_changed(1)
    assert polling.poll() != []
    clock.advance(minutes=6)
    polling.poll()
    assert len(fake.by_date()) == 2


def test_connect_that_has_said_nothing_for_a_day_is_not_relied_upon(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now())
    hear_connect(clock)
    clock.advance(hours=25)
    poll_for(clock, timedelta(minutes=50))
    assert len(fake.by_date()) == 10


def test_two_polls_never_run_at_once(fake: FakeDocusign, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    make_open(1, clock.now())
    inner: list[list[int]] = []
    apply: Callable[..., list[int]] = polling._news_since

    def poll_again_meanwhile(*arguments: Any) -> list[int]:
        clock.advance(seconds=30)
        inner.append(polling.poll())
        return apply(*arguments)

    monkeypatch.setattr(polling, "_news_since", poll_again_meanwhile)
    polling.poll()
    assert inner == [[]]
    assert len(fake.searches) == 1


def test_a_killed_poll_is_taken_up_by_another_after_its_lease(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now())
    PollCursor.objects.create(pk="acc", lease_until=clock.now() + polling.LEASE)
    polling.poll()
    assert fake.searches == []
    clock.advance(seconds=121)
    polling.poll()
    assert len(fake.searches) == 1


@pytest.mark.parametrize("status", [400, 429])
@pytest.mark.parametrize("code", ["HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED", "hourly_envelope_polling_limit_exceeded"])
def test_a_polling_limit_is_waited_out_as_the_server_says(
    fake: FakeDocusign, clock: Clock, status: int, code: str
) -> None:
    make_open(1, clock.now())
    reset_at = clock.now() + timedelta(minutes=40)
    headers = {"X-RateLimit-Reset": str(int(reset_at.timestamp()))}
    fake.failure = (status, headers, json.dumps({"errorCode": code}))
    poll_for(clock, timedelta(minutes=39))
    assert len(fake.searches) == 1
    fake.failure = None
    poll_for(clock, timedelta(minutes=2))
    assert len(fake.searches) == 2


@pytest.mark.parametrize(("silent_days", "hours"), [(0, 1), (0.3, 1), (1, 2.4), (5, 12), (60, 20)])
def test_an_envelope_is_checked_the_more_rarely_the_longer_it_is_quiet(
    fake: FakeDocusign, clock: Clock, silent_days: float, hours: float
) -> None:
    make_open(1, clock.now(), silent_for=timedelta(days=silent_days))
    Envelope.objects.update(check_at=clock.now())
    polling.poll()
    check_at = Envelope.objects.get().check_at
    assert check_at is not None
    assert (check_at - clock.now()) / timedelta(hours=1) == pytest.approx(hours, abs=0.01)


def test_news_make_an_envelope_worth_an_early_check_again(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now(), silent_for=timedelta(days=60))
    Envelope.objects.update(check_at=clock.now() + timedelta(hours=20))
    fake.changed = told_changed(1)
    polling.poll()
    fake.changed = []
    poll_for(clock, timedelta(minutes=90), timedelta(minutes=30))
    assert len(fake.by_id()) == 1


def test_a_return_costs_one_call_and_ignores_what_is_finished(docusign: SandboxProcess) -> None:
    envelope = send()
    tasks.refresh_envelope(envelope.pk)
    assert len(docusign.requests("GET")) == 1
    Envelope.objects.filter(pk=envelope.pk).update(status=EnvelopeStatus.COMPLETED)
    tasks.refresh_envelope(envelope.pk)
    assert len(docusign.requests("GET")) == 1


def test_a_poll_that_may_not_call_says_when_it_may(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now())
    fake.failure = (429, {}, "{}")
    assert polling.poll() == []
    with pytest.raises(RateLimitedError):
        connection.connect().check()
    assert len(fake.searches) == 1
