"""The official Node SDK unmodified, over https: its journeys are in node/, here is what they must have seen."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sandbox.robot import DOT_PNG, Robot
from tests.conftest import watched
from tests.pdf_files import draw_pdf
from tests.sandbox_process import ROOT, SandboxProcess

from .sdk import RETURN_URL

SCRIPTS = Path(__file__).parent / "node"
INSTALLED = ROOT / "build" / "node"
INSTALL_SECONDS = 180
JOURNEY_SECONDS = 60
Seen = dict[str, Any]
# They need nobody else, so one process plays them all.
ALONE = ("who", "draft", "correct", "upload", "templates", "bulk", "account", "groups", "folders")


@pytest.fixture(scope="session")
def node_sdk() -> Path:
    """The folder where the SDK is installed: once, on demand, outside the repository's files."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Node and npm are not on this machine")
    wanted, kept = SCRIPTS / "package.json", INSTALLED / "package.json"
    is_there = (INSTALLED / "node_modules" / "docusign-esign" / "package.json").exists()
    if not (is_there and kept.read_text() == wanted.read_text()):
        INSTALLED.mkdir(parents=True, exist_ok=True)
        kept.write_text(wanted.read_text())
        npm = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--fetch-retries=1"]
        try:
            subprocess.run(npm, cwd=INSTALLED, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            pytest.skip(f"npm cannot install docusign-esign: {error} {error.stderr!r}"[:400])
    return INSTALLED


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the journeys upload, as the variables that name it."""
    folder = tmp_path_factory.mktemp("node")
    (folder / "document.pdf").write_bytes(draw_pdf())
    (folder / "logo.png").write_bytes(DOT_PNG)
    return {"PDF_FILE": str(folder / "document.pdf"), "PNG_FILE": str(folder / "logo.png")}


def play(node_sdk: Path, sandbox: SandboxProcess, files: dict[str, str], *names: str, **given: Any) -> Seen:
    """What each journey saw. The environment has nothing but what is said here: no proxies, no other trust."""
    environment = {
        "PATH": os.environ["PATH"],
        "NODE_EXTRA_CA_CERTS": str(sandbox.authority),
        "INPUT": json.dumps(given),
        **files,
        **sandbox.config,
    }
    node = ["node", str(SCRIPTS / "run.mjs"), *names]
    done = subprocess.run(node, cwd=node_sdk, env=environment, capture_output=True, text=True, timeout=JOURNEY_SECONDS)
    assert done.returncode == 0, done.stderr[-3000:]
    seen: Seen = json.loads(done.stdout)
    return seen


@pytest.fixture(scope="module")
def seen(node_sdk: Path, tls_process: SandboxProcess, files: dict[str, str], request: pytest.FixtureRequest) -> Seen:
    tls_process.reset()
    with watched(tls_process, request.path):
        return play(node_sdk, tls_process, files, *ALONE)


def test_it_logs_in_and_hears_errors(seen: Seen, tls_process: SandboxProcess) -> None:
    assert seen["who"] == {
        "accountId": tls_process.account_id,
        "baseUri": tls_process.base_url,
        "userId": tls_process.config["DOCUSIGN_USER_ID"],
        "refused": [404, "ENVELOPE_DOES_NOT_EXIST"],
    }


def test_an_embedded_signer_signs(node_sdk: Path, tls_sandbox: SandboxProcess, files: dict[str, str]) -> None:
    sent = play(node_sdk, tls_sandbox, files, "send")["send"]
    assert sent["status"] == "sent"
    assert Robot().sign(sent["url"], signature="Pat Developer 1") == f"{RETURN_URL}?event=signing_complete"
    read = play(node_sdk, tls_sandbox, files, "read", envelopeId=sent["envelopeId"])["read"]
    assert read.pop("events") >= 4
    assert read == {
        "status": "completed",
        "signers": ["completed"],
        "copies": ["completed"],
        "documents": ["1", "certificate"],
        "changed": [sent["envelopeId"]],
        "firstSigner": "signer1@example.com",
        "combined": "%PDF",
    }


def test_a_draft_is_filled_and_sent(seen: Seen, tls_process: SandboxProcess) -> None:
    assert seen["draft"]["senderView"].startswith(tls_process.base_url)
    assert seen["draft"] | {"senderView": ""} == {
        "rawDocument": "2",
        "documents": ["1", "2"],
        "signers": ["1", "2"],
        "town": "Ghent",
        "order": "4711",
        "senderView": "",
        "status": "sent",
    }


def test_a_sent_envelope_is_corrected_locked_and_voided(seen: Seen, tls_process: SandboxProcess) -> None:
    assert seen["correct"]["correctView"].startswith(tls_process.base_url)
    assert seen["correct"] | {"correctView": ""} == {
        "errors": [None],
        "correctView": "",
        "locked": [409, "EDIT_LOCK_NOT_LOCK_OWNER"],
        "email": "right@example.com",
        "status": "voided",
    }


def test_a_document_is_uploaded_in_chunks(seen: Seen) -> None:
    assert seen["upload"] == {"committed": "true", "size": len(draw_pdf()), "status": "sent"}


def test_templates_are_made_and_used(seen: Seen) -> None:
    assert seen["templates"] == {"uri": True, "found": ["Example template"], "status": "sent", "documents": 2}


def test_copies_are_sent_in_bulk(seen: Seen) -> None:
    assert seen["bulk"] == {"canBeSent": "true", "size": "2", "isQueued": True}


def test_the_accounts_resources(seen: Seen) -> None:
    assert seen["account"] == {"name": "Sandbox Account", "primaryLogo": True, "hasUsers": True, "logging": "true"}


def test_groups_and_permissions(seen: Seen) -> None:
    assert seen["groups"] == {"group": "Movers", "signingGroup": "Board", "profile": "Sample"}


def test_folders(seen: Seen) -> None:
    assert seen["folders"]["isBinned"]
    assert {"inbox", "sentitems", "draft", "recyclebin"} <= set(seen["folders"]["types"])
