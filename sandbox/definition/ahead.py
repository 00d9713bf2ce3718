"""Conversions ahead of the transaction: they may take seconds, and SQLite's one writer must not wait for them.

What is converted is kept by its content, so the handler finds it done.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sandbox.errors import ApiError

from .documents import uploaded_path

SIGNS = (b'"fileExtension"', b'"htmlDefinition"')


def may_convert(body: bytes) -> bool:
    """A first, cheap look."""
    return any(sign in body for sign in SIGNS)


def convert(definition: Any) -> None:
    """Every document in it that is not a PDF. What is wrong with one, the handler will say."""
    for item in _documents(definition):
        with suppress(ApiError):
            uploaded_path(item)


def _documents(definition: Any) -> Iterator[dict[str, Any]]:
    waiting = [definition]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            is_pdf = str(value.get("fileExtension") or "pdf").lower().lstrip(".") == "pdf"
            if ("documentBase64" in value and not is_pdf) or "htmlDefinition" in value:
                yield value
            waiting += value.values()
