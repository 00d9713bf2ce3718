"""Polling finds everything, in few calls."""

from datetime import timedelta

import pytest

from signing import polling
from signing.docusign import client
from signing.models import Envelope, EnvelopeStatus
from tests.clock import Clock
from tests.deeds import open_ceremony, send
from tests.factories import make_sent, recipient_of
from tests.sandbox_process import SandboxProcess

from .fake import FakeDocusign, make_open, poll_for, sign_without_return, told_changed

pytestmark = pytest.mark.django_db


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
