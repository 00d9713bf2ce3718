"""Other processes that make PDFs: uploads may be hostile, so what reads them has little memory and little time."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from sandbox.errors import ApiError

Converter = Callable[[bytes, str], bytes]

MOST_SECONDS = 12  # by the clock; the renderer gives up after eight of the processor's
OFFICE_SECONDS = 60
MOST_TRIAL_SECONDS = 12
REFUSED = 3  # the renderer's exit code when it says on stderr, in a sentence, what is wrong


def has_office() -> bool:
    return shutil.which("soffice") is not None


def by_renderer(content: bytes, extension: str) -> bytes:
    """By `sandbox.definition.renderer`. Raises UNABLE_TO_CONVERT_DOCUMENT."""
    command = [sys.executable, "-m", "sandbox.definition.renderer", extension]
    code, output, complaint = _run(command, content, MOST_SECONDS, cwd=settings.BASE_DIR.parent)
    if code == 0 and output.startswith(b"%PDF"):
        return output
    raise ApiError(
        "UNABLE_TO_CONVERT_DOCUMENT", complaint.decode("utf-8", "replace").strip() if code == REFUSED else ""
    )


def stands_trial(content: bytes) -> bool:
    """Does a PDF open and draw within what a document may take? By `sandbox.definition.trial`."""
    command = [sys.executable, "-m", "sandbox.definition.trial"]
    code, _, _ = _run(command, content, MOST_TRIAL_SECONDS, cwd=settings.BASE_DIR.parent)
    return code == 0


def by_office(content: bytes, extension: str) -> bytes:
    """By LibreOffice, with a profile of its own. Raises UNABLE_TO_CONVERT_DOCUMENT."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"document.{extension}"
        source.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        _run(command, b"", OFFICE_SECONDS, cwd=Path(folder))
        try:
            return source.with_suffix(".pdf").read_bytes()
        except OSError:
            raise ApiError("UNABLE_TO_CONVERT_DOCUMENT") from None


def _run(command: Sequence[str], given: bytes, seconds: int, *, cwd: Path) -> tuple[int, bytes, bytes]:
    """Exit code, output, complaint. Whatever the process started ends with it."""
    # A proxy that is not there: nobody in this process may fetch anything.
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=os.environ | nowhere,
        start_new_session=True,
    )
    try:
        output, complaint = process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return -signal.SIGKILL, b"", b""
    return process.returncode, output, complaint
