"""Whose name stands on what is sent, and whose token asks about it."""

import pytest

from sandbox.robot import Robot
from signing import connection, polling, tasks, voiding
from signing.docusign import RequestRefusedError
from signing.models import (
    Envelope,
    EnvelopeStatus,
    EventKind,
    SendingIdentity,
)
from tests.deeds import send, sign
from tests.factories import ANN, make_draft
from tests.sandbox_process import SandboxProcess

from .senders import demote_service_user, draft_as, kinds, lose_consent, sender_at_docusign

pytestmark = pytest.mark.django_db


def test_the_mail_comes_from_the_person_and_every_call_from_the_integration(
    docusign: SandboxProcess, alex: SendingIdentity
) -> None:
    envelope = send(draft_as(alex))
    assert envelope.status == EnvelopeStatus.SENT
    assert sender_at_docusign(docusign, envelope) == "alex@sandbox.example"
    (mail,) = docusign.mails(kind="invitation")
    assert (mail["from"], mail["to"]) == ("Alex Sender", "ann@example.com")


def test_without_a_choice_the_service_account_sends(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    envelope = send(draft_as(None))
    assert sender_at_docusign(docusign, envelope) == "signing-service@sandbox.example"


def test_an_embedded_signer_of_such_an_envelope_signs_as_ever(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    envelope = make_draft(signers=[ANN])
    Envelope.objects.filter(pk=envelope.pk).update(sent_as=alex)
    envelope = send(Envelope.objects.get(pk=envelope.pk))
    sign(envelope, 1)
    assert envelope.status == EnvelopeStatus.COMPLETED
    tasks.fetch_documents(envelope.pk)
    assert envelope.completed_documents.count() == 2


def test_a_person_without_administrators_rights_does_all_with_their_own_token(
    docusign: SandboxProcess, alex: SendingIdentity
) -> None:
    """The service user sees only its own envelopes here: as strict as the reference leaves it open."""
    demote_service_user(docusign)
    envelope, other = send(draft_as(alex)), send(draft_as(None))
    Robot().sign(docusign.mails(kind="invitation")[0]["link"])
    assert envelope.pk in polling.refresh([envelope.pk, other.pk])
    voiding.void(other, reason="A mistake")
    tasks.fetch_documents(envelope.pk)
    envelope.refresh_from_db()
    assert (envelope.status, envelope.drift) == (EnvelopeStatus.COMPLETED, [])
    assert envelope.completed_documents.count() == 2


def test_polling_sees_what_only_the_sender_may_see(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    docusign.change_settings(ADMINISTRATORS_ACT_FOR_EVERY_SENDER=False)
    envelope = send(draft_as(alex))
    Robot().sign(docusign.mails(kind="invitation")[0]["link"])
    Envelope.objects.filter(pk=envelope.pk).update(check_at=envelope.sent_at)
    assert polling.poll() == [envelope.pk]
    envelope.refresh_from_db()
    assert (envelope.status, envelope.drift) == (EnvelopeStatus.COMPLETED, [])


def test_trouble_with_one_senders_token_stops_no_polling(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    """Neither the round nor the truth: what could not be asked about is not called unknown."""
    docusign.change_settings(ADMINISTRATORS_ACT_FOR_EVERY_SENDER=False)
    theirs, ours = send(draft_as(alex)), send(draft_as(None))
    connection.forget(alex)
    docusign.fail_next(target="oauth", method="POST", status=503, count=1)
    Envelope.objects.update(check_at=theirs.sent_at)
    assert polling.poll() == [ours.pk]
    theirs.refresh_from_db()
    assert theirs.drift == []


def test_by_the_stricter_reading_a_loss_is_told_all_the_same(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    """The service account may do nothing about it then: Docusign's own word reaches whoever tried."""
    docusign.change_settings(ADMINISTRATORS_ACT_FOR_EVERY_SENDER=False)
    envelope = send(draft_as(alex))
    lose_consent(docusign, alex)
    with pytest.raises(RequestRefusedError, match="USER_NOT_ENVELOPE_SENDER"):
        voiding.void(envelope, reason="A mistake")
    assert EventKind.SENDER_LOST in kinds(envelope)
