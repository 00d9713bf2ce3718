"""How mails leave: once, however often the bell rings; again after trouble; never when of no use any more."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from typing import Any
from unittest.mock import patch

import pytest
import responses
from django.core import mail as django_mail
from django.core.files.base import ContentFile
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import outbox
from signing.models import (
    CompletedDocument,
    Envelope,
    EnvelopeStatus,
    MailKind,
    MailState,
    OutgoingMail,
    RecipientStatus,
    Verification,
)
from tests.clock import Clock
from tests.factories import make_sent
from tests.mails import deliver, deliver_one, delivered, queued

pytestmark = pytest.mark.django_db

POSTMARK = "https://api.postmarkapp.com/email"
INACTIVE = "Found inactive addresses: ann@example.com. Inactive recipients are ones that have bounced."


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def deliver_in_trouble(error: Exception) -> OutgoingMail:
    with patch.object(EmailBackend, "send_messages", side_effect=error):
        return deliver_one(make_sent())


# Once


def test_a_mail_is_delivered_once_however_often_the_bell_rings() -> None:
    mail = deliver_one(make_sent())
    deliver(mail)
    assert len(django_mail.outbox) == 1
    assert mail.state == MailState.SENT
    assert mail.sent_at is not None


def test_a_killed_workers_mail_is_due_again_after_its_claim() -> None:
    (mail,) = queued(make_sent())
    now = timezone.now()
    OutgoingMail.objects.update(state=MailState.SENDING, due_at=now + outbox.CLAIM)
    assert outbox.due_mail_ids(now) == []
    assert outbox.due_mail_ids(now + outbox.CLAIM) == [mail.pk]


def test_machines_are_asked_not_to_answer() -> None:
    headers = delivered(MailKind.INVITATION, make_sent()).message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def test_every_try_has_the_same_message_id_and_sending_again_a_new_one(clock: Clock) -> None:
    mail = deliver_in_trouble(SMTPException("down"))
    first_id = mail.message_id
    clock.advance(minutes=1)
    deliver(mail)
    assert first_id
    assert mail.message_id == first_id == django_mail.outbox[0].message()["Message-ID"]
    assert outbox.send_again(mail)
    assert deliver(mail).message_id not in ("", first_id)


# Not needed any more


@pytest.mark.parametrize("status", [RecipientStatus.COMPLETED, RecipientStatus.DECLINED])
def test_nobody_is_asked_for_what_they_have_done(status: str) -> None:
    envelope = make_sent()
    (mail,) = queued(envelope)
    envelope.recipients.filter(number=1).update(status=status)
    assert deliver(mail).state == MailState.NOT_NEEDED
    assert django_mail.outbox == []


def test_nobody_is_asked_to_sign_what_has_ended() -> None:
    (mail,) = queued(make_sent())
    Envelope.objects.update(status=EnvelopeStatus.VOIDED)
    assert deliver(mail).state == MailState.NOT_NEEDED


def test_nobody_is_asked_once_the_time_is_over_even_before_docusign_says_so() -> None:
    (mail,) = queued(make_sent(expires_at=timezone.now() - timedelta(minutes=1)))
    assert deliver(mail).state == MailState.NOT_NEEDED


@pytest.mark.parametrize("column", ["link_revoked_at", "link_expires_at"])
def test_nobody_is_led_to_a_closed_link(column: str) -> None:
    envelope = make_sent()
    (mail,) = queued(envelope)
    envelope.recipients.update(**{column: timezone.now() - timedelta(hours=1)})
    assert deliver(mail).state == MailState.NOT_NEEDED


def test_a_mail_of_no_use_is_not_sent_again_either() -> None:
    mail = deliver_one(make_sent())
    Envelope.objects.update(status=EnvelopeStatus.VOIDED)
    mail.envelope.refresh_from_db()
    assert not outbox.send_again(mail)
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


# Trouble


@pytest.mark.parametrize(
    "error",
    [
        SMTPException("mailbox on fire"),
        ConnectionRefusedError("mailbox on fire"),
        SMTPDataError(451, b"mailbox on fire"),
        SMTPRecipientsRefused({"ann@example.com": (450, b"mailbox on fire")}),
        SMTPAuthenticationError(535, b"mailbox on fire"),
        SMTPSenderRefused(550, b"mailbox on fire", "us@example.com"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_passing_trouble_and_our_own_is_kept_on_the_row_and_tried_again(error: Exception) -> None:
    mail = deliver_in_trouble(error)
    assert mail.state == MailState.QUEUED
    assert "mailbox on fire" in mail.error
    assert outbox.due_mail_ids(timezone.now()) == []
    assert outbox.due_mail_ids(timezone.now() + timedelta(minutes=1)) == [mail.pk]


def test_a_refused_address_is_a_bounce_at_once() -> None:
    mail = deliver_in_trouble(SMTPRecipientsRefused({"ann@example.com": (550, b"5.1.1\nno such user")}))
    assert (mail.state, mail.error) == (MailState.BOUNCED, "550 5.1.1 no such user")


def test_a_refused_message_fails_at_once() -> None:
    mail = deliver_in_trouble(SMTPDataError(554, b"we do not like it"))
    assert (mail.state, mail.error) == (MailState.FAILED, "554 we do not like it")


def test_the_delay_grows_up_to_hours_and_outlasts_a_night(clock: Clock) -> None:
    began_at, delays = timezone.now(), []
    mail = deliver_in_trouble(SMTPException("down"))
    with patch.object(EmailBackend, "send_messages", side_effect=SMTPException("down")):
        while mail.state == MailState.QUEUED:
            delays.append(mail.due_at - timezone.now())
            clock.advance(seconds=delays[-1].total_seconds() + 1)
            deliver(mail)
    assert delays == sorted(delays)
    assert max(delays) <= outbox.LONGEST_RETRY
    assert timezone.now() - began_at > timedelta(hours=12)
    assert mail.state == MailState.FAILED
    assert outbox.due_mail_ids(timezone.now() + timedelta(days=9)) == []


def test_a_mail_that_breaks_its_worker_is_given_up_too(clock: Clock) -> None:
    (mail,) = queued(make_sent())
    with patch("signing.outbox.render", side_effect=LookupError("no key")):
        for _ in range(outbox.MAX_ATTEMPTS):
            with pytest.raises(LookupError):
                outbox.deliver(mail.pk)
            clock.advance(minutes=6)
        outbox.deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.error) == (MailState.FAILED, outbox.BROKEN)


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.BOUNCED, MailState.SENT])
def test_any_mail_can_be_sent_again_to_the_address_now_on_file(state: str) -> None:
    envelope = make_sent()
    (mail,) = queued(envelope)
    OutgoingMail.objects.update(state=state, attempts=8)
    envelope.recipients.update(email="ann@new.example")
    assert outbox.send_again(OutgoingMail.objects.get())
    deliver(mail)
    assert django_mail.outbox[0].to == ["ann@new.example"]


# The copy


def completed(*, is_here: bool = True, size_bytes: int = 8, **fields: Any) -> Envelope:
    envelope = make_sent(
        status=EnvelopeStatus.COMPLETED,
        recipient_statuses=("completed", "completed"),
        documents_stored_at=timezone.now() if is_here else None,
        **fields,
    )
    if is_here:
        document = CompletedDocument(envelope=envelope, kind="combined", sha256="0" * 64, size_bytes=size_bytes)
        document.file.save("", ContentFile(b"%PDF-1.7"))
    return envelope


def test_the_signed_pdf_goes_with_the_last_mail() -> None:
    message = delivered(MailKind.COMPLETED, completed())
    assert message.attachments == [("Consulting agreement.pdf", b"%PDF-1.7", "application/pdf")]
    assert "The signed PDF is attached." in message.body


def test_by_link_alone_where_the_sender_wants_it_so() -> None:
    message = delivered(MailKind.COMPLETED, completed(attach_copy=False))
    assert message.attachments == []
    assert "attached" not in message.body
    assert "/sign/" in message.body


def test_by_link_alone_where_it_is_too_large(settings: Settings) -> None:
    too_large = settings.ATTACH_COPY_MAX_BYTES + 1
    assert delivered(MailKind.COMPLETED, completed(size_bytes=too_large)).attachments == []


def test_by_link_alone_where_the_mailbox_was_not_enough_to_see_it() -> None:
    envelope = completed()
    envelope.recipients.update(verification=Verification.ACCESS_CODE)
    assert delivered(MailKind.COMPLETED, envelope).attachments == []


def test_the_mail_waits_for_the_documents_and_no_longer_than_it_makes_sense(clock: Clock) -> None:
    mail = deliver_one(completed(is_here=False))
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)
    clock.advance(minutes=16)
    assert deliver(mail).state == MailState.SENT
    assert django_mail.outbox[0].attachments == []


def test_the_sender_is_not_kept_waiting() -> None:
    message = delivered(MailKind.SENDER_COMPLETED, completed(is_here=False))
    assert message.attachments == []


# A provider instead of SMTP


@pytest.fixture
def postmark(settings: Settings) -> Iterator[responses.RequestsMock]:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "server-token", "WEBHOOK_SECRET": "postmark:secret"}
    with responses.RequestsMock() as provider:
        yield provider


def accept(provider: responses.RequestsMock, provider_id: str) -> None:
    result = {"ErrorCode": 0, "Message": "OK", "MessageID": provider_id, "To": "ann@example.com"}
    provider.post(POSTMARK, json=result)


def report(provider_id: str, *, credentials: str = "postmark:secret") -> int:
    body = {
        "RecordType": "Bounce",
        "ID": 1,
        "Type": "HardBounce",
        "MessageID": provider_id,
        "Description": "The mailbox does not exist.",
        "Email": "ann@example.com",
        "BouncedAt": "2026-11-24T10:00:00Z",
    }
    headers = {"Authorization": f"Basic {base64.b64encode(credentials.encode()).decode()}"}
    return Browser().post("/webhooks/mail/", body, content_type="application/json", headers=headers).status_code


def test_a_provider_that_takes_the_mail(postmark: responses.RequestsMock) -> None:
    accept(postmark, "p-1")
    mail = deliver_one(make_sent())
    assert (mail.state, mail.provider_id) == (MailState.SENT, "p-1")


def test_a_provider_that_reports_a_bounce_later(postmark: responses.RequestsMock) -> None:
    accept(postmark, "p-1")
    mail = deliver_one(make_sent())
    assert report("p-1") == 200
    mail.refresh_from_db()
    assert (mail.state, mail.error) == (MailState.BOUNCED, "Postmark: The mailbox does not exist.")


def test_a_report_without_the_providers_secret_changes_nothing(postmark: responses.RequestsMock) -> None:
    accept(postmark, "p-1")
    mail = deliver_one(make_sent())
    assert report("p-1", credentials="postmark:guess") == 400
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_a_report_about_somebody_elses_mail_is_taken_calmly(postmark: responses.RequestsMock) -> None:
    with postmark:
        postmark.assert_all_requests_are_fired = False
        assert report("unheard-of") == 200


def test_without_a_provider_nobody_can_report_anything() -> None:
    assert report("p-1") == 404


@pytest.mark.parametrize(
    ("status_code", "answer", "state"),
    [
        (422, {"ErrorCode": 406, "Message": INACTIVE}, MailState.BOUNCED),
        (422, {"ErrorCode": 400, "Message": "Sender signature not found"}, MailState.FAILED),
        (401, {"ErrorCode": 10, "Message": "Bad token"}, MailState.QUEUED),
        (503, {}, MailState.QUEUED),
    ],
    ids=["refuses the address", "refuses the message", "our key is wrong", "down"],
)
def test_a_provider_that_does_not_take_it(
    postmark: responses.RequestsMock, status_code: int, answer: dict[str, object], state: str
) -> None:
    postmark.post(POSTMARK, status=status_code, json=answer)
    assert deliver_one(make_sent()).state == state
