"""What the text layer of a document says, kept in the cache by content: files never change."""

import hashlib
from collections.abc import Iterable

from django.core.cache import cache

from .models import Document
from .pdfs import find_texts, pages_without_text

KEPT_SECONDS = 7 * 24 * 3600


def count_texts(document: Document, texts: Iterable[str]) -> dict[str, int]:
    """How often each text stands in the document, ignoring case. Reads the file for what is not known yet."""
    keys = {_key(document, f"count:{hashlib.sha256(text.encode()).hexdigest()[:24]}"): text for text in set(texts)}
    known: dict[str, int] = cache.get_many(list(keys))
    if missing := [text for key, text in keys.items() if key not in known]:
        with document.file.open("rb") as file:
            counted = find_texts(file.read(), missing)
        fresh = {key: counted[text] for key, text in keys.items() if text in counted}
        cache.set_many(fresh, KEPT_SECONDS)
        known |= fresh
    return {text: known[key] for key, text in keys.items()}


def textless_pages(document: Document) -> list[int]:
    """Pages (from 1) that are nothing but pictures or empty: no text on them can be found."""
    key = _key(document, "textless")
    pages: list[int] | None = cache.get(key)
    if pages is None:
        with document.file.open("rb") as file:
            pages = pages_without_text(file.read())
        cache.set(key, pages, KEPT_SECONDS)
    return pages


def _key(document: Document, what: str) -> str:
    return f"signing:text:{document.sha256}:{what}"
