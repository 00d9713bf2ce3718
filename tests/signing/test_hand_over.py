"""Signers who sit together: who has signed hands the device to the next, where the sender allows it."""

import pytest
from django.test import Client as Browser
from django.utils import timezone

from sandbox.robot import Robot
from signing import authoring, tasks
from signing.authoring import Presentation
from signing.links import Link, find_link, link_token_of
from signing.models import Envelope, Recipient
from tests.clock import Clock
from tests.deeds import confirm_host, path_of, send, sign
from tests.factories import make_draft, make_sent, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def found(link_token: str) -> Link:
    link = find_link(link_token)
    assert link is not None
    return link


def envelope_at_one_table(*, allows_hand_over: bool = True) -> Envelope:
    statuses = ("completed", "sent")
    envelope = make_sent(status="delivered", recipient_statuses=statuses, allows_hand_over=allows_hand_over)
    Recipient.objects.filter(envelope=envelope, number=1).update(signed_at=timezone.now())
    return envelope


def test_who_has_signed_can_hand_the_device_on() -> None:
    envelope = envelope_at_one_table()
    link = found(f"{link_token_of(recipient_of(envelope, 1))}.2")
    assert (link.recipient.number, link.host) == (2, recipient_of(envelope, 1))


def test_handing_over_is_the_senders_choice() -> None:
    envelope = envelope_at_one_table(allows_hand_over=False)
    assert find_link(f"{link_token_of(recipient_of(envelope, 1))}.2") is None


def test_handing_over_comes_after_signing() -> None:
    envelope = make_sent(allows_hand_over=True)
    assert find_link(f"{link_token_of(recipient_of(envelope, 1))}.2") is None


@pytest.mark.parametrize("number", ["1", "3", "0", "02", "9999999999", "99999999999", "x"])
def test_a_device_is_handed_only_to_another_signer(number: str) -> None:
    envelope = envelope_at_one_table()
    assert find_link(f"{link_token_of(recipient_of(envelope, 1))}.{number}") is None


def test_hours_after_the_last_signature_nobody_signs_on_the_same_device(clock: Clock) -> None:
    envelope = envelope_at_one_table()
    path = path_of(recipient_of(envelope, 1)).rstrip("/") + ".2/"
    confirm_host(recipient_of(envelope, 2), path)
    assert "Please hand the device to Carl Dee" in Browser().get(path).content.decode()
    clock.advance(hours=2, seconds=1)
    page = Browser().get(path).content.decode()
    assert "This link has expired" in page
    assert "Send me a fresh link" not in page


def at_one_table() -> Envelope:
    """Both sign on one device; the first has just done so."""
    envelope = make_draft()
    authoring.save_presentation(envelope, Presentation(allows_hand_over=True))
    send(envelope)
    sign(envelope, 1)
    return envelope


def test_the_next_signer_in_the_room_goes_on_at_once(docusign: SandboxProcess) -> None:
    envelope = at_one_table()
    page = Browser().get(path_of(recipient_of(envelope, 1))).content.decode()
    handed = path_of(recipient_of(envelope, 1)).rstrip("/") + ".2/"
    assert "Carl Dee is here and signs now" in page
    assert handed in page
    confirm_host(recipient_of(envelope, 2), handed)
    confirmation = Browser().get(handed).content.decode()
    assert "Please hand the device to Carl Dee" in confirmation
    assert "carl@example.com" not in confirmation
    return_url = Robot().sign(Browser().post(f"{handed}start/")["Location"], signature="Carl Dee")
    assert return_url == f"http://portal.test{handed}return/?event=signing_complete"
    tasks.refresh_envelope(envelope.pk)
    assert "Everyone has signed" in Browser().get(handed).content.decode()


def test_the_certificate_says_that_a_handed_over_signer_was_not_identified(docusign: SandboxProcess) -> None:
    envelope = at_one_table()
    handed = path_of(recipient_of(envelope, 1)).rstrip("/") + ".2/"
    confirm_host(recipient_of(envelope, 2), handed)
    Browser().post(f"{handed}start/")
    (first, second) = [call["body"] for call in docusign.requests("POST", "/views/recipient")]
    assert (first["authenticationMethod"], second["authenticationMethod"]) == ("Email", "None")


def test_without_the_senders_leave_nobody_is_handed_the_device(docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    assert "signs now" not in Browser().get(path_of(recipient_of(envelope, 1))).content.decode()
