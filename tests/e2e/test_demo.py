"""`make demo`: seeds through the real flow, keeps its data, stops cleanly, complains plainly."""

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, start_demo, stop_demo

pytestmark = pytest.mark.e2e


def statuses(data_dir: Path) -> dict[str, str]:
    with sqlite3.connect(data_dir / "portal.sqlite3") as database:
        rows = dict(database.execute("SELECT subject, status FROM signing_envelope").fetchall())
    database.close()
    return rows


def told_by_connect(data_dir: Path) -> int:
    """How many messages of the sandbox's Connect the portal has taken over."""
    with sqlite3.connect(data_dir / "portal.sqlite3") as database:
        query = "SELECT count(*) FROM signing_connectmessage WHERE outcome IN ('applied', 'unchanged')"
        (count,) = database.execute(query).fetchone()
    database.close()
    return int(count)


def children_of(data_dir: Path) -> list[str]:
    """Processes whose environment names this demo's folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"DATA_DIR={data_dir}".encode() in environment:
            found.append(command.replace(b"\0", b" ").decode())
    return found


def test_the_demo_seeds_stops_and_starts_again_with_its_data(tmp_path: Path) -> None:
    demo = start_demo(tmp_path, DEMO_SEED="1")
    seeded = statuses(tmp_path)
    assert {"completed", "sent", "declined", "draft"} <= set(seeded.values())
    assert told_by_connect(tmp_path) > 0
    assert stop_demo(demo) == 0
    assert children_of(tmp_path) == []

    again = start_demo(tmp_path, DEMO_SEED="1")
    assert statuses(tmp_path).keys() == seeded.keys()
    assert stop_demo(again) == 0


@pytest.mark.parametrize("name", ["PORTAL_PORT", "SANDBOX_PORT"])
def test_a_taken_port_is_a_plain_sentence(tmp_path: Path, name: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-m", "demo"],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(tmp_path), name: str(port)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert result.returncode == 1
    assert f"Port {port} is taken by another program." in result.stderr
    assert "Traceback" not in result.stderr
