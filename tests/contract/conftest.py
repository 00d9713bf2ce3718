"""One sandbox over https for all contract tests, and Docusign's own SDK, trusting it, as its client."""

from collections.abc import Iterator
from typing import Any

import docusign_esign as esign
import pytest

from tests.conftest import watched
from tests.sandbox_process import SandboxProcess

from .sdk import Sdk, client_of, grant

HOSTNAMES = ("account-d.docusign.com", "demo.docusign.net", "apps-d.docusign.com", "js-d.docusign.com")


@pytest.fixture(scope="session")
def tls_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    named = [part for name in HOSTNAMES for part in ("--hostname", name)]
    with SandboxProcess(tmp_path_factory.mktemp("tls"), "--tls", *named) as process:
        yield process


@pytest.fixture
def tls_sandbox(
    tls_process: SandboxProcess, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[SandboxProcess]:
    """Empty, and trusted by this process."""
    tls_process.reset()
    monkeypatch.setattr(esign.Configuration(), "ssl_ca_cert", str(tls_process.authority))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls_process.authority))
    with watched(tls_process, request.path):
        yield tls_process


@pytest.fixture
def client(tls_sandbox: SandboxProcess) -> Iterator[Any]:
    """Docusign's own, without an access token."""
    api_client = client_of(tls_sandbox)
    yield api_client
    api_client.rest_client.pool_manager.clear()


@pytest.fixture
def sdk(client: Any, tls_sandbox: SandboxProcess) -> Sdk:
    grant(client, tls_sandbox)
    return Sdk(client, tls_sandbox.account_id)
