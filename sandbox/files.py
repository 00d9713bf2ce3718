"""PDF bytes on disk, under the data folder."""

import hashlib
from pathlib import Path

from django.conf import settings


def save(content: bytes, suffix: str = ".pdf") -> str:
    """Keep the bytes under their own hash; the path to ask for them. Equal files are kept once."""
    digest = hashlib.sha256(content).hexdigest()
    path = f"{digest[:2]}/{digest}{suffix}"
    target = full_path(path)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".draft")
        draft.write_bytes(content)
        draft.rename(target)
    return path


def load(path: str) -> bytes:
    return full_path(path).read_bytes()


def full_path(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path
