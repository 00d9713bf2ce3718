"""Docusign's multipart create: the definition as one part, each document's bytes as another (reference 2.3).

The parts' disposition is the non-standard `file; filename="…"; documentid=1`, which ordinary parsers drop.
"""

import base64
import json
import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from .definition.reading import Json, list_of, object_of, text_of
from .errors import ApiError

Contents = dict[tuple[str, str], bytes]  # by the composite template's id, if any, and the document's


def is_multipart(content_type: str) -> bool:
    return content_type.lower().startswith("multipart/")


def read_definition(content_type: str, body: bytes) -> dict[str, Any]:
    """One envelopeDefinition with the parts' bytes as documentBase64. Raises INVALID_REQUEST_BODY."""
    header = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(header + body)
    if not message.is_multipart():
        raise ApiError("INVALID_REQUEST_BODY")
    definition: dict[str, Any] | None = None
    contents: Contents = {}
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            raise ApiError("INVALID_REQUEST_BODY")
        disposition = str(part.get("Content-Disposition", ""))
        if document_id := _value_of("documentid", disposition):
            contents[_value_of("compositetemplateid", disposition), document_id] = content
        elif part.get_content_type() == "application/json":
            definition = _json(content)
    if definition is None:
        raise ApiError("INVALID_REQUEST_BODY", "No part holds the envelope definition.")
    return _with_contents(definition, contents)


def _value_of(name: str, disposition: str) -> str:
    match = re.search(rf'{name}\s*=\s*"?([\w-]+)', disposition, re.IGNORECASE)
    return match.group(1) if match else ""


def _json(content: bytes) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise ApiError("INVALID_REQUEST_BODY") from None
    if not isinstance(data, dict):
        raise ApiError("INVALID_REQUEST_BODY")
    return data


def _with_contents(definition: dict[str, Any], contents: Contents) -> dict[str, Any]:
    """Also of the documents in composite templates, whose parts name the composite too."""
    if not definition.get("compositeTemplates") and not isinstance(definition.get("documents"), list):
        raise ApiError("INVALID_REQUEST_BODY", "documents must be an array of objects.")
    composites = [_composite_with_contents(item, contents) for item in list_of(definition, "compositeTemplates")]
    documents = [_named(item, "", contents) for item in list_of(definition, "documents")]
    found = {"documents": documents, "compositeTemplates": composites}
    return definition | {name: items for name, items in found.items() if name in definition}


def _composite_with_contents(composite: Json, contents: Contents) -> dict[str, Any]:
    composite_id = text_of(composite, "compositeTemplateId")
    inlines = [
        {**item, "documents": [_named(document, composite_id, contents) for document in list_of(item, "documents")]}
        for item in list_of(composite, "inlineTemplates")
    ]
    own = object_of(composite, "document")
    named = {"document": _named(own, composite_id, contents)} if own else {}
    return {**composite, **named, "inlineTemplates": inlines}


def _named(document: Json, composite_id: str, contents: Contents) -> dict[str, Any]:
    document_id = str(document.get("documentId"))
    content = contents.get((composite_id, document_id), contents.get(("", document_id)))
    return {**document} if content is None else {**document, "documentBase64": base64.b64encode(content).decode()}
