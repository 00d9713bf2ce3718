"""From draft to sent, once, whatever happens on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from signing import sending, tasks
from signing.authoring import SignerInput, TabInput
from signing.docusign import ConsentRequiredError, UnavailableError
from signing.links import find_recipient, link_token_of
from signing.models import Envelope, EnvelopeStatus, MailKind, OutgoingMail, RecipientStatus, TabKind
from tests.deeds import send
from tests.factories import make_draft, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


def creates(docusign: SandboxProcess) -> int:
    return len([c for c in docusign.requests("POST", "/envelopes") if c["path"].endswith("/envelopes")])


def try_again_later(envelope: Envelope) -> None:
    """As if the waiting time of the last attempt had passed."""
    Envelope.objects.filter(pk=envelope.pk).update(send_lease_until=timezone.now() - timedelta(seconds=1))


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
        assert find_recipient(link_token_of(recipient)) == recipient


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


def test_an_answer_lost_after_the_work_does_not_make_a_second_envelope(docusign: SandboxProcess) -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    docusign.fail_next(method="POST", path_contains="/envelopes", status=503, when="after")
    with pytest.raises(UnavailableError):
        sending.send_envelope(envelope.pk)
    try_again_later(envelope)
    assert sending.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENT
    assert creates(docusign) == 1


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
    try_again_later(envelope)
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
    assert envelope.send_lease_until is not None
    assert envelope.send_lease_until.timestamp() % 3600 == 0  # the hourly limit ends with the hour


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
