"""Files of an envelope for staff. Each download is a line of the timeline."""

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from unfold.admin import ModelAdmin

from signing import bundles, events, zips
from signing.models import CompletedDocument, Document, Envelope, EventKind

from .doors import looking


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    return [
        path(
            "<int:envelope_id>/documents/<int:number>/",
            looking(model_admin, download_document),
            name="signing_envelope_document",
        ),
        path(
            "<int:envelope_id>/completed/<str:kind>/",
            looking(model_admin, download_completed),
            name="signing_envelope_completed",
        ),
        path("<int:envelope_id>/zip/", looking(model_admin, download_zip), name="signing_envelope_zip"),
        path("<int:envelope_id>/proof/", looking(model_admin, download_proof), name="signing_envelope_proof"),
    ]


def download_document(request: HttpRequest, envelope: Envelope, number: int) -> HttpResponseBase:
    document = get_object_or_404(Document, envelope=envelope, number=number)
    events.record(envelope.pk, EventKind.DOWNLOADED, what=document.name)
    return _pdf(document.file, f"{document.name}.pdf")


def download_completed(request: HttpRequest, envelope: Envelope, kind: str) -> HttpResponseBase:
    completed = get_object_or_404(CompletedDocument, envelope=envelope, kind=kind)
    events.record(envelope.pk, EventKind.DOWNLOADED, what=str(completed.get_kind_display()), sha256=completed.sha256)
    return _pdf(completed.file, f"{envelope.subject} - {completed.get_kind_display()}.pdf")


def download_zip(request: HttpRequest, envelope: Envelope) -> HttpResponseBase:
    """Everything there is, as it is read."""
    if not envelope.documents.exists():
        return HttpResponse(status=404)
    events.record(envelope.pk, EventKind.DOWNLOADED, what="zip")
    return _zip(zips.stream([envelope]), zips.filename_of(envelope))


def download_proof(request: HttpRequest, envelope: Envelope) -> HttpResponseBase:
    """The proof bundle of an envelope that has ended; that it was fetched stands in it as the last event."""
    if not bundles.can_be_proven(envelope):
        return HttpResponse(status=404)
    events.record(envelope.pk, EventKind.DOWNLOADED, what="proof bundle")
    return _zip(bundles.stream(envelope), bundles.filename_of(envelope))


def _zip(chunks: Iterator[bytes], filename: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, filename) or ""
    return response


def _pdf(file: Any, filename: str) -> FileResponse:
    return FileResponse(file.open("rb"), as_attachment=True, filename=filename, content_type="application/pdf")
