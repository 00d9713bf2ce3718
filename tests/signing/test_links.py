"""Signer links: long, unguessable, not to be had from the database alone, replaced and revoked."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import linking
from signing.links import Link, find_link, link_token_for, link_token_of, link_url, open_link
from signing.models import LinkState, MailKind, OutgoingMail, Recipient
from tests.clock import Clock
from tests.deeds import path_of
from tests.factories import make_sent, recipient_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]

LONG_AGO = timezone.now() - timedelta(days=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def recipient() -> Recipient:
    return recipient_of(make_sent(), 1)


def found(link_token: str) -> Link:
    link = find_link(link_token)
    assert link is not None
    return link


def expire(recipient: Recipient) -> None:
    Recipient.objects.filter(pk=recipient.pk).update(link_expires_at=LONG_AGO)


def ask_for_fresh_link(path: str) -> str:
    return Browser().post(f"{path}fresh-link/", follow=True).content.decode()


def fresh_link_mails() -> int:
    return OutgoingMail.objects.filter(kind=MailKind.FRESH_LINK).count()


def test_a_link_leads_to_its_recipient(recipient: Recipient) -> None:
    assert found(link_token_of(recipient)).recipient == recipient


def test_the_address_in_a_mail_is_absolute(recipient: Recipient) -> None:
    assert link_url(recipient) == f"http://portal.test/sign/{link_token_of(recipient)}/"


def test_two_recipients_have_different_links() -> None:
    envelope = make_sent()
    assert link_token_of(recipient_of(envelope, 1)) != link_token_of(recipient_of(envelope, 2))


def test_the_database_does_not_hold_the_link(recipient: Recipient) -> None:
    row = " ".join(str(value) for value in vars(recipient).values())
    assert link_token_of(recipient) not in row
    assert link_token_for(recipient.link_nonce, "another secret key") != link_token_of(recipient)


def test_a_replaced_link_is_known_and_opens_nothing(recipient: Recipient) -> None:
    old = link_token_of(recipient)
    linking.replace(recipient)
    recipient.refresh_from_db()
    assert found(old).state == LinkState.REPLACED
    assert found(link_token_of(recipient)).state == LinkState.CURRENT


def test_a_replaced_link_tells_nothing_of_the_envelope(recipient: Recipient) -> None:
    old = path_of(recipient)
    linking.replace(recipient)
    page = Browser().get(old).content.decode()
    assert "A newer link has replaced this one" in page
    assert "Dana Field" in page
    for secret in ("Consulting agreement", "Agreement", "Ann Bee", "ann@example.com"):
        assert secret not in page


def test_a_revoked_link_opens_nothing_and_cannot_be_renewed_by_its_holder(recipient: Recipient) -> None:
    linking.revoke(recipient)
    assert "This link was withdrawn" in Browser().get(path_of(recipient)).content.decode()
    ask_for_fresh_link(path_of(recipient))
    assert fresh_link_mails() == 0


def test_replacing_a_revoked_link_opens_the_way_again(recipient: Recipient) -> None:
    linking.revoke(recipient)
    linking.replace(recipient)
    recipient.refresh_from_db()
    assert found(link_token_of(recipient)).state == LinkState.CURRENT


def test_the_holder_of_a_replaced_link_can_have_the_newest_one_mailed(recipient: Recipient) -> None:
    old = path_of(recipient)
    linking.replace(recipient)
    OutgoingMail.objects.all().delete()
    recipient.refresh_from_db()
    newest = link_token_of(recipient)
    page = ask_for_fresh_link(old)
    assert "a…@example.com" in page
    assert OutgoingMail.objects.get(kind=MailKind.FRESH_LINK).to_email == "ann@example.com"
    recipient.refresh_from_db()
    assert link_token_of(recipient) == newest  # asking spoils nothing


def test_the_holder_of_an_expired_link_gets_a_new_one_by_mail(recipient: Recipient) -> None:
    expire(recipient)
    old = path_of(recipient)
    assert "Send me a fresh link" in Browser().get(old).content.decode()
    assert "Look into your mailbox" in ask_for_fresh_link(old)
    assert fresh_link_mails() == 1
    recipient.refresh_from_db()
    assert found(link_token_of(recipient)).state == LinkState.CURRENT
    assert "asks you to sign" in Browser().get(path_of(recipient)).content.decode()


def test_asking_again_at_once_sends_nothing(recipient: Recipient, clock: Clock) -> None:
    expire(recipient)
    old = path_of(recipient)
    ask_for_fresh_link(old)
    OutgoingMail.objects.update(state="sent")
    clock.advance(minutes=9)
    ask_for_fresh_link(old)
    assert fresh_link_mails() == 1
    clock.advance(minutes=2)
    ask_for_fresh_link(old)
    assert fresh_link_mails() == 2


def test_asking_has_an_end_for_the_day(recipient: Recipient, clock: Clock) -> None:
    old = path_of(recipient)
    linking.replace(recipient)
    OutgoingMail.objects.all().delete()
    for _ in range(8):
        clock.advance(minutes=11)
        ask_for_fresh_link(old)
        OutgoingMail.objects.update(state="sent")
    assert fresh_link_mails() == linking.ASKED_PER_DAY


def test_a_link_that_works_is_not_mailed_on_request(recipient: Recipient) -> None:
    assert "asks you to sign" in ask_for_fresh_link(path_of(recipient))
    assert fresh_link_mails() == 0


def test_a_mail_that_waits_takes_the_new_link_to_the_new_address(recipient: Recipient) -> None:
    OutgoingMail.objects.create(
        envelope=recipient.envelope,
        recipient=recipient,
        kind=MailKind.INVITATION,
        to_email="old@example.com",
        due_at=timezone.now(),
    )
    linking.follow_address(recipient)
    assert set(OutgoingMail.objects.values_list("to_email", flat=True)) == {"ann@example.com"}


def test_links_survive_a_rotation_of_the_secret_key(recipient: Recipient, settings: Settings) -> None:
    old = link_token_of(recipient)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "rotated-" + "y" * 50
    assert link_token_of(recipient) == old
    assert found(old).recipient == recipient


@pytest.mark.parametrize(
    "link_token", ["", "short", "x" * 43, "ü" * 43, "x" * 44, "../../etc/passwd", "a b" * 15, "x" * 43 + ".2"]
)
def test_unknown_and_malformed_links_lead_nowhere(link_token: str) -> None:
    assert find_link(link_token) is None


def test_opening_a_link_gives_it_an_end(recipient: Recipient, settings: Settings) -> None:
    settings.SIGNER_LINK_DAYS = 7
    now = timezone.now()
    open_link(recipient, now)
    assert recipient.link_expires_at is not None
    assert (recipient.link_expires_at - now).days == 7


def guess(**headers: str) -> int:
    return Browser().get(f"/sign/{'x' * 43}/", **headers).status_code  # type: ignore[arg-type]


def test_guessing_is_stopped_for_a_while_and_right_links_with_it(recipient: Recipient, clock: Clock) -> None:
    assert [guess() for _ in range(20)] == [404] * 20
    assert guess() == 429
    response = Browser().get(path_of(recipient))
    assert response.status_code == 429
    assert "Please wait ten minutes" in response.content.decode()
    clock.advance(minutes=10)
    assert Browser().get(path_of(recipient)).status_code == 200


def test_a_link_broken_by_a_mail_program_is_no_guess(recipient: Recipient) -> None:
    broken = path_of(recipient)[:-10]
    assert {Browser().get(f"{broken}/").status_code for _ in range(30)} == {404}


def test_one_visitor_behind_a_proxy_does_not_stop_the_others(recipient: Recipient, settings: Settings) -> None:
    from portal.environment import networks

    settings.TRUSTED_PROXIES = networks("127.0.0.1, 10.0.0.0/8")
    for _ in range(25):
        guess(HTTP_X_FORWARDED_FOR="198.51.100.7, 10.1.2.3")
    assert guess(HTTP_X_FORWARDED_FOR="198.51.100.7, 10.1.2.3") == 429
    assert guess(HTTP_X_FORWARDED_FOR="198.51.100.8, 10.1.2.3") == 404


def test_nobody_escapes_the_limit_by_a_header_of_their_own() -> None:
    answers = [guess(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}") for number in range(21)]
    assert answers[-1] == 429


def test_a_proxys_word_counts_only_from_the_right(settings: Settings) -> None:
    from portal.environment import networks

    settings.TRUSTED_PROXIES = networks("127.0.0.1")
    answers = [guess(HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 198.51.100.7") for n in range(21)]
    assert answers[-1] == 429
