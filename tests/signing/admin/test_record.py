"""The page of an envelope: its timeline, and what can be done there, against a Docusign."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from signing import authoring, events, linking, sending, tasks
from signing.links import link_url
from signing.models import Envelope, EventKind, OutgoingMail
from tests.clock import travel
from tests.deeds import decline, path_of, send, sign
from tests.factories import make_draft, make_sent, make_staff, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


def address(envelope: Envelope, tail: str = "change/") -> str:
    return f"/admin/signing/envelope/{envelope.pk}/{tail}"


def do(browser: Browser, envelope: Envelope, tail: str, **data: object) -> str:
    return browser.post(address(envelope, tail), data, follow=True).content.decode()


def kinds(envelope: Envelope) -> list[str]:
    return list(envelope.events.order_by("number").values_list("kind", flat=True))


def correction(
    name: str = "Ann Bee", email: str = "ann@example.com", order: int = 1, number: int = 1
) -> dict[str, object]:
    return {f"r{number}-name": name, f"r{number}-email": email, f"r{number}-routing_order": order}


def test_the_timeline_tells_who_did_what_from_where(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = make_draft()
    admin_browser.get(address(envelope))
    send(envelope)
    link = path_of(recipient_of(envelope, 1))
    Browser().get(link, REMOTE_ADDR="203.0.113.7")
    sign(envelope, 1)
    decline(envelope, 2, "Too dear.")
    text = admin_browser.get(address(envelope)).content.decode()
    for line in (
        "<strong>The portal</strong> handed it to Docusign",
        "<strong>Ann Bee</strong> opened the link",
        "from 203.0.113.7",
        "<strong>Ann Bee</strong> went to the signing page",
        "<strong>Docusign</strong> told: Ann Bee signed",
        "<strong>Docusign</strong> told: Carl Dee declined to sign",
        "<q>Too dear.</q>",
        "told: it has ended: somebody declined",
    ):
        assert line in text, line


def test_what_staff_do_stands_there_under_their_name_and_address(admin_browser: Browser) -> None:
    envelope = make_sent()
    admin_browser.post(address(envelope, "signers/1/link/"), {"revoke": "1"}, REMOTE_ADDR="198.51.100.4")
    event = envelope.events.get(kind=EventKind.LINK_REVOKED)
    assert (event.actor_kind, event.actor_name, event.ip) == ("user", "Dana Field", "198.51.100.4")
    assert event.data == {"recipient": "Ann Bee"}


def test_autosaves_of_one_sitting_are_one_line() -> None:
    envelope = make_draft()
    for subject in ("One", "Two", "Three"):
        authoring.save_text(envelope, subject=subject, message="")
    assert kinds(envelope) == ["drafted"]
    with travel(timedelta(minutes=20)):
        authoring.save_text(envelope, subject="Four", message="")
    assert kinds(envelope) == ["drafted", "edited"]


def test_a_deed_that_fails_leaves_no_line() -> None:
    envelope = make_sent()
    assert not sending.claim_for_sending(envelope)
    assert not sending.take_back(envelope)
    assert "send_asked" not in kinds(envelope)
    assert "taken_back" not in kinds(envelope)


def test_sending_and_taking_back_are_told() -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    sending.take_back(envelope)
    assert kinds(envelope)[-2:] == ["send_asked", "taken_back"]


def test_reloading_a_link_is_one_line_and_an_old_link_none() -> None:
    envelope = make_sent()
    old = path_of(recipient_of(envelope, 1))
    for _ in range(3):
        Browser().get(old)
    assert kinds(envelope).count("link_opened") == 1
    linking.replace(recipient_of(envelope, 1))
    with travel(timedelta(hours=1)):
        Browser().get(old)
    assert kinds(envelope).count("link_opened") == 1


def test_a_long_timeline_has_older_pages(admin_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signing.admin.timeline.AT_ONCE", 2)
    envelope = make_sent()
    for number in range(3):
        events.record(envelope.pk, EventKind.DOWNLOADED, what=f"file {number}")
    text = admin_browser.get(address(envelope)).content.decode()
    assert "file 2" in text
    assert "file 0" not in text
    oldest_shown = envelope.events.order_by("-number")[1].number
    assert f"?before={oldest_shown}" in text
    assert "file 0" in admin_browser.get(address(envelope) + f"?before={oldest_shown}").content.decode()


def test_a_line_of_another_version_breaks_nothing(admin_browser: Browser) -> None:
    envelope = make_sent()
    for data in ({}, {"to": None}, {"mail": "unknown"}, {"name": "no list"}):
        for kind in EventKind.values:
            events.record(envelope.pk, kind, data)
    assert admin_browser.get(address(envelope)).status_code == 200


def test_a_corrected_signer_gets_a_link_and_the_old_one_explains_itself(
    admin_browser: Browser, docusign: SandboxProcess
) -> None:
    envelope = send()
    old = path_of(recipient_of(envelope, 1))
    data = correction("Anna Bee-Cox", "anna@example.com")
    text = do(admin_browser, envelope, "signers/1/correct/", **data)
    assert "a new one is on its way to anna@example.com" in text
    ann = recipient_of(envelope, 1)
    assert (ann.name, ann.email) == ("Anna Bee-Cox", "anna@example.com")
    assert path_of(ann) != old
    assert "A newer link has replaced this one" in Browser().get(old).content.decode()
    assert OutgoingMail.objects.filter(kind="fresh_link", to_email="anna@example.com").count() == 1
    told = docusign.requests("GET", "/envelopes")
    assert told
    sign(envelope, 1)  # Docusign knows them by the new name and address
    assert recipient_of(envelope, 1).status == "completed"
    event = envelope.events.get(kind=EventKind.CORRECTED)
    assert event.data["email"] == ["ann@example.com", "anna@example.com"]


def test_only_what_changes_is_told_to_docusign(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = send()
    link = link_url(recipient_of(envelope, 1))
    assert "Corrected, here and at Docusign" in do(
        admin_browser, envelope, "signers/1/correct/", **correction("Ann B. Bee")
    )
    (call,) = docusign.requests("PUT", "/recipients")
    assert call["status"] == 200
    assert link_url(recipient_of(envelope, 1)) == link
    assert "Nothing was different" in do(admin_browser, envelope, "signers/1/correct/", **correction("Ann B. Bee"))
    assert len(docusign.requests("PUT", "/recipients")) == 1


def test_somebody_whose_turn_has_not_come_moves_in_the_order(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = send()
    data = correction("Carl Dee", "carl@example.com", 3, number=2)
    do(admin_browser, envelope, "signers/2/correct/", **data)
    assert recipient_of(envelope, 2).routing_order == 3
    data = correction("Carl Dee", "carl@example.com", 1, number=2)
    do(admin_browser, envelope, "signers/2/correct/", **data)
    carl = recipient_of(envelope, 2)
    assert (carl.routing_order, carl.status) == (1, "sent")


@pytest.mark.parametrize(
    ("number", "data", "sentence"),
    [
        (1, correction(order=2), "It is their turn already"),
        (2, correction("Ann Bee", "ANN@example.com", 1, number=2), "stands at this step already"),
        (1, correction(email="not an address"), "Enter a valid email address."),
        (1, correction(name=" "), "This field is required."),
        (1, correction(order=100), "less than or equal to 99"),
    ],
)
def test_a_correction_against_the_rules_says_which(
    admin_browser: Browser, number: int, data: dict[str, object], sentence: str
) -> None:
    envelope = make_sent()
    assert sentence in do(admin_browser, envelope, f"signers/{number}/correct/", **data)
    assert recipient_of(envelope, number).routing_order == number


def test_a_step_that_is_over_cannot_be_chosen(admin_browser: Browser) -> None:
    envelope = make_sent(recipient_statuses=("sent", "created"))
    envelope.recipients.filter(number=1).update(routing_order=2)
    data = correction("Carl Dee", "carl@example.com", 1, number=2)
    envelope.recipients.filter(number=2).update(routing_order=3)
    assert "The envelope has reached step 2 already" in do(admin_browser, envelope, "signers/2/correct/", **data)


@pytest.mark.parametrize(
    ("status", "statuses"),
    [("sent", ("completed", "sent")), ("voided", ("sent", "created")), ("draft", ("created",) * 2)],
)
def test_who_has_finished_and_what_has_ended_is_not_corrected(
    admin_browser: Browser, status: str, statuses: tuple[str, str]
) -> None:
    envelope = make_sent(status="sent" if status == "draft" else status, recipient_statuses=statuses)
    if status == "draft":
        Envelope.objects.filter(pk=envelope.pk).update(status="draft")
    text = do(admin_browser, envelope, "signers/1/correct/", **correction("Else"))
    assert "finished" in text or "not on its way" in text
    assert recipient_of(envelope, 1).name == "Ann Bee"


def test_a_correction_that_docusign_refuses_changes_nothing(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = send()
    docusign.fail_next(method="PUT", errorCode="ENVELOPE_INVALID_STATUS")
    text = do(admin_browser, envelope, "signers/1/correct/", **correction("Else"))
    assert "ENVELOPE_INVALID_STATUS" in text
    assert recipient_of(envelope, 1).name == "Ann Bee"


def test_a_refusal_inside_an_answer_of_200_is_a_refusal(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    envelope.recipients.filter(number=1).update(status="delivered")  # our picture is old
    text = do(admin_browser, envelope, "signers/1/correct/", **correction("Else"))
    assert "RECIPIENT_UPDATE_FAILED" in text
    assert recipient_of(envelope, 1).name == "Ann Bee"


def test_reminding_asks_whose_turn_it_is_with_words_of_staff_and_not_twice_an_hour(
    admin_browser: Browser, docusign: SandboxProcess
) -> None:
    envelope = send()
    assert "was asked less than an hour ago" in do(admin_browser, envelope, "remind/")
    with travel(timedelta(hours=2)):
        text = do(admin_browser, envelope, "remind/", note="Please, by Friday.")
        assert "A reminder is on its way to Ann Bee" in text
        assert "was asked less than an hour ago" in do(admin_browser, envelope, "remind/")
    mail = OutgoingMail.objects.get(kind="reminder")
    assert (mail.to_email, mail.note) == ("ann@example.com", "Please, by Friday.")
    assert envelope.events.get(kind=EventKind.REMINDED).data["note"] == "Please, by Friday."


def test_the_words_of_staff_stand_in_the_reminder(admin_browser: Browser, mailoutbox: list[object]) -> None:
    envelope = make_sent()
    do(admin_browser, envelope, "remind/", note="Please, by Friday.")
    tasks.deliver_mail(OutgoingMail.objects.get(kind="reminder").pk)
    assert "Please, by Friday." in mailoutbox[0].body  # type: ignore[attr-defined]


def test_nobody_is_reminded_of_what_has_ended(admin_browser: Browser) -> None:
    envelope = make_sent(status="declined")
    assert "Nobody is being waited for" in do(admin_browser, envelope, "remind/")
    assert not OutgoingMail.objects.exists()


def test_the_new_owner_answers_for_it(admin_browser: Browser, staff: User) -> None:
    envelope, robin = make_sent(), make_staff("robin")
    assert "Robin Field answers for this envelope now" in do(admin_browser, envelope, "owner/", owner=robin.pk)
    envelope.refresh_from_db()
    assert (envelope.owner, envelope.created_by, envelope.sender_name) == (robin, staff, "Robin Field")
    assert envelope.events.get(kind=EventKind.REASSIGNED).data == {"from": "Dana Field", "to": "Robin Field"}


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_active": False}])
def test_only_active_staff_can_own(admin_browser: Browser, staff: User, fields: dict[str, bool]) -> None:
    envelope, other = make_sent(), make_staff("robin", **fields)
    assert "Choose somebody of the staff" in do(admin_browser, envelope, "owner/", owner=other.pk)
    envelope.refresh_from_db()
    assert envelope.owner == staff


def test_a_duplicate_is_a_draft_of_ones_own(admin_browser: Browser) -> None:
    envelope = make_sent()
    assert "This is a copy" in do(admin_browser, envelope, "duplicate/")
    made = Envelope.objects.exclude(pk=envelope.pk).get()
    assert (made.status, made.subject, made.recipients.count()) == ("draft", envelope.subject, 2)
    assert made.events.get().data == {"copied_from": envelope.pk}


def test_what_was_filled_in_is_asked_of_docusign_by_a_click_and_told(
    admin_browser: Browser, docusign: SandboxProcess
) -> None:
    envelope = send()
    before = len(docusign.requests("GET", "/form_data"))
    assert "What was filled in" not in admin_browser.get(address(envelope)).content.decode()
    assert len(docusign.requests("GET", "/form_data")) == before
    assert "As Docusign has it now" in do(admin_browser, envelope, "values/")
    assert envelope.events.filter(kind=EventKind.VALUES_READ).count() == 1


def test_all_documents_come_as_one_zip_and_the_timeline_tells(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    response = admin_browser.get(address(envelope, "zip/"))
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    assert archive.namelist() == ["Signed documents.pdf", "Certificate of completion.pdf", "as sent/01 Agreement.pdf"]
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert envelope.events.get(kind=EventKind.DOWNLOADED).actor_name == "Dana Field"
    stored = envelope.events.filter(kind=EventKind.DOCUMENT_STORED)
    assert {event.data["sha256"] for event in stored} == {d.sha256 for d in envelope.completed_documents.all()}
