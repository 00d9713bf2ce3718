"""From draft to sent, once, whatever happens on the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import connection, sending, tasks
from signing.authoring import SignerInput, TabInput
from signing.docusign import Client, ConsentRequiredError, CreatedEnvelope, RequestRefusedError, UnavailableError
from signing.links import find_link, link_token_of
from signing.models import Envelope, EnvelopeStatus, MailKind, OutgoingMail, RecipientStatus, TabKind
from tests.clock import Clock
from tests.deeds import send
from tests.factories import make_draft, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def creates(docusign: SandboxProcess) -> int:
    return len([c for c in docusign.requests("POST", "/envelopes") if c["path"].endswith("/envelopes")])


def try_again_later(envelope: Envelope) -> None:
    """As if the waiting time of the last attempt had passed."""
    Envelope.objects.filter(pk=envelope.pk).update(send_due_at=timezone.now() - timedelta(seconds=1))


def test_a_sent_envelope_exists_at_docusign_under_our_transaction_id(docusign: SandboxProcess) -> None:
    envelope = send()
    assert envelope.status == EnvelopeStatus.SENT
    (call,) = [c for c in docusign.requests("POST") if c["path"].endswith("/envelopes")]
    assert call["body"]["transactionId"] == str(envelope.transaction_id)


def test_all_signers_are_embedded_and_only_the_first_are_asked(docusign: SandboxProcess) -> None:
    envelope = send()
    assert [r.status for r in envelope.recipients.all()] == [RecipientStatus.SENT, RecipientStatus.CREATED]
    (call,) = docusign.requests("POST", "/envelopes")
    assert all(signer["clientUserId"] for signer in call["body"]["recipients"]["signers"])


def test_only_the_first_signer_gets_an_invitation_at_first(docusign: SandboxProcess) -> None:
    envelope = send()
    invited = OutgoingMail.objects.filter(envelope=envelope, kind=MailKind.INVITATION)
    assert [mail.to_email for mail in invited] == ["ann@example.com"]


def test_every_signer_has_a_working_link_after_sending(docusign: SandboxProcess) -> None:
    envelope = send()
    for recipient in envelope.recipients.all():
        link = find_link(link_token_of(recipient))
        assert link is not None
        assert link.recipient == recipient


def test_a_draft_can_be_claimed_only_once(db: None) -> None:
    envelope = make_draft()
    assert sending.claim_for_sending(envelope)
    assert not sending.claim_for_sending(envelope)


def test_two_workers_ringing_for_the_same_envelope_make_one(docusign: SandboxProcess) -> None:
    envelope = send()
    tasks.send_envelope(envelope.pk)
    assert creates(docusign) == 1


def test_a_worker_leaves_alone_what_another_one_is_sending(docusign: SandboxProcess) -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    Envelope.objects.filter(pk=envelope.pk).update(send_lease_until=timezone.now() + timedelta(minutes=1))
    assert sending.send_envelope(envelope.pk) is False
    assert creates(docusign) == 0


def lose_answer(docusign: SandboxProcess, when: str) -> Envelope:
    """An envelope whose create call got no usable answer: before or after Docusign did the work."""
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    docusign.fail_next(method="POST", path_contains="/envelopes", status=503, when=when)
    with pytest.raises(UnavailableError):
        sending.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    return envelope


def made(docusign: SandboxProcess) -> int:
    """How many envelopes the sandbox has."""
    url = f"{docusign.api_url}/envelopes?from_date=2020-01-01"
    answer = requests.get(url, headers={"Authorization": f"Bearer {connection.shared_grants().current()}"}, timeout=30)
    return int(answer.json()["totalSetSize"])


def test_an_answer_lost_after_the_work_does_not_make_a_second_envelope(docusign: SandboxProcess) -> None:
    envelope = lose_answer(docusign, "after")
    try_again_later(envelope)
    assert sending.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENT
    assert creates(docusign) == made(docusign) == 1


def test_a_create_that_never_arrived_is_repeated_only_after_the_whole_look_up_period(
    docusign: SandboxProcess, clock: Clock, settings: Settings
) -> None:
    settings.SEND_LOOKUP_SECONDS = 120
    envelope = lose_answer(docusign, "before")
    looked_after = []
    for second in range(1, 200):
        clock.advance(seconds=1)
        if sending.due_for_sending(clock.now()):
            looked_after.append(second)
            sending.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENT
    assert looked_after == pytest.approx([11, 22, 44, 88, 121], abs=4)
    assert made(docusign) == 1


def test_an_envelope_that_the_look_up_shows_late_is_found_and_not_made_twice(
    docusign: SandboxProcess, clock: Clock, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEND_LOOKUP_SECONDS = 120
    envelope = lose_answer(docusign, "after")
    look, visible_at = Client.find_by_transaction_id, clock.now() + timedelta(seconds=60)
    lagging = lambda client, key: look(client, key) if clock.now() >= visible_at else None  # noqa: E731
    monkeypatch.setattr(Client, "find_by_transaction_id", lagging)
    for _ in range(100):
        clock.advance(seconds=2)
        sending.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENT
    assert made(docusign) == 1


def test_before_a_second_create_the_hidden_custom_field_is_searched_too(
    docusign: SandboxProcess, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Transaction ids are known for seven days only."""
    envelope = lose_answer(docusign, "after")
    monkeypatch.setattr(Client, "find_by_transaction_id", lambda client, key: None)
    clock.advance(days=8)
    assert sending.send_envelope(envelope.pk)
    assert creates(docusign) == made(docusign) == 1


def test_a_worker_killed_during_the_create_call_leaves_a_row_that_is_looked_for_first(
    docusign: SandboxProcess, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException): ...

    create = Client.create_envelope

    def create_and_die(client: Client, definition: dict[str, Any]) -> None:
        create(client, definition)
        raise Killed

    envelope = make_draft()
    sending.claim_for_sending(envelope)
    monkeypatch.setattr(Client, "create_envelope", create_and_die)
    with pytest.raises(Killed):
        sending.send_envelope(envelope.pk)
    clock.advance(minutes=4)
    assert sending.due_for_sending(clock.now()) == [envelope.pk]
    assert sending.send_envelope(envelope.pk)
    assert creates(docusign) == made(docusign) == 1


def test_after_a_killed_worker_one_look_is_not_enough_for_a_second_create(
    docusign: SandboxProcess, clock: Clock
) -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    start = timezone.now()
    Envelope.objects.filter(pk=envelope.pk).update(
        send_attempts=1, send_unclear_since=start, send_lease_until=start + timedelta(minutes=3)
    )
    clock.advance(minutes=5)
    assert sending.send_envelope(envelope.pk) is False
    assert creates(docusign) == 0


def test_a_refused_look_does_not_give_the_envelope_back_to_the_staff(docusign: SandboxProcess) -> None:
    envelope = lose_answer(docusign, "after")
    try_again_later(envelope)
    docusign.fail_next(method="GET", status=400, errorCode="INVALID_REQUEST_PARAMETER")
    with pytest.raises(RequestRefusedError):
        sending.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENDING
    try_again_later(envelope)
    assert sending.send_envelope(envelope.pk)
    assert made(docusign) == 1


def test_a_connection_never_made_needs_no_look(docusign: SandboxProcess, clock: Clock) -> None:
    connection.connect()
    grant = connection.shared_grants().grant()
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    with pytest.MonkeyPatch.context() as patch:
        nowhere = replace(grant.account, base_uri="http://127.0.0.1:9")
        patch.setattr(connection.SharedGrants, "grant", lambda grants: replace(grant, account=nowhere))
        with pytest.raises(UnavailableError):
            sending.send_envelope(envelope.pk)
    clock.advance(seconds=31)
    assert sending.send_envelope(envelope.pk)
    assert docusign.requests("GET") == []


def test_what_a_connect_message_told_first_is_not_recorded_twice(docusign: SandboxProcess) -> None:
    envelope = send()
    again = CreatedEnvelope(docusign_id=envelope.docusign_id or "", status="sent", status_changed_at=None)
    assert sending.record_sent(envelope.pk, again) is False
    assert OutgoingMail.objects.filter(envelope=envelope).count() == 1


def test_a_refusal_puts_the_envelope_back_to_draft_with_sentence_code_and_trace_token(
    docusign: SandboxProcess,
) -> None:
    docusign.fail_next(method="POST", path_contains="/envelopes", errorCode="ANCHOR_TAB_STRING_NOT_FOUND")
    envelope = send()
    assert envelope.status == EnvelopeStatus.DRAFT
    assert "anchor text" in envelope.last_error
    assert envelope.last_error_code == "ANCHOR_TAB_STRING_NOT_FOUND"
    (call,) = docusign.requests("POST", "/envelopes")
    assert envelope.last_error_trace_token == call["trace_token"]


def test_an_unknown_refusal_shows_docusigns_own_words(docusign: SandboxProcess) -> None:
    docusign.fail_next(path_contains="/envelopes", errorCode="SOMETHING_NEW", status=400, message="No can do.")
    assert send().last_error == "Docusign answered: No can do."


def test_a_refused_envelope_can_be_sent_again(docusign: SandboxProcess) -> None:
    docusign.fail_next(method="POST", path_contains="/envelopes", errorCode="ENVELOPE_IS_INCOMPLETE")
    envelope = send()
    envelope = send(envelope)
    assert envelope.status == EnvelopeStatus.SENT
    assert envelope.last_error == ""


def test_without_consent_the_envelope_waits_and_says_why(docusign: SandboxProcess) -> None:
    docusign.revoke_consent()
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    with pytest.raises(ConsentRequiredError):
        sending.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENDING
    assert "consent link" in envelope.last_error


def test_once_consent_is_given_the_waiting_envelope_is_sent_by_the_sweep(docusign: SandboxProcess) -> None:
    docusign.revoke_consent()
    envelope = send()
    docusign.grant_consent()
    connection.try_at_once()
    assert sending.due_for_sending(timezone.now()) == [envelope.pk]
    tasks.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENT


def test_an_outage_leaves_the_envelope_for_a_later_try(docusign: SandboxProcess) -> None:
    docusign.fail_next(method="POST", path_contains="/envelopes", status=503)
    envelope = send()
    assert envelope.status == EnvelopeStatus.SENDING
    assert sending.due_for_sending(timezone.now()) == []  # not at once
    assert sending.due_for_sending(timezone.now() + timedelta(minutes=5)) == [envelope.pk]


def test_asked_to_slow_down_the_next_try_waits_for_docusigns_own_time(docusign: SandboxProcess) -> None:
    docusign.set_limits(hourly=0, burst=9)
    envelope = send()
    assert envelope.status == EnvelopeStatus.SENDING
    assert envelope.send_due_at is not None
    assert envelope.send_due_at.timestamp() % 3600 == 0  # the hourly limit ends with the hour


def test_a_killed_workers_envelope_is_found_once_its_lease_is_over(docusign: SandboxProcess) -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    Envelope.objects.filter(pk=envelope.pk).update(
        send_lease_until=timezone.now() + timedelta(minutes=3), send_attempts=1
    )
    assert sending.due_for_sending(timezone.now()) == []
    assert sending.due_for_sending(timezone.now() + timedelta(minutes=4)) == [envelope.pk]


def test_equal_routing_orders_are_all_asked_at_once(docusign: SandboxProcess) -> None:
    signers = [
        SignerInput(f"Signer {n}", f"s{n}@example.com", 1, (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),))
        for n in (1, 2, 3)
    ]
    envelope = send(signers=signers)
    assert {r.status for r in envelope.recipients.all()} == {RecipientStatus.SENT}
    assert OutgoingMail.objects.filter(envelope=envelope).count() == 3


def test_a_field_by_position_arrives_where_it_was_put(docusign: SandboxProcess) -> None:
    tab = TabInput(TabKind.SIGN_HERE, document_number=1, page=1, x=120, y=300)
    envelope = send(signers=[SignerInput("Ann Bee", "ann@example.com", 1, (tab,))])
    (call,) = docusign.requests("POST", "/envelopes")
    (sent,) = call["body"]["recipients"]["signers"][0]["tabs"]["signHereTabs"]
    assert (sent["documentId"], sent["pageNumber"], sent["xPosition"], sent["yPosition"]) == ("1", "1", "120", "300")
    assert recipient_of(envelope, 1).status == RecipientStatus.SENT
