"""The sandbox as a program's tests use it: a process on a free port, spoken to over HTTP only. No Django here.

with SandboxProcess(folder) as sandbox:
    sandbox.base_url, sandbox.config, sandbox.advance(301), sandbox.fail_next(errorCode=…), …
"""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

HOME = Path(__file__).resolve().parent.parent  # from where `python -m sandbox` finds this package
START_SECONDS = 30
BOUNDLESS = 10**9


class SandboxProcess:
    """`config` holds the DOCUSIGN_* lines that the sandbox wrote for its clients."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.data_dir = data_dir
        self.authority = data_dir / "sandbox-ca.pem"
        self._verify: str | bool = str(self.authority) if "--tls" in options else True
        self._log = (data_dir / "sandbox.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--port", "0", "--data", str(data_dir), *options],
            cwd=HOME,
            stdout=self._log,
            stderr=self._log,
        )
        self._wait_until_ready()
        self.config = self._read_config()
        self.base_url = self.config["DOCUSIGN_OAUTH_BASE_URL"]
        self.private_key = Path(self.config["DOCUSIGN_PRIVATE_KEY_FILE"]).read_text()
        self.account_id = self.config["DOCUSIGN_ACCOUNT_ID"]
        self.api_url = f"{self.base_url}/restapi/v2.1/accounts/{self.account_id}"

    @property
    def pid(self) -> int:
        return self._process.pid

    def reset(self) -> None:
        """Empty, and without limits: tests are in more of a hurry than people."""
        self.control("POST", "reset")
        self.set_limits(hourly=BOUNDLESS, burst=BOUNDLESS, envelope_hourly=BOUNDLESS, envelope_burst=BOUNDLESS)

    def set_limits(self, **limits: int) -> None:
        self.control("POST", "limits", limits)

    def change_settings(self, **settings: float) -> None:
        """By their names in sandbox/settings.py, until the next reset."""
        self.control("POST", "settings", settings)

    def advance(self, seconds: float) -> None:
        """What is due by then has happened when this returns."""
        self.control("POST", "clock", {"advance_seconds": seconds})

    def requests(self, method: str = "", path_contains: str = "") -> list[dict[str, Any]]:
        """The API calls received since the last reset, oldest first."""
        calls = self.control("GET", "requests")["requests"]
        return [c for c in calls if method in ("", c["method"]) and path_contains in c["path"]]

    def record_answers(self) -> None:
        """Keep the answers with the calls, until the next reset."""
        self.control("POST", "recording", {"responses": True})

    def mails(self, **filters: str) -> list[dict[str, Any]]:
        """The emails Docusign would have sent, oldest first; `to`, `kind` and `envelope_id` choose."""
        mails: list[dict[str, Any]] = self.control("GET", "mails", params=filters)["mails"]
        return mails

    def deliver(self) -> None:
        """Let every Connect message that is due be tried, and the housekeeping be done."""
        self.control("POST", "deliver")

    def deliveries(self, **filters: str) -> list[dict[str, Any]]:
        """Connect messages, oldest first; `envelope_id`, `event` and `state` choose."""
        messages: list[dict[str, Any]] = self.control("GET", "deliveries", params=filters)["deliveries"]
        return messages

    def add_connect_secret(self, secret: str) -> None:
        self.control("POST", "connect/secret", {"secret": secret})

    def seed(self, **data: Any) -> dict[str, Any]:
        """Accounts, users, integrationKeys, consents."""
        return self.control("POST", "seed", data)

    def revoke_consent(self, user_id: str = "") -> None:
        """This user's, or everybody's."""
        self.control("POST", "consent", {"granted": False, "userId": user_id})

    def grant_consent(self, user_id: str = "") -> None:
        """This user's, or the service user's."""
        self.control("POST", "consent", {"granted": True, "userId": user_id})

    def use_public_keys(self, *public_keys: str) -> None:
        """What the integration key knows from now on (PEM), until the next reset: as on Docusign's Apps and Keys."""
        key = {"integrationKey": self.config["DOCUSIGN_INTEGRATION_KEY"], "publicKeys": list(public_keys)}
        self.seed(integrationKeys=[key])

    def fail_next(self, **fault: Any) -> None:
        self.control("POST", "faults", fault)

    def __enter__(self) -> "SandboxProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=15)
        self._log.close()

    def log(self) -> str:
        return (self.data_dir / "sandbox.log").read_text()

    def control(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, params: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """One call of the control door. Raises requests.HTTPError when it is refused."""
        url = f"{self.base_url}/_sandbox/{path}"
        response = requests.request(method, url, json=body, params=params, timeout=30, verify=self._verify)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            if "sandbox: http" in self.log():
                return
            time.sleep(0.05)
        raise RuntimeError(f"the sandbox did not start:\n{self.log()}")

    def _read_config(self) -> dict[str, str]:
        lines = (self.data_dir / "docusign.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)
