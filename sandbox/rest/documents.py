"""EnvelopeDocuments: list, download, add, replace, delete (reference 2.3, 4.6); templates' too."""

import base64
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from django.http import HttpResponse

from sandbox import completion, files, lifecycle, purging
from sandbox.correction import require_correctable
from sandbox.definition.documents import create_documents, document_id_of, read_document
from sandbox.definition.reading import list_of, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import Document, Envelope, SignerAttachment
from sandbox.visibility import hidden_from, hidden_from_all, visible_documents

from . import locks
from .document_shapes import attachments_of, document_shape, documents_shape
from .door import Call, answer
from .registry import on_envelope

FORBIDDEN_IN_NAMES = re.compile(r"[/\\\x00-\x1f]")


@on_envelope("GET", "documents")
def list_documents(call: Call, envelope: Envelope) -> HttpResponse:
    """Who may not see a document is not told of it."""
    return _list(envelope, hidden_from_caller(call, envelope))


@on_envelope("PUT", "documents")
def put_documents(call: Call, envelope: Envelope) -> HttpResponse:
    """Adds those that are new and replaces those whose id is there. Only before anyone has signed."""
    require_changeable(call, envelope)
    items = list_of(call.json, "documents")
    if not items:
        raise ApiError("INVALID_REQUEST_BODY", "No documents were given.")
    known = {document.document_id: document for document in envelope.documents.all()}
    new = [item for item in items if document_id_of(item.get("documentId")) not in known]
    for item in items:
        existing = known.get(document_id_of(item.get("documentId")))
        if existing is not None:
            _replace(existing, item)
    create_documents(envelope, new)
    lifecycle.touch(envelope)
    return _list(envelope)


@on_envelope("DELETE", "documents")
def delete_documents(call: Call, envelope: Envelope) -> HttpResponse:
    """Needs a body that names them (reference 5.3)."""
    require_changeable(call, envelope)
    items = list_of(call.json, "documents")
    if not items:
        raise ApiError("INVALID_REQUEST_BODY")
    for item in items:
        find_document(envelope, text_of(item, "documentId")).delete()
    lifecycle.touch(envelope)
    return _list(envelope)


@on_envelope("GET", "documents/{documentId}", partial="no watermark, and changed fields are not marked (show_changes)")
def get_document(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    """One by its id, or `combined`, `archive`, `portfolio`, `certificate`; as whoever asks may see it."""
    purging.require_documents(envelope)
    kind, hidden = document_id.lower(), hidden_from_caller(call, envelope)
    if kind == "archive":
        return _file(call, _archive(envelope, hidden), "application/zip", f"{envelope.subject}.zip", kind)
    if kind in ("combined", "portfolio"):
        _require_any(envelope, hidden)
        content = completion.combined(envelope, with_certificate=_wants_certificate(call), hidden=hidden)
        name = envelope.subject or envelope.template_name
    elif kind == "certificate" and not envelope.is_template:
        content, name = completion.certificate(envelope), "Summary"
    else:
        content, name = _single(envelope, document_id, hidden)
    return _file(call, content, "application/pdf", f"{name}.pdf", document_id)


@on_envelope("PUT", "documents/{documentId}")
def put_document(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    """The raw bytes as body, the name in the Content-Disposition (reference 2.3); or a definition with one document,
    as Docusign's SDKs send it for templates (reference 9.2, eg042).
    """
    require_changeable(call, envelope)
    number = document_id_of(document_id)
    item = _defined_item(call) if call.request.content_type == "application/json" else _raw_item(call)
    item["documentId"] = number
    existing = envelope.documents.filter(document_id=number).first()
    if existing is None:
        existing = create_documents(envelope, [item])[0]
    else:
        _replace(existing, item)
    lifecycle.touch(envelope)
    return answer(document_shape(existing, envelope))


def _defined_item(call: Call) -> dict[str, Any]:
    items = list_of(call.json, "documents")
    if len(items) != 1:
        raise ApiError("INVALID_REQUEST_BODY", "Exactly one document must be given.")
    return dict(items[0])


def _raw_item(call: Call) -> dict[str, Any]:
    name, extension = _name_of(call.request.headers.get("Content-Disposition", ""), call.request.content_type or "")
    content = base64.b64encode(call.request.body).decode()
    return {"fileExtension": extension, "documentBase64": content} | ({"name": name} if name else {})


@on_envelope("GET", "documents/{documentId}/fields")
def get_fields(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    return answer({"documentFields": spelled(find_document(envelope, document_id).data.get("documentFields") or [])})


@on_envelope("POST", "documents/{documentId}/fields")
def add_fields(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    return _set_fields(call, envelope, document_id, status=201)


@on_envelope("PUT", "documents/{documentId}/fields")
def set_fields(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    return _set_fields(call, envelope, document_id)


@on_envelope("DELETE", "documents/{documentId}/fields")
def delete_fields(call: Call, envelope: Envelope, document_id: str) -> HttpResponse:
    document = find_document(envelope, document_id)
    gone = {text_of(item, "name") for item in list_of(call.json, "documentFields")}
    kept = [item for item in document.data.get("documentFields") or [] if str(item.get("name")) not in gone]
    document.data["documentFields"] = kept
    document.save(update_fields=["data"])
    return answer({"documentFields": spelled(kept)})


def find_document(envelope: Envelope, document_id: str, hidden: frozenset[int] = frozenset()) -> Document:
    """By the sender's number or by Docusign's own GUID. Raises DOCUMENT_DOES_NOT_EXIST, also for what is hidden."""
    for document in visible_documents(envelope, hidden):
        if document_id in (str(document.document_id), document.guid):
            return document
    raise ApiError("DOCUMENT_DOES_NOT_EXIST")


def _list(envelope: Envelope, hidden: frozenset[int] = frozenset()) -> HttpResponse:
    shapes = documents_shape(envelope, hidden)
    if envelope.is_template:
        return answer({"templateId": envelope.guid, "templateDocuments": shapes})
    return answer({"envelopeId": envelope.guid, "envelopeDocuments": shapes})


def hidden_from_caller(call: Call, envelope: Envelope) -> frozenset[int]:
    """From the recipient of `recipient_id`; from whoever asks, if they are a recipient and neither sender nor
    administrator: what none of their parts in it may see, or with `documents_by_userid=false` what the first may not.
    """
    if wanted := call.query.get("recipient_id"):
        found = next((r for r in envelope.recipients.all() if wanted in (r.recipient_id, r.guid)), None)
        if found is None:
            raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT")
        return hidden_from(found)
    if envelope.sender_id == call.user.pk or call.is_for_every_sender:
        return frozenset()
    own = list(envelope.recipients.filter(email__iexact=call.user.email))
    return hidden_from_all(own[:1] if call.query.get("documents_by_userid", "").lower() == "false" else own)


def _require_any(envelope: Envelope, hidden: frozenset[int]) -> None:
    if hidden and not visible_documents(envelope, hidden):
        raise ApiError("DOCUMENT_DOES_NOT_EXIST")


def _wants_certificate(call: Call) -> bool:
    """Where the call says nothing, the account's setting does (reference 4.6)."""
    said = call.query.get("certificate", "") or str(call.account.settings.get("attachCompletedEnvelope", "false"))
    return said.lower() == "true"


def _set_fields(call: Call, envelope: Envelope, document_id: str, *, status: int = 200) -> HttpResponse:
    locks.require_free(call, envelope)
    document = find_document(envelope, document_id)
    given = {text_of(item, "name"): dict(item) for item in list_of(call.json, "documentFields")}
    kept = [item for item in document.data.get("documentFields") or [] if str(item.get("name")) not in given]
    document.data["documentFields"] = [*kept, *given.values()]
    document.save(update_fields=["data"])
    return answer({"documentFields": spelled(document.data["documentFields"])}, status=status)


def require_changeable(call: Call, envelope: Envelope) -> None:
    """Once someone has signed, the documents stay as they are."""
    locks.require_free(call, envelope)
    require_correctable(envelope)
    if envelope.recipients.filter(signed_at__isnull=False, kind="signers").exists():
        raise ApiError("DOCUMENT_UPLOAD_NOT_ALLOWED")


def _replace(document: Document, item: Mapping[str, Any]) -> None:
    """New content under the same id; tabs on pages that are no more go with them."""
    named = {"name": document.name, "order": document.order, **item}
    new = read_document(document.envelope, named, document.order)
    document.name, document.order, document.path, document.page_sizes = new.name, new.order, new.path, new.page_sizes
    document.data |= new.data
    document.generation = new.generation
    document.save()
    document.tabs.filter(page__gt=len(document.page_sizes)).delete()


def _name_of(disposition: str, content_type: str) -> tuple[str, str]:
    """File name without extension, and the extension."""
    match = re.search(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", disposition, re.IGNORECASE)
    name, _, extension = unquote(match.group(1).strip()).rpartition(".") if match else ("", "", "")
    if extension and name:
        return name, extension.lower()
    by_type = {
        "application/pdf": "pdf",
        "text/html": "html",
        "text/plain": "txt",
        "image/png": "png",
        "image/jpeg": "jpg",
    }
    return name or extension, by_type.get(content_type.lower(), "pdf")


def _single(envelope: Envelope, document_id: str, hidden: frozenset[int]) -> tuple[bytes, str]:
    for attachment in attachments_of(envelope) if len(document_id) == 36 else []:
        if attachment.tab.guid == document_id.lower():
            return files.load(attachment.path), attachment.name
    document = find_document(envelope, document_id, hidden)
    return completion.current(document), document.name


def _archive(envelope: Envelope, hidden: frozenset[int]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for document in visible_documents(envelope, hidden):
            name = f"{document.document_id} {_safe(document.name)}.pdf"
            archive.writestr(name, completion.current(document))
        for number, attachment in enumerate(attachments_of(envelope), start=1):
            archive.writestr(f"Attachment {number} {_safe(attachment.name)}.pdf", _attached(attachment))
        if not envelope.is_template:
            archive.writestr("Summary.pdf", completion.certificate(envelope))
    return buffer.getvalue()


def _attached(attachment: SignerAttachment) -> bytes:
    return files.load(attachment.path)


def _safe(name: str) -> str:
    """No way out of the folder it is unpacked in."""
    return FORBIDDEN_IN_NAMES.sub("_", name)


def _file(call: Call, content: bytes, kind: str, filename: str, document_id: str) -> HttpResponse:
    """`Content-Disposition: file; filename="NDA.pdf"; documentid="1"`, base64 when asked for."""
    wants_base64 = call.request.headers.get("Content-Transfer-Encoding", "").lower() == "base64"
    if wants_base64 or call.query.get("encoding", "").lower() == "base64":
        content = base64.b64encode(content)
    response = HttpResponse(content, content_type=kind)
    plain = "".join(c for c in _safe(filename) if c.isascii() and c.isprintable() and c not in '"\\')
    response["Content-Disposition"] = f'file; filename="{plain}"; documentid="{document_id}"'
    if wants_base64:
        response["Content-Transfer-Encoding"] = "base64"
    return response
