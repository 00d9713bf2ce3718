"""Translations: the .po files of the repository, compiled where they are needed.

gettext reads only compiled catalogues. They are made when a process starts and finds them absent or old, so no
set-up has a step that could be forgotten, and nothing generated is committed.
"""

import os
import tempfile
from pathlib import Path

import polib

# Each is one of Docusign's too (the ceremony's `locale`), and bears its own name.
LANGUAGES = [
    ("en", "English"),
    ("ar", "العربية"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("uk", "Українська"),
]


def compiled(source: Path, target: Path) -> Path:
    """Compile each `<language>/LC_MESSAGES/django.po` of `source` into `target`, if it changed; returns `target`."""
    for po in source.glob("*/LC_MESSAGES/django.po"):
        mo = target / po.relative_to(source).with_suffix(".mo")
        changed_ns = po.stat().st_mtime_ns
        if not mo.exists() or mo.stat().st_mtime_ns != changed_ns:
            _compile(po, mo, changed_ns)
    return target


def _compile(po: Path, mo: Path, changed_ns: int) -> None:
    """Whole or not at all: processes that start together do the same work, and the last one wins."""
    mo.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=mo.parent, suffix=".mo.new")
    with os.fdopen(descriptor, "wb") as file:
        file.write(polib.pofile(str(po)).to_binary())
    os.utime(draft, ns=(changed_ns, changed_ns))
    Path(draft).chmod(0o644)
    Path(draft).replace(mo)
