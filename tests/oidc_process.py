"""Starts tests.oidc_provider, and speaks to it over HTTP only."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from django.test import Client as Browser

ROOT = Path(__file__).resolve().parent.parent
REDIRECT_URI = "http://testserver/account/oidc/sso/login/callback/"
LOGIN = "/account/oidc/sso/login/"


class OidcProvider:
    def __init__(self, port: int, log: Path) -> None:
        self.base_url = f"http://127.0.0.1:{port}"
        self.issuer = f"{self.base_url}/o"
        self._log = log.open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.oidc_provider", str(port), REDIRECT_URI],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        if line.strip() != "ready":
            self.stop()
            raise RuntimeError(f"the provider did not start:\n{log.read_text()}")

    def seat(self, sub: str = "u-1", **claims: Any) -> None:
        """From now on this person sits at the provider's desk."""
        known = {"sub": sub, "email": "dana@northwind.example", "email_verified": True, "name": "Dana Field"}
        requests.post(f"{self.base_url}/person/", json=known | claims, timeout=10).raise_for_status()

    def send_back(self, browser: Browser, **fields: str) -> str:
        """Press the button, be known at the provider; the path with which it sends back to the portal."""
        sent = browser.post(LOGIN, fields)
        assert sent.status_code == 302, sent.content.decode()
        assert sent["Location"].startswith(self.issuer), sent["Location"]
        answer = requests.get(sent["Location"], allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"

    def log_in(self, browser: Browser, **fields: str) -> Any:
        return browser.get(self.send_back(browser, **fields))

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=15)
        if self._process.stdout:
            self._process.stdout.close()
        self._log.close()
