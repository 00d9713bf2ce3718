"""Sending in the name of staff: the way to consent and back, whose token is used, and what happens when it is lost."""

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from sandbox.robot import Robot
from signing import connection, identities, polling, sending, tasks, voiding
from signing.docusign import RequestRefusedError, code_grant
from signing.docusign.code_grant import challenge_of
from signing.models import (
    Delivery,
    Envelope,
    EnvelopeStatus,
    EventKind,
    LossReason,
    MailKind,
    OutgoingMail,
    PortalKind,
    SendingIdentity,
)
from signing.models.event import EnvelopeEvent
from tests.clock import travel
from tests.deeds import send, sign
from tests.factories import ANN, make_draft, make_staff
from tests.identities import (
    accept,
    as_service,
    connect,
    connected,
    leave_for_docusign,
    query_of,
    user_guid,
    withdraw_consent,
)
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

REMOTE = replace(ANN, delivery=Delivery.DOCUSIGN)
MINE = "admin:signing_sendingidentity_mine"


def draft_as(identity: SendingIdentity | None, **draft: Any) -> Envelope:
    envelope = make_draft(signers=[REMOTE], **draft)
    Envelope.objects.filter(pk=envelope.pk).update(sent_as=identity)
    envelope.refresh_from_db()
    return envelope


def sender_at_docusign(sandbox: SandboxProcess, envelope: Envelope) -> str:
    url = f"{sandbox.api_url}/envelopes/{envelope.docusign_id}"
    sender: dict[str, str] = requests.get(url, headers=as_service(sandbox), timeout=10).json()["sender"]
    return sender["email"]


def kinds(envelope: Envelope) -> list[str]:
    return list(envelope.events.order_by("id").values_list("kind", flat=True))


@pytest.fixture(autouse=True)
def on_this_machine(settings: Settings) -> None:
    """Where the sandbox takes any redirect URI for a registered one."""
    settings.PORTAL_BASE_URL = "http://127.0.0.1:8000"


@pytest.fixture
def alex(docusign: SandboxProcess, staff: User) -> SendingIdentity:
    """Dana of the staff, connected with Alex at Docusign."""
    return connected(staff, docusign)


# --- The way to consent and back ---


def test_a_person_comes_back_from_docusign_connected(docusign: SandboxProcess, admin_browser: Browser) -> None:
    page = connect(admin_browser, user_guid(docusign))
    assert "you can send as Alex Sender now" in page.content.decode()
    identity = SendingIdentity.objects.get()
    assert (identity.name, identity.email, identity.account_id) == (
        "Alex Sender",
        "alex@sandbox.example",
        docusign.account_id,
    )
    told = EnvelopeEvent.objects.get(kind=PortalKind.IDENTITY_CONNECTED)
    assert (told.about, told.data["name"]) == (f"user:{identity.user_id}", "Alex Sender")


def test_the_consent_page_is_asked_with_a_state_and_an_s256_challenge(
    docusign: SandboxProcess, admin_browser: Browser
) -> None:
    query = query_of(leave_for_docusign(admin_browser))
    assert query["scope"] == "signature impersonation"
    assert query["redirect_uri"].endswith("/docusign/identity/")
    assert query["code_challenge_method"] == "S256"
    assert len(query["state"]) >= 40
    assert query["code_challenge"] not in str(admin_browser.session.items())


def test_no_code_and_no_token_is_kept(docusign: SandboxProcess, admin_browser: Browser) -> None:
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign))
    admin_browser.get(way_back)
    code = query_of(way_back)["code"]
    rows = [*SendingIdentity.objects.values(), *EnvelopeEvent.objects.values(), dict(admin_browser.session)]
    assert code not in str(rows)
    assert "refresh" not in str(rows)


@pytest.mark.parametrize("spoilt", ["state=forged", "state=", "nothing=1"])
def test_an_answer_with_another_state_is_refused(docusign: SandboxProcess, admin_browser: Browser, spoilt: str) -> None:
    query = query_of(accept(leave_for_docusign(admin_browser), user_guid(docusign)))
    page = admin_browser.get(f"/docusign/identity/?code={query['code']}&{spoilt}", follow=True)
    assert "belongs to no question of yours" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_an_answer_is_good_once(docusign: SandboxProcess, admin_browser: Browser) -> None:
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign))
    admin_browser.get(way_back)
    page = admin_browser.get(way_back, follow=True)
    assert "or was used already" in page.content.decode()


def test_an_answer_is_good_in_no_other_session(docusign: SandboxProcess, admin_browser: Browser, staff: User) -> None:
    """Somebody else's way back, put before me, would connect me with their user."""
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign))
    other = Browser()
    other.force_login(make_staff("eve"))
    page = other.get(way_back, follow=True)
    assert "belongs to no question of yours" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_an_answer_that_comes_too_late_is_refused(docusign: SandboxProcess, admin_browser: Browser) -> None:
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign))
    with travel(timedelta(minutes=16)):
        page = admin_browser.get(way_back, follow=True)
    assert "took too long" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_a_code_without_its_verifier_is_worth_nothing(
    docusign: SandboxProcess, admin_browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if somebody had carried a code of another sitting into mine: state alone would not tell."""
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign))
    session = admin_browser.session
    session["docusign_identity"] = session["docusign_identity"] | {"verifier": "x" * 64}
    session.save()
    page = admin_browser.get(way_back, follow=True)
    assert "did not confirm who gave consent" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_who_declines_stays_as_they_were(docusign: SandboxProcess, admin_browser: Browser) -> None:
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign), decision="decline")
    page = admin_browser.get(way_back, follow=True)
    assert "You did not accept at Docusign" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_the_service_user_is_refused(docusign: SandboxProcess, admin_browser: Browser) -> None:
    page = connect(admin_browser, docusign.config["DOCUSIGN_USER_ID"])
    assert "own service account" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_a_user_of_another_account_is_refused(docusign: SandboxProcess, admin_browser: Browser) -> None:
    (account,) = docusign.seed(accounts=[{"accountName": "Elsewhere"}])["accounts"]
    membership = {"accountId": account["accountId"]}
    (zoe,) = docusign.seed(users=[{"userName": "Zoe", "email": "zoe@else.example", "memberships": [membership]}])[
        "users"
    ]
    page = connect(admin_browser, zoe["userId"])
    assert "does not belong to the organisation" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_two_colleagues_cannot_connect_the_same_docusign_user(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    browser = Browser()
    browser.force_login(make_staff("eve"))
    page = connect(browser, alex.docusign_user_id)
    assert "connected by a colleague already" in page.content.decode()
    assert SendingIdentity.objects.get() == alex


def test_connecting_another_user_ends_the_former_one(
    docusign: SandboxProcess, alex: SendingIdentity, admin_browser: Browser
) -> None:
    (bo,) = docusign.seed(users=[{"userName": "Bo Other", "email": "bo@sandbox.example"}])["users"]
    assert query_of(leave_for_docusign(admin_browser, other="1"))["prompt"] == "login"
    connect(admin_browser, bo["userId"], other="1")
    alex.refresh_from_db()
    assert alex.lost_reason == LossReason.DISCONNECTED
    assert SendingIdentity.objects.get(lost_at=None).name == "Bo Other"


def test_with_the_secret_and_without_pkce_it_works_too(
    docusign: SandboxProcess, admin_browser: Browser, settings: Settings
) -> None:
    settings.DOCUSIGN_PKCE, settings.DOCUSIGN_CLIENT_SECRET = False, docusign.config["DOCUSIGN_CLIENT_SECRET"]
    assert "code_challenge" not in query_of(leave_for_docusign(admin_browser))
    connect(admin_browser, user_guid(docusign))
    assert SendingIdentity.objects.exists()


def test_with_both_it_works_too(docusign: SandboxProcess, admin_browser: Browser, settings: Settings) -> None:
    settings.DOCUSIGN_CLIENT_SECRET = docusign.config["DOCUSIGN_CLIENT_SECRET"]
    connect(admin_browser, user_guid(docusign))
    assert SendingIdentity.objects.exists()


def test_the_challenge_is_the_verifiers_hash() -> None:
    request = code_grant.new_request("https://portal.example/docusign/identity/", uses_pkce=True)
    digest = hashlib.sha256(request.verifier.encode()).digest()
    assert challenge_of(request.verifier) == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert 43 <= len(request.verifier) <= 128


# --- Sending ---


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


def demote_service_user(sandbox: SandboxProcess) -> None:
    membership = {"accountId": sandbox.account_id, "isDefault": True, "isAdmin": False}
    user_id = sandbox.config["DOCUSIGN_USER_ID"]
    sandbox.seed(users=[{"userId": user_id, "memberships": [membership]}])


# --- The consent is lost ---


def lose_consent(docusign: SandboxProcess, identity: SendingIdentity) -> None:
    """Withdrawn at Docusign, and the token that outlives it has run out."""
    withdraw_consent(docusign, identity.docusign_user_id)
    connection.forget(identity)


def test_what_is_to_leave_after_a_withdrawal_waits_for_a_decision(
    docusign: SandboxProcess, alex: SendingIdentity
) -> None:
    lose_consent(docusign, alex)
    envelope = send(draft_as(alex))
    assert envelope.status == EnvelopeStatus.DRAFT
    assert "the consent was withdrawn" in envelope.last_error
    assert kinds(envelope)[-1] == EventKind.SENDER_HELD
    (mail,) = OutgoingMail.objects.filter(kind=MailKind.SENDER_LOST)
    assert mail.to_email == envelope.owner.email
    assert docusign.mails() == []


def test_by_the_sites_own_rule_the_service_account_sends_it_and_says_so(
    docusign: SandboxProcess, alex: SendingIdentity, settings: Settings
) -> None:
    settings.LOST_SENDER = "service-account"
    lose_consent(docusign, alex)
    envelope = send(draft_as(alex))
    assert envelope.status == EnvelopeStatus.SENDING
    tasks.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert sender_at_docusign(docusign, envelope) == "signing-service@sandbox.example"
    assert EventKind.SENDER_REPLACED in kinds(envelope)
    assert envelope.sent_as is None


def test_after_sending_the_service_account_takes_over_and_says_so(
    docusign: SandboxProcess, alex: SendingIdentity
) -> None:
    envelope = send(draft_as(alex))
    lose_consent(docusign, alex)
    voiding.void(envelope, reason="A mistake")
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.VOIDED
    assert EventKind.SENDER_LOST in kinds(envelope)
    assert OutgoingMail.objects.filter(kind=MailKind.SENDER_LOST, envelope=envelope).count() == 1


def test_a_user_closed_at_docusign_is_found_by_a_token_that_was_still_good(
    docusign: SandboxProcess, alex: SendingIdentity
) -> None:
    envelope = send(draft_as(alex))
    close(docusign, alex)
    voiding.void(envelope, reason="A mistake")
    alex.refresh_from_db()
    envelope.refresh_from_db()
    assert (alex.lost_reason, envelope.status) == (LossReason.CLOSED, EnvelopeStatus.VOIDED)


def close(docusign: SandboxProcess, identity: SendingIdentity) -> None:
    docusign.seed(
        users=[
            {
                "userId": identity.docusign_user_id,
                "memberships": [{"accountId": docusign.account_id, "status": "Closed"}],
            }
        ]
    )


def test_one_persons_trouble_pauses_nobody_else(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    lose_consent(docusign, alex)
    send(draft_as(alex))
    assert not connection.is_paused()
    assert connection.trouble() is None
    assert send(draft_as(None)).status == EnvelopeStatus.SENT


def test_trouble_of_the_service_account_ends_no_consent(
    docusign: SandboxProcess, alex: SendingIdentity, settings: Settings
) -> None:
    docusign.control("POST", "consent", {"granted": False, "userId": docusign.config["DOCUSIGN_USER_ID"]})
    connection.shared_grants().forget()
    envelope = send(draft_as(alex))
    assert envelope.status == EnvelopeStatus.SENT
    alex.refresh_from_db()
    assert alex.lost_at is None


def test_consenting_again_brings_it_back(
    docusign: SandboxProcess, alex: SendingIdentity, admin_browser: Browser
) -> None:
    lose_consent(docusign, alex)
    envelope = send(draft_as(alex))
    connect(admin_browser, alex.docusign_user_id)
    alex.refresh_from_db()
    assert alex.lost_at is None
    envelope = send(Envelope.objects.get(pk=envelope.pk))
    assert sender_at_docusign(docusign, envelope) == "alex@sandbox.example"


def test_a_deactivated_colleagues_identity_is_not_used_any_more(
    docusign: SandboxProcess, alex: SendingIdentity
) -> None:
    User.objects.filter(pk=alex.user_id).update(is_active=False)
    docusign.control("POST", "reset")
    envelope = send(draft_as(alex))
    assert envelope.status == EnvelopeStatus.DRAFT
    alex.refresh_from_db()
    assert alex.lost_reason == LossReason.DEACTIVATED
    assert not [c for c in docusign.requests("POST") if c["path"].endswith("/envelopes")]


def test_a_loss_is_told_once_however_many_meet_it(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    envelope = send(draft_as(alex))
    assert identities.lose(alex, LossReason.CONSENT)
    assert not identities.lose(SendingIdentity.objects.get(), LossReason.CLOSED)
    assert kinds(envelope).count(EventKind.SENDER_LOST) == 1


# --- The composer and the pages ---


def review_url(envelope: Envelope) -> str:
    return reverse("admin:signing_envelope_review", args=[envelope.pk])


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
