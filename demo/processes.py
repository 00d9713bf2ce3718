"""Child processes of the demo: started together, stopped together."""

import os
import signal
import subprocess
import time
from pathlib import Path

STOP_SECONDS = 15


class CommandFailedError(Exception):
    """A preparation step failed."""


class Processes:
    """Each child has a process group and a log file of its own."""

    def __init__(self, *, log_dir: Path, cwd: Path) -> None:
        self._log_dir = log_dir
        self._cwd = cwd
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str], *, env: dict[str, str]) -> None:
        self._log_dir.mkdir(parents=True, exist_ok=True)
        with self.log_path(name).open("ab") as log:
            self._children[name] = subprocess.Popen(
                command,
                env=env,
                cwd=self._cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop them in order
            )

    def run(self, name: str, command: list[str], *, env: dict[str, str]) -> None:
        """One step, to its end. Raises CommandFailedError; can be interrupted like everything else."""
        self.start(name, command, env=env)
        status = self._children[name].wait()
        del self._children[name]
        if status != 0:
            raise CommandFailedError(f"{' '.join(command[1:4])} failed. Its log: {self.log_path(name)}")

    def dead(self) -> str:
        """The name of a child that has ended, or an empty string."""
        return next((name for name, child in self._children.items() if child.poll() is not None), "")

    def log_path(self, name: str) -> Path:
        return self._log_dir / f"{name}.log"

    def stop(self) -> None:
        """Ask all to end, the last started first; insist with whoever does not."""
        children = list(reversed(self._children.values()))
        for child in children:
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            try:
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(child, signal.SIGKILL)
                child.wait()


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return
