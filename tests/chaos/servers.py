"""PostgreSQL and Redis of our own, in a folder of their own, so that they can be restarted without harming anyone."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

START_SECONDS = 30
SUPERUSER = "postgres"  # PostgreSQL refuses to run as root


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class PostgreSQL:
    def __init__(self, folder: Path) -> None:
        self._bin = _newest(Path("/usr/lib/postgresql").glob("*/bin"))
        self._data = folder / "postgresql"
        self._port = free_port()
        self.url = f"postgres://{SUPERUSER}@127.0.0.1:{self._port}/postgres"
        self._data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self._data, SUPERUSER)
        self._run("initdb", "--auth=trust", f"--username={SUPERUSER}", "--no-sync")
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write("fsync = off\nmax_connections = 200\nunix_socket_directories = ''\n")
        self.start()

    def start(self) -> None:
        self._run("pg_ctl", "start", "--wait", f"--log={self._data / 'log'}", f"--options=-p {self._port} -h 127.0.0.1")

    def restart(self) -> None:
        """As an impatient administrator does it: whoever is connected is cut off."""
        self._run("pg_ctl", "stop", "--wait", "--mode=fast")
        self.start()

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--wait", "--mode=immediate")

    def _run(self, program: str, *options: str) -> None:
        user = SUPERUSER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        command = [str(self._bin / program), f"--pgdata={self._data}", *options]
        subprocess.run(command, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL, timeout=60)


class Redis:
    """It keeps nothing: a restart loses every message and the whole cache."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "redis"
        self._folder.mkdir()
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(["redis-server", *options], cwd=self._folder, stdout=log, stderr=log)
        _wait_for_port(self._port)

    def restart(self) -> None:
        self.stop()
        self.start()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


def _newest(folders: object) -> Path:
    found = sorted(folders, key=lambda path: float(path.parent.name))  # type: ignore[call-overload]
    if not found:
        raise SystemExit("PostgreSQL is not installed; on Debian: apt install postgresql")
    return Path(found[-1])


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens at port {port}")
