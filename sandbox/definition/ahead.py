"""Conversions ahead of the transaction: they may take seconds, and SQLite's one writer must not wait for them.

What is converted is kept by its content, so the handler finds it done; what cannot be is refused at once.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.errors import ApiError

from .documents import uploaded_path

SIGNS = (b'"fileExtension"', b'"htmlDefinition"')


def may_convert(body: bytes) -> bool:
    """A first, cheap look."""
    return any(sign in body for sign in SIGNS)


def convert(definition: Any) -> None:
    """Every document that is not a PDF. Raises UNABLE_TO_CONVERT_DOCUMENT; what else is wrong the handler says."""
    for item in _documents(definition):
        try:
            uploaded_path(item)
        except ApiError as error:
            if error.error_code == "UNABLE_TO_CONVERT_DOCUMENT":
                raise


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
