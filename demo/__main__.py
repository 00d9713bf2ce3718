"""`make demo`: prepare, start, seed, and run until Ctrl-C. Only the standard library is used here."""

import json
import os
import secrets
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from .processes import CommandFailedError, Processes

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
READY_SECONDS = 60


class DemoError(Exception):
    """Something a person can mend; shown as one sentence."""


def main() -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    data_dir = Path(os.environ.get("DATA_DIR") or ROOT / "var" / "demo").resolve()
    processes = Processes(log_dir=data_dir / "logs", cwd=ROOT)
    try:
        _run(data_dir, processes)
    except (DemoError, CommandFailedError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping …")
        return 0
    finally:
        processes.stop()
    return 0


def _run(data_dir: Path, processes: Processes) -> None:
    portal_port = _port("PORTAL_PORT", 8000)
    sandbox_port = _port("SANDBOX_PORT", 8001)
    data_dir.mkdir(parents=True, exist_ok=True)
    password = os.environ.get("DEMO_PASSWORD") or _own_password(data_dir)
    portal_url, sandbox_url = f"http://{HOST}:{portal_port}", f"http://{HOST}:{sandbox_port}"

    print("Starting the sandbox, the portal and its worker …", flush=True)
    sandbox_data = data_dir / "sandbox"
    processes.start(
        "sandbox",
        [
            sys.executable,
            "-m",
            "sandbox",
            "--host",
            HOST,
            "--port",
            str(sandbox_port),
            "--data",
            str(sandbox_data),
        ],
        env=dict(os.environ),
    )
    _wait_for(f"{sandbox_url}/_sandbox/health", processes, "sandbox")

    env = _portal_environment(data_dir, portal_url, sandbox_data / "docusign.env")
    env["DOCUSIGN_CONNECT_KEYS"] = _connect_key(data_dir, sandbox_url)
    for command in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "--noinput", "-v0"]):
        processes.run("setup", [sys.executable, "manage.py", *command], env=env)
    processes.run("setup", [sys.executable, "-m", "demo.staff"], env={**env, "DEMO_PASSWORD": password})

    gunicorn = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"{HOST}:{portal_port}"]
    processes.start("portal", [*gunicorn, "--threads", "8"], env=env)
    celery = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--beat", "--concurrency", "2"]
    processes.start("worker", [*celery, "--loglevel", "INFO", "--without-mingle", "--without-gossip"], env=env)
    _wait_for(f"{portal_url}/healthz", processes, "portal")
    if os.environ.get("DEMO_SEED", "1") != "0":
        print("Making a few example envelopes (the real way: sent, signed, declined) …", flush=True)
        processes.run("seed", [sys.executable, "-m", "demo.seed"], env=env | {"SEND_UNDO_SECONDS": "0"})

    print(
        f"""
  Portal   {portal_url}/admin/    log in as  demo  with password  {password}
  Sandbox  {sandbox_url}/

  Mail does not leave this machine: open it under "Outgoing mail" and follow its link.
  Data and logs: {data_dir}
  Ctrl-C stops everything; starting again keeps the data.
""",
        flush=True,
    )
    while True:
        dead = processes.dead()
        if dead:
            raise DemoError(f"{dead} has stopped by itself. Its log: {processes.log_path(dead)}")
        time.sleep(0.5)


def _portal_environment(data_dir: Path, portal_url: str, docusign_env: Path) -> dict[str, str]:
    """Everything is set explicitly, so that a .env for a real account is never used by the demo."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("DOCUSIGN_")}
    for line in docusign_env.read_text().splitlines():
        name, separator, value = line.partition("=")
        if separator and not name.startswith("#"):
            env[name.strip()] = value.strip().strip("\"'")
    return env | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DEBUG": "0",
        "DATA_DIR": str(data_dir),
        "STATIC_ROOT": str(data_dir / "static"),
        "DATABASE_URL": f"sqlite:///{data_dir / 'portal.sqlite3'}",
        "REDIS_URL": "",
        "CELERY_BROKER_URL": "filesystem://",
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "PORTAL_BASE_URL": portal_url,
        "ORGANISATION_NAME": "Northwind Consulting",
        "DEFAULT_FROM_EMAIL": "Northwind Consulting <signing@northwind.example>",
        "DOCUSIGN_POLL_SECONDS": "20",
        "DOCUSIGN_PRIVATE_KEY": "",
        "EMAIL_URL": f"filemail:///{data_dir / 'mail'}",
        "MAIL_PREVIEW": "1",
    }


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    try:
        port = int(text)
    except ValueError:
        raise DemoError(f"{name} must be a number, not {text!r}.") from None
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise DemoError(
                f"Port {port} is taken by another program. Stop it, or choose another one, "
                f"for example: {name}={port + 100} make demo"
            ) from None
    return port


def _own_password(data_dir: Path) -> str:
    """A password of this installation's own, kept beside its data."""
    path = data_dir / "demo-password"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(9))
        path.chmod(0o600)
    return path.read_text().strip()


def _connect_key(data_dir: Path, sandbox_url: str) -> str:
    """What the sandbox signs its Connect messages with; told to it once, as one does on Docusign's own pages."""
    path = data_dir / "connect-key"
    if not path.exists():
        key = secrets.token_urlsafe(32)
        request = urllib.request.Request(  # noqa: S310  (our own http address)
            f"{sandbox_url}/_sandbox/connect/secret",
            data=json.dumps({"secret": key}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310  (the same)
            path.write_text(key)
        path.chmod(0o600)
    return path.read_text().strip()


def _wait_for(url: str, processes: Processes, name: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if name in processes.dead():
            break
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  (our own http address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise DemoError(f"The {name} did not start. Its log: {processes.log_path(name)}")


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
