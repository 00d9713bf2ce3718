"""EnvelopeDocumentTabs: the tabs that stand on one document, and the sender's own; templates' too."""

from django.http import HttpResponse

from sandbox import correction
from sandbox.errors import ApiError
from sandbox.models import Document, Envelope

from .documents import find_document, require_changeable
from .door import Call, answer
from .recipient_shapes import tabs_on
from .registry import on_envelope

PATH = "documents/{documentId}/tabs"


@on_envelope("GET", PATH)
def list_tabs(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    """Of every recipient; the sender's own are `prefillTabs`."""
    document = find_document(envelope, document_id)
    pages = [_page(document, text) for text in call.query.get("page_numbers", "").split(",") if text.strip()]
    tabs = document.tabs.filter(page__in=pages) if pages else document.tabs.all()
    return answer(tabs_on(tabs.select_related("recipient", "document")))


@on_envelope("POST", PATH)
def add_tabs(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    """Prefill tabs: the sender's own."""
    require_changeable(call, envelope)
    tabs = correction.add_sender_tabs(find_document(envelope, document_id), call.json)
    return answer(tabs_on(tabs), status=201)


@on_envelope("PUT", PATH)
def update_tabs(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    require_changeable(call, envelope)
    return answer(tabs_on(correction.update_document_tabs(find_document(envelope, document_id), call.json)))


@on_envelope("DELETE", PATH)
def delete_tabs(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    """Named by their ids. Answers with those gone."""
    require_changeable(call, envelope)
    return answer(tabs_on(correction.delete_document_tabs(find_document(envelope, document_id), call.json)))


@on_envelope("GET", "documents/{documentId}/pages/{pageNumber}/tabs")
def list_page_tabs(call: Call, envelope: Envelope, document_id: str, page_number: str) -> HttpResponse:
    document = find_document(envelope, document_id)
    tabs = document.tabs.filter(page=_page(document, page_number))
    return answer(tabs_on(tabs.select_related("recipient", "document")))


def _page(document: Document, text: str) -> int:
    number = text.strip()
    if not number.isdecimal() or not 1 <= int(number[:9]) <= len(document.page_sizes):
        raise ApiError("TAB_PAGENUMBER_IS_NOT_IN_DOCUMENT")
    return int(number)
