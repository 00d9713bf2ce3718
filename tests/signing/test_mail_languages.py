"""The mails in all languages."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from signing import letters
from signing.models import Envelope, MailKind, OutgoingMail, Recipient
from tests.factories import make_sent, recipient_of
from tests.mails import delivered, html_of

pytestmark = pytest.mark.django_db

TRANSLATED = [code for code, _name in settings.LANGUAGES if code != "en"]


def in_language(language: str) -> tuple[Envelope, Recipient]:
    envelope = make_sent(expires_at=timezone.now() + timedelta(days=9))
    envelope.recipients.update(language=language)
    return envelope, recipient_of(envelope, 1)


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("", "Dana Field asks you to sign: Consulting agreement"),
        ("de", "Dana Field bittet Sie um Ihre Unterschrift: Consulting agreement"),
        ("ja", "Dana Field 様から署名のご依頼：Consulting agreement"),
    ],
)
def test_a_mail_speaks_its_recipients_language(language: str, subject: str) -> None:
    envelope, _ann = in_language(language)
    assert delivered(MailKind.INVITATION, envelope).subject == subject


def test_dates_are_written_as_the_language_writes_them() -> None:
    envelope, _ann = in_language("de")
    Envelope.objects.update(expires_at="2031-05-09T14:30:00Z")
    assert "9. Mai 2031 14:30 UTC" in delivered(MailKind.INVITATION, envelope).body


@pytest.mark.parametrize("language", ["ar", "he"])
def test_what_is_read_from_right_to_left_is_written_so(language: str) -> None:
    envelope, _ann = in_language(language)
    assert f'<html lang="{language}" dir="rtl">' in html_of(delivered(MailKind.INVITATION, envelope))


def test_the_sender_is_written_to_in_the_portals_language() -> None:
    envelope, _ann = in_language("de")
    mail = OutgoingMail(envelope=envelope, kind=MailKind.SENDER_COMPLETED, to_email="dana@northwind.example")
    assert letters.render(mail).subject == "Signed by everyone: Consulting agreement"


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("kind", MailKind.values)
def test_every_mail_renders_in_every_language(language: str, kind: str) -> None:
    envelope, ann = in_language(language)
    recipient = None if kind.startswith("sender_") else ann
    rendered = letters.render(OutgoingMail(envelope=envelope, recipient=recipient, kind=kind, to_email="a@b.example"))
    assert envelope.subject in rendered.html
    assert "%(" not in rendered.subject + rendered.text + rendered.html
