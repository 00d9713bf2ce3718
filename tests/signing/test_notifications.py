"""The outbox: who hears what, once, and what happens when mail does not leave."""

from datetime import timedelta
from smtplib import SMTPException
from unittest.mock import patch

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from signing import notifications
from signing.links import link_url
from signing.models import Envelope, EnvelopeStatus, MailKind, MailState, OutgoingMail, RecipientStatus
from tests.factories import make_sent, recipient_of

pytestmark = pytest.mark.django_db


def queued(envelope: Envelope) -> list[OutgoingMail]:
    notifications.queue_due(envelope)
    return list(OutgoingMail.objects.filter(envelope=envelope).order_by("pk"))


def deliver_one(envelope: Envelope) -> OutgoingMail:
    (mail, *_) = queued(envelope)
    notifications.deliver(mail.pk)
    mail.refresh_from_db()
    return mail


def test_the_invitation_carries_the_signers_own_link_in_both_bodies() -> None:
    envelope = make_sent()
    deliver_one(envelope)
    (message,) = django_mail.outbox
    link = link_url(recipient_of(envelope, 1))
    assert message.to == ["ann@example.com"]
    assert link in message.body
    assert link in str(message.alternatives[0][0])  # type: ignore[attr-defined]


def test_a_reply_reaches_the_sender() -> None:
    deliver_one(make_sent())
    assert django_mail.outbox[0].reply_to == ["dana@northwind.example"]


def test_the_senders_message_is_in_the_mail_and_cannot_inject_html() -> None:
    envelope = make_sent(message="Hello <script>alert(1)</script>")
    deliver_one(envelope)
    (message,) = django_mail.outbox
    assert "<script>" in message.body  # plain text stays as typed
    assert "<script>" not in str(message.alternatives[0][0])  # type: ignore[attr-defined]


def test_a_subject_with_line_breaks_cannot_add_headers() -> None:
    envelope = make_sent(subject="Lease\r\nBcc: eve@example.com")
    deliver_one(envelope)
    assert django_mail.outbox[0].subject == "Dana Field asks you to sign: Lease Bcc: eve@example.com"


def test_queueing_twice_makes_one_mail() -> None:
    envelope = make_sent()
    queued(envelope)
    assert len(queued(envelope)) == 1


def test_a_mail_is_delivered_once_however_often_the_bell_rings() -> None:
    envelope = make_sent()
    mail = deliver_one(envelope)
    notifications.deliver(mail.pk)
    assert len(django_mail.outbox) == 1
    assert mail.state == MailState.SENT
    assert mail.sent_at is not None


@pytest.mark.parametrize(
    ("status", "kind", "addressees"),
    [
        (EnvelopeStatus.COMPLETED, MailKind.COMPLETED, {"ann@example.com", "carl@example.com"}),
        (EnvelopeStatus.VOIDED, MailKind.VOIDED, {"ann@example.com", "carl@example.com"}),
    ],
)
def test_everyone_who_was_asked_hears_of_the_end(status: str, kind: str, addressees: set[str]) -> None:
    envelope = make_sent(status=status, recipient_statuses=("completed", "completed"))
    mails = queued(envelope)
    assert {mail.kind for mail in mails} == {kind}
    assert {mail.to_email for mail in mails} == addressees


def test_who_was_never_asked_hears_nothing() -> None:
    envelope = make_sent(status=EnvelopeStatus.VOIDED)
    assert {mail.to_email for mail in queued(envelope)} == {"ann@example.com"}


def test_who_declined_is_not_told_so_and_the_others_are() -> None:
    envelope = make_sent(
        status=EnvelopeStatus.DECLINED, recipient_statuses=(RecipientStatus.COMPLETED, RecipientStatus.DECLINED)
    )
    assert [mail.to_email for mail in queued(envelope)] == ["ann@example.com"]
    notifications.deliver(queued(envelope)[0].pk)
    assert "Carl Dee has declined" in django_mail.outbox[0].body


def test_a_failing_mail_server_is_kept_on_the_row_and_tried_again_later() -> None:
    envelope = make_sent()
    with patch.object(EmailBackend, "send_messages", side_effect=SMTPException("mailbox on fire")):
        mail = deliver_one(envelope)
    assert mail.state == MailState.QUEUED
    assert "mailbox on fire" in mail.error
    assert notifications.due_mail_ids(timezone.now()) == []
    assert notifications.due_mail_ids(timezone.now() + timedelta(minutes=1)) == [mail.pk]


def test_after_the_last_attempt_the_failure_is_visible_and_final() -> None:
    envelope = make_sent()
    (mail,) = queued(envelope)
    with patch.object(EmailBackend, "send_messages", side_effect=ConnectionRefusedError("no server")):
        for _ in range(notifications.MAX_ATTEMPTS):
            OutgoingMail.objects.update(due_at=timezone.now())
            notifications.deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.state == MailState.FAILED
    assert notifications.due_mail_ids(timezone.now() + timedelta(days=9)) == []


def test_a_failed_mail_can_be_sent_again_by_hand() -> None:
    envelope = make_sent()
    (mail,) = queued(envelope)
    OutgoingMail.objects.update(state=MailState.FAILED, attempts=8)
    notifications.send_again(mail)
    notifications.deliver(mail.pk)
    assert len(django_mail.outbox) == 1


def test_a_killed_workers_mail_is_due_again_after_its_claim() -> None:
    envelope = make_sent()
    (mail,) = queued(envelope)
    now = timezone.now()
    OutgoingMail.objects.update(state=MailState.SENDING, due_at=now + notifications.CLAIM)
    assert notifications.due_mail_ids(now) == []
    assert notifications.due_mail_ids(now + notifications.CLAIM) == [mail.pk]


@pytest.mark.parametrize("kind", MailKind.values)
def test_every_kind_of_mail_renders(kind: str) -> None:
    envelope = make_sent(voided_reason="Because")
    mail = OutgoingMail(envelope=envelope, recipient=recipient_of(envelope, 1), kind=kind, to_email="a@b.example")
    rendered = notifications.render(mail)
    assert envelope.subject in rendered.subject
    assert envelope.subject in rendered.text
    assert envelope.subject in rendered.html
