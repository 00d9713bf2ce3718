"""How many API calls keep N open envelopes current for a day. The real polling, a travelled clock, a counting fake.

The steady state: envelopes have been open for up to 30 days, evenly, and their checks by id are spread as they would
be. During the day 1 % of them change. Half of these end, which the search by date tells; of the others one of several
signers signs, which only a check by id tells (or Connect).
"""

import json
import random
import re
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import override_settings

from signing import polling, status
from signing.docusign import EnvelopeSnapshot
from signing.models import CallBudget, ConnectMessage, Envelope, EnvelopeStatus, PollCursor
from tests.clock import Clock
from tests.connect import docusign_time
from tests.factories import make_staff

from .tables import show

OAUTH, API, ACCOUNT = "https://account-d.docusign.com", "https://demo.docusign.net", "bench"
NUMBERS = (1_000, 10_000, 100_000)
DAY = timedelta(days=1)
TICK_SECONDS = 10  # of the beat
OPEN_FOR = timedelta(days=30)
CHANGED_SHARE = 0.01
HOURLY_LIMIT, BURST_LIMIT = 3000, 200  # Docusign's default an hour; per 30 s in its demo environment
NAIVE_SECONDS = 15 * 60  # Docusign's rule: no envelope more often
MOST_SECONDS = 60  # of one simulated day; beyond, it is computed


class TooSlowError(Exception):
    """This machine does not simulate the day within MOST_SECONDS."""


@dataclass(frozen=True, slots=True)
class Change:
    docusign_id: str
    at: datetime
    is_end: bool

    def told(self) -> dict[str, Any]:
        when = docusign_time(self.at)
        if self.is_end:
            return {
                "envelopeId": self.docusign_id,
                "status": "completed",
                "statusChangedDateTime": when,
                "completedDateTime": when,
            }
        signer = {"recipientId": "1", "name": "Ann Bee", "status": "completed", "signedDateTime": when}
        return {"envelopeId": self.docusign_id, "status": "sent", "recipients": {"signers": [signer]}}


@dataclass
class Docusign:
    """The lists, as Docusign answers them at this moment, with its limits in the headers; every call is counted."""

    clock: Clock
    changes: list[Change]
    by_date: int = 0
    by_id: int = 0
    moments: list[float] = field(default_factory=list)

    def answer(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        now = self.clock.now()
        query = parse_qs(urlsplit(request.url or "").query)
        happened = {change.docusign_id: change for change in self.changes if change.at <= now}
        if "envelope_ids" in query:
            self.by_id += 1
            asked = query["envelope_ids"][0].split(",")
            found = [happened[i].told() if i in happened else {"envelopeId": i, "status": "sent"} for i in asked]
        else:
            self.by_date += 1
            since = datetime.fromisoformat(query["from_date"][0])
            found = [change.told() for change in happened.values() if change.is_end and change.at >= since]
        self.moments.append(now.timestamp())
        start, count = int(query["start_position"][0]), int(query["count"][0])
        page = {"envelopes": found[start : start + count], "totalSetSize": str(len(found))}
        return 200, self._limits(now.timestamp()), json.dumps(page)

    def busiest_hour(self) -> int:
        return max(Counter(moment // 3600 for moment in self.moments).values())

    def _limits(self, now: float) -> dict[str, str]:
        hour = now // 3600
        this_hour = sum(moment // 3600 == hour for moment in self.moments[-HOURLY_LIMIT:])
        this_burst = sum(moment > now - 30 for moment in self.moments[-BURST_LIMIT:])
        return {
            "X-RateLimit-Limit": str(HOURLY_LIMIT),
            "X-RateLimit-Remaining": str(HOURLY_LIMIT - this_hour),
            "X-RateLimit-Reset": str(int((hour + 1) * 3600)),
            "X-BurstLimit-Limit": str(BURST_LIMIT),
            "X-BurstLimit-Remaining": str(BURST_LIMIT - this_burst),
        }


@dataclass(frozen=True, slots=True)
class Figures:
    by_date: int
    by_id: int
    busiest_hour: int | None = None
    changes: int = 0
    seen: int = 0
    end_delays: tuple[timedelta, ...] = ()
    signer_delays: tuple[timedelta, ...] = ()

    @property
    def calls(self) -> int:
        return self.by_date + self.by_id


def run(*, up_to: int, up_to_with_connect: int) -> None:
    """Days of more envelopes than these, and those that take too long, are computed."""
    rows = []
    for number in NUMBERS:
        for connect_works in (False, True):
            figures = None
            if number <= (up_to_with_connect if connect_works else up_to):
                with suppress(TooSlowError):
                    figures = _simulated(number, connect_works=connect_works)
            rows.append(_row(number, figures or _computed(number, connect_works=connect_works), connect_works))
    show(
        "API calls to keep N open envelopes current for a day, 1 % of them changing",
        (
            "N, Connect",
            "ours",
            "by date",
            "by id",
            "busiest h",
            "naive",
            "allowed",
            "naive/ours",
            "seen",
            "end",
            "signer",
        ),
        rows,
        f"naive: a GET per envelope every 15 minutes; allowed: {HOURLY_LIMIT:,} an hour. Ours by the default settings.",
        "seen: changes of the day known at its end; end, signer: median and longest delay of the news that an envelope",
        "has ended, or that one of several signers has signed, in minutes. * computed by the same rule, not simulated.",
    )


def _row(number: int, figures: Figures, connect_works: bool) -> tuple[object, ...]:
    naive = number * int(DAY.total_seconds() // NAIVE_SECONDS)
    mark = "" if figures.busiest_hour else " *"
    return (
        f"{number:,}, {'works' if connect_works else 'silent'}{mark}",
        f"{figures.calls:,}",
        f"{figures.by_date:,}",
        f"{figures.by_id:,}",
        f"{figures.busiest_hour:,}" if figures.busiest_hour else "–",
        f"{naive:,}",
        f"{HOURLY_LIMIT * 24:,}",
        f"{naive / figures.calls:,.0f} ×",
        f"{figures.seen}/{figures.changes}" if figures.busiest_hour else "–",
        _delays(figures.end_delays),
        _delays(figures.signer_delays),
    )


def _delays(delays: tuple[timedelta, ...]) -> str:
    if not delays:
        return "–"
    minutes = [delay.total_seconds() / 60 for delay in delays]
    return f"{statistics.median(minutes):.0f}, {max(minutes):.0f}"


def _simulated(number: int, *, connect_works: bool) -> Figures:
    """Raises TooSlowError."""
    chance = random.Random(number)
    with pytest.MonkeyPatch.context() as patch, override_settings(DOCUSIGN_OAUTH_BASE_URL=OAUTH):
        clock = Clock(patch)
        begun = clock.now()
        _forget_everything()
        _make_open(number, begun, chance)
        PollCursor.objects.create(pk=ACCOUNT, polled_until=begun)
        docusign = Docusign(clock, _changes(number, begun, chance))
        delays: dict[str, timedelta] = {}
        open_changes = {change.docusign_id: change for change in docusign.changes}

        def apply(snapshot: EnvelopeSnapshot) -> int | None:
            """An envelope without news is not written again, which would take minutes and makes no difference here."""
            change = open_changes.get(snapshot.docusign_id)
            if change is None or change.at > clock.now():
                return None
            changed = status.apply_snapshot(snapshot)
            if changed is not None:
                delays[change.docusign_id] = clock.now() - change.at
            return changed

        patch.setattr(polling, "apply_snapshot", apply)
        try:
            with _edge(docusign):
                _live(docusign, begun + DAY, connect_works=connect_works)
        finally:
            _forget_everything()
    seen = [(change.is_end, delays[change.docusign_id]) for change in docusign.changes if change.docusign_id in delays]
    return Figures(
        by_date=docusign.by_date,
        by_id=docusign.by_id,
        busiest_hour=docusign.busiest_hour(),
        changes=len(docusign.changes),
        seen=len(docusign.changes) if connect_works else len(seen),
        end_delays=tuple(delay for is_end, delay in seen if is_end),
        signer_delays=tuple(delay for is_end, delay in seen if not is_end),
    )


def _live(docusign: Docusign, until: datetime, *, connect_works: bool) -> None:
    """Round after round, as the beat's ticks come; those in between call nobody. Raises TooSlowError."""
    deadline = time.monotonic() + MOST_SECONDS
    untold = sorted(docusign.changes, key=lambda change: change.at, reverse=True)
    clock = docusign.clock
    while clock.now() < until:
        if time.monotonic() > deadline:
            raise TooSlowError
        if connect_works:
            _hear_connect(untold, clock.now())
        polling.poll()
        due_at = PollCursor.objects.get(pk=ACCOUNT).next_poll_at or clock.now()
        wait = max((due_at - clock.now()).total_seconds(), 0)
        clock.advance(seconds=(wait // TICK_SECONDS + 1) * TICK_SECONDS)


def _hear_connect(untold: list[Change], now: datetime) -> None:
    """What has happened by now was told at once."""
    message = ConnectMessage.objects.create(digest=uuid.uuid4().hex, event="envelope-sent", body="{}")
    ConnectMessage.objects.filter(pk=message.pk).update(received_at=now)
    while untold and untold[-1].at <= now:
        status.apply_snapshot(EnvelopeSnapshot.from_json(untold.pop().told()))


def _forget_everything() -> None:
    """What other measures left behind would be polled too, and would pass for a Connect that works."""
    tables = ", ".join(model._meta.db_table for model in (CallBudget, PollCursor, ConnectMessage, Envelope))
    with database.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


@contextmanager
def _edge(docusign: Docusign) -> Iterator[None]:
    account = {"account_id": ACCOUNT, "base_uri": API, "is_default": True}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as edge:
        edge.post(f"{OAUTH}/oauth/token", json={"access_token": "t", "expires_in": 10 * 24 * 3600})
        edge.get(f"{OAUTH}/oauth/userinfo", json={"sub": settings.DOCUSIGN_USER_ID, "accounts": [account]})
        edge.add_callback("GET", re.compile(rf"{API}/restapi/.*/envelopes"), callback=docusign.answer)
        with override_settings(DOCUSIGN_ACCOUNT_ID=ACCOUNT):
            yield


def _docusign_id(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012}"


def _changes(number: int, begun: datetime, chance: random.Random) -> list[Change]:
    chosen = chance.sample(range(number), int(number * CHANGED_SHARE))
    return [
        Change(_docusign_id(index), begun + DAY * chance.random(), place % 2 == 0) for place, index in enumerate(chosen)
    ]


def _open_ones(number: int, now: datetime, chance: random.Random) -> Iterator[Envelope]:
    for index in range(number):
        sent_at = now - OPEN_FOR * chance.random()
        envelope = Envelope(
            status=EnvelopeStatus.SENT,
            docusign_id=_docusign_id(index),
            sent_at=sent_at,
            last_modified_at=sent_at,
            synced_at=now,
        )
        envelope.check_at = now + (polling._next_check_at(envelope, now) - now) * chance.random()
        yield envelope


def _make_open(number: int, now: datetime, chance: random.Random) -> None:
    staff = User.objects.first() or make_staff()
    rows = []
    for envelope in _open_ones(number, now, chance):
        envelope.created_by = envelope.owner = staff
        rows.append(envelope)
    Envelope.objects.bulk_create(rows, batch_size=2000)
    with database.cursor() as cursor:
        cursor.execute(f"ANALYZE {Envelope._meta.db_table}")


def _computed(number: int, *, connect_works: bool) -> Figures:
    """The rule without the rows: rounds at the set interval, and the checks that are due in each, a hundred a call."""
    now = datetime.fromisoformat("2026-05-04T12:00:00Z")
    seconds = settings.DOCUSIGN_POLL_RARELY_SECONDS if connect_works else settings.DOCUSIGN_POLL_SECONDS
    rounds = int(DAY.total_seconds()) // seconds
    due: list[list[Envelope]] = [[] for _ in range(rounds)]

    def note(envelope: Envelope, check_at: datetime) -> None:
        place = -int(-(check_at - now).total_seconds() // seconds)
        if place < rounds:
            due[place].append(envelope)

    for envelope in _open_ones(number, now, random.Random(number)):
        note(envelope, envelope.check_at or now)
    by_id = 0
    for place in range(rounds):
        held = polling.IDS_PER_CALL * polling.CHECKS_PER_ROUND
        checked, waiting = due[place][:held], due[place][held:]
        by_id += -(-len(checked) // polling.IDS_PER_CALL)
        moment = now + timedelta(seconds=seconds * place)
        for envelope in checked:
            note(envelope, polling._next_check_at(envelope, moment))
        if place + 1 < rounds:
            due[place + 1][:0] = waiting
    return Figures(by_date=rounds, by_id=by_id)
