"""Before the documents: the host hands over, the access code, the check of identity (reference 2.4)."""

from typing import Any

import pytest
import requests

from sandbox.robot import CeremonyRefusedError, Robot
from tests.sandbox_process import SandboxProcess

from .api import TIMEOUT_SECONDS, Api
from .ceremony import SIGN, envelope_with

HOST: dict[str, Any] = {"userName": "Signing Service", "email": "signing-service@sandbox.example"}


def protected(api: Api) -> str:
    return envelope_with(api, {"accessCode": "Sesame 1"})


def messages_of(api: Api, envelope_id: str) -> list[str]:
    events = api.get(envelope_id, "/audit_events")["auditEvents"]
    return [field["value"] for event in events for field in event["eventFields"] if field["name"] == "Message"]


class TestAccessCode:
    def test_nothing_is_shown_or_opened_before_the_code(self, api: Api) -> None:
        envelope_id = protected(api)
        page = requests.get(api.view_url(envelope_id), timeout=TIMEOUT_SECONDS)
        assert "Please enter your access code" in page.text
        assert "/pages/1/1.webp" not in page.text
        assert api.states(envelope_id) == ("sent", ["sent"])
        for path in ("pages/1/1.webp", "document.pdf"):
            answer = requests.get(f"{page.url}/{path}", timeout=TIMEOUT_SECONDS)
            assert "Please enter your access code" in answer.text

    def test_nothing_can_be_posted_past_it(self, api: Api) -> None:
        envelope_id = protected(api)
        session = requests.get(api.view_url(envelope_id), timeout=TIMEOUT_SECONDS).url
        for action in ("consent", "finish", "later", "decline", "reassign", "paper"):
            answer = requests.post(f"{session}/{action}", data={"reason": "x", "agree": "1"}, timeout=TIMEOUT_SECONDS)
            assert "Please enter your access code" in answer.text
        assert api.states(envelope_id) == ("sent", ["sent"])

    def test_the_right_code_opens(self, api: Api) -> None:
        envelope_id = protected(api)
        assert Robot(access_code=" Sesame 1 ").sign(api.view_url(envelope_id)).endswith("event=signing_complete")

    @pytest.mark.parametrize("code", ["", "sesame 1", "Sesame"])
    def test_a_wrong_code_may_be_tried_again(self, api: Api, code: str) -> None:
        with pytest.raises(CeremonyRefusedError, match="You can try 2 more times"):
            Robot(access_code=code).sign(api.view_url(protected(api)))

    def test_three_wrong_codes_end_the_session(self, api: Api) -> None:
        envelope_id = protected(api)
        session = requests.get(api.view_url(envelope_id), timeout=TIMEOUT_SECONDS).url
        answers = [
            requests.post(f"{session}/code", data={"code": "no"}, allow_redirects=False, timeout=TIMEOUT_SECONDS)
            for _ in range(4)
        ]
        assert [answer.status_code for answer in answers] == [422, 422, 303, 303]
        assert answers[2].headers["Location"].endswith("event=access_code_failed")
        assert "Signer 1 gave a wrong access code too often" in messages_of(api, envelope_id)


class TestIdentity:
    @pytest.mark.parametrize(
        "asked",
        [
            {"identityVerification": {"workflowId": "c368e411-1592-4001-a3df-dca94ac539ae"}},
            {"phoneAuthentication": {"recipMayProvideNumber": "true"}},
            {"smsAuthentication": {"senderProvidedNumbers": ["+1 555 0100"]}},
            {"idCheckConfigurationName": "ID Check $", "requireIdLookup": "true"},
        ],
    )
    def test_failing_the_check_ends_the_session_and_passing_it_opens(self, api: Api, asked: dict[str, Any]) -> None:
        envelope_id = envelope_with(api, asked)
        failed = Robot(passes_identity_check=False).sign(api.view_url(envelope_id))
        assert failed.endswith("event=id_check_failed")
        assert "Signer 1 did not pass the identity check" in messages_of(api, envelope_id)
        assert Robot().sign(api.view_url(envelope_id)).endswith("event=signing_complete")


class TestInPerson:
    def envelope(self, api: Api) -> str:
        who = {"hostName": HOST["userName"], "hostEmail": HOST["email"], "signerName": "Walk In"}
        return api.envelope(
            recipients={"inPersonSigners": [{**who, "recipientId": "1", "clientUserId": "c1", "tabs": SIGN}]}
        )

    def test_the_host_hands_the_device_over_first(self, api: Api) -> None:
        envelope_id = self.envelope(api)
        page = requests.get(api.view_url(envelope_id, **HOST), timeout=TIMEOUT_SECONDS)
        assert "Please hand the device to Walk In" in page.text
        assert api.get(envelope_id)["recipients"]["inPersonSigners"][0]["status"] == "sent"
        page = requests.post(f"{page.url}/host", timeout=TIMEOUT_SECONDS)
        assert "I agree to use electronic records" in page.text
        assert api.get(envelope_id)["recipients"]["inPersonSigners"][0]["status"] == "delivered"

    def test_the_signer_signs_in_the_hosts_session(self, api: Api) -> None:
        envelope_id = self.envelope(api)
        assert Robot().sign(api.view_url(envelope_id, **HOST)).endswith("event=signing_complete")
        assert api.get(envelope_id)["status"] == "completed"


def test_idling_at_a_gate_ends_the_session_too(api: Api, sandbox: SandboxProcess) -> None:
    session = requests.get(api.view_url(protected(api)), timeout=TIMEOUT_SECONDS).url
    sandbox.advance(20 * 60 + 1)
    answer = requests.get(session, allow_redirects=False, timeout=TIMEOUT_SECONDS)
    assert answer.headers["Location"].endswith("event=session_timeout")
