"""A client whose names for Docusign lead to the sandbox believes that it is there, and is never led away."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sandbox_process import ROOT, SandboxProcess

from .conftest import HOSTNAMES
from .sdk import RETURN_URL

OAUTH, API = "https://account-d.docusign.com", "https://demo.docusign.net"
Seen = dict[str, Any]


def believe(sandbox: SandboxProcess) -> Seen:
    """What such a client, in a process of its own, was told."""
    port = urlsplit(sandbox.base_url).port or 443
    program = [sys.executable, "-m", "tests.contract.as_docusign", str(port), str(sandbox.authority)]
    environment = os.environ | sandbox.config
    done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-3000:]
    seen: Seen = json.loads(done.stdout)
    return seen


@pytest.fixture(scope="module")
def seen(tls_process: SandboxProcess) -> Seen:
    tls_process.reset()
    return believe(tls_process)


def test_the_account_lives_at_docusigns_api_host(seen: Seen) -> None:
    assert seen["base_uri"] == API


@pytest.mark.parametrize("name", ["view", "sender_view", "console", "power_form", "login"])
def test_every_address_is_of_the_host_that_was_asked(seen: Seen, name: str) -> None:
    assert seen[name].startswith(f"{API}/")


def test_the_ceremony_stays_there_until_it_returns(seen: Seen) -> None:
    """The robot could go nowhere else: no other name leads anywhere."""
    assert (seen["return"], seen["status"]) == (f"{RETURN_URL}?event=signing_complete", "completed")


def test_consent_is_asked_at_the_oauth_host_and_returns_to_the_app(seen: Seen) -> None:
    page, allowed = seen["consent"]
    assert page.startswith(f"{OAUTH}/oauth/auth?")
    assert allowed.startswith(f"{RETURN_URL}?code=")


def test_discovery_names_the_oauth_host(seen: Seen) -> None:
    assert seen["discovery"]["token_endpoint"] == f"{OAUTH}/oauth/token"


def test_docusign_js_is_served(seen: Seen) -> None:
    assert seen["bundle"] == 200


@pytest.fixture
def on_443(tmp_path: Path) -> Iterator[SandboxProcess]:
    """On https's own port, where this user may take it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", 443))
        except OSError as error:
            pytest.skip(f"port 443 is not ours: {error.strerror}")
    named = [part for name in HOSTNAMES for part in ("--hostname", name)]
    with SandboxProcess(tmp_path, "--tls", "--port", "443", *named) as process:
        yield process


def test_on_its_own_port_nothing_needs_to_be_translated(on_443: SandboxProcess) -> None:
    assert on_443.base_url == "https://127.0.0.1"
    seen = believe(on_443)
    assert (seen["base_uri"], seen["status"]) == (API, "completed")
