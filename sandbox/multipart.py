"""Docusign's multipart create: the definition as one part, each document's bytes as another (reference 2.3).

The parts' disposition is the non-standard `file; filename="…"; documentid=1`, which ordinary parsers drop.
"""

import base64
import json
import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from .errors import ApiError


def is_multipart(content_type: str) -> bool:
    return content_type.lower().startswith("multipart/")


def read_definition(content_type: str, body: bytes) -> dict[str, Any]:
    """One envelopeDefinition with the parts' bytes as documentBase64. Raises INVALID_REQUEST_BODY."""
    header = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(header + body)
    if not message.is_multipart():
        raise ApiError("INVALID_REQUEST_BODY")
    definition: dict[str, Any] | None = None
    contents: dict[str, bytes] = {}
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            raise ApiError("INVALID_REQUEST_BODY")
        document_id = _document_id(str(part.get("Content-Disposition", "")))
        if document_id:
            contents[document_id] = content
        elif part.get_content_type() == "application/json":
            definition = _json(content)
    if definition is None:
        raise ApiError("INVALID_REQUEST_BODY", "No part holds the envelope definition.")
    return _with_contents(definition, contents)


def _document_id(disposition: str) -> str:
    match = re.search(r"documentid\s*=\s*\"?(\d+)", disposition, re.IGNORECASE)
    return match.group(1) if match else ""


def _json(content: bytes) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise ApiError("INVALID_REQUEST_BODY") from None
    if not isinstance(data, dict):
        raise ApiError("INVALID_REQUEST_BODY")
    return data


def _with_contents(definition: dict[str, Any], contents: dict[str, bytes]) -> dict[str, Any]:
    documents = definition.get("documents")
    if not isinstance(documents, list) or not all(isinstance(item, dict) for item in documents):
        raise ApiError("INVALID_REQUEST_BODY", "documents must be an array of objects.")
    named = [
        item | {"documentBase64": base64.b64encode(contents[str(item.get("documentId"))]).decode()}
        if str(item.get("documentId")) in contents
        else item
        for item in documents
    ]
    return definition | {"documents": named}
