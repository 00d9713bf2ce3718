"""Who the sender is, and who else may act: by token, and by consent of one user to one integration key."""

import re

import pytest
import requests

from tests.sandbox_process import SandboxProcess

from .api import TIMEOUT_SECONDS, Api, signer
from .people import act_as, alex_of, consent, only

REMOTE = {"recipients": {"signers": [signer(clientUserId=None)]}}


@pytest.fixture
def alex(sandbox: SandboxProcess, api: Api) -> Api:
    return act_as(sandbox, alex_of(api))


def test_the_sender_is_the_tokens_user(sandbox: SandboxProcess, api: Api, alex: Api) -> None:
    envelope_id = alex.envelope(**REMOTE)
    sender = api.call("GET", f"/envelopes/{envelope_id}").json()["sender"]
    assert (sender["userName"], sender["email"]) == ("Alex Sender", "alex@sandbox.example")
    (mail,) = sandbox.mails(kind="invitation")
    assert (mail["from"], mail["replyTo"]) == ("Alex Sender", "alex@sandbox.example")
    assert "Alex Sender" in mail["body"]


def test_the_console_shows_in_whose_name_a_mail_came(sandbox: SandboxProcess, alex: Api) -> None:
    alex.envelope(**REMOTE)
    mailbox = requests.get(f"{sandbox.base_url}/console/mailbox", timeout=TIMEOUT_SECONDS).text
    assert "alex@sandbox.example" in mailbox


def test_an_administrator_may_act_for_every_sender(api: Api, alex: Api) -> None:
    envelope_id = alex.envelope(**REMOTE)
    voided = api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "no"})
    assert voided.status_code == 200
    listed = api.call("GET", f"/envelopes?envelope_ids={envelope_id}").json()
    assert only(listed["envelopes"])["envelopeId"] == envelope_id


def test_or_by_a_stricter_reading_only_the_sender_may(sandbox: SandboxProcess, api: Api, alex: Api) -> None:
    envelope_id = alex.envelope(**REMOTE)
    sandbox.change_settings(ADMINISTRATORS_ACT_FOR_EVERY_SENDER=False)
    refused = api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "no"})
    assert refused.json()["errorCode"] == "USER_NOT_ENVELOPE_SENDER_OR_RECIPIENT"
    assert api.call("GET", f"/envelopes?envelope_ids={envelope_id}").json().get("envelopes") is None
    voided = alex.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "no"})
    assert voided.status_code == 200


def test_consent_is_withdrawn_from_one_integration_key_alone(sandbox: SandboxProcess, api: Api) -> None:
    alex = alex_of(api)
    (other,) = sandbox.seed(integrationKeys=[{"name": "Another application"}])["integrationKeys"]
    for key in (sandbox.config["DOCUSIGN_INTEGRATION_KEY"], other["integrationKey"]):
        consent(sandbox, alex, client_id=key)
    body = {"granted": False, "userId": alex, "integrationKey": other["integrationKey"]}
    sandbox.control("POST", "consent", body)
    assert asks_for_consent(sandbox, alex, other["integrationKey"])
    assert not asks_for_consent(sandbox, alex, sandbox.config["DOCUSIGN_INTEGRATION_KEY"])


def test_an_unknown_integration_key_is_told(sandbox: SandboxProcess, api: Api) -> None:
    with pytest.raises(requests.HTTPError, match="400"):
        sandbox.control("POST", "consent", {"granted": False, "userId": alex_of(api), "integrationKey": "x"})


def asks_for_consent(sandbox: SandboxProcess, user_id: str, client_id: str) -> bool:
    query = {
        "response_type": "code",
        "scope": "signature impersonation",
        "client_id": client_id,
        "redirect_uri": "http://localhost:9999/back",
        "login_hint": user_id,
    }
    url = f"{sandbox.base_url}/oauth/auth"
    return requests.get(url, params=query, allow_redirects=False, timeout=TIMEOUT_SECONDS).status_code == 200


def test_a_user_is_added_closed_and_reopened_in_the_console(sandbox: SandboxProcess, api: Api) -> None:
    page = f"{sandbox.base_url}/console/consent"
    browser = requests.Session()
    press(browser, page, deed="add", name="Bea New", email="bea@sandbox.example")
    assert "bea@sandbox.example" in browser.get(page, timeout=TIMEOUT_SECONDS).text
    (bea,) = api.call("GET", "/users?email=bea@sandbox.example").json()["users"]
    caller = act_as(sandbox, bea["userId"])
    press(browser, page, deed="close", user=bea["userId"])
    assert caller.call("GET", "/users").json()["errorCode"] == "USER_LACKS_MEMBERSHIP"
    press(browser, page, deed="reopen", user=bea["userId"])
    assert caller.call("GET", "/users").status_code == 200


def press(browser: requests.Session, page: str, **form: str) -> None:
    text = browser.get(page, timeout=TIMEOUT_SECONDS).text
    match = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', text)
    data = form | ({"csrfmiddlewaretoken": match[1]} if match else {})
    assert browser.post(page, data=data, headers={"Referer": page}, timeout=TIMEOUT_SECONDS).status_code == 200
