"""Authorization Code Grant: codes, PKCE, client secrets, refresh tokens."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.sandbox_process import SandboxProcess

from .api import TIMEOUT_SECONDS, Api
from .people import consent, only, seed

VERIFIER = "a-verifier-of-enough-characters-as-the-standard-wants-it"
S256 = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
INVALID_GRANT = {"error": "invalid_grant"}
MINUTE, HOUR, DAY = 60, 3600, 86_400


def code_for(sandbox: SandboxProcess, **changes: str) -> str:
    location = consent(sandbox, sandbox.config["DOCUSIGN_USER_ID"], **changes).headers["Location"]
    return parse_qs(urlsplit(location).query)["code"][0]


def ask(sandbox: SandboxProcess, client_auth: tuple[str, str] | None = None, /, **form: str) -> requests.Response:
    return requests.post(f"{sandbox.base_url}/oauth/token", data=form, auth=client_auth, timeout=TIMEOUT_SECONDS)


def client(sandbox: SandboxProcess) -> tuple[str, str]:
    return sandbox.config["DOCUSIGN_INTEGRATION_KEY"], sandbox.config["DOCUSIGN_CLIENT_SECRET"]


def redeem(sandbox: SandboxProcess, code: str) -> requests.Response:
    return ask(sandbox, client(sandbox), grant_type="authorization_code", code=code)


def refresh(sandbox: SandboxProcess, refresh_token: str) -> requests.Response:
    return ask(sandbox, client(sandbox), grant_type="refresh_token", refresh_token=refresh_token)


def test_a_code_and_the_secret_get_eight_hours_and_a_refresh_token(sandbox: SandboxProcess, api: Api) -> None:
    answer = redeem(sandbox, code_for(sandbox))
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()
    assert (data["token_type"], data["expires_in"]) == ("Bearer", 8 * HOUR)
    assert data["refresh_token"]
    api.access_token = data["access_token"]
    sandbox.advance(7 * HOUR)
    assert api.call("GET", "/users").status_code == 200
    sandbox.advance(HOUR + 1)
    assert api.call("GET", "/users").json()["errorCode"] == "AUTHORIZATION_INVALID_TOKEN"


def test_the_secret_may_stand_in_the_body(sandbox: SandboxProcess) -> None:
    key, secret = client(sandbox)
    form = {"grant_type": "authorization_code", "code": code_for(sandbox), "client_id": key, "client_secret": secret}
    assert ask(sandbox, **form).status_code == 200


def test_a_code_is_good_once(sandbox: SandboxProcess) -> None:
    code = code_for(sandbox)
    assert redeem(sandbox, code).status_code == 200
    again = redeem(sandbox, code)
    assert (again.status_code, again.json()) == (400, INVALID_GRANT)


def test_a_code_is_good_for_two_minutes(sandbox: SandboxProcess) -> None:
    code = code_for(sandbox)
    sandbox.advance(2 * MINUTE + 1)
    assert redeem(sandbox, code).json() == INVALID_GRANT | {"error_description": "expired_client_token"}


def test_a_wrong_secret_is_refused_and_spends_nothing(sandbox: SandboxProcess) -> None:
    code = code_for(sandbox)
    key, secret = client(sandbox)
    refused = ask(sandbox, (key, f"{secret}x"), grant_type="authorization_code", code=code)
    assert (refused.status_code, refused.json()) == (400, INVALID_GRANT)
    assert redeem(sandbox, code).status_code == 200


@pytest.mark.parametrize("auth", [None, ("00000000-0000-0000-0000-000000000000", "x")])
def test_an_unknown_client_is_refused(sandbox: SandboxProcess, auth: tuple[str, str] | None) -> None:
    answer = ask(sandbox, auth, grant_type="authorization_code", code=code_for(sandbox))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_client"})


def test_a_code_is_no_use_to_another_application(sandbox: SandboxProcess) -> None:
    other = only(seed(sandbox, integrationKeys=[{"name": "Another", "clientSecret": "s"}])["integrationKeys"])
    auth = other["integrationKey"], "s"
    assert ask(sandbox, auth, grant_type="authorization_code", code=code_for(sandbox)).json() == INVALID_GRANT


@pytest.mark.parametrize(("challenge", "method"), [(S256, "S256"), (VERIFIER, "plain")])
def test_pkce_stands_in_for_the_secret(sandbox: SandboxProcess, challenge: str, method: str) -> None:
    key, _ = client(sandbox)
    code = code_for(sandbox, code_challenge=challenge, code_challenge_method=method)
    form = {"grant_type": "authorization_code", "client_id": key, "code": code}
    assert ask(sandbox, **form, code_verifier="another-verifier-of-enough-characters-as-wanted").json() == INVALID_GRANT
    assert ask(sandbox, **form).json() == INVALID_GRANT
    answer = ask(sandbox, **form, code_verifier=VERIFIER)
    assert answer.status_code == 200
    refresh_token = answer.json()["refresh_token"]
    assert ask(sandbox, grant_type="refresh_token", client_id=key, refresh_token=refresh_token).status_code == 200


def test_without_pkce_the_secret_is_needed(sandbox: SandboxProcess) -> None:
    form = {"grant_type": "authorization_code", "client_id": client(sandbox)[0], "code": code_for(sandbox)}
    assert ask(sandbox, **form).json() == INVALID_GRANT


def test_a_refresh_token_is_good_for_thirty_days_from_the_first(sandbox: SandboxProcess) -> None:
    first = redeem(sandbox, code_for(sandbox)).json()["refresh_token"]
    sandbox.advance(29 * DAY)
    second = refresh(sandbox, first)
    assert second.status_code == 200
    assert second.json()["access_token"]
    sandbox.advance(2 * DAY)
    assert refresh(sandbox, second.json()["refresh_token"]).json() == INVALID_GRANT


def test_with_the_extended_scope_every_refresh_counts_anew(sandbox: SandboxProcess) -> None:
    first = redeem(sandbox, code_for(sandbox, scope="signature extended")).json()["refresh_token"]
    sandbox.advance(29 * DAY)
    second = refresh(sandbox, first).json()["refresh_token"]
    sandbox.advance(29 * DAY)
    assert refresh(sandbox, second).status_code == 200


def test_refresh_tokens_die_with_the_consent(sandbox: SandboxProcess) -> None:
    refresh_token = redeem(sandbox, code_for(sandbox)).json()["refresh_token"]
    sandbox.revoke_consent()
    assert refresh(sandbox, refresh_token).json() == INVALID_GRANT


def test_a_refresh_token_is_no_access_token_and_the_other_way_round(sandbox: SandboxProcess, api: Api) -> None:
    data = redeem(sandbox, code_for(sandbox)).json()
    assert refresh(sandbox, data["access_token"]).json() == INVALID_GRANT
    api.access_token = data["refresh_token"]
    assert api.call("GET", "/users").json()["errorCode"] == "AUTHORIZATION_INVALID_TOKEN"
