"""OAuth as Docusign answers it: the assertion really verified, every documented error in its place."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sandbox_process import SandboxProcess

from .api import GRANT_TYPE, TIMEOUT_SECONDS, Api, ask_for_token
from .people import alex_of, consent, only, seed

NOW = int(datetime.now(UTC).timestamp())
NOBODY = "00000000-0000-0000-0000-000000000000"


def another_pair() -> tuple[str, str]:
    """Private and public key, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def userinfo(sandbox: SandboxProcess, access_token: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {access_token}"}
    return requests.get(f"{sandbox.base_url}/oauth/userinfo", headers=headers, timeout=TIMEOUT_SECONDS)


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
        pytest.param({"exp": "soon"}, ("invalid_grant", "no_valid_keys_or_signatures"), id="exp not a number"),
        pytest.param({"scope": None}, ("invalid_request", None), id="no scope"),
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
    response = ask_for_token(sandbox, key=another_pair()[0])
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


def test_no_token_without_its_grant_type(sandbox: SandboxProcess) -> None:
    response = requests.post(f"{sandbox.base_url}/oauth/token", json={"assertion": "x"}, timeout=TIMEOUT_SECONDS)
    assert response.json() == {"error": "invalid_grant", "error_description": "unsupported_grant_type"}


def test_a_user_who_never_consented_is_told_so(sandbox: SandboxProcess, api: Api) -> None:
    assert ask_for_token(sandbox, sub=alex_of(api)).json() == {"error": "consent_required"}


def test_an_administrators_consent_for_everyone_covers_every_user(sandbox: SandboxProcess, api: Api) -> None:
    key = sandbox.config["DOCUSIGN_INTEGRATION_KEY"]
    seed(sandbox, consents=[{"integrationKey": key, "userId": None}])
    assert ask_for_token(sandbox, sub=alex_of(api)).status_code == 200


def test_any_of_up_to_five_public_keys_will_do(sandbox: SandboxProcess) -> None:
    pairs = [another_pair() for _ in range(5)]
    made = seed(sandbox, integrationKeys=[{"name": "Five keys", "publicKeys": [public for _, public in pairs]}])
    guid = only(made["integrationKeys"])["integrationKey"]
    seed(sandbox, consents=[{"integrationKey": guid, "userId": sandbox.config["DOCUSIGN_USER_ID"]}])
    assert ask_for_token(sandbox, iss=guid, key=pairs[4][0]).status_code == 200


def test_the_consent_given_to_one_application_is_not_anothers(sandbox: SandboxProcess) -> None:
    key = only(seed(sandbox, integrationKeys=[{"name": "Another"}])["integrationKeys"])
    refused = ask_for_token(sandbox, iss=key["integrationKey"], key=key["privateKey"])
    assert refused.json() == {"error": "consent_required"}


def test_a_closed_user_gets_no_token(sandbox: SandboxProcess, api: Api) -> None:
    person = only(seed(sandbox, users=[{"userName": "Cleo Closed", "email": "cleo@example.com"}])["users"])
    consent(sandbox, person["userId"])
    assert ask_for_token(sandbox, sub=person["userId"]).status_code == 200
    api.call("DELETE", "/users", {"users": [{"userId": person["userId"]}]})
    assert ask_for_token(sandbox, sub=person["userId"]).json()["error_description"] == "user_not_found"


@pytest.mark.parametrize("subject", [None, ""])
def test_without_a_user_the_token_is_the_applications_and_cannot_act(
    sandbox: SandboxProcess, api: Api, subject: str | None
) -> None:
    answer = ask_for_token(sandbox, sub=subject)
    assert answer.status_code == 200
    access_token = answer.json()["access_token"]
    assert userinfo(sandbox, access_token).status_code == 401
    api.access_token = access_token
    assert api.call("GET", "/users").json()["errorCode"] == "AUTHORIZATION_INVALID_TOKEN"


def test_access_tokens_die_after_an_hour_of_the_sandboxs_time(sandbox: SandboxProcess, api: Api) -> None:
    sandbox.advance(3601)
    assert userinfo(sandbox, api.access_token).json() == {"error": "invalid_token"}
    assert ask_for_token(sandbox).status_code == 200, "clients write exp by their own clock"


def test_userinfo_lists_every_account_and_names_the_default_one(sandbox: SandboxProcess) -> None:
    account = only(seed(sandbox, accounts=[{"accountName": "Second", "organizationId": "o-1"}])["accounts"])
    memberships = [
        {"accountId": sandbox.account_id, "isDefault": True},
        {"accountId": account["externalId"], "isDefault": False},
    ]
    person = {"userName": "Two Accounts", "email": "two@example.com", "memberships": memberships}
    user_id = only(seed(sandbox, users=[person])["users"])["userId"]
    consent(sandbox, user_id)
    accounts = userinfo(sandbox, ask_for_token(sandbox, sub=user_id).json()["access_token"]).json()["accounts"]
    assert [(a["account_id"], a["is_default"]) for a in accounts] == [
        (sandbox.account_id, True),
        (account["accountId"], False),
    ]
    assert "organization" not in accounts[0]
    assert accounts[1]["organization"]["organization_id"] == "o-1"


@pytest.mark.parametrize("header", ["Basic eDp5", "Bearer", "Bearer not-a-token", ""])
def test_userinfo_refuses_whatever_is_no_access_token(sandbox: SandboxProcess, header: str) -> None:
    headers = {"Authorization": header}
    response = requests.get(f"{sandbox.base_url}/oauth/userinfo", headers=headers, timeout=TIMEOUT_SECONDS)
    assert (response.status_code, response.json()) == (401, {"error": "invalid_token"})


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_token_endpoint_can_be_ordered_to_fail(sandbox: SandboxProcess, when: str) -> None:
    sandbox.fail_next(target="oauth", errorCode="UNSPECIFIED_ERROR", status=503, when=when)
    assert (ask_for_token(sandbox).status_code, ask_for_token(sandbox).status_code) == (503, 200)


def test_discovery_names_the_endpoints(sandbox: SandboxProcess) -> None:
    url = f"{sandbox.base_url}/.well-known/openid-configuration"
    assert requests.get(url, timeout=TIMEOUT_SECONDS).json()["token_endpoint"] == f"{sandbox.base_url}/oauth/token"


def test_the_api_wants_the_scope_signature(sandbox: SandboxProcess) -> None:
    caller = Api(sandbox)
    caller.access_token = ask_for_token(sandbox, scope="impersonation").json()["access_token"]
    refused = caller.call("GET", "/envelopes?from_date=2020-01-01")
    assert (refused.status_code, refused.json()["errorCode"]) == (403, "AUTHORIZATION_INVALID_SCOPE")
    userinfo = caller.call("GET", f"{sandbox.base_url}/oauth/userinfo")
    assert userinfo.status_code == 200
    sandbox.change_settings(API_NEEDS_THE_SCOPE_SIGNATURE=False)
    assert caller.call("GET", "/envelopes?from_date=2020-01-01").status_code == 200
