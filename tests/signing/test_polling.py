"""Polling finds everything, in few calls, and never more often than Docusign allows."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from django.contrib.auth.models import User
from pytest_django.fixtures import Settings

from sandbox.robot import Robot
from signing import connection, polling, tasks
from signing.docusign import RateLimitedError, UnavailableError, client
from signing.models import ConnectMessage, Envelope, EnvelopeStatus, PollCursor
from tests.clock import Clock
from tests.deeds import open_ceremony, send
from tests.factories import make_draft, make_sent, make_staff, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

OAUTH = "https://account-d.docusign.com"
API = "https://demo.docusign.net"
HOUR = 3600


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class FakeDocusign:
    """Lists that are told what has changed; at the HTTP edge, since no sandbox holds 100,000 envelopes."""

    def __init__(self) -> None:
        self.changed: list[dict[str, Any]] = []
        self.searches: list[dict[str, list[str]]] = []
        self.failure: tuple[int, dict[str, str], str] | None = None

    def answer(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        query = parse_qs(urlsplit(request.url or "").query)
        self.searches.append(query)
        if self.failure:
            return self.failure
        if "envelope_ids" in query:
            found = [{"envelopeId": i, "status": "sent"} for i in query["envelope_ids"][0].split(",") if i != "gone"]
        else:
            found = self.changed
        start, count = int(query["start_position"][0]), int(query["count"][0])
        page = {"envelopes": found[start : start + count], "totalSetSize": str(len(found))}
        return 200, {}, json.dumps(page)

    def by_date(self) -> list[dict[str, list[str]]]:
        return [query for query in self.searches if "from_date" in query]

    def by_id(self) -> list[dict[str, list[str]]]:
        return [query for query in self.searches if "envelope_ids" in query]


@pytest.fixture
def fake(settings: Settings, docusign_sandbox_process: SandboxProcess) -> Iterator[FakeDocusign]:
    settings.DOCUSIGN_OAUTH_BASE_URL = OAUTH
    settings.DOCUSIGN_INTEGRATION_KEY, settings.DOCUSIGN_USER_ID = "key", "user"
    settings.DOCUSIGN_PRIVATE_KEY = docusign_sandbox_process.private_key
    connection.shared_grants().forget()
    account = {"account_id": "acc", "base_uri": API, "is_default": True}
    fake = FakeDocusign()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as edge:
        edge.post(f"{OAUTH}/oauth/token", json={"access_token": "t", "expires_in": 10 * 24 * HOUR})
        edge.get(f"{OAUTH}/oauth/userinfo", json={"sub": "user", "accounts": [account]})
        edge.add_callback("GET", re.compile(rf"{API}/restapi/.*/envelopes"), callback=fake.answer)
        yield fake


def make_open(number: int, now: datetime, *, silent_for: timedelta = timedelta(0)) -> None:
    staff = User.objects.first() or make_staff()
    Envelope.objects.bulk_create(
        Envelope(
            created_by=staff,
            owner=staff,
            status=EnvelopeStatus.SENT,
            docusign_id=f"00000000-0000-0000-0000-{index:012}",
            sent_at=now - silent_for,
            last_modified_at=now - silent_for,
            synced_at=now,
        )
        for index in range(number)
    )


def poll_for(clock: Clock, duration: timedelta, step: timedelta = timedelta(minutes=1)) -> None:
    end = clock.now() + duration
    while clock.now() < end:
        clock.advance(seconds=step.total_seconds())
        polling.poll()


def told_changed(number: int) -> list[dict[str, Any]]:
    return [{"envelopeId": f"00000000-0000-0000-0000-{index:012}", "status": "delivered"} for index in range(number)]


def sign_without_return(envelope: Envelope, number: int) -> None:
    recipient = recipient_of(envelope, number)
    Robot().sign(open_ceremony(recipient), signature=recipient.name)


# What it finds


def test_signatures_whose_return_was_lost_are_found(docusign: SandboxProcess, clock: Clock) -> None:
    envelope = send()
    for number in (1, 2):
        sign_without_return(envelope, number)
        clock.advance(minutes=6)
        assert polling.poll() == [envelope.pk]
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.COMPLETED


def test_one_call_brings_the_news_of_many_envelopes(docusign: SandboxProcess) -> None:
    envelopes = [send() for _ in range(4)]
    for envelope in envelopes:
        open_ceremony(recipient_of(envelope, 1))
        sign_without_return(envelope, 1)
    before = len(docusign.requests("GET"))
    assert polling.poll() == [envelope.pk for envelope in envelopes]
    assert len(docusign.requests("GET")) == before + 1


def test_a_single_envelope_is_never_asked_for_by_its_own_address(docusign: SandboxProcess, clock: Clock) -> None:
    send()
    poll_for(clock, timedelta(hours=3), timedelta(minutes=20))
    assert {call["path"].rsplit("/", 1)[-1] for call in docusign.requests("GET")} == {"envelopes"}
    assert all("recipients" in call["query"]["include"] for call in docusign.requests("GET"))


def test_what_the_search_by_date_does_not_show_is_found_by_id(fake: FakeDocusign, clock: Clock) -> None:
    """One of two signers has signed, and the envelope's own status has not moved."""
    make_sent(synced_at=clock.now())
    poll_for(clock, timedelta(minutes=59))
    assert fake.by_id() == []
    poll_for(clock, timedelta(minutes=12))
    assert [query["envelope_ids"] for query in fake.by_id()] == [["11111111-2222-3333-4444-555555555555"]]


def test_what_someone_began_to_sign_is_asked_about_before_long(fake: FakeDocusign, clock: Clock) -> None:
    envelope = make_sent()
    polling.expect_news(envelope.pk)
    clock.advance(minutes=14)
    polling.poll()
    assert fake.by_id() == []
    clock.advance(minutes=7)
    polling.poll()
    assert len(fake.by_id()) == 1


def test_an_envelope_that_docusign_does_not_know_is_noted_and_does_not_hold_up_the_others(
    fake: FakeDocusign, clock: Clock
) -> None:
    make_sent(docusign_id="gone", synced_at=clock.now())
    make_open(3, clock.now())
    poll_for(clock, timedelta(minutes=70))
    assert len(fake.by_id()) == 1
    assert Envelope.objects.get(docusign_id="gone").drift != []
    assert Envelope.objects.filter(check_at=None).count() == 0


def test_other_envelopes_of_the_account_are_passed_over(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now())
    fake.changed = [{"envelopeId": "foreign", "status": "completed"}, *told_changed(1)]
    assert len(polling.poll()) == 1


def test_more_than_a_page_of_news_is_read_to_the_end(
    fake: FakeDocusign, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LIST_PAGE_SIZE", 10)
    make_open(15, clock.now())
    fake.changed = told_changed(15)
    assert len(polling.poll()) == 15
    assert [query["start_position"] for query in fake.searches] == [["0"], ["10"]]


# The cursor


def from_date(query: dict[str, list[str]]) -> datetime:
    return datetime.fromisoformat(query["from_date"][0]).astimezone(UTC)


def test_each_round_begins_a_little_before_the_last_one(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now() - timedelta(days=30))
    first_at = clock.now()
    polling.poll()
    clock.advance(minutes=6)
    polling.poll()
    first, second = map(from_date, fake.by_date())
    assert first < first_at - timedelta(days=30)
    assert abs(second - (first_at - polling.OVERLAP)) < timedelta(seconds=5)


def test_a_round_that_failed_is_repeated_from_where_it_began(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now())
    fake.failure = (503, {}, "{}")
    with pytest.raises(UnavailableError):
        polling.poll()
    fake.failure = None
    clock.advance(seconds=31)
    polling.poll()
    first, second = map(from_date, fake.by_date())
    assert first == second


def test_a_round_never_reaches_further_back_than_docusign_searches(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now() - timedelta(days=1500))
    polling.poll()
    assert clock.now() - from_date(fake.by_date()[0]) < timedelta(days=730)


# How often


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


def hear_connect(clock: Clock) -> None:
    message = ConnectMessage.objects.create(
        digest=str(ConnectMessage.objects.count()), event="envelope-sent", body="{}"
    )
    ConnectMessage.objects.filter(pk=message.pk).update(received_at=clock.now())


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


# How many calls a day costs, with all envelopes open and quiet for ten days and a hundredth changing


@pytest.mark.parametrize(("number", "by_id"), [(10, 2), (100, 2), (1_000, 20)])
def test_a_day_costs_few_calls_however_many_envelopes_are_open(
    fake: FakeDocusign, clock: Clock, settings: Settings, number: int, by_id: int
) -> None:
    """48 rounds, and two checks per hundred; one by one it would be 96 calls per envelope."""
    settings.DOCUSIGN_POLL_SECONDS = 1800
    make_open(number, clock.now(), silent_for=timedelta(days=10))
    Envelope.objects.update(check_at=clock.now() + timedelta(hours=1))
    poll_for(clock, timedelta(hours=22), timedelta(minutes=30))
    fake.changed = told_changed(number // 100)
    poll_for(clock, timedelta(hours=2), timedelta(minutes=30))
    assert Envelope.objects.filter(status="delivered").count() == number // 100
    assert (len(fake.by_date()), len(fake.by_id())) == (48, pytest.approx(by_id, abs=1))
