"""Bytes on disk, under the data folder. What is kept is never changed."""

import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings


def save(content: bytes, suffix: str = ".pdf") -> str:
    """Keep the bytes under their own hash; the path to ask for them. Equal files are kept once."""
    digest = digest_of(content)
    return derived(f"{digest[:2]}/{digest}{suffix}", lambda: content)


def derived(path: str, make: Callable[[], bytes]) -> str:
    """What can be made again from other files: made at the first call, kept under `path`."""
    target = full_path(path)
    if not target.exists():
        content = make()
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{uuid.uuid4().hex}")
        draft.write_bytes(content)
        draft.rename(target)
    return path


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def load(path: str) -> bytes:
    return full_path(path).read_bytes()


def full_path(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def size(path: str) -> int:
    """In bytes."""
    return full_path(path).stat().st_size
