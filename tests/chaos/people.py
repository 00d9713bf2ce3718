"""Staff who send and signers who sign, decline or hesitate: all over HTTP, as browsers do. Uses the portal's rows."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

import requests
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count
from django.db.utils import InterfaceError, OperationalError

from sandbox.robot import Robot
from signing import sending, tasks
from signing.authoring import SignerInput, TabInput
from signing.links import link_url
from signing.models import Envelope, EnvelopeStatus, Recipient, RecipientStatus, TabKind
from tests.factories import make_draft

SIGNERS_AT_ONCE = 8
PATIENCE_SECONDS = 180  # of one signer who is told to try again
DECLINE_SHARE, HESITATE_SHARE = 0.1, 0.1
TIMEOUT_SECONDS = 60
ANCHORS = ("/sn1/", "/sn2/")

Result = TypeVar("Result")


@dataclass
class Tally:
    signed: int = 0
    declined: int = 0
    hesitated: int = 0
    tries: int = 0
    gave_up: list[str] = field(default_factory=list)


class People:
    def __init__(self, portal_url: str, *, randomness: int) -> None:
        self._portal_url = portal_url
        self._random = random.Random(randomness)
        self._lock = Lock()
        self._begun: set[int] = set()
        self.tally = Tally()

    def send(self, count: int) -> None:
        """One or two signers each; pressed as the composer's Send button does it."""
        user = get_user_model().objects.create_user("dana", password="pass", is_staff=True)
        for number in range(count):
            envelope = patiently(make_draft, user, subject=f"Agreement {number}", signers=self._signers(number))
            if patiently(sending.claim_for_sending, envelope):
                tasks.ring_for_sending(envelope.pk)

    def sign_until_done(self, count: int, seconds: float) -> None:
        """Whoever's turn it is comes by. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        with ThreadPoolExecutor(SIGNERS_AT_ONCE) as pool:
            while patiently(_unfinished, count):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{patiently(_unfinished, count)} envelopes are not finished")
                for recipient in patiently(_whose_turn_it_is):
                    if recipient.pk not in self._begun:
                        self._begun.add(recipient.pk)
                        pool.submit(self._visit, recipient)
                time.sleep(0.5)

    def _signers(self, number: int) -> list[SignerInput]:
        people = 1 + number % 2
        return [
            SignerInput(
                f"Signer {number}-{place}",
                f"s{number}-{place}@example.com",
                place,
                (TabInput(TabKind.SIGN_HERE, anchor=ANCHORS[place - 1]),),
            )
            for place in range(1, people + 1)
        ]

    def _visit(self, recipient: Recipient) -> None:
        try:
            mood = self._random.random()
            if mood < HESITATE_SHARE:
                self._come_back(Robot().finish_later(self._ceremony(recipient)))
                self._count("hesitated")
            if mood > 1 - DECLINE_SHARE:
                return_url = Robot().decline(self._ceremony(recipient), "Not this time.")
                self._count("declined")
            else:
                return_url = Robot().sign(self._ceremony(recipient), signature=recipient.name)
                self._count("signed")
            self._come_back(return_url)
        except Exception as error:  # noqa: BLE001  (whatever happens to a signer is a finding)
            with self._lock:
                self.tally.gave_up.append(f"recipient {recipient.pk}: {error!r}")

    def _ceremony(self, recipient: Recipient) -> str:
        """Press “Review and sign” until it leads to the ceremony."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self._count("tries")
            try:
                response = requests.post(f"{link_url(recipient)}start/", allow_redirects=False, timeout=TIMEOUT_SECONDS)
            except requests.ConnectionError:
                continue
            location = response.headers.get("Location", "")
            if response.status_code == 303 and "/Signing/" in location:
                return location
            time.sleep(1)
        raise TimeoutError(f"never let in, last HTTP {response.status_code}")

    def _come_back(self, return_url: str) -> None:
        requests.get(return_url, timeout=TIMEOUT_SECONDS)

    def _count(self, name: str) -> None:
        with self._lock:
            setattr(self.tally, name, getattr(self.tally, name) + 1)


def patiently(deed: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """The harness outlives a restart of PostgreSQL as well."""
    for _ in range(60):
        try:
            return deed(*args, **kwargs)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.5)
    raise TimeoutError("the database does not come back")


def _unfinished(count: int) -> int:
    """Envelopes that are not yet ended, with everything that belongs to their end stored."""
    ended = Envelope.objects.filter(status__in=(EnvelopeStatus.DECLINED, EnvelopeStatus.VOIDED)).count()
    archived = Envelope.objects.filter(status=EnvelopeStatus.COMPLETED).annotate(stored=Count("completed_documents"))
    return count - ended - archived.filter(stored=2).count()


def _whose_turn_it_is() -> list[Recipient]:
    asked = (RecipientStatus.SENT, RecipientStatus.DELIVERED)
    return list(Recipient.objects.filter(status__in=asked).select_related("envelope"))
