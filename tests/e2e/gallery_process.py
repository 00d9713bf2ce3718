"""Starts tests/e2e/gallery.py, and speaks to it over HTTP only."""

import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import requests

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


class GalleryProcess:
    def __init__(self, port: int, log: Path, docusign_env: Path) -> None:
        self.base_url = f"http://127.0.0.1:{port}"
        self._output = log.open("w")
        command = [sys.executable, "-m", "tests.e2e.gallery", str(port), str(docusign_env)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=self._output, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_SECONDS
        while "the gallery is open" not in log.read_text():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                raise RuntimeError(f"the gallery did not start:\n{log.read_text()}")
            time.sleep(0.05)

    def make(self, state: str) -> str:
        """Bring the portal into this state; the address of its page."""
        return self.base_url + self._get(f"/make/{state}/")

    def link_in_last_mail(self) -> str:
        return self._find(rf"{self.base_url}/sign/\S+")

    def code_in_last_mail(self) -> str:
        return self._find(r"\b\d{6}\b")

    def void_last(self, reason: str) -> None:
        """The sender withdraws the envelope made last, at Docusign; the portal has not heard of it."""
        self._get(f"/void-last/?reason={quote(reason)}")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=15)
        self._output.close()

    def _find(self, pattern: str) -> str:
        match = re.search(pattern, self._get("/last-mail/"))
        assert match
        return match[0]

    def _get(self, path: str) -> str:
        response = requests.get(self.base_url + path, timeout=30)
        response.raise_for_status()
        return response.text
