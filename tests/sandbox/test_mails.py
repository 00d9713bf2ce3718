"""The emails Docusign would have sent: to whom, in whose name, with which button (reference 2.4, 2.10)."""

from typing import Any

import pytest

from sandbox.robot import Robot
from tests.sandbox_process import SandboxProcess

from .api import Api, signer

COPY = {"recipientId": "9", "name": "Cee Cee", "email": "cc@example.com"}


def remote(number: int = 1, order: int | None = None, **changes: Any) -> dict[str, Any]:
    return signer(number, order, clientUserId=None, **changes)


def sent_to(sandbox: SandboxProcess, **filters: str) -> list[tuple[str, str]]:
    return [(mail["kind"], mail["to"]) for mail in sandbox.mails(**filters)]


def test_remote_signers_are_invited_when_their_turn_comes(api: Api, sandbox: SandboxProcess) -> None:
    api.envelope(recipients={"signers": [remote(1), remote(2)]})
    assert sent_to(sandbox) == [("invitation", "s1@example.com")]
    Robot().sign(sandbox.mails()[0]["link"])
    assert sent_to(sandbox, to="s2@example.com") == [("invitation", "s2@example.com")]


def test_embedded_signers_get_no_mail_at_all(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer()]})
    Robot().sign(api.view_url(envelope_id))
    assert [mail for mail in sandbox.mails() if mail["to"] == "s1@example.com"] == []


@pytest.mark.parametrize(
    ("start_url", "leads_to"),
    [("https://portal.test/start?c=1", "https://portal.test/start?c=1"), ("SIGN_AT_DOCUSIGN", "/Signing/EmailStart/")],
)
def test_an_embedded_signer_with_a_start_url_is_mailed(
    api: Api, sandbox: SandboxProcess, start_url: str, leads_to: str
) -> None:
    api.envelope(recipients={"signers": [signer(embeddedRecipientStartURL=start_url)]})
    (mail,) = sandbox.mails(kind="invitation")
    assert leads_to in mail["link"]


def test_a_start_url_that_would_run_leads_nowhere(api: Api, sandbox: SandboxProcess) -> None:
    api.envelope(recipients={"signers": [signer(embeddedRecipientStartURL="javascript:alert(1)")]})
    assert sandbox.mails(kind="invitation")[0]["link"] == ""


def test_mails_come_in_the_name_of_whoever_sent(api: Api, sandbox: SandboxProcess) -> None:
    api.envelope(recipients={"signers": [remote()]})
    assert sandbox.mails()[0]["from"] == "Signing Service"


def test_the_sender_can_give_another_name(api: Api, sandbox: SandboxProcess) -> None:
    named = {"replyEmailNameOverride": "Acme Contracts", "replyEmailAddressOverride": "contracts@example.com"}
    api.envelope(recipients={"signers": [remote()]}, emailSettings=named)
    assert sandbox.mails()[0]["from"] == "Acme Contracts"


def test_a_recipient_can_have_words_of_their_own(api: Api, sandbox: SandboxProcess) -> None:
    own = {"emailSubject": "Nur für Sie", "emailBody": "Bitte hier."}
    api.envelope(recipients={"signers": [remote(emailNotification=own)]}, emailBlurb="For everyone.")
    (mail,) = sandbox.mails()
    assert mail["subject"] == "Nur für Sie"
    assert "Bitte hier." in mail["body"]
    assert "For everyone." not in mail["body"]


def test_everyone_is_told_of_the_end(api: Api, sandbox: SandboxProcess) -> None:
    copy = COPY | {"routingOrder": "1"}
    api.envelope(recipients={"signers": [remote(1, 2)], "carbonCopies": [copy]})
    assert sent_to(sandbox) == [("copy", "cc@example.com"), ("invitation", "s1@example.com")]
    Robot().sign(sandbox.mails(kind="invitation")[0]["link"])
    assert sorted(to for _, to in sent_to(sandbox, kind="completed")) == [
        "cc@example.com",
        "s1@example.com",
        "signing-service@sandbox.example",
    ]


def test_who_gets_the_finished_copy_is_not_told_twice(api: Api, sandbox: SandboxProcess) -> None:
    api.envelope(recipients={"signers": [remote(1)], "carbonCopies": [COPY | {"routingOrder": "2"}]})
    Robot().sign(sandbox.mails(kind="invitation")[0]["link"])
    assert sent_to(sandbox, to="cc@example.com") == [("copy", "cc@example.com")]


def test_a_decline_is_told_with_its_reason(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope(recipients={"signers": [remote(1, 1), signer(2, 1), remote(3, 2)]})
    Robot().decline(api.view_url(envelope_id, 2), "Page two is missing.")
    told = sandbox.mails(kind="declined")
    assert [mail["to"] for mail in told] == ["s1@example.com", "signing-service@sandbox.example"]
    assert all("Page two is missing." in mail["body"] for mail in told)


def test_a_void_is_told_to_those_who_were_asked(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope(recipients={"signers": [remote(1), remote(2)]})
    api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "Wrong file."})
    (first, _) = sandbox.mails(kind="voided")
    assert first["to"] == "s1@example.com"
    assert "Wrong file." in first["body"]


def test_resending_reaches_only_whose_turn_it_is(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope(recipients={"signers": [remote(1, 1), signer(2, 1), remote(3, 2)]})
    api.call("PUT", f"/envelopes/{envelope_id}?resend_envelope=true", {})
    assert sent_to(sandbox, kind="resent") == [("resent", "s1@example.com")]


def test_whoever_signs_in_person_is_reached_through_the_host(api: Api, sandbox: SandboxProcess) -> None:
    in_person = {
        "recipientId": "1",
        "hostName": "Signing Service",
        "hostEmail": "signing-service@sandbox.example",
        "signerName": "Ann Bee",
        "tabs": {"signHereTabs": [{"anchorString": "/sn1/"}]},
    }
    api.envelope(recipients={"inPersonSigners": [in_person]})
    assert sent_to(sandbox) == [("invitation", "signing-service@sandbox.example")]


def test_blind_copies_go_to_whom_the_sender_names(api: Api, sandbox: SandboxProcess) -> None:
    settings = {"bccEmailAddresses": [{"email": "archive@example.com"}]}
    api.envelope(recipients={"signers": [remote()]}, emailSettings=settings)
    (mail,) = sandbox.mails(to="archive@example.com")
    assert mail["link"] == ""


def test_a_mail_after_the_end_opens_for_reading(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope(recipients={"signers": [remote()]})
    Robot().sign(sandbox.mails()[0]["link"])
    assert api.states(envelope_id) == ("completed", ["completed"])
    assert sandbox.mails(kind="completed", to="s1@example.com")[0]["link"]
