"""Other users than the service user, and callers who act as them."""

from collections.abc import Sequence
from typing import Any

import requests

from tests.sandbox_process import SandboxProcess

from .api import TIMEOUT_SECONDS, Api, ask_for_token

LOCAL_URI = "http://localhost:9999/back"
SCOPES = "signature impersonation"


def seed(sandbox: SandboxProcess, **data: Any) -> dict[str, Any]:
    """What the control door's `seed` made of it."""
    response = requests.post(f"{sandbox.base_url}/_sandbox/seed", json=data, timeout=TIMEOUT_SECONDS)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def query_of(sandbox: SandboxProcess, **changes: str) -> dict[str, str]:
    """Of `/oauth/auth`."""
    query = {
        "response_type": "code",
        "scope": SCOPES,
        "client_id": sandbox.config["DOCUSIGN_INTEGRATION_KEY"],
        "redirect_uri": LOCAL_URI,
        "state": "s1",
    }
    return query | changes


def consent(sandbox: SandboxProcess, user_id: str, **changes: str) -> requests.Response:
    """The redirect that follows on allowing what is asked for."""
    return requests.post(
        f"{sandbox.base_url}/oauth/auth",
        params=query_of(sandbox, **changes),
        data={"user": user_id, "decision": "accept"},
        allow_redirects=False,
        timeout=TIMEOUT_SECONDS,
    )


def user_id_of(api: Api, email: str) -> str:
    (user,) = api.call("GET", f"/users?email={email}").json()["users"]
    found: str = user["userId"]
    return found


def alex_of(api: Api) -> str:
    """The ordinary member there is from the start."""
    return user_id_of(api, "alex@sandbox.example")


def act_as(sandbox: SandboxProcess, user_id: str) -> Api:
    consent(sandbox, user_id)
    caller = Api(sandbox)
    caller.access_token = ask_for_token(sandbox, sub=user_id).json()["access_token"]
    return caller


def only(items: Sequence[Any]) -> Any:
    (item,) = items
    return item


def elsewhere(sandbox: SandboxProcess) -> Api:
    """An administrator of another account, which has nothing to do with the first."""
    account = only(seed(sandbox, accounts=[{"accountName": "Elsewhere"}])["accounts"])
    memberships = [{"accountId": account["accountId"], "isAdmin": True}]
    user = only(
        seed(sandbox, users=[{"userName": "Eve Else", "email": "eve@example.com", "memberships": memberships}])["users"]
    )
    seed(sandbox, consents=[{"integrationKey": sandbox.config["DOCUSIGN_INTEGRATION_KEY"], "userId": user["userId"]}])
    caller = Api(sandbox, account_id=account["accountId"])
    caller.access_token = ask_for_token(sandbox, sub=user["userId"]).json()["access_token"]
    return caller
