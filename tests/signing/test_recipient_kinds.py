"""Recipients of each kind, from sending to the end: what Docusign gets, who is written to, what each link shows."""

from typing import Any

import pytest
from django.core import mail as mailbox
from django.test import Client as Browser

from sandbox.robot import Robot
from signing import tasks
from signing.authoring import SignerInput, TabInput
from signing.ceremony import gate_of
from signing.gate import Gate
from signing.links import Link, find_link, link_token_of
from signing.models import Delivery, Envelope, MailKind, OutgoingMail, RecipientKind, TabKind
from tests.clock import Clock
from tests.deeds import confirm_host, open_ceremony, path_of, send, sign
from tests.factories import recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

SIGN = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),)
ANN = SignerInput("Ann Bee", "ann@example.com", 1, SIGN)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def otto(kind: RecipientKind, order: int, **more: Any) -> SignerInput:
    return SignerInput("Otto Read", "otto@example.com", order, kind=kind, **more)


def viewer(order: int = 1, **more: Any) -> SignerInput:
    return otto(RecipientKind.CERTIFIED_DELIVERY, order, **more)


def copied(order: int = 2, **more: Any) -> SignerInput:
    return otto(RecipientKind.CARBON_COPY, order, **more)


def body_sent(docusign: SandboxProcess) -> dict[str, Any]:
    (call,) = docusign.requests("POST", "/envelopes")
    recipients: dict[str, Any] = call["body"]["recipients"]
    return recipients


def kinds_of_mail_to(envelope: Envelope, email: str) -> list[str]:
    return list(
        OutgoingMail.objects.filter(envelope=envelope, to_email=email).order_by("pk").values_list("kind", flat=True)
    )


def gate_behind(envelope: Envelope, number: int) -> Gate:
    link = find_link(link_token_of(recipient_of(envelope, number)))
    assert isinstance(link, Link)
    return gate_of(link)


def page_behind(envelope: Envelope, number: int) -> str:
    return Browser().get(path_of(recipient_of(envelope, number))).content.decode()


def come_back_from(url: str, envelope: Envelope) -> str:
    page = Browser().get(url.partition("portal.test")[2]).content.decode()
    tasks.refresh_envelope(envelope.pk)
    envelope.refresh_from_db()
    return page


def test_each_kind_is_in_its_group(docusign: SandboxProcess) -> None:
    send(signers=[ANN, viewer(2, private_message="Note the date"), copied(3)])
    recipients = body_sent(docusign)
    assert {group: [r["recipientId"] for r in rows] for group, rows in recipients.items()} == {
        "signers": ["1"],
        "certifiedDeliveries": ["2"],
        "carbonCopies": ["3"],
    }
    assert all(row[0]["clientUserId"] for row in recipients.values())
    assert recipients["certifiedDeliveries"][0]["note"] == "Note the date"
    assert "tabs" not in recipients["carbonCopies"][0]


def test_a_copy_goes_out_when_everyone_has_signed(docusign: SandboxProcess) -> None:
    envelope = send(signers=[ANN, copied()])
    assert kinds_of_mail_to(envelope, "otto@example.com") == []
    assert gate_behind(envelope, 2) == Gate.COPY
    page = page_behind(envelope, 2)
    assert "You get a copy of these documents" in page
    assert "Ann Bee" in page
    sign(envelope, 1)
    assert envelope.status == "completed"
    assert kinds_of_mail_to(envelope, "otto@example.com") == [MailKind.COMPLETED]
    assert recipient_of(envelope, 2).get_status_display() == "Gets a copy"
    tasks.fetch_documents(envelope.pk)
    assert "Download signed PDF" in page_behind(envelope, 2)


def test_a_copy_that_comes_first_holds_nobody_up(docusign: SandboxProcess) -> None:
    envelope = send(signers=[copied(1), SignerInput("Ann Bee", "ann@example.com", 2, SIGN)])
    assert (recipient_of(envelope, 1).status, recipient_of(envelope, 2).status) == ("completed", "sent")
    assert kinds_of_mail_to(envelope, "ann@example.com") == [MailKind.INVITATION]
    assert gate_behind(envelope, 1) == Gate.COPY
    tasks.refresh_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert envelope.drift == []
    sign(envelope, 2)
    assert kinds_of_mail_to(envelope, "otto@example.com") == [MailKind.COMPLETED]


def test_who_gets_a_copy_hears_nothing_of_another_end(docusign: SandboxProcess) -> None:
    envelope = send(signers=[ANN, copied(1)])
    come_back_from(Robot().decline(open_ceremony(recipient_of(envelope, 1)), "No"), envelope)
    assert envelope.status == "declined"
    assert kinds_of_mail_to(envelope, "otto@example.com") == []


def test_a_viewer_is_asked_to_read_and_is_done_by_that(docusign: SandboxProcess) -> None:
    envelope = send(signers=[viewer(1), SignerInput("Ann Bee", "ann@example.com", 2, SIGN)])
    for mail in OutgoingMail.objects.filter(envelope=envelope):
        tasks.deliver_mail(mail.pk)
    (message,) = mailbox.outbox
    assert message.subject == "Dana Field asks you to read: Consulting agreement"
    assert "Open the documents" in message.body
    assert "sign" not in message.body.lower().replace("/sign/", "")
    page = page_behind(envelope, 1)
    assert "asks you to read these documents" in page
    assert "Review and sign" not in page
    back = come_back_from(Robot().sign(open_ceremony(recipient_of(envelope, 1))), envelope)
    assert "Thank you for reading" in back
    assert recipient_of(envelope, 1).get_status_display() == "Viewed"
    assert gate_behind(envelope, 1) == Gate.VIEWED
    assert "Thank you for reading" in page_behind(envelope, 1)
    sign(envelope, 2)
    assert envelope.status == "completed"
    assert kinds_of_mail_to(envelope, "otto@example.com") == [MailKind.INVITATION, MailKind.COMPLETED]


def test_who_signs_in_person_does_so_on_the_hosts_device(docusign: SandboxProcess) -> None:
    """The host is a user of the account; without one Docusign refuses."""
    host: dict[str, Any] = {"host_name": "Signing Service", "host_email": "signing-service@sandbox.example"}
    guest = SignerInput("Gus Guest", "", 1, SIGN, kind=RecipientKind.IN_PERSON_SIGNER, **host)
    envelope = send(signers=[guest, copied()])
    (sent,) = body_sent(docusign)["inPersonSigners"]
    assert (sent["signerName"], sent["hostName"]) == ("Gus Guest", "Signing Service")
    for mail in OutgoingMail.objects.filter(envelope=envelope):
        tasks.deliver_mail(mail.pk)
    (message,) = mailbox.outbox
    assert message.to == ["signing-service@sandbox.example"]
    assert message.subject == "Dana Field asks you to have Gus Guest sign: Consulting agreement"
    assert "Hello Signing Service," in message.body
    assert "Before you hand the device to Gus Guest" in page_behind(envelope, 1)
    confirm_host(recipient_of(envelope, 1))
    assert "asks you to have Gus Guest sign on your device" in page_behind(envelope, 1)
    sign(envelope, 1)
    assert (envelope.status, envelope.drift) == ("completed", [])
    assert (recipient_of(envelope, 1).name, recipient_of(envelope, 1).status) == ("Gus Guest", "completed")
    assert kinds_of_mail_to(envelope, "signing-service@sandbox.example") == [MailKind.INVITATION, MailKind.COMPLETED]


def test_a_host_whom_the_account_does_not_know_is_refused_and_the_draft_says_so(docusign: SandboxProcess) -> None:
    host: dict[str, Any] = {"host_name": "Nobody", "host_email": "nobody@example.com"}
    envelope = send(signers=[SignerInput("Gus", "", 1, SIGN, kind=RecipientKind.IN_PERSON_SIGNER, **host)])
    assert envelope.status == "draft"
    assert "member of the account" in envelope.last_error


def test_only_who_must_act_is_reminded(docusign: SandboxProcess, clock: Clock) -> None:
    envelope = send(
        signers=[
            ANN,
            viewer(1, private_message="x"),
            SignerInput("Cc", "cc@example.com", 1, kind=RecipientKind.CARBON_COPY),
        ]
    )
    clock.advance(days=4)
    tasks.remind()
    reminded = OutgoingMail.objects.filter(envelope=envelope, kind=MailKind.REMINDER)
    assert sorted(reminded.values_list("to_email", flat=True)) == ["ann@example.com", "otto@example.com"]


def test_docusign_writes_to_whom_it_shall_invite_and_we_do_not(docusign: SandboxProcess) -> None:
    carl = SignerInput("Carl Dee", "carl@example.com", 1, SIGN, language="de", delivery=Delivery.DOCUSIGN)
    envelope = send(signers=[ANN, carl])
    by_us, by_docusign = body_sent(docusign)["signers"]
    assert "emailNotification" not in by_us
    assert "clientUserId" not in by_docusign
    assert by_docusign["emailNotification"]["supportedLanguage"] == "de"
    assert recipient_of(envelope, 2).link_digest is None
    assert kinds_of_mail_to(envelope, "carl@example.com") == []
    assert [m["to"] for m in docusign.mails()] == ["carl@example.com"]
    sign(envelope, 1)
    Robot().sign(docusign.mails()[0]["link"], signature="Carl Dee")
    tasks.refresh_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert (envelope.status, envelope.drift) == ("completed", [])
    assert kinds_of_mail_to(envelope, "carl@example.com") == []


def test_docusign_reminds_those_whom_it_invites(docusign: SandboxProcess) -> None:
    envelope_body: dict[str, Any]
    send(signers=[SignerInput("Carl Dee", "carl@example.com", 1, SIGN, delivery=Delivery.DOCUSIGN)])
    (call,) = docusign.requests("POST", "/envelopes")
    envelope_body = call["body"]
    assert envelope_body["notification"]["reminders"]["reminderEnabled"] == "true"


def test_a_private_message_reaches_one_person_alone(docusign: SandboxProcess) -> None:
    ann = SignerInput("Ann Bee", "ann@example.com", 1, SIGN, private_message="Mind clause 4, Ann.")
    envelope = send(signers=[ann, SignerInput("Carl Dee", "carl@example.com", 1, SIGN)], message="Hello all.")
    for mail in OutgoingMail.objects.filter(envelope=envelope):
        tasks.deliver_mail(mail.pk)
    bodies = {message.to[0]: message.body for message in mailbox.outbox}
    assert "Hello all." in bodies["carl@example.com"]
    assert "Mind clause 4" not in bodies["carl@example.com"]
    assert "Mind clause 4, Ann." in bodies["ann@example.com"]
    assert "Mind clause 4, Ann." in page_behind(envelope, 1)
    assert "Mind clause 4" not in page_behind(envelope, 2)
