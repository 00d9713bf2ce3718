"""Proof bundles in tests: fetched as staff fetch them, taken apart, put together again, judged from the outside."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import Client as Browser

from signing.models import Envelope

ROOT = Path(__file__).resolve().parents[3]
# The verifier as a process in which Django cannot be imported, nor anything of the portal but the verifier.
ALONE = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "portal", "celery", "sandbox"):
            raise ImportError(name + " is not here")
        if name.startswith("signing.") and not name.startswith("signing.verify"):
            raise ImportError(name + " is not here")
sys.meta_path.insert(0, Refuse())
sys.modules.update(dict.fromkeys(REFUSED))
import socket
def no_network(*a, **k): raise OSError("no network")
socket.socket.connect = no_network
from runpy import run_module
sys.argv = ["verify", *ARGUMENTS]
run_module("signing.verify", run_name="__main__")
"""

Entries = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Judgement:
    """How the verifier ended, and what it printed."""

    code: int
    out: str
    error: str

    @property
    def findings(self) -> dict[str, str]:
        """Code → sentence, of whatever is no good news."""
        told = json.loads(self.out)
        assert told["valid"] is (self.code == 0)
        return {f["code"]: f["text"] for f in told["findings"] if f["level"] == "wrong"}


def fetch_bundle(browser: Browser, envelope: Envelope) -> bytes:
    response = browser.get(f"/admin/signing/envelope/{envelope.pk}/proof/")
    assert response.status_code == 200
    return response.getvalue()


def judge(path: Path, *options: str, refused: Sequence[str] = ()) -> Judgement:
    program = f"REFUSED = {tuple(refused)!r}\nARGUMENTS = {[str(path), *options]!r}\n{ALONE}"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    return Judgement(done.returncode, done.stdout, done.stderr)


def unpacked(bundle: bytes) -> Entries:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def packed(entries: Entries) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def part(bundle: bytes, name: str) -> Any:
    return json.loads(dict(unpacked(bundle))[name])
