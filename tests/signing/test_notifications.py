"""Who is told what, once; and what the mails say."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail as django_mail
from django.utils import timezone

from signing import letters, notifications
from signing.links import link_url
from signing.models import Envelope, EnvelopeStatus, MailKind, MailState, OutgoingMail, RecipientStatus
from tests.clock import Clock
from tests.factories import make_sent, recipient_of
from tests.mails import deliver, deliver_one, delivered, html_of, queued

pytestmark = pytest.mark.django_db

ANN, CARL, DANA = "ann@example.com", "carl@example.com", "dana@northwind.example"


def told(envelope: Envelope) -> set[tuple[str, str]]:
    return {(mail.kind, mail.to_email) for mail in queued(envelope)}


# Who


def test_whose_turn_it_is_is_invited_and_nobody_else() -> None:
    assert told(make_sent()) == {("invitation", ANN)}


def test_queueing_twice_makes_one_mail() -> None:
    envelope = make_sent()
    queued(envelope)
    assert len(queued(envelope)) == 1


@pytest.mark.parametrize(
    ("status", "recipient_statuses", "expected"),
    [
        (
            EnvelopeStatus.COMPLETED,
            ("completed", "completed"),
            {("completed", ANN), ("completed", CARL), ("sender_completed", DANA)},
        ),
        (EnvelopeStatus.DECLINED, ("completed", "declined"), {("declined", ANN), ("sender_declined", DANA)}),
        (EnvelopeStatus.VOIDED, ("completed", "sent"), {("voided", ANN), ("voided", CARL)}),
        (EnvelopeStatus.VOIDED, ("sent", "created"), {("voided", ANN)}),
    ],
    ids=["completed", "declined: not who did it", "voided: not the sender", "voided: not who was never asked"],
)
def test_of_the_end_hears_who_was_asked_and_did_not_cause_it(
    status: str, recipient_statuses: Sequence[str], expected: set[tuple[str, str]]
) -> None:
    assert told(make_sent(status=status, recipient_statuses=recipient_statuses)) == expected


def test_the_sender_is_told_when_the_time_is_over() -> None:
    now = timezone.now()
    envelope = make_sent(status=EnvelopeStatus.VOIDED, voided_at=now, expires_at=now - timedelta(minutes=1))
    assert told(envelope) == {("voided", ANN), ("sender_expired", DANA)}


def test_a_sender_without_an_address_is_told_nothing() -> None:
    envelope = make_sent(status=EnvelopeStatus.DECLINED, recipient_statuses=("declined", "created"))
    User.objects.update(email="")
    envelope.refresh_from_db()
    assert told(envelope) == set()


# What


def test_the_invitation_carries_the_signers_own_link_in_both_bodies() -> None:
    envelope = make_sent()
    message = delivered(MailKind.INVITATION, envelope)
    link = link_url(recipient_of(envelope, 1))
    assert message.to == [ANN]
    assert link in message.body
    assert link in html_of(message)


def test_a_later_signer_is_told_who_has_signed_before() -> None:
    envelope = make_sent(recipient_statuses=("completed", "sent"))
    message = delivered(MailKind.INVITATION, envelope)
    assert message.subject == "Your turn to sign: Consulting agreement"
    assert "Signed before you: Ann Bee." in message.body


def test_a_reply_reaches_the_sender() -> None:
    assert delivered(MailKind.INVITATION, make_sent()).reply_to == [DANA]


def test_the_senders_message_is_in_the_mail_and_cannot_inject_html() -> None:
    message = delivered(MailKind.INVITATION, make_sent(message="Hello <script>alert(1)</script>"))
    assert "<script>" in message.body  # plain text stays as typed
    assert "<script>" not in html_of(message)


def test_a_subject_with_line_breaks_cannot_add_headers() -> None:
    message = delivered(MailKind.INVITATION, make_sent(subject="Lease\r\nBcc: eve@example.com"))
    assert message.subject == "Dana Field asks you to sign: Lease Bcc: eve@example.com"


def test_the_mail_says_until_when_it_can_be_signed_and_in_which_zone() -> None:
    expires_at = timezone.now().replace(year=2031, month=5, day=9, hour=14, minute=30)
    assert (
        "Sign by: May 9, 2031, 2:30 p.m. UTC" in delivered(MailKind.INVITATION, make_sent(expires_at=expires_at)).body
    )


def test_others_hear_that_someone_declined_and_only_the_sender_why() -> None:
    envelope = make_sent(status=EnvelopeStatus.DECLINED, recipient_statuses=("completed", RecipientStatus.DECLINED))
    envelope.recipients.filter(number=2).update(declined_reason="The fee is wrong")
    to_ann, to_dana = delivered(MailKind.DECLINED, envelope), delivered(MailKind.SENDER_DECLINED, envelope)
    assert "Carl Dee has declined to sign" in to_ann.body
    assert "The fee is wrong" not in to_ann.body
    assert "The fee is wrong" in to_dana.body


def test_the_senders_mail_leads_to_the_record_and_holds_no_signing_link() -> None:
    envelope = make_sent(status=EnvelopeStatus.COMPLETED, recipient_statuses=("completed", "completed"))
    message = delivered(MailKind.SENDER_COMPLETED, envelope)
    assert f"http://portal.test/admin/signing/envelope/{envelope.pk}/change/" in message.body
    assert "/sign/" not in message.body + html_of(message)


def test_an_expired_envelope_is_not_said_to_be_withdrawn() -> None:
    now = timezone.now()
    envelope = make_sent(status=EnvelopeStatus.VOIDED, voided_at=now, expires_at=now, voided_reason="expired")
    assert delivered(MailKind.VOIDED, envelope).subject == "Expired: Consulting agreement"


def test_a_withdrawn_envelope_comes_with_the_senders_reason() -> None:
    message = delivered(MailKind.VOIDED, make_sent(status=EnvelopeStatus.VOIDED, voided_reason="Wrong annex"))
    assert message.subject == "Withdrawn: Consulting agreement"
    assert "Wrong annex" in message.body


@pytest.mark.parametrize("kind", MailKind.values)
def test_every_kind_of_mail_names_its_envelope(kind: str) -> None:
    envelope = make_sent(voided_reason="Because", expires_at=timezone.now())
    recipient = None if kind.startswith("sender_") else recipient_of(envelope, 1)
    mail = OutgoingMail(envelope=envelope, recipient=recipient, kind=kind, to_email=ANN)
    rendered = letters.render(mail)
    for text in (rendered.subject, rendered.text, rendered.html):
        assert envelope.subject in text


# On request


def test_a_fresh_link_asked_for_twice_is_one_mail_until_it_has_left() -> None:
    ann = recipient_of(make_sent(), 1)
    mail = notifications.queue_fresh_link(ann)
    assert notifications.queue_fresh_link(ann) == mail
    deliver(mail)
    assert notifications.queue_fresh_link(ann) != mail
    assert link_url(ann) in django_mail.outbox[0].body


def test_a_code_is_in_the_mail_and_never_in_clear_in_the_row() -> None:
    mail = notifications.queue_code(recipient_of(make_sent(), 1), "271828")
    assert "271828" not in str(OutgoingMail.objects.filter(pk=mail.pk).values().get())
    deliver(mail)
    (message,) = django_mail.outbox
    assert "271828" in message.body
    assert "271828" in html_of(message)
    assert "271828" not in message.subject  # read on locked screens


def test_only_the_last_code_asked_for_leaves() -> None:
    ann = recipient_of(make_sent(), 1)
    first, last = notifications.queue_code(ann, "111111"), notifications.queue_code(ann, "222222")
    assert deliver(first).state == MailState.NOT_NEEDED
    assert deliver(last).state == MailState.SENT
    assert len(django_mail.outbox) == 1


def test_a_code_too_old_to_be_of_use_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = notifications.queue_code(recipient_of(make_sent(), 1), "111111")
    Clock(monkeypatch).advance(minutes=11)
    assert deliver(mail).state == MailState.NOT_NEEDED
    assert django_mail.outbox == []


def test_staff_who_look_at_a_mail_see_neither_link_nor_code() -> None:
    envelope = make_sent()
    code = letters.render(notifications.queue_code(recipient_of(envelope, 1), "271828"), hides_secrets=True)
    assert "271828" not in code.text + code.html
    link = letters.render(deliver_one(envelope), hides_secrets=True)
    assert "/sign/" not in link.text + link.html
