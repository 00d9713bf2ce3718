"""The parent of `signing.pdf_jobs`: a PDF that hangs, bursts or crashes its reader costs one short-lived process.

The child gets the file and nothing else: no environment, no database, bounded memory and time.
"""

import subprocess
import sys
import threading
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
TIMEOUT_SECONDS = 20
WAIT_SECONDS = 10
# Each web process keeps most of its threads free for pages that need no PDF read.
_at_once = threading.BoundedSemaphore(2)


class PdfUnreadableError(Exception):
    """The job did not end well; the message is for whoever looks at the page."""


def run_job(content: bytes, job: str, *arguments: str) -> bytes:
    """Raises PdfUnreadableError, also when it takes too long."""
    command = [sys.executable, "-m", "signing.pdf_jobs", job, *arguments]
    if not _at_once.acquire(timeout=WAIT_SECONDS):
        raise PdfUnreadableError("Too many documents are being read at the moment. Try again soon.")
    try:
        done = subprocess.run(
            command, cwd=HOME, env={}, input=content, capture_output=True, timeout=TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise PdfUnreadableError("Reading this document takes too long.") from None
    finally:
        _at_once.release()
    if done.returncode != 0:
        raise PdfUnreadableError("This document cannot be read here.")
    return done.stdout
