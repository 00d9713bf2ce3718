"""Conversions ahead of the transaction: they may take seconds, and SQLite's one writer must not wait for them.

What is converted is kept by its content, so the handler finds it done; what cannot be is refused at once.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.errors import ApiError
from sandbox.models import Account

from .documents import extension_of, uploaded_path

SIGNS = (b'"fileExtension"', b'"htmlDefinition"', b'"remoteUrl"')

LIGHT_BYTES = 64 * 1024
REFUSALS = frozenset({"UNABLE_TO_CONVERT_DOCUMENT", "UNSUPPORTED_PDF_CONTENT"})
CONTENTS = frozenset({"documentBase64", "remoteUrl"})


def may_convert(body: bytes) -> bool:
    """A first, cheap look."""
    return len(body) > LIGHT_BYTES or any(sign in body for sign in SIGNS)


def convert(definition: Any, account: Account) -> None:
    """Every document that is not a PDF, or is a large one, which is tried. Raises UNABLE_TO_CONVERT_DOCUMENT,
    UNSUPPORTED_PDF_CONTENT; what else is wrong the handler says.
    """
    for item in _documents(definition):
        try:
            uploaded_path(item, account)
        except ApiError as error:
            if error.error_code in REFUSALS:
                raise


def _documents(definition: Any) -> Iterator[dict[str, Any]]:
    waiting = [definition]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            if "htmlDefinition" in value or (CONTENTS & value.keys() and _takes_time(value)):
                yield value
            waiting += value.values()


def _takes_time(item: dict[str, Any]) -> bool:
    content = item.get("documentBase64")
    return _extension(item) != "pdf" or (isinstance(content, str) and len(content) > LIGHT_BYTES)


def _extension(item: dict[str, Any]) -> str:
    """Of what is no document after all, none."""
    try:
        return extension_of(item)
    except ApiError:
        return "pdf"
