"""Docusign's lists as polling sees them, and what tests do about them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.contrib.auth.models import User

from sandbox.robot import Robot
from signing import polling
from signing.models import ConnectMessage, Envelope, EnvelopeStatus
from tests.clock import Clock
from tests.deeds import open_ceremony
from tests.factories import make_staff, recipient_of

OAUTH = "https://account-d.docusign.com"
API = "https://demo.docusign.net"
HOUR = 3600


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


def from_date(query: dict[str, list[str]]) -> datetime:
    return datetime.fromisoformat(query["from_date"][0]).astimezone(UTC)


def hear_connect(clock: Clock) -> None:
    message = ConnectMessage.objects.create(
        digest=str(ConnectMessage.objects.count()), event="envelope-sent", body="{}"
    )
    ConnectMessage.objects.filter(pk=message.pk).update(received_at=clock.now())
