"""The sandbox as tests use it: a real process on a free port, spoken to over HTTP only."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30


class SandboxProcess:
    """`config` holds the DOCUSIGN_* lines that the sandbox wrote for its clients."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.data_dir = data_dir
        self.authority = data_dir / "sandbox-ca.pem"
        self._verify: str | bool = str(self.authority) if "--tls" in options else True
        self._log = (data_dir / "sandbox.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--port", "0", "--data", str(data_dir), *options],
            cwd=ROOT,
            stdout=self._log,
            stderr=self._log,
        )
        self._wait_until_ready()
        self.config = self._read_config()
        self.base_url = self.config["DOCUSIGN_OAUTH_BASE_URL"]
        self.private_key = Path(self.config["DOCUSIGN_PRIVATE_KEY_FILE"]).read_text()
        self.account_id = self.config["DOCUSIGN_ACCOUNT_ID"]
        self.api_url = f"{self.base_url}/restapi/v2.1/accounts/{self.account_id}"

    def reset(self) -> None:
        """Empty, and without limits: tests are in more of a hurry than people."""
        self._control("POST", "reset")
        self.set_limits(hourly=10**9, burst=10**9)

    def set_limits(self, *, hourly: int, burst: int) -> None:
        self._control("POST", "limits", {"hourly": hourly, "burst": burst})

    def advance(self, seconds: float) -> None:
        self._control("POST", "clock", {"advance_seconds": seconds})

    def requests(self, method: str = "", path_contains: str = "") -> list[dict[str, Any]]:
        """The API calls received since the last reset, oldest first."""
        calls = self._control("GET", "requests")["requests"]
        return [c for c in calls if method in ("", c["method"]) and path_contains in c["path"]]

    def revoke_consent(self) -> None:
        self._control("POST", "consent", {"granted": False})

    def grant_consent(self) -> None:
        self._control("POST", "consent", {"granted": True})

    def fail_next(self, **fault: Any) -> None:
        self._control("POST", "faults", fault)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=15)
        self._log.close()

    def log(self) -> str:
        return (self.data_dir / "sandbox.log").read_text()

    def _control(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        url = f"{self.base_url}/_sandbox/{path}"
        response = requests.request(method, url, json=body, timeout=30, verify=self._verify)
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
