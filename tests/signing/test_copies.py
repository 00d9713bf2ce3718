"""A copy by mail: to the address on file, through the outbox, and not to please a mail scanner."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django.utils import timezone

from signing import outbox
from signing.copies import ASKED_PER_DAY
from signing.models import CompletedDocument, Envelope, MailKind, OutgoingMail, Recipient
from tests.clock import Clock
from tests.deeds import path_of
from tests.factories import make_sent, recipient_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]

BUTTON = "Mail me a copy"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def completed(*, size_bytes: int = 9, **fields: Any) -> Recipient:
    """The first signer of an envelope that all have signed, whose documents are here."""
    now = timezone.now()
    envelope = make_sent(
        status="completed",
        recipient_statuses=("completed", "completed"),
        completed_at=now,
        documents_stored_at=now,
        **fields,
    )
    document = CompletedDocument(envelope=envelope, kind="combined", size_bytes=size_bytes, sha256="0" * 64)
    document.file.save("signed.pdf", ContentFile(b"%PDF-1.7\n"))
    return recipient_of(envelope, 1)


def page_of(recipient: Recipient) -> str:
    return Browser().get(path_of(recipient)).content.decode()


def ask(recipient: Recipient) -> str:
    return Browser().post(f"{path_of(recipient)}copy/", follow=True).content.decode()


def copies() -> int:
    return OutgoingMail.objects.filter(kind=MailKind.COMPLETED).count()


def deliver() -> None:
    for mail_id in outbox.due_mail_ids(timezone.now()):
        outbox.deliver(mail_id)


def test_the_copy_goes_to_the_address_on_file_with_the_pdf() -> None:
    recipient = completed()
    assert BUTTON in page_of(recipient)
    page = ask(recipient)
    assert "Look into your mailbox" in page
    assert "a…@example.com" in page
    deliver()
    (sent,) = mail.outbox
    assert sent.to == ["ann@example.com"]
    assert sent.attachments[0][1] == b"%PDF-1.7\n"


def test_pressing_twice_sends_one() -> None:
    recipient = completed()
    ask(recipient)
    deliver()
    ask(recipient)
    assert copies() == 1


def test_a_while_later_another_one_goes_but_not_all_day(clock: Clock) -> None:
    recipient = completed()
    for asked in range(1, ASKED_PER_DAY + 3):
        assert "Look into your mailbox" in ask(recipient)
        deliver()
        clock.advance(minutes=11)
        assert copies() == min(asked, ASKED_PER_DAY)
    clock.advance(days=1)
    ask(recipient)
    assert copies() == ASKED_PER_DAY + 1


def test_a_scanner_of_the_mail_that_told_of_the_end_gets_no_other(clock: Clock) -> None:
    recipient = completed()
    OutgoingMail.objects.create(
        envelope=recipient.envelope,
        recipient=recipient,
        kind="completed",
        to_email=recipient.email,
        due_at=timezone.now(),
    )
    clock.advance(hours=1)  # it left late
    deliver()
    ask(recipient)
    assert copies() == 1


def test_looking_sends_nothing() -> None:
    recipient = completed()
    Browser().get(f"{path_of(recipient)}copy/")
    Browser().head(f"{path_of(recipient)}copy/")
    assert copies() == 0


@pytest.mark.parametrize("fields", [{"attach_copy": False}, {"size_bytes": 50_000_000}])
def test_where_no_copy_may_go_by_mail_none_is_offered_nor_sent(fields: dict[str, int]) -> None:
    recipient = completed(**fields)
    page = page_of(recipient)
    assert "Download signed PDF" in page
    assert BUTTON not in page
    ask(recipient)
    assert copies() == 0


def test_who_needs_an_access_code_gets_no_copy_by_mail() -> None:
    recipient = completed()
    Recipient.objects.update(verification="access_code")
    assert BUTTON not in page_of(recipient)
    ask(recipient)
    assert copies() == 0


@pytest.mark.parametrize("status", ["sent", "declined", "voided"])
def test_before_everyone_has_signed_there_is_no_copy(status: str) -> None:
    recipient = completed()
    Envelope.objects.update(status=status)
    ask(recipient)
    assert copies() == 0


def test_behind_an_expired_link_there_is_no_copy() -> None:
    recipient = completed()
    long_ago = timezone.now() - timedelta(days=31)
    Recipient.objects.update(link_expires_at=long_ago)
    Envelope.objects.update(completed_at=long_ago)
    ask(recipient)
    assert copies() == 0
