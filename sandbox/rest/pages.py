"""Pages of a document as pictures, and taking one out."""

import base64
import io
import re

from django.http import HttpResponse
from PIL import Image
from pypdf import PdfReader, PdfWriter

from sandbox import files, lifecycle, purging
from sandbox.ceremony.images import page_image
from sandbox.correction import require_correctable
from sandbox.errors import ApiError
from sandbox.models import Document, Envelope
from sandbox.pdf_text import page_sizes

from . import locks
from .document_shapes import pages_shape
from .documents import find_document, hidden_from_caller
from .door import Call, answer
from .registry import on_envelope

MAX_SIDE = 2500
DEFAULT_DPI = 72


@on_envelope("GET", "documents/{documentId}/pages")
def list_pages(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    """With their pictures in base64."""
    purging.require_documents(envelope)
    document = find_document(envelope, document_id, hidden_from_caller(call, envelope))
    start, count = _number(call, "start_position", 0), _number(call, "count", 100)
    pages = pages_shape(document)
    shown = pages[start : start + count]
    for page in shown:
        picture = _picture(call, document, int(page["sequence"]))
        page |= {"imageBytes": base64.b64encode(picture).decode(), "mimeType": "image/png"}
    return answer(
        {
            "pages": shown,
            "resultSetSize": str(len(shown)),
            "totalSetSize": str(len(pages)),
            "startPosition": str(start),
            "endPosition": str(max(start, start + len(shown) - 1)),
            "nextUri": "",
            "previousUri": "",
        }
    )


@on_envelope("GET", "documents/{documentId}/pages/{pageNumber}/page_image")
def get_page_image(call: Call, envelope: Envelope, document_id: str, page_number: str) -> HttpResponse:
    purging.require_documents(envelope)
    document = find_document(envelope, document_id, hidden_from_caller(call, envelope))
    return HttpResponse(_picture(call, document, _page(document, page_number)), content_type="image/png")


@on_envelope("PUT", "documents/{documentId}/pages/{pageNumber}/page_image")
def rotate_page(call: Call, envelope: Envelope, document_id: str, page_number: str) -> HttpResponse:
    """`{"rotate": "left"|"right"}`."""
    document = _changeable(call, envelope, document_id)
    page = _page(document, page_number)
    turns = {"left": -90, "right": 90}.get(str(call.json.get("rotate", "")).lower())
    if turns is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for rotate.")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(files.load(document.path))))
    writer.pages[page - 1].rotate(turns)
    _keep(document, writer)
    return HttpResponse(b"", content_type="application/json; charset=utf-8")


@on_envelope("DELETE", "documents/{documentId}/pages/{pageNumber}")
def delete_page(call: Call, envelope: Envelope, document_id: str, page_number: str) -> HttpResponse:
    """The tabs of that page go with it, those behind move up."""
    document = _changeable(call, envelope, document_id)
    page = _page(document, page_number)
    if len(document.page_sizes) == 1:
        raise ApiError("INVALID_REQUEST_PARAMETER", "A document needs a page.")
    writer = PdfWriter()
    for number, kept in enumerate(PdfReader(io.BytesIO(files.load(document.path))).pages, start=1):
        if number != page:
            writer.add_page(kept)
    _keep(document, writer)
    document.tabs.filter(page=page).delete()
    for tab in document.tabs.filter(page__gt=page):
        tab.page -= 1
        tab.save(update_fields=["page"])
    return HttpResponse(b"", content_type="application/json; charset=utf-8")


def _changeable(call: Call, envelope: Envelope, document_id: str) -> Document:
    locks.require_free(call, envelope)
    require_correctable(envelope)
    return find_document(envelope, document_id)


def _keep(document: Document, writer: PdfWriter) -> None:
    buffer = io.BytesIO()
    writer.write(buffer)
    document.path = files.save(buffer.getvalue())
    document.page_sizes = page_sizes(document.path)
    document.save(update_fields=["path", "page_sizes"])
    lifecycle.touch(document.envelope)


def _page(document: Document, text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,5}", text) or int(text) > len(document.page_sizes):
        raise ApiError("PAGE_IMAGE_NOT_FOUND")
    return int(text)


def _picture(call: Call, document: Document, page: int) -> bytes:
    """PNG at `dpi`, within `max_width` and `max_height`."""
    width, height = document.page_sizes[page - 1]
    scale = min(
        _number(call, "dpi", DEFAULT_DPI) / 72,
        _number(call, "max_width", MAX_SIDE) / width,
        _number(call, "max_height", MAX_SIDE) / height,
    )
    image = Image.open(io.BytesIO(page_image(document, page)))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    buffer = io.BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(buffer, "PNG")
    return buffer.getvalue()


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "") or str(default)
    if not re.fullmatch(r"\d{1,6}", text) or (name != "start_position" and not int(text)):
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.")
    return min(int(text), MAX_SIDE) if name != "start_position" else int(text)
