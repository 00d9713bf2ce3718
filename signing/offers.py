"""What a document's content offers to the editor: places of an anchor, fields of its form, suggestions.

Files never change, so answers are kept by content.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.core.cache import cache

from .models import Document
from .pdf_process import run_job
from .suggestions import suggest

KEEP_SECONDS = 24 * 3600


def anchor_places(document: Document, text: str) -> dict[str, Any]:
    """{"count": …, "places": [[page, left, top, right, bottom], …]}: every match, places of the first 300.

    Case aside, as Docusign looks for anchors. Raises PdfUnreadableError.
    """
    return dict(_kept(document, "find", text))


def form_fields(document: Document) -> list[dict[str, Any]]:
    """As `acroforms.form_fields`. Raises PdfUnreadableError."""
    return list(_kept(document, "form"))


def suggestions(document: Document) -> list[dict[str, Any]]:
    """As `suggestions.suggest`. Raises PdfUnreadableError."""
    sizes: Sequence[Sequence[float]] = document.page_sizes
    return suggest(_kept(document, "lines"), sizes)


def _kept(document: Document, job: str, *arguments: str) -> Any:
    digest = hashlib.sha256("\0".join((document.sha256, job, *arguments)).encode()).hexdigest()
    key = f"signing:pdf:{digest}"
    known = cache.get(key)
    if known is None:
        with document.file.open("rb") as file:
            known = run_job(file.read(), job, *arguments).decode()
        cache.set(key, known, KEEP_SECONDS)
    return json.loads(known)
