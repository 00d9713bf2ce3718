"""The official Python SDK unmodified, over https: who it is, where it may go, what it is refused."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import docusign_esign as esign
import pytest
import requests

from tests.sandbox_process import SandboxProcess

from .sdk import SCOPES, Sdk, grant

CALLBACK = "http://localhost:3000/ds/callback"
TIMEOUT_SECONDS = 10


def authorization_code(client: Any, sandbox: SandboxProcess) -> str:
    """The user of a browser, sent to the SDK's authorization address, allows what is asked for."""
    integration_key = sandbox.config["DOCUSIGN_INTEGRATION_KEY"]
    url = client.get_authorization_uri(integration_key, ["signature"], CALLBACK, "code", "s-1")
    form = {"user": sandbox.config["DOCUSIGN_USER_ID"], "decision": "accept"}
    response = requests.post(url, data=form, allow_redirects=False, timeout=TIMEOUT_SECONDS)
    assert response.status_code == 302, response.text
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    assert query["state"] == ["s-1"]
    return query["code"][0]


def use(client: Any, access_token: str) -> None:
    client.set_default_header("Authorization", f"bearer {access_token}")


class TestJwtGrant:
    def test_finds_account_and_base_uri(self, client: Any, tls_sandbox: SandboxProcess) -> None:
        granted = grant(client, tls_sandbox)
        info = client.get_user_info(granted.access_token)
        account = info.accounts[0]
        assert (account.account_id, account.base_uri) == (tls_sandbox.account_id, tls_sandbox.base_url)
        assert account.is_default == "True"  # a JSON boolean, as the SDK spells it
        assert info.sub == tls_sandbox.config["DOCUSIGN_USER_ID"]

    def test_tells_what_was_granted(self, client: Any, tls_sandbox: SandboxProcess) -> None:
        granted = grant(client, tls_sandbox)
        assert (granted.token_type, int(granted.expires_in)) == ("Bearer", 3600)

    def test_an_application_token_is_no_user(self, client: Any, tls_sandbox: SandboxProcess) -> None:
        granted = client.request_jwt_application_token(
            client_id=tls_sandbox.config["DOCUSIGN_INTEGRATION_KEY"],
            oauth_host_name=client.get_oauth_host_name(),
            private_key_bytes=tls_sandbox.private_key.encode(),
            expires_in=3600,
            scopes=SCOPES,
        )
        assert granted.access_token
        with pytest.raises(esign.ApiException) as caught:
            client.get_user_info(granted.access_token)
        assert caught.value.status == 401

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"user_id": "00000000-0000-0000-0000-000000000000"}, "user_not_found"),
            ({"client_id": "00000000-0000-0000-0000-000000000000"}, "issuer_not_found"),
            ({"expires_in": -60}, "expired_grant"),
            ({"scopes": [*SCOPES, "click.manage"]}, "consent_required"),
        ],
    )
    def test_is_refused_as_documented(
        self, client: Any, tls_sandbox: SandboxProcess, changes: dict[str, Any], error: str
    ) -> None:
        with pytest.raises(esign.ApiException) as caught:
            grant(client, tls_sandbox, **changes)
        assert caught.value.status == 400
        assert error in caught.value.body.decode()

    def test_hears_that_consent_is_required(self, client: Any, tls_sandbox: SandboxProcess) -> None:
        tls_sandbox.revoke_consent()
        with pytest.raises(esign.ApiException) as caught:
            grant(client, tls_sandbox)
        assert "consent_required" in caught.value.body.decode()


class TestAuthorizationCodeGrant:
    def test_opens_the_account(self, client: Any, tls_sandbox: SandboxProcess) -> None:
        code = authorization_code(client, tls_sandbox)
        key, secret = tls_sandbox.config["DOCUSIGN_INTEGRATION_KEY"], tls_sandbox.config["DOCUSIGN_CLIENT_SECRET"]
        granted = client.generate_access_token(key, secret, code)
        assert (granted.token_type, int(granted.expires_in)) == ("Bearer", 8 * 3600)
        assert granted.refresh_token
        use(client, granted.access_token)
        account = Sdk(client, tls_sandbox.account_id).accounts.get_account_information()
        assert account.account_id_guid == tls_sandbox.account_id

    def test_a_code_is_good_once(self, client: Any, tls_sandbox: SandboxProcess) -> None:
        code = authorization_code(client, tls_sandbox)
        key, secret = tls_sandbox.config["DOCUSIGN_INTEGRATION_KEY"], tls_sandbox.config["DOCUSIGN_CLIENT_SECRET"]
        client.generate_access_token(key, secret, code)
        with pytest.raises(esign.ApiException) as caught:
            client.generate_access_token(key, secret, code)
        assert "invalid_grant" in caught.value.body.decode()


class TestErrors:
    def test_carry_code_and_trace_token(self, sdk: Sdk) -> None:
        with pytest.raises(esign.ApiException) as caught:
            sdk.envelopes.get_envelope("00000000-0000-0000-0000-000000000000")
        assert caught.value.status == 404
        assert b"ENVELOPE_DOES_NOT_EXIST" in caught.value.body
        assert caught.value.trace_token in str(caught.value)

    def test_a_garbled_access_token_is_401(self, client: Any, tls_sandbox: SandboxProcess) -> None:
        use(client, "garbled")
        with pytest.raises(esign.ApiException) as caught:
            Sdk(client, tls_sandbox.account_id).accounts.get_account_information()
        assert caught.value.status == 401

    def test_an_account_of_others_is_refused(self, sdk: Sdk) -> None:
        stranger = Sdk(sdk.client, "00000000-0000-0000-0000-000000000000")
        with pytest.raises(esign.ApiException) as caught:
            stranger.envelopes.list_status_changes(from_date="2020-01-01")
        assert (caught.value.status, b"USER_LACKS_MEMBERSHIP" in caught.value.body) == (401, True)

    def test_the_hourly_limit_is_told_in_headers(self, sdk: Sdk) -> None:
        _, _, headers = sdk.accounts.get_account_information_with_http_info()
        assert int(headers["X-RateLimit-Remaining"]) < int(headers["X-RateLimit-Limit"])


def test_a_client_that_does_not_trust_the_authority_is_kept_out(tls_process: SandboxProcess) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{tls_process.base_url}/_sandbox/health", timeout=TIMEOUT_SECONDS)
