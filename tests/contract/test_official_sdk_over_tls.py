"""The official Python SDK unmodified, over https: its own JWT Grant, userinfo, and the life of an envelope."""

from collections.abc import Iterator
from typing import Any

import docusign_esign
import pytest
import requests

from tests.sandbox.api import definition, signer
from tests.sandbox_process import SandboxProcess

SCOPES = ["signature", "impersonation"]


@pytest.fixture(scope="module")
def tls_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    process = SandboxProcess(tmp_path_factory.mktemp("tls"), "--tls", "--hostname", "demo.docusign.net")
    yield process
    process.stop()


@pytest.fixture
def client(tls_sandbox: SandboxProcess) -> Iterator[Any]:
    """The SDK takes its trusted authority from a process-wide singleton, read when a client is built."""
    configuration = docusign_esign.Configuration()
    before = configuration.ssl_ca_cert
    configuration.ssl_ca_cert = str(tls_sandbox.authority)
    api_client = docusign_esign.ApiClient()
    api_client.set_oauth_host_name(tls_sandbox.base_url.removeprefix("https://"))
    yield api_client
    configuration.ssl_ca_cert = before


def grant(client: Any, sandbox: SandboxProcess, **changes: Any) -> Any:
    arguments = {
        "client_id": sandbox.config["DOCUSIGN_INTEGRATION_KEY"],
        "user_id": sandbox.config["DOCUSIGN_USER_ID"],
        "oauth_host_name": sandbox.base_url.removeprefix("https://"),
        "private_key_bytes": sandbox.private_key.encode(),
        "expires_in": 4000,
        "scopes": SCOPES,
    } | changes
    return client.request_jwt_user_token(**arguments)


def test_its_own_jwt_grant_finds_account_and_base_uri(client: Any, tls_sandbox: SandboxProcess) -> None:
    token = grant(client, tls_sandbox)
    info = client.get_user_info(token.access_token)
    assert info.accounts[0].account_id == tls_sandbox.account_id
    assert info.accounts[0].base_uri == tls_sandbox.base_url


def test_it_sends_an_envelope_and_reads_it_back(client: Any, tls_sandbox: SandboxProcess) -> None:
    token = grant(client, tls_sandbox)
    client.host = f"{client.get_user_info(token.access_token).accounts[0].base_uri}/restapi"
    client.set_default_header("Authorization", f"Bearer {token.access_token}")
    envelopes = docusign_esign.EnvelopesApi(client)
    body = definition(recipients={"signers": [signer(1)]})
    created = envelopes.create_envelope(tls_sandbox.account_id, envelope_definition=body)
    assert envelopes.get_envelope(tls_sandbox.account_id, created.envelope_id).status == "sent"


def test_it_hears_that_consent_is_required(client: Any, tls_sandbox: SandboxProcess) -> None:
    tls_sandbox.revoke_consent()
    with pytest.raises(docusign_esign.ApiException) as caught:
        grant(client, tls_sandbox)
    tls_sandbox.grant_consent()
    assert caught.value.status == 400
    assert "consent_required" in caught.value.body.decode()


def test_all_urls_follow_the_host_that_was_asked(tls_sandbox: SandboxProcess) -> None:
    """Whoever resolves Docusign's names to the sandbox gets Docusign's names back."""
    url = f"{tls_sandbox.base_url}/.well-known/openid-configuration"
    headers = {"Host": "demo.docusign.net"}
    data = requests.get(url, headers=headers, verify=str(tls_sandbox.authority), timeout=10).json()
    assert data["token_endpoint"] == "https://demo.docusign.net/oauth/token"


def test_a_client_that_does_not_trust_the_authority_is_kept_out(tls_sandbox: SandboxProcess) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{tls_sandbox.base_url}/_sandbox/health", timeout=10)
