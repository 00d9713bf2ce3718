"""DocumentGeneration: the sender fields of an envelope's Word documents, and their values."""

from django.http import HttpResponse

from sandbox import files, lifecycle
from sandbox.definition.conversion import to_pdf
from sandbox.definition.generation import fields_of, filled
from sandbox.definition.reading import Json, list_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Document, Envelope
from sandbox.pdf_text import page_sizes

from . import locks
from .door import Call, answer
from .registry import operation

MAX_VALUE = 10_000


@operation("GET", "envelopes/{envelopeId}/docGenFormFields")
def get_fields(call: Call, envelope: Envelope) -> HttpResponse:
    """An empty object where no document has any."""
    return answer(_shape(envelope))


@operation(
    "PUT",
    "envelopes/{envelopeId}/docGenFormFields",
    partial="text fields and dynamic tables, no conditions; tabs stay where they are",
)
def put_fields(call: Call, envelope: Envelope) -> HttpResponse:
    """Values by name, documents by their GUID. The documents are made anew, unless only the values are to be kept."""
    locks.require_free(call, envelope)
    if envelope.status != "created":
        raise ApiError("ENVELOPE_INVALID_STATUS")
    documents = {document.guid: document for document in _generated(envelope)}
    for item in list_of(call.json, "docGenFormFields"):
        document = documents.get(text_of(item, "documentId"))
        if document is None:
            raise ApiError("DOCUMENT_DOES_NOT_EXIST")
        document.generation["values"] = _values(document) | _given(item)
        document.generation["tables"] = document.generation.get("tables", {}) | _given_tables(item)
        if not call.flag("update_docgen_formfields_only"):
            _make_anew(document)
        document.save()
    lifecycle.touch(envelope)
    return answer(_shape(envelope))


def _generated(envelope: Envelope) -> list[Document]:
    return [document for document in envelope.documents.all() if document.generation]


def _values(document: Document) -> dict[str, str]:
    values: dict[str, str] = document.generation.get("values", {})
    return values


def _given(item: Json) -> dict[str, str]:
    fields = [field for field in list_of(item, "docGenFormFieldList") if not field.get("rowValues")]
    return {text_of(field, "name"): text_of(field, "value", MAX_VALUE) for field in fields}


def _given_tables(item: Json) -> dict[str, list[dict[str, str]]]:
    """Of type TableRow: a list of fields for each row."""
    tables = [field for field in list_of(item, "docGenFormFieldList") if field.get("rowValues")]
    return {text_of(table, "name"): [_given(row) for row in list_of(table, "rowValues")] for table in tables}


def _make_anew(document: Document) -> None:
    """Not saved."""
    word_file = filled(
        files.load(document.generation["source"]), _values(document), document.generation.get("tables", {})
    )
    document.path = files.save(to_pdf(word_file, "docx"))
    document.page_sizes = page_sizes(document.path)


def _shape(envelope: Envelope) -> dict[str, object]:
    shapes = [_document_shape(document) for document in _generated(envelope)]
    return {"docGenFormFields": shapes} if shapes else {}


def _document_shape(document: Document) -> dict[str, object]:
    values = _values(document)
    return {
        "documentId": document.guid,
        "docGenDocumentStatus": "created",
        "docGenFormFieldList": [
            {"name": name, "label": name, "type": "TextBox", "required": "true", "value": values.get(name, "")}
            for name in fields_of(files.load(document.generation["source"]))
        ]
        + [_table_shape(name, rows) for name, rows in document.generation.get("tables", {}).items()],
    }


def _table_shape(name: str, rows: list[dict[str, str]]) -> dict[str, object]:
    """As it was given."""
    values = [{"docGenFormFieldList": [{"name": n, "value": value} for n, value in row.items()]} for row in rows]
    return {"name": name, "label": name, "type": "TableRow", "rowValues": values}
