"""OAuth as Docusign answers it: the assertion really verified, every documented error in its place."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sandbox_process import SandboxProcess

from .api import GRANT_TYPE, TIMEOUT_SECONDS, Api, ask_for_token

NOW = int(datetime.now(UTC).timestamp())
NOBODY = "00000000-0000-0000-0000-000000000000"


def another_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def authorize(sandbox: SandboxProcess, **changes: str) -> requests.Response:
    query = {
        "response_type": "code",
        "scope": "signature impersonation",
        "client_id": sandbox.config["DOCUSIGN_INTEGRATION_KEY"],
        "redirect_uri": "http://localhost:9999/back",
        "state": "s1",
    } | changes
    return requests.get(f"{sandbox.base_url}/oauth/auth", params=query, allow_redirects=False, timeout=TIMEOUT_SECONDS)


def decide(sandbox: SandboxProcess, page: requests.Response, decision: str) -> dict[str, list[str]]:
    response = requests.post(page.url, data={"decision": decision}, allow_redirects=False, timeout=TIMEOUT_SECONDS)
    return parse_qs(urlsplit(response.headers["Location"]).query)


def test_a_good_assertion_gets_an_hours_token(sandbox: SandboxProcess) -> None:
    data = ask_for_token(sandbox).json()
    assert (data["token_type"], data["expires_in"], data["scope"]) == ("Bearer", 3600, "signature impersonation")
    assert 700 <= len(data["access_token"]) <= 1200


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        pytest.param({"iss": NOBODY}, ("invalid_grant", "issuer_not_found"), id="unknown integration key"),
        pytest.param({"sub": NOBODY}, ("invalid_grant", "user_not_found"), id="unknown user"),
        pytest.param({"sub": "a@b.example"}, ("invalid_grant", "user_not_found"), id="email as user"),
        pytest.param(
            {"aud": "https://account-d.docusign.com"},
            ("invalid_grant", "no_valid_keys_or_signatures"),
            id="scheme in aud",
        ),
        pytest.param(
            {"aud": "account-d.docusign.com/"}, ("invalid_grant", "no_valid_keys_or_signatures"), id="slash in aud"
        ),
        pytest.param({"aud": None}, ("invalid_grant", "no_valid_keys_or_signatures"), id="no aud"),
        pytest.param({"exp": None}, ("invalid_grant", "no_valid_keys_or_signatures"), id="no exp"),
        pytest.param({"exp": NOW - 60}, ("invalid_grant", "expired_grant"), id="exp in the past"),
        pytest.param({"nbf": NOW + 600}, ("invalid_grant", "no_valid_keys_or_signatures"), id="nbf in the future"),
        pytest.param(
            {"scope": "signature impersonation click.manage"}, ("consent_required", None), id="scope not consented"
        ),
        pytest.param({"grant_type": "password"}, ("invalid_grant", "unsupported_grant_type"), id="wrong grant type"),
        pytest.param(
            {"algorithm": "HS256", "key": "x" * 40},
            ("invalid_grant", "no_valid_keys_or_signatures"),
            id="wrong algorithm",
        ),
    ],
)
def test_each_mistake_has_docusigns_own_error(
    sandbox: SandboxProcess, changes: dict[str, Any], body: tuple[str, str | None]
) -> None:
    response = ask_for_token(sandbox, **changes)
    assert response.status_code == 400
    assert (response.json()["error"], response.json().get("error_description")) == body


def test_a_signature_by_another_key_is_refused(sandbox: SandboxProcess) -> None:
    response = ask_for_token(sandbox, key=another_key())
    assert response.json()["error_description"] == "no_valid_keys_or_signatures"


def test_garbage_instead_of_an_assertion_is_an_invalid_grant(sandbox: SandboxProcess) -> None:
    form = {"grant_type": GRANT_TYPE, "assertion": "not.a.jwt"}
    response = requests.post(f"{sandbox.base_url}/oauth/token", data=form, timeout=TIMEOUT_SECONDS)
    assert (response.status_code, response.json()) == (400, {"error": "invalid_grant"})


def test_docusigns_own_audience_is_accepted_too(sandbox: SandboxProcess) -> None:
    assert ask_for_token(sandbox, aud="account-d.docusign.com").status_code == 200


def test_an_assertion_living_longer_than_an_hour_is_tolerated(sandbox: SandboxProcess) -> None:
    assert ask_for_token(sandbox, exp=NOW + 4000).status_code == 200


def test_a_revoked_consent_stops_new_tokens_and_spares_those_in_use(sandbox: SandboxProcess, api: Api) -> None:
    sandbox.revoke_consent()
    assert ask_for_token(sandbox).json() == {"error": "consent_required"}
    assert api.create().status_code == 201


def test_userinfo_says_who_and_where(sandbox: SandboxProcess, api: Api) -> None:
    data = api.call("GET", f"{sandbox.base_url}/oauth/userinfo").json()
    assert data["sub"] == sandbox.config["DOCUSIGN_USER_ID"]
    (account,) = data["accounts"]
    assert account["account_id"] == sandbox.account_id
    assert account["is_default"] is True
    assert account["base_uri"] == sandbox.base_url


def test_userinfo_without_a_token_is_401(sandbox: SandboxProcess) -> None:
    response = requests.get(f"{sandbox.base_url}/oauth/userinfo", timeout=TIMEOUT_SECONDS)
    assert (response.status_code, response.json()) == (401, {"error": "invalid_token"})


def test_consent_already_given_skips_the_page(sandbox: SandboxProcess) -> None:
    response = authorize(sandbox)
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    assert response.status_code == 302
    assert query["code"]
    assert query["state"] == ["s1"]


def test_accepting_on_the_consent_page_lets_the_grant_through(sandbox: SandboxProcess) -> None:
    sandbox.revoke_consent()
    page = authorize(sandbox)
    assert "Allow this application to act for you?" in page.text
    assert decide(sandbox, page, "accept")["code"]
    assert ask_for_token(sandbox).status_code == 200


def test_declining_on_the_consent_page_comes_back_denied(sandbox: SandboxProcess) -> None:
    sandbox.revoke_consent()
    query = decide(sandbox, authorize(sandbox), "decline")
    assert query["error"] == ["access_denied"]
    assert query["state"] == ["s1"]
    assert ask_for_token(sandbox).json() == {"error": "consent_required"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"redirect_uri": "https://evil.example/"}, "The redirect URI is not registered properly"),
        ({"client_id": NOBODY}, "The client id is not known here"),
    ],
)
def test_a_wrong_client_or_redirect_uri_never_redirects(
    sandbox: SandboxProcess, changes: dict[str, str], sentence: str
) -> None:
    response = authorize(sandbox, **changes)
    assert response.status_code == 400
    assert sentence in response.text


def test_discovery_names_the_endpoints(sandbox: SandboxProcess) -> None:
    url = f"{sandbox.base_url}/.well-known/openid-configuration"
    assert requests.get(url, timeout=TIMEOUT_SECONDS).json()["token_endpoint"] == f"{sandbox.base_url}/oauth/token"
