"""Pictures of pages, and the documents to read or keep."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sandbox import completion, purging
from sandbox.drawing import join
from sandbox.models import Document, Envelope, RecipientView
from sandbox.visibility import hidden_from, visible_documents

from .doors import for_file
from .images import page_image as draw_page_image

IMAGE_CACHE_SECONDS = 3600


@for_file
@require_GET
def document(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """All documents that the recipient may see, as they stand."""
    envelope = _envelope_with_documents(view)
    shown = visible_documents(envelope, hidden_from(view.recipient))
    if not shown:
        raise Http404
    content = join([completion.current(item) for item in shown])
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="documents.pdf"'
    return response


@for_file
@require_GET
def page_image(request: HttpRequest, view: RecipientView, document_id: int, page: int) -> HttpResponse:
    item = Document.objects.filter(envelope=_envelope_with_documents(view), document_id=document_id).first()
    if item is None or item.document_id in hidden_from(view.recipient) or not 1 <= page <= len(item.page_sizes):
        raise Http404
    response = HttpResponse(draw_page_image(item, page), content_type="image/webp")
    response["Cache-Control"] = f"private, max-age={IMAGE_CACHE_SECONDS}"
    return response


def _envelope_with_documents(view: RecipientView) -> Envelope:
    """Raises Http404 once they are purged."""
    envelope = view.recipient.envelope
    if purging.are_documents_gone(envelope):
        raise Http404
    return envelope
