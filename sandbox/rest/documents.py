"""EnvelopeDocuments: list, single, combined, certificate, archive (reference 4.6)."""

import base64
import io
import zipfile
from typing import Any

from django.http import HttpRequest, HttpResponse

from sandbox import completion
from sandbox.errors import ApiError
from sandbox.models import Envelope, User

from .door import answer, find_envelope, operation
from .shapes import documents_shape


def list_documents(request: HttpRequest, user: User, envelope_id: str) -> HttpResponse:
    envelope = find_envelope(user, envelope_id)
    return answer({"envelopeId": envelope.guid, "envelopeDocuments": documents_shape(envelope)})


def get_document(request: HttpRequest, user: User, envelope_id: str, document_id: str) -> HttpResponse:
    envelope = find_envelope(user, envelope_id)
    if document_id == "archive":
        return _file(request, _archive(envelope), "application/zip", f"{envelope.subject}.zip", document_id)
    if document_id == "combined":
        with_certificate = request.GET.get("certificate", "").lower() == "true"
        content, name = completion.combined(envelope, with_certificate=with_certificate), envelope.subject
    elif document_id == "certificate":
        content, name = completion.certificate(envelope), "Summary"
    else:
        content, name = _single(envelope, document_id)
    return _file(request, content, "application/pdf", f"{name}.pdf", document_id)


def _single(envelope: Envelope, document_id: str) -> tuple[bytes, str]:
    document = None
    if document_id.isdecimal() and len(document_id) < 10:
        document = envelope.documents.filter(document_id=int(document_id)).first()
    if document is None:
        raise ApiError("DOCUMENT_DOES_NOT_EXIST")
    return completion.current(document), document.name


def _archive(envelope: Envelope) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for document in envelope.documents.all():
            name = document.name.replace("/", "_").replace("\\", "_")  # no way out of the folder it is unpacked in
            archive.writestr(f"{document.document_id} {name}.pdf", completion.current(document))
        archive.writestr("Summary.pdf", completion.certificate(envelope))
    return buffer.getvalue()


def _file(request: HttpRequest, content: bytes, kind: str, filename: str, document_id: str) -> HttpResponse:
    """`Content-Disposition: file; filename="NDA.pdf"; documentid="1"`, base64 when asked for."""
    encoding = request.headers.get("Content-Transfer-Encoding", "").lower()
    if encoding == "base64":
        content = base64.b64encode(content)
    response = HttpResponse(content, content_type=kind)
    plain = "".join(c for c in filename if c.isascii() and c.isprintable() and c not in '"\\')
    response["Content-Disposition"] = f'file; filename="{plain}"; documentid="{document_id}"'
    if encoding == "base64":
        response["Content-Transfer-Encoding"] = "base64"
    return response


many: Any = operation(GET=list_documents)
one: Any = operation(GET=get_document)
