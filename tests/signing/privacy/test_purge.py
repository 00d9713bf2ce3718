"""Purging at Docusign: asked by one, decided by another, told to Docusign, and what it then says."""

from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import tasks
from signing.acting import Actor, acting
from signing.models import Envelope, EnvelopeEvent, EventKind, PurgeRequest
from signing.polling import snapshots_of
from signing.privacy import holds, requests
from signing.privacy.requests import NotPurgeableError
from tests.clock import travel
from tests.connect import KEY, message, post, summary
from tests.deeds import send, sign
from tests.factories import make_sent, make_staff
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db
QUEUED, PURGED = "documents_queued", "documents_purged"
TWO_WEEKS_SECONDS = 14 * 24 * 3600 + 3600


def same(user: User) -> User:
    return user


def as_(user: User) -> AbstractContextManager[None]:
    return acting(Actor(partial(same, user)))


def signed() -> Envelope:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    envelope.refresh_from_db()
    return envelope


@pytest.fixture
def completed(docusign: SandboxProcess) -> Envelope:
    return signed()


@pytest.fixture
def asta() -> User:
    return make_staff("asta")


@pytest.fixture
def bert() -> User:
    return make_staff("bert")


def approved(envelope: Envelope, asta: User, bert: User, purge_state: str = QUEUED) -> PurgeRequest:
    with as_(asta):
        request = requests.ask(envelope, purge_state, reason="Over")
    with as_(bert):
        requests.decide(request, approve=True)
    tasks.purge_at_docusign()
    request.refresh_from_db()
    envelope.refresh_from_db()
    return request


def state_there(docusign: SandboxProcess, envelope: Envelope) -> str:
    return next(snapshots_of([envelope.docusign_id or ""])).purge_state


def test_what_a_second_person_approved_waits_in_docusigns_queue(
    completed: Envelope, docusign: SandboxProcess, asta: User, bert: User
) -> None:
    request = approved(completed, asta, bert)
    assert (request.state, completed.purge_state) == ("done", QUEUED)
    assert state_there(docusign, completed) == QUEUED


def test_nothing_reaches_docusign_before_the_second_person(
    completed: Envelope, docusign: SandboxProcess, asta: User
) -> None:
    with as_(asta):
        requests.ask(completed, QUEUED, reason="Over")
    tasks.purge_at_docusign()
    assert state_there(docusign, completed) == "unpurged"


def test_who_asked_cannot_approve(completed: Envelope, asta: User) -> None:
    with as_(asta):
        request = requests.ask(completed, QUEUED, reason="Over")
        with pytest.raises(NotPurgeableError, match="second person"):
            requests.decide(request, approve=True)


def test_a_refusal_ends_it_and_it_may_be_asked_again(completed: Envelope, asta: User, bert: User) -> None:
    with as_(asta):
        request = requests.ask(completed, QUEUED)
    with as_(bert):
        requests.decide(request, approve=False)
    with as_(asta):
        assert requests.ask(completed, QUEUED).state == "asked"


def test_two_requests_at_once_are_one(completed: Envelope, asta: User) -> None:
    with as_(asta):
        requests.ask(completed, QUEUED)
        with pytest.raises(NotPurgeableError, match="asked for it already"):
            requests.ask(completed, QUEUED)


@pytest.mark.parametrize("why", ["open", "held", "documents_missing", "purged"])
def test_what_must_not_go_cannot_be_asked_for(why: str) -> None:
    envelope = make_sent(
        status="sent" if why == "open" else "completed",
        documents_stored_at=None if why == "documents_missing" else timezone.now(),
        purge_state=PURGED if why == "purged" else "",
        held_at=timezone.now() if why == "held" else None,
    )
    with pytest.raises(NotPurgeableError):
        requests.ask(envelope, QUEUED)


def test_a_hold_between_asking_and_deciding_stops_it(completed: Envelope, asta: User, bert: User) -> None:
    with as_(asta):
        request = requests.ask(completed, QUEUED)
    holds.hold(completed, reason="A claim")
    with as_(bert), pytest.raises(NotPurgeableError, match="hold"):
        requests.decide(request, approve=True)


def test_a_hold_between_approval_and_the_call_stops_it(
    completed: Envelope, docusign: SandboxProcess, asta: User, bert: User
) -> None:
    with as_(asta):
        request = requests.ask(completed, QUEUED)
    with as_(bert):
        requests.decide(request, approve=True)
    holds.hold(completed, reason="A claim")
    tasks.purge_at_docusign()
    request.refresh_from_db()
    assert request.state == "failed"
    assert state_there(docusign, completed) == "unpurged"


def test_a_hold_takes_it_out_of_docusigns_queue(
    completed: Envelope, docusign: SandboxProcess, asta: User, bert: User
) -> None:
    approved(completed, asta, bert)
    holds.hold(completed, reason="A claim")
    tasks.purge_at_docusign()
    completed.refresh_from_db()
    assert completed.purge_state == state_there(docusign, completed) == "documents_dequeued"


def test_a_request_nobody_decides_expires_after_two_weeks(completed: Envelope, asta: User, bert: User) -> None:
    with as_(asta):
        request = requests.ask(completed, QUEUED)
    with travel(timedelta(days=13)):
        assert requests.expire(timezone.now()) == 0
    with travel(timedelta(days=15)):
        assert requests.expire(timezone.now()) == 1
    with as_(bert), pytest.raises(NotPurgeableError, match="decided"):
        requests.decide(request, approve=True)


def test_an_outage_delays_the_call_and_loses_nothing(
    completed: Envelope, docusign: SandboxProcess, asta: User, bert: User
) -> None:
    docusign.fail_next(path_contains=f"/envelopes/{completed.docusign_id}", status=503)
    request = approved(completed, asta, bert)
    assert request.state == "approved"
    with travel(requests.RETRY_AFTER):
        tasks.purge_at_docusign()
    request.refresh_from_db()
    assert request.state == "done"


def test_a_refusal_by_docusign_is_shown_in_its_words(
    completed: Envelope, docusign: SandboxProcess, asta: User, bert: User
) -> None:
    docusign.fail_next(
        path_contains=f"/envelopes/{completed.docusign_id}", status=400, errorCode="USER_LACKS_PERMISSIONS"
    )
    request = approved(completed, asta, bert)
    assert request.state == "failed"
    assert "permission profile" in request.error


def test_two_weeks_later_the_portal_asks_what_became_of_it(
    completed: Envelope, docusign: SandboxProcess, asta: User, bert: User
) -> None:
    approved(completed, asta, bert)
    docusign.advance(TWO_WEEKS_SECONDS)
    with travel(timedelta(days=15)):
        tasks.prune()
    completed.refresh_from_db()
    assert completed.purge_state == PURGED


@pytest.mark.usefixtures("connected")
def test_docusigns_message_about_a_purge_is_understood(settings: Settings) -> None:
    settings.DOCUSIGN_CONNECT_KEYS = [KEY]
    envelope = make_sent(status="completed", documents_stored_at=timezone.now(), purge_state=QUEUED)
    told = summary(envelope, "completed", "completed", "completed") | {"purgeState": PURGED}
    assert post(message(envelope, "envelope-purge", told)).status_code == 200
    envelope.refresh_from_db()
    assert envelope.purge_state == PURGED


def test_the_portals_own_copy_stays(completed: Envelope, docusign: SandboxProcess, asta: User, bert: User) -> None:
    approved(completed, asta, bert)
    docusign.advance(TWO_WEEKS_SECONDS)
    with travel(timedelta(days=15)):
        tasks.prune()
        assert tasks.archive.envelopes_without_documents(timezone.now()) == []
    assert completed.completed_documents.count() == 2


def test_every_step_stands_on_the_timeline(completed: Envelope, asta: User, bert: User) -> None:
    approved(completed, asta, bert)
    kinds = EnvelopeEvent.objects.filter(envelope_id=completed.pk, kind__startswith="purge")
    names = [(event.kind, event.actor_name) for event in kinds.order_by("id")]
    assert names == [
        (EventKind.PURGE_ASKED, "Asta Field"),
        (EventKind.PURGE_DECIDED, "Bert Field"),
        (EventKind.PURGE_STATE, ""),
    ]
