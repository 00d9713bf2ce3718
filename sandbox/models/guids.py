"""Docusign's ids are GUIDs in lower case."""

import os
import threading
import uuid

_BYTES, _MANY = 16, 256

_lock = threading.Lock()
_random = b""


def new_guid() -> str:
    return str(uuid.UUID(bytes=_next_bytes(), version=4))


def _next_bytes() -> bytes:
    """Fetched many at a time: each visit to the system lets another thread in, and waits for it."""
    global _random
    with _lock:
        if not _random:
            _random = os.urandom(_BYTES * _MANY)
        taken, _random = _random[:_BYTES], _random[_BYTES:]
    return taken
