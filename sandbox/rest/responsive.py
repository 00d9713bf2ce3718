"""Responsive signing: the HTML definitions of documents, and what they look like."""

import base64
from typing import Any

from django.http import HttpResponse

from sandbox.ceremony.images import page_image
from sandbox.definition.reading import Json, object_of, spelled
from sandbox.errors import ApiError
from sandbox.models import Document, Envelope

from .documents import find_document
from .door import Call, answer
from .registry import on_envelope

PREVIEW = "responsive_html_preview"
AS_PAGES = "the pages themselves, scaled to the screen; display anchors are not followed"


@on_envelope("GET", "html_definitions")
def get_definitions(call: Call, envelope: Envelope) -> HttpResponse:
    return answer(_originals(list(envelope.documents.all())))


@on_envelope("GET", "documents/{documentId}/html_definitions")
def get_document_definitions(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    return answer(_originals([find_document(envelope, document_id)]))


@on_envelope("POST", PREVIEW, partial=AS_PAGES)
def preview(call: Call, envelope: Envelope) -> HttpResponse:
    return _previews(call, list(envelope.documents.all()))


@on_envelope("POST", f"documents/{{documentId}}/{PREVIEW}", partial=AS_PAGES)
def preview_document(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    return _previews(call, [find_document(envelope, document_id)])


def _originals(documents: list[Document]) -> dict[str, Any]:
    """Of those that were given one."""
    return {
        "htmlDefinitions": [
            {
                "documentId": str(document.document_id),
                "documentIdGuid": document.guid,
                "htmlDefinition": spelled(document.data["htmlDefinition"]),
            }
            for document in documents
            if document.data.get("htmlDefinition")
        ]
    }


def _previews(call: Call, documents: list[Document]) -> HttpResponse:
    """A page of HTML for each document; `source` in the body stands for a document's own definition."""
    body: Json = call.json
    source = body.get("source")
    if source is not None and not isinstance(source, str):
        raise ApiError("INVALID_REQUEST_BODY", "source must be a string.")
    return answer({"htmlDefinitions": [_page(document, source or "") for document in documents]}, status=201)


def _page(document: Document, source: str) -> str:
    own = source or str(object_of(document.data, "htmlDefinition").get("source") or "")
    if "<" in own:  # a page of their own; otherwise "document": made from the document
        return own
    style = "img{width:100%;height:auto;display:block;margin-bottom:8px}"
    encoded = [base64.b64encode(page_image(document, n)).decode() for n in range(1, len(document.page_sizes) + 1)]
    pictures = [f'<img alt="Page {n}" src="data:image/webp;base64,{one}">' for n, one in enumerate(encoded, start=1)]
    return f"<!doctype html><html><head><style>{style}</style></head><body>{''.join(pictures)}</body></html>"
