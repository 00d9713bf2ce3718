"""Further accounts, users and integration keys, made by the control door."""

from typing import Any

import pytest
import requests

from tests.sandbox_process import SandboxProcess

from .api import TIMEOUT_SECONDS, Api, ask_for_token
from .people import only, seed


def test_a_seeded_user_of_a_seeded_account_may_work_there(sandbox: SandboxProcess, api: Api) -> None:
    account = only(seed(sandbox, accounts=[{"accountName": "Elsewhere"}])["accounts"])
    memberships = [{"accountId": account["accountId"], "isAdmin": True}]
    users = [{"userName": "Eve Else", "email": "eve@example.com", "memberships": memberships}]
    user = only(seed(sandbox, users=users)["users"])
    key = sandbox.config["DOCUSIGN_INTEGRATION_KEY"]
    seed(sandbox, consents=[{"integrationKey": key, "userId": user["userId"]}])
    url = f"{sandbox.base_url}/restapi/v2.1/accounts"
    assert api.call("GET", f"{url}/{account['accountId']}/users").json()["errorCode"] == "USER_LACKS_MEMBERSHIP"
    api.access_token = ask_for_token(sandbox, sub=user["userId"]).json()["access_token"]
    for account_id in (account["accountId"], account["externalId"]):
        assert only(api.call("GET", f"{url}/{account_id}/users").json()["users"])["userName"] == "Eve Else"
    assert api.call("GET", "/users").json()["errorCode"] == "USER_LACKS_MEMBERSHIP"


def test_seeding_again_changes_and_does_not_double(sandbox: SandboxProcess, api: Api) -> None:
    user = only(seed(sandbox, users=[{"userName": "Before", "email": "b@example.com"}])["users"])
    seed(sandbox, users=[{"userId": user["userId"], "userName": "After"}])
    assert api.call("GET", f"/users/{user['userId']}").json()["userName"] == "After"


@pytest.mark.parametrize(
    "data",
    [
        {"accounts": "x"},
        {"accounts": [{"externalId": "10000001"}]},
        {"users": [{"userName": "No Email"}]},
        {"users": [{"userId": "x", "userName": "A", "email": "a@b.c"}]},
        {"users": [{"userName": "A", "email": "a@b.c", "memberships": [{"accountId": "1"}]}]},
        {"integrationKeys": [{"redirectUris": "x"}]},
        {"integrationKeys": [{"publicKeys": ["x"] * 6}]},
        {"consents": [{"integrationKey": "x", "userId": None}]},
        {"users": [{"userName": "Half", "email": "half@example.com"}], "accounts": [1]},
    ],
)
def test_wrong_seed_is_refused_whole(sandbox: SandboxProcess, api: Api, data: dict[str, Any]) -> None:
    before = api.call("GET", "/users").json()["totalSetSize"]
    response = requests.post(f"{sandbox.base_url}/_sandbox/seed", json=data, timeout=TIMEOUT_SECONDS)
    assert response.status_code == 400
    assert api.call("GET", "/users").json()["totalSetSize"] == before
