"""One grant however many ask at once: real processes, real threads, a shared cache."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.cold_start import PROCESSES, THREADS
from tests.oauth_host import OAuthHost, serving

ROOT = Path(__file__).resolve().parents[2]
EVERYONE = PROCESSES * THREADS


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def run(host: OAuthHost, data_dir: Path, private_key: str) -> list[str]:
    """A portal of its own: SQLite and, where the suite runs with Redis, that as the cache."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATA_DIR": str(data_dir),
        "DOCUSIGN_OAUTH_BASE_URL": host.base_url,
        "DOCUSIGN_INTEGRATION_KEY": "key",
        "DOCUSIGN_USER_ID": "someone",
        "DOCUSIGN_PRIVATE_KEY": private_key,
    }
    for command in (["manage.py", "createcachetable"], ["-m", "tests.cold_start"]):
        result = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert result.returncode == 0, result.stderr
    answers: list[str] = json.loads(result.stdout)
    return answers


def test_a_cold_start_of_eight_processes_with_eight_threads_costs_one_grant(tmp_path: Path, private_key: str) -> None:
    with serving(OAuthHost(delay_seconds=0.5)) as host:
        answers = run(host, tmp_path, private_key)
    assert answers == ["token-1"] * EVERYONE
    assert host.grants == 1


def test_when_the_grant_is_refused_all_share_the_refusal_and_nobody_asks_again(
    tmp_path: Path, private_key: str
) -> None:
    with serving(OAuthHost(delay_seconds=0.5)) as host:
        host.refusal = {"error": "consent_required"}
        answers = run(host, tmp_path, private_key)
    assert answers == ["ConsentRequiredError"] * EVERYONE
    assert host.grants == 1
