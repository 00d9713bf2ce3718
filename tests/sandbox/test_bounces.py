"""Mails that come back, and warnings before an envelope expires."""

from typing import Any

import requests

from sandbox.robot import Robot
from tests.sandbox_process import SandboxProcess

from .api import Api, signer
from .listener import Listener
from .people import only

BOUNCING = "ann@bounce.example"
DAY_SECONDS = 86_400


def remote(api: Api, **changes: Any) -> str:
    return api.envelope(recipients={"signers": [signer(clientUserId=None, **changes)]})


def status(api: Api, envelope_id: str) -> tuple[str, str]:
    envelope, (recipient,) = api.states(envelope_id)
    return envelope, recipient


def test_whose_mail_comes_back_has_autoresponded(api: Api) -> None:
    assert status(api, remote(api, email=BOUNCING)) == ("sent", "autoresponded")


def test_an_address_is_made_to_bounce_until_the_reset(api: Api, sandbox: SandboxProcess) -> None:
    sandbox.control("POST", "bounces", {"email": "S1@example.com"})
    assert status(api, remote(api)) == ("sent", "autoresponded")
    assert sandbox.control("DELETE", "bounces", {"email": "s1@example.com"}) == {"emails": []}
    assert status(api, remote(api)) == ("sent", "sent")
    sandbox.control("POST", "bounces", {"email": "s1@example.com"})
    sandbox.reset()
    assert sandbox.control("GET", "bounces") == {"emails": []}


def test_embedded_signers_get_no_mail_that_could_come_back(api: Api) -> None:
    assert status(api, api.envelope(recipients={"signers": [signer(email=BOUNCING)]})) == ("sent", "sent")


def test_a_corrected_address_is_mailed_again(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = remote(api, email=BOUNCING)
    body = {"signers": [{"recipientId": "1", "email": "ann@example.com"}]}
    api.call("PUT", f"/envelopes/{envelope_id}/recipients", body)
    assert status(api, envelope_id) == ("sent", "sent")
    assert [mail["to"] for mail in sandbox.mails(kind="corrected")] == ["ann@example.com"]


def test_a_mail_sent_again_may_come_back_again(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = remote(api, email=BOUNCING)
    api.call("PUT", f"/envelopes/{envelope_id}?resend_envelope=true", {})
    assert status(api, envelope_id) == ("sent", "autoresponded")
    assert len(sandbox.mails(kind="resent")) == 1


def test_who_autoresponded_may_still_sign(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = remote(api, email=BOUNCING)
    Robot().sign(only(sandbox.mails(kind="invitation"))["link"])
    assert status(api, envelope_id) == ("completed", "completed")


def test_connect_tells_of_it(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    version = {"version": "restv2.1", "format": "json"}
    notification = {"url": listener.url, "events": ["recipient-autoresponded"], "eventData": version}
    api.envelope(
        recipients={"signers": [signer(clientUserId=None, email=BOUNCING)]},
        eventNotification=notification,
    )
    sandbox.deliver()
    assert listener.events == ["recipient-autoresponded"]


def test_the_order_must_name_an_address(sandbox: SandboxProcess) -> None:
    answer = requests.post(f"{sandbox.base_url}/_sandbox/bounces", json={"email": "ann"}, timeout=30)
    assert (answer.status_code, answer.json()) == (400, {"error": "email must be an address"})


def test_who_has_not_signed_is_warned_before_it_expires(api: Api, sandbox: SandboxProcess) -> None:
    expirations = {"expireEnabled": "true", "expireAfter": "5", "expireWarn": "2"}
    signers = [signer(1, clientUserId=None), signer(2, clientUserId=None)]
    api.envelope(recipients={"signers": signers}, notification={"expirations": expirations})
    counts = []
    for days in (2.9, 0.2, 1):
        sandbox.advance(days * DAY_SECONDS)
        counts.append([mail["to"] for mail in sandbox.mails(kind="expiring")])
    assert counts == [[], ["s1@example.com"], ["s1@example.com"]]


def test_a_later_deadline_warns_later(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = remote(api)
    expirations = {"expireEnabled": "true", "expireAfter": "9", "expireWarn": "2"}
    api.call("PUT", f"/envelopes/{envelope_id}/notification", {"expirations": expirations})
    sandbox.advance(6.9 * DAY_SECONDS)
    assert sandbox.mails(kind="expiring") == []
    sandbox.advance(0.2 * DAY_SECONDS)
    assert len(sandbox.mails(kind="expiring")) == 1
