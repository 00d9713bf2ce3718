"""Who are you? Codes by mail, access codes, and what the certificate says about it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from sandbox.robot import Robot
from signing import tasks, verification
from signing.authoring import SignerInput, TabInput
from signing.codes import is_right
from signing.links import find_link, link_token_of
from signing.models import EmailCode, MailKind, OutgoingMail, Recipient, TabKind, Verification
from signing.verification import TooManyCodesError, WrongCodeError
from tests.clock import Clock
from tests.deeds import path_of, send, sign
from tests.factories import make_draft, make_sent, recipient_of
from tests.pdf_files import text_of
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def signer(verified_by: Verification, **fields: Any) -> SignerInput:
    tabs = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),)
    return SignerInput("Ann Bee", "ann@example.com", 1, tabs, verification=verified_by, **fields)


@pytest.fixture
def ann() -> Recipient:
    """A signer of whom a code is asked, without any Docusign."""
    recipient = recipient_of(make_sent(), 1)
    recipient.verification = Verification.EMAIL_CODE
    recipient.save()
    return recipient


@pytest.fixture
def asked(docusign: SandboxProcess) -> Recipient:
    """The same, with an envelope that can be signed."""
    return recipient_of(send(make_draft(signers=[signer(Verification.EMAIL_CODE)])), 1)


def mailed_code() -> str:
    """What the newest mail with a code says."""
    for mail_id in OutgoingMail.objects.filter(kind=MailKind.CODE, state="queued").values_list("pk", flat=True):
        tasks.deliver_mail(mail_id)
    texts = [str(message.body) for message in mail.outbox if re.search(r"\b\d{6}\b", str(message.body))]
    match = re.search(r"\b\d{6}\b", texts[-1])
    assert match
    return match[0]


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def downloads(browser: Browser, path: str) -> bool:
    response = browser.get(f"{path}document/")
    return response.streaming and b"".join(response).startswith(b"%PDF")


def codes() -> int:
    return OutgoingMail.objects.filter(kind=MailKind.CODE).count()


def test_the_button_leads_to_the_code_and_the_code_into_the_ceremony(asked: Recipient) -> None:
    browser, path = Browser(), path_of(asked)
    page = browser.post(f"{path}start/", follow=True).content.decode()
    assert "Enter the code from your email" in page
    assert "a…@example.com" in page
    response = browser.post(f"{path}code/", {"code": mailed_code()})
    assert response.status_code == 303
    assert "/Signing/" in response["Location"]


def test_the_code_goes_to_the_address_on_file(asked: Recipient) -> None:
    Browser().post(f"{path_of(asked)}start/", {"email": "thief@example.com"})
    assert OutgoingMail.objects.get(kind=MailKind.CODE).to_email == "ann@example.com"


def test_without_the_code_there_is_no_way_in(asked: Recipient, docusign: SandboxProcess) -> None:
    Browser().post(f"{path_of(asked)}start/")
    assert docusign.requests("POST", "/views/recipient") == []


def test_a_wrong_code_is_answered_at_the_field(asked: Recipient, docusign: SandboxProcess) -> None:
    browser, path = Browser(), path_of(asked)
    browser.post(f"{path}start/")
    response = browser.post(f"{path}code/", {"code": other_than(mailed_code())})
    assert response.status_code == 422
    assert "That was not the code. You can try 4 more times." in response.content.decode()
    assert docusign.requests("POST", "/views/recipient") == []


def test_blanks_in_the_code_do_not_matter(ann: Recipient) -> None:
    verification.send_code(ann)
    code = mailed_code()
    assert verification.check(ann, f" {code[:3]} {code[3:]} ").verified_at is not None


def test_for_an_hour_the_same_browser_need_not_give_another(asked: Recipient, clock: Clock) -> None:
    browser, path = Browser(), path_of(asked)
    browser.post(f"{path}start/")
    browser.post(f"{path}code/", {"code": mailed_code()})
    clock.advance(minutes=59)
    assert browser.post(f"{path}start/").status_code == 303
    clock.advance(minutes=2)
    assert "code" in browser.post(f"{path}start/")["Location"]


def test_another_browser_needs_a_code_of_its_own(asked: Recipient) -> None:
    browser, path = Browser(), path_of(asked)
    browser.post(f"{path}start/")
    browser.post(f"{path}code/", {"code": mailed_code()})
    assert "code" in Browser().post(f"{path}start/")["Location"]


def test_the_proof_of_one_signer_is_none_for_another(ann: Recipient) -> None:
    verification.send_code(ann)
    proof = verification.check(ann, mailed_code())
    carl = recipient_of(ann.envelope, 2)
    assert verification.proof_of(ann, str(proof.assertion_id)) == proof
    assert verification.proof_of(carl, str(proof.assertion_id)) is None


def test_a_code_opens_once(ann: Recipient) -> None:
    verification.send_code(ann)
    code = mailed_code()
    verification.check(ann, code)
    with pytest.raises(WrongCodeError):
        verification.check(ann, code)


def test_a_code_expires(ann: Recipient, clock: Clock) -> None:
    verification.send_code(ann)
    code = mailed_code()
    clock.advance(minutes=10)
    with pytest.raises(WrongCodeError):
        verification.check(ann, code)


def test_after_five_wrong_tries_the_right_code_is_wrong_too(ann: Recipient) -> None:
    verification.send_code(ann)
    code = mailed_code()
    left = []
    for _ in range(5):
        with pytest.raises(WrongCodeError) as refused:
            verification.check(ann, other_than(code))
        left.append(refused.value.attempts_left)
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(WrongCodeError):
        verification.check(ann, code)


def test_only_the_newest_code_opens(ann: Recipient, clock: Clock) -> None:
    verification.send_code(ann)
    old = mailed_code()
    clock.advance(minutes=2)
    verification.send_code(ann, anew=True)
    new = mailed_code()
    if old != new:
        with pytest.raises(WrongCodeError):
            verification.check(ann, old)
    assert verification.check(ann, new)


def test_a_code_to_an_address_that_was_corrected_opens_nothing(ann: Recipient) -> None:
    verification.send_code(ann)
    code = mailed_code()
    ann.email = "ann.bee@example.com"
    ann.save()
    with pytest.raises(WrongCodeError):
        verification.check(ann, code)


def test_pressing_the_button_again_sends_no_second_code(ann: Recipient) -> None:
    for _ in range(3):
        verification.send_code(ann)
    verification.send_code(ann, anew=True)  # within the minute
    assert codes() == 1


def test_a_signer_gets_five_codes_an_hour(ann: Recipient, clock: Clock) -> None:
    for _ in range(5):
        verification.send_code(ann, anew=True)
        clock.advance(minutes=2)
    with pytest.raises(TooManyCodesError):
        verification.send_code(ann, anew=True)
    clock.advance(hours=1)
    verification.send_code(ann, anew=True)
    assert codes() == 6


def test_the_database_does_not_hold_the_code(ann: Recipient, settings: Settings) -> None:
    verification.send_code(ann)
    code = mailed_code()
    (row,) = EmailCode.objects.values()
    assert not any(code in str(value) for name, value in row.items() if name not in ("created_at", "expires_at"))
    assert is_right(row["nonce"], row["digest"], code)
    settings.SECRET_KEY = "another secret key"
    assert not is_right(row["nonce"], row["digest"], code)


def test_wrong_codes_are_limited_per_address(asked: Recipient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "ATTEMPTS_PER_CODE", 100)
    browser, path = Browser(), path_of(asked)
    browser.post(f"{path}start/")
    code = mailed_code()
    for _ in range(20):
        browser.post(f"{path}code/", {"code": other_than(code)})
    response = browser.post(f"{path}code/", {"code": code})
    assert response.status_code == 429
    assert "Too many wrong codes" in response.content.decode()


def test_codes_that_nobody_gave_are_forgotten_and_evidence_is_kept(ann: Recipient, clock: Clock) -> None:
    verification.send_code(ann)
    verification.check(ann, mailed_code())
    verification.send_code(ann)
    clock.advance(days=3)
    tasks.prune()
    assert [code.verified_at is not None for code in EmailCode.objects.all()] == [True]


def test_docusign_is_told_how_when_and_by_which_check_the_signer_was_known(
    asked: Recipient, docusign: SandboxProcess
) -> None:
    browser, path = Browser(), path_of(asked)
    browser.post(f"{path}start/")
    browser.post(f"{path}code/", {"code": mailed_code()})
    (body,) = [call["body"] for call in docusign.requests("POST", "/views/recipient")]
    proof = EmailCode.objects.get()
    assert body["authenticationMethod"] == "Email"
    assert body["assertionId"] == str(proof.assertion_id)
    assert body["securityDomain"] == "portal.test"
    assert proof.verified_at is not None
    assert body["authenticationInstant"] == proof.verified_at.isoformat(timespec="seconds").replace("+00:00", "Z")


def test_a_link_from_a_mail_is_called_no_more_than_that(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 1)
    Browser().post(f"{path_of(recipient)}start/")
    (body,) = [call["body"] for call in docusign.requests("POST", "/views/recipient")]
    assert body["authenticationMethod"] == "Email"
    assert "assertionId" not in body


def test_the_certificate_names_the_check(asked: Recipient, docusign: SandboxProcess) -> None:
    browser, path = Browser(), path_of(asked)
    browser.post(f"{path}start/")
    view_url = browser.post(f"{path}code/", {"code": mailed_code()})["Location"]
    Robot().sign(view_url, signature="Ann Bee")
    tasks.refresh_envelope(asked.envelope_id)
    tasks.fetch_documents(asked.envelope_id)
    with asked.envelope.completed_documents.get(kind="certificate").file.open("rb") as file:
        certificate = text_of(file.read())
    assert str(EmailCode.objects.get().assertion_id)[:8] in certificate


def test_the_signed_documents_are_behind_the_code_too(asked: Recipient) -> None:
    browser, path = Browser(), path_of(asked)
    browser.post(f"{path}start/")
    Robot().sign(browser.post(f"{path}code/", {"code": mailed_code()})["Location"], signature="Ann Bee")
    tasks.refresh_envelope(asked.envelope_id)
    tasks.fetch_documents(asked.envelope_id)
    assert downloads(browser, path)
    stranger = Browser()
    page = stranger.get(f"{path}document/", follow=True).content.decode()
    assert "First, a code to your mailbox" in page
    stranger.post(f"{path}code/new/")
    assert "Everyone has signed" in stranger.post(f"{path}code/", {"code": mailed_code()}, follow=True).content.decode()
    assert downloads(stranger, path)


def test_the_cookie_is_for_this_link_alone_and_not_for_scripts_or_other_sites(asked: Recipient) -> None:
    browser, path = Browser(), path_of(asked)
    browser.post(f"{path}start/")
    cookie = browser.post(f"{path}code/", {"code": mailed_code()}).cookies["signer_proof"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (path, True, "Lax")


@pytest.mark.parametrize("ask", [lambda b, p: b.get(f"{p}code/"), lambda b, p: b.post(f"{p}code/new/")])
def test_of_whom_no_code_is_asked_none_is_sent(ask: Callable[[Browser, str], Any]) -> None:
    path = path_of(recipient_of(make_sent(), 1))
    assert ask(Browser(), path)["Location"] == path
    assert codes() == 0


def test_a_link_that_lets_nobody_in_sends_no_code(ann: Recipient) -> None:
    Recipient.objects.filter(pk=ann.pk).update(link_expires_at=timezone.now())
    Browser().post(f"{path_of(ann)}code/new/")
    assert codes() == 0


def test_an_access_code_is_docusigns_to_ask(docusign: SandboxProcess) -> None:
    envelope = send(make_draft(signers=[signer(Verification.ACCESS_CODE, access_code="Blue 42")]))
    recipient = recipient_of(envelope, 1)
    view_url = Browser().post(f"{path_of(recipient)}start/")["Location"]
    return_url = Robot(access_code="Blue 42").sign(view_url, signature="Ann Bee")
    assert return_url.endswith("event=signing_complete")


def test_an_access_code_is_encrypted_until_it_is_sent_and_then_gone(docusign: SandboxProcess) -> None:
    envelope = make_draft(signers=[signer(Verification.ACCESS_CODE, access_code="Blue 42")])
    sealed = recipient_of(envelope, 1).sealed_access_code
    assert sealed
    assert "Blue" not in sealed
    send(envelope)
    assert recipient_of(envelope, 1).sealed_access_code == ""


def test_an_envelope_whose_access_code_is_lost_is_not_sent_without_one(docusign: SandboxProcess) -> None:
    envelope = make_draft(signers=[signer(Verification.ACCESS_CODE, access_code="Blue 42")])
    Recipient.objects.filter(envelope=envelope).update(sealed_access_code="garbled")
    with pytest.raises(LookupError):
        send(envelope)
    assert docusign.requests("POST", "/envelopes") == []


def test_evidence_of_a_signer_whose_link_is_their_own(ann: Recipient) -> None:
    link = find_link(link_token_of(ann))
    assert link is not None
    assert verification.evidence_of(link, None).method == "Email"


def test_the_other_signers_need_no_code(docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    assert codes() == 0
