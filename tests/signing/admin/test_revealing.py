"""A signing link before staff's eyes: only by permission, for a reason, and never without a line of the timeline."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import linking
from signing.links import link_url
from signing.models import EnvelopeEvent, EventKind, OutgoingMail, Recipient
from tests.deeds import confirm_host, open_ceremony, send
from tests.factories import make_sent, make_staff, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]

BUTTON = "Reveal signing link"


@pytest.fixture
def recipient(staff: User) -> Recipient:
    return recipient_of(make_sent(), 1)


def staff_with(*codenames: str) -> User:
    user = make_staff("kim", is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def record_path(recipient: Recipient) -> str:
    return f"/admin/signing/envelope/{recipient.envelope_id}/"


def reveal_path(recipient: Recipient) -> str:
    return f"{record_path(recipient)}signers/{recipient.number}/reveal/"


def revelations() -> list[EnvelopeEvent]:
    return list(EnvelopeEvent.objects.filter(kind=EventKind.LINK_REVEALED))


def test_who_may_sees_a_button(recipient: Recipient) -> None:
    browser = browser_of(staff_with("view_envelope", "reveal_signing_link", "see_all"))
    assert BUTTON in browser.get(f"{record_path(recipient)}change/").content.decode()


def test_who_may_not_sees_none_and_is_refused(recipient: Recipient) -> None:
    browser = browser_of(staff_with("view_envelope", "change_envelope", "see_all"))
    assert BUTTON not in browser.get(f"{record_path(recipient)}change/").content.decode()
    response = browser.post(reveal_path(recipient), {"reason": "curious"})
    assert response.status_code == 403
    assert revelations() == []


def test_the_permission_opens_no_envelope_that_one_may_not_see(recipient: Recipient) -> None:
    browser = browser_of(staff_with("reveal_signing_link"))
    assert browser.post(reveal_path(recipient), {"reason": "curious"}).status_code in (403, 404)
    assert revelations() == []


def test_the_link_is_shown_once_and_kept_nowhere(recipient: Recipient, admin_browser: Browser) -> None:
    response = admin_browser.post(reveal_path(recipient), {"reason": "Ann's mailbox is full"})
    assert link_url(recipient) in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert link_url(recipient) not in admin_browser.get(f"{record_path(recipient)}change/").content.decode()


def test_it_stands_in_the_timeline_who_saw_whose_link_and_why(recipient: Recipient, admin_browser: Browser) -> None:
    """A superuser's look is no exception."""
    admin_browser.post(reveal_path(recipient), {"reason": "Ann's mailbox is full"})
    (event,) = revelations()
    assert (event.actor_name, event.ip, event.recipient_number) == ("Dana Field", "127.0.0.1", 1)
    assert event.data == {"recipient": "Ann Bee", "reason": "Ann's mailbox is full"}
    page = admin_browser.get(f"{record_path(recipient)}change/").content.decode()
    assert "had the signing link of Ann Bee shown" in page
    assert "Their link was shown to staff" in page


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_shown(recipient: Recipient, admin_browser: Browser, reason: str) -> None:
    response = admin_browser.post(reveal_path(recipient), {"reason": reason}, follow=True)
    assert "Say why you need the link" in response.content.decode()
    assert link_url(recipient) not in response.content.decode()
    assert revelations() == []


def test_a_link_is_not_to_be_had_by_opening_an_address(recipient: Recipient, admin_browser: Browser) -> None:
    assert admin_browser.get(f"{reveal_path(recipient)}?reason=x").status_code == 405


@pytest.mark.parametrize("change", [{"link_revoked_at": timezone.now()}, {"client_user_id": ""}, {"link_digest": None}])
def test_there_is_nothing_to_reveal_of_a_link_that_opens_nothing(
    recipient: Recipient, admin_browser: Browser, change: dict[str, object]
) -> None:
    Recipient.objects.filter(pk=recipient.pk).update(**change)
    assert f"{reveal_path(recipient)}" not in admin_browser.get(f"{record_path(recipient)}change/").content.decode()
    admin_browser.post(reveal_path(recipient), {"reason": "why not"})
    assert revelations() == []


def test_a_new_link_has_been_seen_by_nobody(recipient: Recipient, admin_browser: Browser) -> None:
    admin_browser.post(reveal_path(recipient), {"reason": "Ann's mailbox is full"})
    linking.replace(recipient)
    recipient.refresh_from_db()
    assert recipient.link_revealed_at is None


def test_docusign_is_told_that_a_seen_link_proves_no_mailbox(docusign: SandboxProcess) -> None:
    envelope = send()
    linking.reveal(recipient_of(envelope, 1), reason="Ann's mailbox is full")
    open_ceremony(recipient_of(envelope, 1))
    (call,) = docusign.requests("POST", "/views/recipient")
    assert call["body"]["authenticationMethod"] == "None"


def mail_to(recipient: Recipient) -> OutgoingMail:
    return OutgoingMail.objects.create(
        envelope=recipient.envelope,
        recipient=recipient,
        kind="invitation",
        to_email=recipient.email,
        due_at=timezone.now(),
    )


def test_a_demos_preview_is_on_record_too(recipient: Recipient, settings: Settings, admin_browser: Browser) -> None:
    settings.MAIL_PREVIEW = True
    path = f"/admin/signing/outgoingmail/{mail_to(recipient).pk}/change/"
    for _ in range(2):
        response = admin_browser.get(path)
        assert link_url(recipient) in response.content.decode()
        assert "no-store" in response["Cache-Control"]
    (event,) = revelations()
    assert (event.actor_name, event.data["reason"]) == ("Dana Field", "MAIL_PREVIEW")


def test_a_preview_without_the_permission_shows_no_link(recipient: Recipient, settings: Settings) -> None:
    settings.MAIL_PREVIEW = True
    browser = browser_of(staff_with("view_outgoingmail", "see_all"))
    page = browser.get(f"/admin/signing/outgoingmail/{mail_to(recipient).pk}/change/").content.decode()
    assert "is hidden here" in page
    assert "/sign/" not in page
    assert revelations() == []


def test_a_hosts_link_can_be_revealed_and_the_host_is_asked_all_the_same(recipient: Recipient) -> None:
    Recipient.objects.filter(pk=recipient.pk).update(kind="in_person_signer", host_name="Hal", host_email="h@x.example")
    recipient.refresh_from_db()
    linking.reveal(recipient, reason="The host's mail is down")
    confirm_host(recipient)
    assert EnvelopeEvent.objects.filter(kind=EventKind.IN_PERSON_CONFIRMED).count() == 1
