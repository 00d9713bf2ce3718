"""The parent of `signing.pdf_jobs`: a PDF that hangs, bursts or crashes its reader costs one short-lived process.

The child gets the file and nothing else: no environment, no database, bounded memory and time.
"""

import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

HOME = Path(__file__).resolve().parent.parent
TIMEOUT_SECONDS = 20
WAIT_SECONDS = 10
STRANGERS_WAIT_SECONDS = 2  # each who waits holds a thread
# Each web process keeps most of its threads free for pages that need no PDF read. What strangers hand in has a place of
# its own, so that they make no staff wait.
_at_once = threading.BoundedSemaphore(2)
_strangers_at_once = threading.BoundedSemaphore(1)


class PdfUnreadableError(Exception):
    """The job did not end well; the message is for whoever looks at the page."""


class TooBusyError(PdfUnreadableError):
    """Nothing is wrong with the document: it would have to wait too long."""


def run_job(content: bytes, job: str, *arguments: str) -> bytes:
    """Raises PdfUnreadableError, also when it takes too long."""
    return _run(["signing.pdf_jobs", job, *arguments], _at_once, WAIT_SECONDS, input=content)


def examine_seal(file: IO[bytes]) -> bytes:
    """What `signing.verify.seal` says of a stranger's file, which must have a place on the disk: it is not copied."""
    file.seek(0)
    return _run(["signing.verify.seal"], _strangers_at_once, STRANGERS_WAIT_SECONDS, stdin=file)


def _run(
    module: list[str],
    places: threading.Semaphore,
    wait_seconds: float,
    *,
    input: bytes | None = None,
    stdin: IO[bytes] | None = None,
) -> bytes:
    if not places.acquire(timeout=wait_seconds):
        raise TooBusyError("Too many documents are being read at the moment. Try again soon.")
    command = [sys.executable, "-m", *module]
    try:
        done = subprocess.run(
            command,
            cwd=HOME,
            env={},
            input=input,
            stdin=stdin,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfUnreadableError("Reading this document takes too long.") from None
    finally:
        places.release()
    if done.returncode != 0:
        raise PdfUnreadableError("This document cannot be read here.")
    return done.stdout
