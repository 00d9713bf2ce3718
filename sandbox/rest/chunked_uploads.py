"""ChunkedUploads: large files in parts, before an envelope names them by `remoteUrl` (reference 2.3)."""

from typing import Any

from django.http import HttpResponse

from sandbox import chunks
from sandbox.clock import docusign_time
from sandbox.definition.reading import integer
from sandbox.errors import ApiError
from sandbox.models import Resource

from .door import Call, answer
from .registry import operation


@operation("POST", "chunked_uploads")
def create(call: Call) -> HttpResponse:
    """The body's data is part 0."""
    return answer(_shape(chunks.start(call.account, chunks.decode(call.json.get("data")))), 201)


@operation("GET", "chunked_uploads/{chunkedUploadId}")
def get(call: Call, chunked_upload_id: str) -> HttpResponse:
    upload = chunks.find(call.account, chunked_upload_id)
    with_checksum = {"checksum": chunks.checksum(upload)} if "checksum" in call.include() else {}
    return answer(_shape(upload) | with_checksum)


@operation("PUT", "chunked_uploads/{chunkedUploadId}/{chunkedUploadPartSeq}")
def add_part(call: Call, chunked_upload_id: str, chunked_upload_part_seq: str) -> HttpResponse:
    upload = chunks.find(call.account, chunked_upload_id)
    sequence = integer(chunked_upload_part_seq, "chunkedUploadPartSeq")
    return answer(_shape(chunks.add(upload, sequence, chunks.decode(call.json.get("data")))))


@operation("PUT", "chunked_uploads/{chunkedUploadId}")
def commit(call: Call, chunked_upload_id: str) -> HttpResponse:
    if call.query.get("action", "").lower() != "commit":
        raise ApiError("INVALID_REQUEST_PARAMETER", "Query parameter 'action' must be set to 'commit'.")
    return answer(_shape(chunks.commit(chunks.find(call.account, chunked_upload_id))))


@operation("DELETE", "chunked_uploads/{chunkedUploadId}")
def delete(call: Call, chunked_upload_id: str) -> HttpResponse:
    upload = chunks.find(call.account, chunked_upload_id)
    shape = _shape(upload)
    upload.delete()
    return answer(shape)


def _shape(upload: Resource) -> dict[str, Any]:
    parts = [
        {"sequence": str(sequence), "size": str(upload.data["sizes"][str(sequence)])}
        for sequence in chunks.sequences(upload)
    ]
    return {
        "chunkedUploadId": upload.guid,
        "chunkedUploadUri": f"/accounts/{upload.account.guid}/chunked_uploads/{upload.guid}",
        "chunkedUploadParts": parts,
        "committed": "true" if upload.data["isCommitted"] else "false",
        "expirationDateTime": docusign_time(chunks.expires_at(upload)),
        "maxChunkedUploadParts": str(chunks.MAX_PARTS),
        "maxTotalSize": str(chunks.MAX_TOTAL_BYTES),
        "totalSize": str(chunks.total_bytes(upload)),
    }
