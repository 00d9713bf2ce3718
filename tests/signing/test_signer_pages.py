"""What anonymous signers see, and what opening their link does not do."""

import pytest
import requests
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from sandbox.robot import Robot
from signing import ceremony, sending, tasks
from signing.connection import connect, try_at_once
from signing.models import EnvelopeStatus, OutgoingMail, Recipient, RecipientStatus
from signing.views.outcomes import OUTCOMES
from tests.deeds import open_ceremony, path_of, send, sign
from tests.factories import make_sent, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]


def visit(recipient: Recipient, tail: str = "") -> str:
    response = Browser().get(path_of(recipient) + tail, follow=True)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("status", "recipient_statuses", "sentence"),
    [
        ("sent", ("sent", "created"), "Dana Field asks you to sign"),
        ("delivered", ("delivered", "created"), "Dana Field asks you to sign"),
        ("sent", ("completed", "sent"), "Thank you, you have signed"),
        ("completed", ("completed", "completed"), "Everyone has signed"),
        ("declined", ("declined", "created"), "You have declined to sign"),
        ("declined", ("completed", "declined"), "Carl Dee has declined to sign"),
        ("voided", ("sent", "created"), "Dana Field has withdrawn the request"),
        ("correct", ("sent", "created"), "The documents are being prepared"),
    ],
)
def test_each_state_of_the_link_has_its_page(status: str, recipient_statuses: tuple[str, str], sentence: str) -> None:
    envelope = make_sent(status=status, recipient_statuses=recipient_statuses)
    assert sentence in visit(recipient_of(envelope, 1))


def test_waiting_names_who_comes_before() -> None:
    page = visit(recipient_of(make_sent(), 2))
    assert "It is not your turn yet" in page
    assert "Ann Bee" in page


def test_an_expired_link_explains_itself() -> None:
    recipient = recipient_of(make_sent(), 1)
    Recipient.objects.filter(pk=recipient.pk).update(link_expires_at=timezone.now())
    assert "This link has expired" in visit(recipient)


def test_the_page_says_who_sends_what() -> None:
    envelope = make_sent(message="Please read clause 4.")
    page = visit(recipient_of(envelope, 1))
    for fact in ("Dana Field", "dana@northwind.example", "Consulting agreement", "Agreement", "1 page", "clause 4"):
        assert fact in page


def test_what_the_sender_typed_cannot_become_html() -> None:
    envelope = make_sent(subject="<script>x</script>", message="<img src=x>")
    page = visit(recipient_of(envelope, 1))
    assert "<script>x" not in page
    assert "<img src=x>" not in page


@pytest.mark.parametrize("address", ["/sign/nonsense/", f"/sign/{'x' * 43}/", f"/sign/{'x' * 43}/return/", "/sign/ü/"])
def test_an_unknown_link_is_a_404_that_tells_what_to_do(address: str) -> None:
    response = Browser().get(address)
    assert response.status_code == 404
    assert "This link does not lead anywhere" in response.content.decode()


def test_posting_to_an_unknown_link_is_the_same_404() -> None:
    assert Browser().post(f"/sign/{'x' * 43}/start/").status_code == 404


def test_no_page_needs_a_login() -> None:
    assert "asks you to sign" in visit(recipient_of(make_sent(), 1))


def test_the_button_leads_to_a_fresh_ceremony_each_time(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 1)
    first, second = open_ceremony(recipient), open_ceremony(recipient)
    assert first != second
    assert first.startswith(f"{docusign.base_url}/Signing/")


def test_starting_takes_exactly_one_call_to_docusign(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 1)
    before = len(docusign.requests())
    open_ceremony(recipient)
    assert [call["method"] for call in docusign.requests()[before:]] == ["POST"]


def test_the_link_does_not_travel_to_docusign_as_referrer(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 1)
    response = Browser().post(f"{path_of(recipient)}start/")
    assert response["Referrer-Policy"] == "no-referrer"


def test_starting_out_of_turn_shows_the_waiting_page(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 2)
    response = Browser().post(f"{path_of(recipient)}start/", follow=True)
    assert "It is not your turn yet" in response.content.decode()
    assert docusign.requests("POST", "/views/recipient") == []


def test_when_docusign_knows_better_the_page_follows(docusign: SandboxProcess) -> None:
    envelope = send()
    recipient = recipient_of(envelope, 1)
    connect().void_envelope(envelope.docusign_id or "", reason="Behind the portal's back")
    response = Browser().post(f"{path_of(recipient)}start/", follow=True)
    assert "Behind the portal" in response.content.decode()


def test_a_name_corrected_at_docusign_heals_by_itself(docusign: SandboxProcess) -> None:
    """Docusign refuses a view for the old name; we read the new one back and try once more."""
    envelope = send()
    Recipient.objects.filter(envelope=envelope, number=1).update(name="Old Name")
    assert "/Signing/" in open_ceremony(recipient_of(envelope, 1))


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"status": 503}, "Signing is not available for a moment"),
        ({"errorCode": "BURST_APIINVOCATION_LIMIT_EXCEEDED"}, "Signing is not available for a moment"),
        ({"errorCode": "SOMETHING_NEW", "status": 400}, "Signing could not be started"),
    ],
)
def test_trouble_at_docusign_is_a_calm_page_with_a_way_on(  # type: ignore[no-untyped-def]
    docusign: SandboxProcess, fault, sentence: str
) -> None:
    recipient = recipient_of(send(), 1)
    docusign.fail_next(path_contains="/views/recipient", **fault)
    response = Browser().post(f"{path_of(recipient)}start/")
    page = response.content.decode()
    assert response.status_code == 503
    assert sentence in page
    assert "Try again" in page


def test_while_the_connection_is_in_trouble_the_page_says_so_and_lets_one_try(
    docusign: SandboxProcess, settings: Settings
) -> None:
    recipient = recipient_of(send(), 1)
    cache.clear()
    docusign.revoke_consent()
    Browser().post(f"{path_of(recipient)}start/")
    page = visit(recipient)
    assert "Signing is not available for a moment" in page
    docusign.grant_consent()
    try_at_once()
    assert "/Signing/" in open_ceremony(recipient)


def look_at_documents(recipient: Recipient) -> None:
    """Enter the ceremony, and let the news of it arrive."""
    requests.get(open_ceremony(recipient), timeout=30).raise_for_status()
    tasks.refresh_envelope(recipient.envelope_id)


def test_a_second_window_says_that_the_documents_are_open_and_lets_one_go_on(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 1)
    look_at_documents(recipient)
    assert "You have these documents open already" in visit(recipient)
    assert "/Signing/" in open_ceremony(recipient)


def test_who_came_back_is_not_told_that_they_are_elsewhere(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 1)
    look_at_documents(recipient)
    visit(recipient, "return/?event=cancel")
    assert "asks you to sign" in visit(recipient)


def test_a_forgotten_window_is_forgotten_here_too(docusign: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    recipient = recipient_of(send(), 1)
    monkeypatch.setattr(ceremony, "SESSION_SECONDS", -1)  # over already
    look_at_documents(recipient)
    assert "asks you to sign" in visit(recipient)


def test_a_button_pressed_by_a_machine_that_went_no_further_is_no_open_window(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 1)
    open_ceremony(recipient)
    assert "asks you to sign" in visit(recipient)


def test_passed_on_at_docusign_the_old_link_says_who_signs_instead() -> None:
    recipient = recipient_of(make_sent(), 1)
    Recipient.objects.filter(pk=recipient.pk).update(client_user_id="", name="Dora Fry", email="dora@example.com")
    page = visit(recipient)
    assert "Dora Fry signs in your place" in page
    assert "dora@example.com" not in page


def test_a_signer_who_assigns_it_to_someone_else_is_told_so_afterwards(
    docusign: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The portal forbids it (`allowReassign`); an account's own pages may still do it."""
    definition = sending.envelope_definition
    monkeypatch.setattr(
        sending, "envelope_definition", lambda envelope: definition(envelope) | {"allowReassign": "true"}
    )
    envelope = send()
    recipient = recipient_of(envelope, 1)
    Robot().delegate(open_ceremony(recipient), "Dora Fry", "dora@example.com")
    tasks.refresh_envelope(envelope.pk)
    assert "Dora Fry signs in your place" in visit(recipient, "return/?event=cancel")
    assert "Dora Fry signs in your place" in visit(recipient)


def test_the_senders_plain_words_stand_beside_the_documents() -> None:
    envelope = make_sent(summary="You lend us the car.\n- You get it back in May.\n\n<b>x</b>")
    page = visit(recipient_of(envelope, 1))
    for line in ("You lend us the car.", "You get it back in May.", "&lt;b&gt;x&lt;/b&gt;"):
        assert f"<li><bdi>{line}</bdi></li>" in page
    assert "Written by Dana Field" in page


@pytest.mark.parametrize("event", [*OUTCOMES, "", "something_new"])
def test_every_outcome_has_its_own_landing_page(event: str) -> None:
    recipient = recipient_of(make_sent(), 1)
    page = visit(recipient, f"return/?event={event}")
    expected = OUTCOMES[event].title if event in OUTCOMES else "You are back"
    assert str(expected) in page


@pytest.mark.parametrize("event", [event for event, outcome in OUTCOMES.items() if outcome.may_continue])
def test_an_outcome_that_leaves_something_to_do_offers_to_go_on(event: str) -> None:
    assert "Continue signing" in visit(recipient_of(make_sent(), 1), f"return/?event={event}")


def test_a_forged_event_changes_no_status() -> None:
    envelope = make_sent()
    visit(recipient_of(envelope, 1), "return/?event=signing_complete")
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENT
    assert recipient_of(envelope, 1).status == RecipientStatus.SENT


def test_once_our_rows_know_the_end_the_hint_no_longer_matters() -> None:
    envelope = make_sent(status="voided", recipient_statuses=("sent", "created"))
    page = visit(recipient_of(envelope, 1), "return/?event=signing_complete")
    assert "Dana Field has withdrawn the request" in page


def test_the_state_answers_for_the_waiting_page() -> None:
    recipient = recipient_of(make_sent(), 2)
    assert Browser().get(f"{path_of(recipient)}state/").json() == {"state": "waiting"}


def test_after_completion_the_signer_can_download_their_copy(docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    recipient = recipient_of(envelope, 1)
    assert "Download signed PDF" in visit(recipient)
    response = Browser().get(f"{path_of(recipient)}document/")
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_before_completion_there_is_nothing_to_download() -> None:
    recipient = recipient_of(make_sent(), 1)
    assert "asks you to sign" in visit(recipient, "document/")


def test_finish_later_keeps_the_door_open(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 1)
    return_url = Robot().finish_later(open_ceremony(recipient))
    assert return_url.endswith("/return/?event=cancel")
    assert "/Signing/" in open_ceremony(recipient)


def test_a_view_that_was_not_used_in_time_brings_the_signer_back(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 1)
    view_url = open_ceremony(recipient)
    docusign.advance(301)
    assert Robot().sign(view_url).endswith("event=ttl_expired")


def test_pages_behind_a_link_are_private() -> None:
    response = Browser().get(path_of(recipient_of(make_sent(), 1)))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not response.cookies


def test_no_mail_is_made_by_looking() -> None:
    envelope = make_sent()
    visit(recipient_of(envelope, 1))
    assert not OutgoingMail.objects.exists()


def test_the_page_after_the_ceremony_may_open_in_our_own_frame_and_no_other() -> None:
    response = Browser().get(f"{path_of(recipient_of(make_sent(), 1))}return/?event=cancel")
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in response.content.decode()
