"""The portal's processes beside the sandbox's, each with a log of its own."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import requests

from demo.processes import Processes
from sandbox.process import SandboxProcess

from .servers import PostgreSQL, Redis, free_port

ROOT = Path(__file__).resolve().parents[2]
CONNECT_KEY = "chaos-connect-key"
READY_SECONDS = 60
WORKERS = ("worker-1", "worker-2")


class Stack(Processes):
    """`broker_url`: of a RabbitMQ, which is left running; otherwise the stack's own Redis carries the work, too."""

    def __init__(self, folder: Path, *, broker_url: str = "") -> None:
        super().__init__(log_dir=folder / "logs", cwd=ROOT)
        self.folder = folder
        (folder / "sandbox").mkdir()
        self.sandbox = SandboxProcess(folder / "sandbox")
        self.postgresql, self.redis = PostgreSQL(folder), Redis(folder)
        self.portal_url = f"http://127.0.0.1:{free_port()}"
        self.env = self._environment() | {"CELERY_BROKER_URL": broker_url}
        self.killed = 0

    def launch(self) -> None:
        self.sandbox.reset()
        self.sandbox.add_connect_secret(CONNECT_KEY)
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            self.run("setup", [sys.executable, "manage.py", *command], env=self.env)
        address = self.portal_url.removeprefix("http://")
        gunicorn = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", address, "--workers", "2"]
        self.start("portal", [*gunicorn, "--threads", "8"], env=self.env)
        for name in WORKERS:
            self._start_worker(name)
        self.start("beat", [*_celery("beat"), "--pidfile="], env=self.env)
        wait_until(self._is_up, READY_SECONDS, "the portal did not come up")

    def kill(self, name: str) -> None:
        """SIGKILL to the worker and all its children, and a new one in its place."""
        child = self._children[name]
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        self._start_worker(name)
        self.killed += 1

    def stop(self) -> None:
        super().stop()
        for server in (self.sandbox, self.postgresql, self.redis):
            server.stop()

    def logs(self) -> dict[str, str]:
        found = {path.stem: path.read_text(errors="replace") for path in sorted(self._log_dir.glob("*.log"))}
        return found | {"sandbox": self.sandbox.log()}

    def _start_worker(self, name: str) -> None:
        options = ["--concurrency", "2", "--without-mingle", "--without-gossip", "--hostname", f"{name}@chaos"]
        self.start(name, [*_celery("worker"), *options], env=self.env)

    def _is_up(self) -> bool:
        try:
            return requests.get(f"{self.portal_url}/healthz", timeout=5).ok
        except requests.RequestException:
            return False

    def _environment(self) -> dict[str, str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("DOCUSIGN_")}
        return env | {
            **self.sandbox.config,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DEBUG": "0",
            "SECRET_KEY": "chaos-" + "x" * 50,
            "DATA_DIR": str(self.folder / "portal"),
            "DATABASE_URL": self.postgresql.url,
            "REDIS_URL": self.redis.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "PORTAL_BASE_URL": self.portal_url,
            "DOCUSIGN_CONNECT": "envelope",
            "DOCUSIGN_CONNECT_KEYS": CONNECT_KEY,
            "DOCUSIGN_POLL_SECONDS": "10",
            "DOCUSIGN_POLL_RARELY_SECONDS": "20",
            "DOCUSIGN_CHECK_SECONDS": "60",
            "SEND_UNDO_SECONDS": "0",
            "SEND_LOOKUP_SECONDS": "10",
            "EMAIL_URL": f"filemail:///{self.folder / 'mail'}",
        }


def wait_until(is_true: Callable[[], bool], seconds: float, complaint: str, *, step: float = 0.5) -> None:
    """Raises TimeoutError with the complaint."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(complaint)
        time.sleep(step)


def _celery(command: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "portal", command, "--loglevel", "WARNING"]
