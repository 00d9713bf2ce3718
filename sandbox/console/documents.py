"""An envelope's documents as they stand."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sandbox import completion, purging
from sandbox.models import Envelope

from .pages import found


@require_safe
def download(request: HttpRequest, guid: str, name: str) -> HttpResponse:
    """`name`: a document's id, `combined` or `certificate`."""
    envelope = found(Envelope.objects.select_related("sender", "account").filter(guid=guid).first())
    if purging.are_documents_gone(envelope):
        raise Http404
    response = HttpResponse(_content(envelope, name), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _content(envelope: Envelope, name: str) -> bytes:
    if name == "combined":
        return completion.combined(envelope)
    if name == "certificate":
        return completion.certificate(envelope)
    is_number = name.isascii() and name.isdecimal() and len(name) < 10
    return completion.current(found(envelope.documents.filter(document_id=int(name)).first() if is_number else None))
