"""Signer links: long, unguessable, not to be had from the database alone."""

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing.links import find_recipient, link_token_for, link_token_of, link_url, new_link_of, open_link
from tests.factories import make_sent, recipient_of

pytestmark = pytest.mark.django_db


def test_a_link_leads_to_its_recipient() -> None:
    recipient = recipient_of(make_sent(), 1)
    assert find_recipient(link_token_of(recipient)) == recipient


def test_the_address_in_a_mail_is_absolute() -> None:
    recipient = recipient_of(make_sent(), 1)
    assert link_url(recipient) == f"http://portal.test/sign/{link_token_of(recipient)}/"


def test_two_recipients_have_different_links() -> None:
    envelope = make_sent()
    assert link_token_of(recipient_of(envelope, 1)) != link_token_of(recipient_of(envelope, 2))


def test_the_database_does_not_hold_the_link() -> None:
    recipient = recipient_of(make_sent(), 1)
    row = " ".join(str(value) for value in vars(recipient).values())
    assert link_token_of(recipient) not in row
    assert link_token_for(recipient.link_nonce, "another secret key") != link_token_of(recipient)


def test_a_replaced_link_no_longer_works() -> None:
    recipient = recipient_of(make_sent(), 1)
    old = link_token_of(recipient)
    new_link_of(recipient, timezone.now())
    recipient.save()
    assert find_recipient(old) is None
    assert find_recipient(link_token_of(recipient)) == recipient


def test_links_survive_a_rotation_of_the_secret_key(settings: Settings) -> None:
    recipient = recipient_of(make_sent(), 1)
    old = link_token_of(recipient)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "rotated-" + "y" * 50
    assert link_token_of(recipient) == old
    assert find_recipient(old) == recipient


@pytest.mark.parametrize("link_token", ["", "short", "x" * 43, "ü" * 43, "x" * 44, "../../etc/passwd", "a b" * 15])
def test_unknown_and_malformed_links_lead_nowhere(link_token: str) -> None:
    assert find_recipient(link_token) is None


def test_opening_a_link_gives_it_an_end(settings: Settings) -> None:
    settings.SIGNER_LINK_DAYS = 7
    recipient = recipient_of(make_sent(), 1)
    now = timezone.now()
    open_link(recipient, now)
    assert recipient.link_expires_at is not None
    assert (recipient.link_expires_at - now).days == 7
