"""Checking the seals of a bundle's PDFs, each in a process of its own."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

from . import seal
from .container import Container
from .reports import Report

HOME = Path(__file__).resolve().parents[2]  # a folder, or the one file that the verifier is handed out as
IN_ITS_OWN = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop()); runpy.run_module(sys.argv.pop(), run_name='__main__')"
)
TIMEOUT_SECONDS = 60
WORDS = {
    seal.INTACT: "the seal of {name} is intact: {by}, {at}",
    seal.ABSENT: "{name} has no digital seal",
    seal.BROKEN: "the seal of {name} is broken: the PDF was changed after it was sealed",
}


def check(container: Container, names: list[str], report: Report) -> None:
    """`names` of the PDFs that came back signed."""
    if importlib.util.find_spec("pyhanko") is None:
        if names:
            report.note("seal_unchecked", "seal not checked: install pyHanko (pip install pyHanko)")
        return
    for name in names:
        _check(container, name, report)


def _check(container: Container, name: str, report: Report) -> None:
    try:
        found = _examine(container, name)
    except (OSError, ValueError, subprocess.SubprocessError):
        report.wrong("seal_unreadable", f"the seal of {name} cannot be read")
        return
    state = str(found.get("state"))
    sentence = WORDS.get(state, "{name} is no PDF").format(
        name=name, by=found.get("by") or "nobody is named", at=found.get("at") or "no time is given"
    )
    {seal.INTACT: report.ok, seal.ABSENT: report.note}.get(state, report.wrong)(f"seal_{state}", sentence)


def _examine(container: Container, name: str) -> dict[str, object]:
    with TemporaryFile() as file:
        container.copy(name, file)
        file.seek(0)
        done = subprocess.run(
            [sys.executable, "-c", IN_ITS_OWN, f"{__package__}.seal", str(HOME)],
            stdin=file,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    told = json.loads(done.stdout)
    return told if isinstance(told, dict) else {}
