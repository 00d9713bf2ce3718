"""Docusign's limits are shared by all processes, never overdrawn, and never in a signer's way."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client as Browser
from django.utils import timezone

from signing import budget, polling, tasks
from signing.connection import connect
from signing.docusign import RateLimitedError, RateLimits
from signing.models import CallBudget
from tests.clock import Clock
from tests.deeds import path_of, send
from tests.factories import make_sent, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

ACCOUNT = "acc"
PLENTY = 10**9


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def told(*, hour_remaining: int, burst_remaining: int = 200, hour_resets_in: timedelta = timedelta(minutes=20)) -> None:
    limits = RateLimits(3000, hour_remaining, timezone.now() + hour_resets_in, 200, burst_remaining)
    budget.read_answer(ACCOUNT, limits)


def may_go() -> bool:
    try:
        budget.before_background_call(ACCOUNT)
    except RateLimitedError:
        return False
    return True


def refused(docusign: SandboxProcess) -> int:
    return len([call for call in docusign.requests() if call["status"] == 429])


def test_before_the_first_answer_nothing_is_held_back() -> None:
    assert may_go()


@pytest.mark.parametrize(
    ("hour_remaining", "burst_remaining", "may"),
    [(3000, 200, True), (601, 200, True), (600, 200, False), (0, 200, False), (3000, 41, True), (3000, 40, False)],
)
def test_the_background_leaves_a_fifth_of_both_limits_to_signers(
    hour_remaining: int, burst_remaining: int, may: bool
) -> None:
    told(hour_remaining=hour_remaining, burst_remaining=burst_remaining)
    assert may_go() is may


def test_the_hour_is_waited_out(clock: Clock) -> None:
    told(hour_remaining=0, hour_resets_in=timedelta(minutes=20))
    with pytest.raises(RateLimitedError) as caught:
        budget.before_background_call(ACCOUNT)
    assert timedelta(minutes=19) < caught.value.retry_at - clock.now() <= timedelta(minutes=20)
    clock.advance(minutes=20, seconds=1)
    assert may_go()


def test_a_burst_is_waited_out(clock: Clock) -> None:
    told(hour_remaining=3000, burst_remaining=0)
    clock.advance(seconds=29)
    assert not may_go()
    clock.advance(seconds=3)
    assert may_go()


def test_calls_under_way_are_counted_before_their_answers_come() -> None:
    told(hour_remaining=3000, burst_remaining=43)
    assert [may_go() for _ in range(5)] == [True, True, True, False, False]


def test_an_answer_that_was_overtaken_does_not_raise_the_number(clock: Clock) -> None:
    resets_in = clock.now() + timedelta(minutes=20)
    for hour, burst in ((1000, 60), (1002, 62), (999, 59), (1001, 61)):
        budget.read_answer(ACCOUNT, RateLimits(3000, hour, resets_in, 200, burst))
    row = CallBudget.objects.get()
    assert (row.hour_remaining, row.burst_remaining) == (999, 59)


def test_an_answer_of_the_past_hour_is_not_believed(clock: Clock) -> None:
    resets_at = clock.now() + timedelta(minutes=20)
    budget.read_answer(ACCOUNT, RateLimits(3000, 2999, resets_at, 200, 199))
    budget.read_answer(ACCOUNT, RateLimits(3000, 3, resets_at - timedelta(hours=1), 200, 199))
    assert CallBudget.objects.get().hour_remaining == 2999


def test_each_window_begins_with_what_docusign_tells(clock: Clock) -> None:
    told(hour_remaining=700, burst_remaining=60)
    clock.advance(hours=1)
    told(hour_remaining=2999, burst_remaining=199, hour_resets_in=timedelta(hours=1))
    row = CallBudget.objects.get()
    assert (row.hour_remaining, row.burst_remaining) == (2999, 199)


def test_an_answer_without_the_headers_changes_nothing() -> None:
    told(hour_remaining=7)
    budget.read_answer(ACCOUNT, RateLimits.from_headers({}))
    assert CallBudget.objects.get().hour_remaining == 7


def test_a_refusal_for_the_whole_account_silences_the_background_for_the_servers_time(
    docusign: SandboxProcess, clock: Clock
) -> None:
    docusign.fail_next(errorCode="BURST_APIINVOCATION_LIMIT_EXCEEDED", status=400)
    for _ in range(3):
        with pytest.raises(RateLimitedError):
            connect().find_by_transaction_id("x")
    assert len(docusign.requests()) == 1
    clock.advance(seconds=35)
    connect().find_by_transaction_id("x")
    assert len(docusign.requests()) == 2


def test_a_refusal_for_one_envelope_silences_nothing_else(docusign: SandboxProcess) -> None:
    docusign.fail_next(errorCode="Hourly_Envelope_Polling_Limit_Exceeded", status=429)
    with pytest.raises(RateLimitedError):
        connect().find_by_transaction_id("x")
    connect().find_by_transaction_id("x")


@pytest.mark.parametrize(("hourly", "burst"), [(50, PLENTY), (PLENTY, 50)])
def test_the_background_stops_before_docusign_says_no_and_signers_go_on(
    docusign: SandboxProcess, hourly: int, burst: int
) -> None:
    envelope = send()
    docusign.set_limits(hourly=hourly, burst=burst)
    for _ in range(60):
        tasks.refresh_envelope(envelope.pk)
    assert len(docusign.requests("GET")) == 40
    signer = path_of(recipient_of(envelope, 1))
    answers = {Browser().post(f"{signer}start/").status_code for _ in range(10)}
    assert answers == {303}
    assert refused(docusign) == 0


@pytest.mark.django_db(transaction=True)
def test_many_workers_together_do_not_overdraw(docusign: SandboxProcess) -> None:
    docusign.set_limits(hourly=PLENTY, burst=100)
    connect().find_by_transaction_id("x")

    def work() -> None:
        for _ in range(20):
            try:
                connect().find_by_transaction_id("x")
            except RateLimitedError:
                continue
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache.clear()
    assert refused(docusign) == 0
    assert 75 <= len(docusign.requests()) <= 85


def test_an_envelope_that_may_not_leave_yet_leaves_when_docusign_has_room_again(docusign: SandboxProcess) -> None:
    connect().find_by_transaction_id("x")
    docusign.set_limits(hourly=10, burst=PLENTY)
    for _ in range(8):
        connect().find_by_transaction_id("x")
    envelope = send()
    assert envelope.status == "sending"
    assert envelope.send_due_at is not None
    assert envelope.send_due_at.timestamp() % 3600 == 0
    assert refused(docusign) == 0


def test_polling_waits_for_the_time_the_server_names(docusign: SandboxProcess) -> None:
    make_sent()
    docusign.set_limits(hourly=0, burst=PLENTY)
    tasks.poll_envelopes()
    assert refused(docusign) == 1
    tasks.poll_envelopes()
    assert refused(docusign) == 1
    next_poll_at = polling.PollCursor.objects.get().next_poll_at
    assert next_poll_at is not None
    assert next_poll_at.timestamp() % 3600 == 0
