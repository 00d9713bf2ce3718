"""The composer's choice, one's own page and the administrators'."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from signing import identities, sending, tasks
from signing.models import (
    EnvelopeStatus,
    EventKind,
    LossReason,
    PortalKind,
    SendingIdentity,
)
from signing.models.event import EnvelopeEvent
from tests.deeds import send
from tests.factories import make_draft, make_staff
from tests.identities import (
    connect,
    user_guid,
    withdraw_consent,
)
from tests.sandbox_process import SandboxProcess

from .senders import MINE, draft_as, review_url, sender_at_docusign

pytestmark = pytest.mark.django_db


def test_the_composer_leads_who_has_none_to_consent_and_back(docusign: SandboxProcess, admin_browser: Browser) -> None:
    envelope = draft_as(None)
    page = admin_browser.get(review_url(envelope)).content.decode()
    assert f"{reverse(MINE)}?next={review_url(envelope)}" in page
    back = connect(admin_browser, user_guid(docusign), next=review_url(envelope))
    assert back.redirect_chain[-1][0] == review_url(envelope)  # type: ignore[attr-defined]
    assert "Yourself: Alex Sender" in back.content.decode()


def test_without_consent_one_is_led_to_it_and_sends(
    docusign: SandboxProcess, admin_browser: Browser, settings: Settings
) -> None:
    """The whole way: composer, Docusign, composer, and the mail that Docusign writes to whom it invites itself."""
    settings.SEND_UNDO_SECONDS = 0
    envelope = draft_as(None, subject="Please sign")
    connect(admin_browser, user_guid(docusign), next=review_url(envelope))
    alex = SendingIdentity.objects.get()
    admin_browser.post(review_url(envelope), {"subject": "Please sign", "sent_as": str(alex.pk), "_send": "1"})
    tasks.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    (mail,) = docusign.mails(kind="invitation")
    assert (mail["from"], mail["replyTo"], mail["to"]) == ("Alex Sender", "alex@sandbox.example", "ann@example.com")
    assert sender_at_docusign(docusign, envelope) == "alex@sandbox.example"


def test_who_is_connected_chooses_and_sends(
    docusign: SandboxProcess, alex: SendingIdentity, admin_browser: Browser, settings: Settings
) -> None:
    settings.SEND_UNDO_SECONDS = 0
    envelope = draft_as(None)
    admin_browser.post(review_url(envelope), {"subject": "Hello", "sent_as": str(alex.pk), "_send": "1"})
    envelope.refresh_from_db()
    assert (envelope.sent_as, envelope.status) == (alex, EnvelopeStatus.SENDING)
    chosen = envelope.events.get(kind=EventKind.SENDER_CHOSEN)
    assert chosen.data["to"] == "Alex Sender"


def test_nobody_sends_in_a_colleagues_name(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    eve = Browser()
    eve.force_login(make_staff("eve"))
    envelope = draft_as(alex)
    page = eve.post(review_url(envelope), {"subject": "Hello", "_send": "1"})
    envelope.refresh_from_db()
    assert "only they can do that" in page.content.decode()
    assert envelope.is_draft
    eve.post(review_url(draft := draft_as(None)), {"subject": "Hello", "sent_as": str(alex.pk)})
    draft.refresh_from_db()
    assert draft.sent_as is None


def test_a_lost_sender_must_be_replaced_before_sending(
    docusign: SandboxProcess, alex: SendingIdentity, admin_browser: Browser
) -> None:
    identities.lose(alex, LossReason.CONSENT)
    envelope = draft_as(alex)
    page = admin_browser.post(review_url(envelope), {"subject": "Hello", "_send": "1"})
    assert page.status_code == 422
    assert "cannot be sent as Alex Sender any more" in page.content.decode()
    admin_browser.post(review_url(envelope), {"subject": "Hello", "sent_as": "service-account", "_send": "1"})
    envelope.refresh_from_db()
    assert (envelope.sent_as, envelope.status) == (None, EnvelopeStatus.SENDING)


def test_where_people_are_preferred_a_new_draft_is_theirs(
    docusign: SandboxProcess, alex: SendingIdentity, settings: Settings
) -> None:
    settings.SENDING_IDENTITIES = "preferred"
    assert make_draft(alex.user).sent_as == alex
    assert make_draft(make_staff("eve")).sent_as is None


def test_the_record_says_who_took_over(docusign: SandboxProcess, alex: SendingIdentity, admin_browser: Browser) -> None:
    envelope = send(draft_as(alex))
    record = reverse("admin:signing_envelope_change", args=[envelope.pk])
    assert "Alex Sender" in admin_browser.get(record).content.decode()
    identities.lose(alex, LossReason.CLOSED)
    page = admin_browser.get(record).content.decode()
    assert "The service account has taken over" in page
    assert "the user was closed at Docusign" in page


def test_a_person_sees_and_ends_their_own(
    docusign: SandboxProcess, alex: SendingIdentity, admin_browser: Browser
) -> None:
    assert "alex@sandbox.example" in admin_browser.get(reverse(MINE)).content.decode()
    page = admin_browser.post(reverse("admin:signing_sendingidentity_disconnect"), follow=True)
    assert "nothing is sent in your name any more" in page.content.decode()
    alex.refresh_from_db()
    assert alex.lost_reason == LossReason.DISCONNECTED


def test_checking_now_finds_a_withdrawal_at_once(
    docusign: SandboxProcess, alex: SendingIdentity, admin_browser: Browser
) -> None:
    check = reverse("admin:signing_sendingidentity_check")
    assert "lets this portal act for you." in admin_browser.post(check, follow=True).content.decode()
    withdraw_consent(docusign, alex.docusign_user_id)
    page = admin_browser.post(check, follow=True).content.decode()
    assert "does not let this portal act for you any more" in page
    assert "the consent was withdrawn at Docusign" in page


def test_administrators_see_and_revoke_everybodys(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    browser = Browser()
    browser.force_login(make_staff("root"))
    listing = reverse("admin:signing_sendingidentity_changelist")
    assert "Alex Sender" in browser.get(listing).content.decode()
    browser.post(listing, {"action": "revoke", "_selected_action": str(alex.pk)})
    alex.refresh_from_db()
    assert alex.lost_reason == LossReason.REVOKED
    told = EnvelopeEvent.objects.get(kind=PortalKind.IDENTITY_LOST)
    assert told.actor_name == "Root Field"


def test_others_see_only_their_own_page(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    browser = Browser()
    browser.force_login(make_staff("eve", is_superuser=False))
    assert browser.get(reverse("admin:signing_sendingidentity_changelist")).status_code == 403
    page = browser.get(reverse(MINE))
    assert page.status_code == 200
    assert "Alex" not in page.content.decode()


def test_switched_off_nobody_is_led_to_consent(connected: None, admin_browser: Browser, settings: Settings) -> None:
    settings.SENDING_IDENTITIES = "off"
    envelope = make_draft()
    assert "connect your Docusign user" not in admin_browser.get(review_url(envelope)).content.decode()
    assert admin_browser.post(reverse("admin:signing_sendingidentity_connect")).status_code == 403
    assert sending.claim_for_sending(envelope)
