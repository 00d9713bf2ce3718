"""The whole house as a process, and a real browser in front of it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox_process import SandboxProcess

from .gallery_process import GalleryProcess

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "artifacts" / "e2e"
START_SECONDS = 90
PASSWORD = "journey"


@dataclass(frozen=True)
class Demo:
    portal_url: str
    sandbox_url: str
    data_dir: Path
    process: "subprocess.Popen[str]"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_demo(data_dir: Path, **environment: str) -> Demo:
    """`make demo` without the installing; ready when it has printed its addresses."""
    portal_port, sandbox_port = free_port(), free_port()
    log = data_dir / "demo.log"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DOCUSIGN_", "DJANGO_"))}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo"],
            cwd=ROOT,
            env=inherited
            | {
                "DATA_DIR": str(data_dir),
                "PORTAL_PORT": str(portal_port),
                "SANDBOX_PORT": str(sandbox_port),
                "DEMO_PASSWORD": PASSWORD,
                "DEMO_SEED": "0",
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while "Ctrl-C stops everything" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"the demo did not start:\n{log.read_text()}")
        time.sleep(0.1)
    return Demo(f"http://127.0.0.1:{portal_port}", f"http://127.0.0.1:{sandbox_port}", data_dir, process)


def stop_demo(demo: Demo) -> int:
    demo.process.terminate()
    return demo.process.wait(timeout=30)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Demo]:
    running = start_demo(tmp_path_factory.mktemp("demo"))
    yield running
    assert stop_demo(running) == 0


@pytest.fixture(scope="session")
def whole_gallery(
    tmp_path_factory: pytest.TempPathFactory, docusign_sandbox_process: SandboxProcess
) -> Iterator[GalleryProcess]:
    log = tmp_path_factory.mktemp("gallery") / "gallery.log"
    running = GalleryProcess(free_port(), log, docusign_sandbox_process.data_dir / "docusign.env")
    yield running
    running.stop()


@pytest.fixture
def gallery(whole_gallery: GalleryProcess, sandbox: SandboxProcess) -> GalleryProcess:
    """The portal in any state wanted, with an empty sandbox behind it."""
    return whole_gallery


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: str) -> dict[str, Any]:
    """The machine's own Chromium, told not to look for the outside world."""
    quiet = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
    return browser_type_launch_args | {
        "executable_path": chromium,
        "args": ["--no-sandbox", *quiet, "--disable-component-update", "--disable-sync"],
    }
