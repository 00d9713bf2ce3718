"""EnvelopeTemplates: which templates an envelope was made from, and laying more of them over a draft."""

from typing import Any

from django.http import HttpResponse

from sandbox import lifecycle
from sandbox.definition.overlay import lay_over
from sandbox.definition.reading import Json, list_of, text_of
from sandbox.definition.templates import find
from sandbox.errors import ApiError
from sandbox.models import Document, Envelope

from . import locks
from .answers import nothing
from .documents import find_document
from .door import Call, answer
from .kinds import each
from .registry import operation

OF_ENVELOPE = "envelopes/{envelopeId}/templates"
OF_DOCUMENT = "envelopes/{envelopeId}/documents/{documentId}/templates"
PAGES = "documentStartPage and documentEndPage are not looked at"


@operation("GET", OF_ENVELOPE, note="no template matching")
def list_of_envelope(call: Call, envelope: Envelope) -> HttpResponse:
    return answer({"templates": [_shape(envelope, item) for item in envelope.applied_templates]})


@operation("GET", OF_DOCUMENT, note="no template matching")
def list_of_document(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    document = find_document(envelope, document_id)
    return answer({"templates": [_shape(envelope, item, document) for item in _of_document(envelope, document)]})


@operation("POST", OF_ENVELOPE, partial=PAGES)
def add_to_envelope(call: Call, envelope: Envelope) -> HttpResponse:
    """Each to the document it names, or with its own documents to the envelope."""
    return _add(call, envelope, None)


@operation("POST", OF_DOCUMENT, partial=PAGES)
def add_to_document(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    return _add(call, envelope, find_document(envelope, document_id))


@operation("DELETE", OF_DOCUMENT + "/{templateId}", partial="the tabs it brought stay; only the note goes")
def remove_from_document(call: Call, envelope: Envelope, document_id: str, template_id: str) -> HttpResponse:
    _require_draft(call, envelope)
    document = find_document(envelope, document_id)
    gone = [item for item in _of_document(envelope, document) if item["templateId"] == template_id.lower()]
    if not gone:
        raise ApiError("TEMPLATE_ID_INVALID")
    envelope.applied_templates = [item for item in envelope.applied_templates if item not in gone]
    envelope.save(update_fields=["applied_templates"])
    return nothing()


def _add(call: Call, envelope: Envelope, document: Document | None) -> HttpResponse:
    _require_draft(call, envelope)

    def add(item: Json) -> dict[str, Any]:
        template = find(call.account, item.get("templateId"))
        target = find_document(envelope, text_of(item, "documentId")) if item.get("documentId") else document
        covered = lay_over(envelope, template, target)
        return {"templateId": template.guid} | ({"documentId": str(covered[0].document_id)} if covered else {})

    results = each(list_of(call.json, "documentTemplates"), add, "templateId", "documentId")
    lifecycle.touch(envelope)
    return answer({"documentTemplates": results}, 201)


def _require_draft(call: Call, envelope: Envelope) -> None:
    locks.require_free(call, envelope)
    if envelope.status != "created":
        raise ApiError("ENVELOPE_INVALID_STATUS")


def _of_document(envelope: Envelope, document: Document) -> list[dict[str, Any]]:
    return [item for item in envelope.applied_templates if str(document.document_id) in item["documentIds"]]


def _shape(envelope: Envelope, item: dict[str, Any], document: Document | None = None) -> dict[str, Any]:
    """A `templateSummary`; the template itself may be gone by now."""
    rows = Envelope.objects.filter(account=envelope.account, is_template=True, guid=item["templateId"])
    summary = {"templateId": item["templateId"], "uri": f"/templates/{item['templateId']}"}
    if template := rows.first():
        summary["name"] = template.template_name
    if document:
        summary |= {"documentId": str(document.document_id), "documentName": document.name}
    return summary
