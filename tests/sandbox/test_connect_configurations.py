"""Connect configurations of the account, and its HMAC keys (reference 4.2, 4.3)."""

from typing import Any

import pytest

from tests.sandbox_process import SandboxProcess

from .api import Api
from .listener import Listener
from .test_connect import configuration
from .test_connect_retries import DAY_SECONDS, send, subscribe


def test_configurations_are_kept_and_changed(api: Api, listener: Listener) -> None:
    connect_id = subscribe(api, listener)
    changed = api.call("PUT", "/connect", {"connectId": connect_id, "name": "Renamed", "enableLog": False}).json()
    assert (changed["name"], changed["enableLog"], changed["urlToPublishTo"]) == ("Renamed", "false", listener.url)
    listed = api.call("GET", "/connect").json()
    assert listed["totalRecords"] == "1"
    assert api.call("GET", f"/connect/{connect_id}").json() == listed


@pytest.mark.parametrize(
    "wrong",
    [
        {"urlToPublishTo": "http://listener.example/"},
        {"urlToPublishTo": None},
        {"name": ""},
        {"allUsers": "false"},
        {"allUsers": "false", "userIds": ["00000000-0000-0000-0000-000000000000"]},
        {"configurationType": "salesforce"},
        {"events": {"no": "array"}},
        {"eventData": "none"},
    ],
)
def test_a_wrong_configuration_is_refused(api: Api, listener: Listener, wrong: dict[str, Any]) -> None:
    assert api.call("POST", "/connect", configuration(listener, **wrong)).status_code == 400
    assert api.call("GET", "/connect").json()["totalRecords"] == "0"


def test_an_account_has_twenty_configurations_at_most(api: Api, listener: Listener) -> None:
    for _ in range(20):
        subscribe(api, listener)
    assert api.call("POST", "/connect", configuration(listener)).status_code == 400


def test_keys_can_be_made_listed_and_deleted(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    key = api.call("POST", "/connect/secret", {"secret": "abc"}).json()
    assert api.call("GET", "/connect/secret").json()["secrets"] == [key]
    assert api.call("DELETE", f"/connect/secret/{key['keyId']}").status_code == 200
    send(api, listener, includeHMAC="true")
    sandbox.deliver()
    assert "x-docusign-signature-1" not in listener.told[0].headers


def test_the_users_of_a_configuration_are_listed(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    user_id = sandbox.config["DOCUSIGN_USER_ID"]
    connect_id = subscribe(api, listener, allUsers="false", userIds=[user_id])
    data = api.call("GET", f"/connect/{connect_id}/users").json()
    assert [user["userId"] for user in data["users"]] == [user_id]
    assert data["allUsersSelected"] == "false"
    assert len(api.call("GET", f"/connect/{connect_id}/all/users").json()["users"]) > 1


def test_a_deleted_configuration_is_told_nothing_more(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    connect_id = subscribe(api, listener)
    listener.answers = [500]
    api.envelope()
    sandbox.deliver()
    assert api.call("DELETE", f"/connect/{connect_id}").status_code == 200
    api.envelope()
    sandbox.advance(DAY_SECONDS)
    assert len(listener.told) == 1
