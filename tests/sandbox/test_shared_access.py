"""Shared access: one user allows another to act for them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox_process import SandboxProcess

from .api import Api, definition
from .people import act_as, alex_of, only

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def principal(sandbox: SandboxProcess) -> str:
    return sandbox.config["DOCUSIGN_USER_ID"]


def share(api: Api, principal: str, agent: str, **changes: Any) -> Any:
    body = {"agentUser": {"userId": agent, "accountId": api.sandbox.account_id}, "permission": "manage"} | changes
    return api.call("POST", f"/users/{principal}/authorization", body)


def test_the_agent_sees_what_the_principal_sent(sandbox: SandboxProcess, api: Api, principal: str) -> None:
    envelope_id, agent = api.envelope(), alex_of(api)
    alex = act_as(sandbox, agent)
    headers = {"X-DocuSign-Act-On-Behalf": principal}
    refused = alex.call("GET", f"/envelopes/{envelope_id}", headers=headers)
    assert refused.json()["errorCode"] == "ACT_ON_BEHALF_USER_NOT_ALLOWED"
    assert share(api, principal, agent).status_code == 201
    assert alex.call("GET", f"/envelopes/{envelope_id}", headers=headers).status_code == 200


def test_it_is_listed_from_both_sides(api: Api, principal: str) -> None:
    agent = alex_of(api)
    made = share(api, principal, agent).json()
    of_agent = api.call("GET", f"/users/{agent}/authorizations/agent?principal_user_id={principal}").json()
    of_principal = api.call("GET", f"/users/{principal}/authorizations").json()
    for listed in (of_agent, of_principal):
        grant = only(listed["authorizations"])
        assert grant["authorizationId"] == made["authorizationId"]
        assert (grant["principalUser"]["userId"], grant["agentUser"]["userId"]) == (principal, agent)
    assert api.call("GET", f"/users/{principal}/authorizations/agent").json()["authorizations"] == []


def test_it_is_changed_and_withdrawn(api: Api, principal: str) -> None:
    path = f"/users/{principal}/authorization/{share(api, principal, alex_of(api)).json()['authorizationId']}"
    changed = api.call("PUT", path, {"endDate": "2031-01-01T00:00:00.0000000Z"}).json()
    assert changed["endDate"].startswith("2031")
    assert api.call("GET", path).json()["endDate"] == changed["endDate"]
    assert api.call("DELETE", path).status_code == 200
    assert api.call("GET", path).status_code == 400


def test_several_at_once_each_have_their_result(api: Api, principal: str) -> None:
    wanted = [{"agentUser": {"userId": user}} for user in (alex_of(api), NOBODY)]
    good, bad = api.call("POST", f"/users/{principal}/authorizations", {"authorizations": wanted}).json()["results"]
    assert (good["success"], bad["success"]) == ("true", "false")
    ids = [good["authorization"]["authorizationId"], NOBODY]
    gone = api.call("DELETE", f"/users/{principal}/authorizations", {"authorizations": ids}).json()["results"]
    assert [result["success"] for result in gone] == ["true", "false"]


def test_it_ends_when_it_was_said_to(sandbox: SandboxProcess, api: Api, principal: str) -> None:
    agent, headers = alex_of(api), {"X-DocuSign-Act-On-Behalf": principal}
    alex = act_as(sandbox, agent)
    in_half_an_hour = (datetime.now(UTC) + timedelta(minutes=30)).isoformat()
    share(api, principal, agent, endDate=in_half_an_hour)
    assert alex.call("GET", "/users", headers=headers).status_code == 200
    sandbox.advance(31 * 60)
    assert alex.call("GET", "/users", headers=headers).json()["errorCode"] == "ACT_ON_BEHALF_USER_NOT_ALLOWED"
    assert api.call("GET", f"/users/{agent}/authorizations/agent?active_only=true").json()["authorizations"] == []


def test_nobody_shares_what_is_anothers(sandbox: SandboxProcess, api: Api, principal: str) -> None:
    agent = alex_of(api)
    response = share(act_as(sandbox, agent), principal, agent)
    assert response.json()["errorCode"] == "USER_NOT_ACCOUNT_ADMIN"


@pytest.mark.parametrize("changes", [{"permission": "rule"}, {"agentUser": {}}, {"agentUser": "x"}, {"endDate": "x"}])
def test_a_wrong_authorization_is_refused(api: Api, principal: str, changes: dict[str, Any]) -> None:
    assert share(api, principal, alex_of(api), **changes).status_code == 400


class TestTheOlderWay:
    HEADERS = {"X-DocuSign-Act-As-User": "signing-service@sandbox.example"}
    ALLOWED = {"apiAccountWideAccess": "true", "allowSendOnBehalfOf": "true"}

    def test_needs_settings_of_the_agents(self, sandbox: SandboxProcess, api: Api) -> None:
        alex = act_as(sandbox, alex_of(api))
        refused = alex.call("POST", "/envelopes", definition(), headers=self.HEADERS)
        assert refused.json()["errorCode"] == "USER_LACKS_PERMISSIONS"

    def test_sends_in_the_name_of_whom_it_names(self, sandbox: SandboxProcess, api: Api, principal: str) -> None:
        agent = alex_of(api)
        api.call("PUT", f"/users/{agent}/settings", self.ALLOWED)
        alex = act_as(sandbox, agent)
        for named in (self.HEADERS, {"X-DocuSign-Act-As-User": principal}):
            sent = alex.call("POST", "/envelopes", definition(), headers=named)
            assert api.get(sent.json()["envelopeId"], "")["sender"]["userId"] == principal

    def test_knows_members_only(self, sandbox: SandboxProcess, api: Api) -> None:
        agent = alex_of(api)
        api.call("PUT", f"/users/{agent}/settings", self.ALLOWED)
        named = {"X-DocuSign-Act-As-User": "nobody@example.com"}
        refused = act_as(sandbox, agent).call("POST", "/envelopes", definition(), headers=named)
        assert refused.json()["errorCode"] == "USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT"
