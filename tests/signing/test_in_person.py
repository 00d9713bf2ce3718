"""In person: before the device changes hands, its host says who they are and whom they have with them."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone

from sandbox.robot import Robot
from signing import tasks
from signing.authoring import SignerInput, TabInput
from signing.models import EnvelopeEvent, EventKind, Recipient, RecipientKind, TabKind
from tests.clock import Clock
from tests.deeds import confirm_host, open_ceremony, path_of, send
from tests.factories import make_sent, make_staff, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]

SIGN = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),)
GUS = SignerInput(
    "Gus Guest",
    "",
    1,
    SIGN,
    kind=RecipientKind.IN_PERSON_SIGNER,
    host_name="Signing Service",
    host_email="signing-service@sandbox.example",
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def guest(staff: User) -> Recipient:
    """Signs on the device of Hal Host."""
    recipient = recipient_of(make_sent(), 1)
    columns = {"kind": "in_person_signer", "host_name": "Hal Host", "host_email": "hal@northwind.example"}
    Recipient.objects.filter(pk=recipient.pk).update(**columns)
    recipient.refresh_from_db()
    return recipient


def handed_to_carl() -> tuple[Recipient, str]:
    """Ann has signed, and Carl, whose turn it is, sits beside her: he and the address on her device."""
    envelope = make_sent(status="delivered", recipient_statuses=("completed", "sent"), allows_hand_over=True)
    Recipient.objects.filter(envelope=envelope, number=1).update(signed_at=timezone.now())
    return recipient_of(envelope, 2), path_of(recipient_of(envelope, 1)).rstrip("/") + ".2/"


def page_at(path: str) -> str:
    return Browser().get(path).content.decode()


def confirmations(**about: Any) -> list[EnvelopeEvent]:
    return list(EnvelopeEvent.objects.filter(kind=EventKind.IN_PERSON_CONFIRMED, **about))


def test_the_host_is_asked_first(guest: Recipient) -> None:
    page = page_at(path_of(guest))
    assert "Before you hand the device to Ann Bee" in page
    assert "I am Hal Host. Ann Bee sits with me, and I checked who they are." in page
    assert f"{path_of(guest)}start/" not in page


def test_nobody_gets_around_the_question(guest: Recipient) -> None:
    response = Browser().post(f"{path_of(guest)}start/")
    assert response["Location"] == path_of(guest)
    assert not EnvelopeEvent.objects.filter(kind=EventKind.CEREMONY_STARTED).exists()


def test_a_form_submitted_as_it_stands_confirms_nothing(guest: Recipient) -> None:
    response = Browser().post(f"{path_of(guest)}host/")
    assert response.status_code == 422
    assert "Please tick the box first" in response.content.decode()
    assert confirmations() == []


def test_the_hosts_word_stands_in_the_timeline(guest: Recipient) -> None:
    confirm_host(guest)
    (event,) = confirmations()
    assert (event.actor_kind, event.actor_name, event.ip) == ("recipient", "Hal Host", "127.0.0.1")
    assert (event.recipient_number, event.data["host"], event.data["recipient"]) == (1, "Hal Host", "Ann Bee")


def test_staff_read_who_has_confirmed_what(guest: Recipient, admin_browser: Browser) -> None:
    confirm_host(guest)
    page = admin_browser.get(f"/admin/signing/envelope/{guest.envelope_id}/change/").content.decode()
    assert "confirmed: Ann Bee sits with me, and I checked who they are" in page


def test_a_host_is_asked_once_a_sitting(guest: Recipient, clock: Clock) -> None:
    confirm_host(guest)
    confirm_host(guest)
    assert len(confirmations()) == 1
    assert "Open the documents" in page_at(path_of(guest))
    clock.advance(hours=2, seconds=1)
    assert "Before you hand the device to Ann Bee" in page_at(path_of(guest))


def test_who_has_signed_confirms_that_the_next_one_is_there() -> None:
    carl, handed = handed_to_carl()
    assert "I am Ann Bee. Carl Dee sits with me, and I checked who they are." in page_at(handed)
    confirm_host(carl, handed)
    assert "Please hand the device to Carl Dee" in page_at(handed)
    (event,) = confirmations(recipient_number=2)
    assert event.actor_name == "Ann Bee"


def test_who_signs_by_their_own_link_has_no_host() -> None:
    carl, _handed = handed_to_carl()
    assert "asks you to sign" in page_at(path_of(carl))
    Browser().post(f"{path_of(carl)}host/", {"host_confirms": "1"})
    assert confirmations() == []


def test_a_deed_done_in_a_browser_of_the_staff_says_so(guest: Recipient) -> None:
    browser = Browser()
    browser.force_login(make_staff("hal"))
    browser.post(f"{path_of(guest)}host/", {"host_confirms": "1"})
    (event,) = confirmations()
    assert event.data["staff_browser"] == "hal"
    page = browser.get(f"/admin/signing/envelope/{guest.envelope_id}/change/").content.decode()
    assert "in a browser in which hal of the staff was logged in" in page


def test_after_the_hosts_word_the_guest_signs(docusign: SandboxProcess) -> None:
    envelope = send(signers=[GUS])
    confirm_host(recipient_of(envelope, 1))
    Robot().sign(open_ceremony(recipient_of(envelope, 1)), signature="Gus Guest")
    tasks.refresh_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert envelope.status == "completed"
    kinds = list(envelope.events.order_by("pk").values_list("kind", flat=True))
    assert kinds.index("in_person_confirmed") < kinds.index("ceremony_started")
