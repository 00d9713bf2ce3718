"""Files uploaded in parts, to be named by a document's `remoteUrl` (reference 2.3).

An upload must be committed and used within 20 minutes of its first part; being used is its end.
"""

import base64
import binascii
import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from . import clock, files
from .errors import ApiError
from .models import Account, Resource

KIND = "chunked_upload"
LIFE = timedelta(minutes=20)
MAX_PARTS = 128
MAX_TOTAL_BYTES = 50 * 1024 * 1024


def start(account: Account, content: bytes) -> Resource:
    now = clock.now()
    upload = Resource.objects.create(
        account=account,
        kind=KIND,
        data={"parts": {}, "sizes": {}, "isCommitted": False},
        created_at=now,
        modified_at=now,
    )
    return add(upload, 0, content)


def find(account: Account, upload_id: str) -> Resource:
    """Raises INVALID_REQUEST_PARAMETER for one that is unknown, used up, deleted or expired."""
    upload = Resource.objects.filter(account=account, kind=KIND, guid=upload_id.lower()).first()
    if upload is None or clock.now() > expires_at(upload):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for chunkedUploadId.")
    return upload


def add(upload: Resource, sequence: int, content: bytes) -> Resource:
    """A part once received is not replaced, and a committed upload takes no more. Raises INVALID_REQUEST_PARAMETER."""
    key = str(sequence)
    if upload.data["isCommitted"]:
        _refuse("The chunked upload has been committed; it takes no more parts.")
    if key in upload.data["parts"]:
        _refuse(f"Part {key} has been received already.")
    if sequence >= MAX_PARTS:
        _refuse(f"A chunked upload has at most {MAX_PARTS} parts.")
    if total_bytes(upload) + len(content) > MAX_TOTAL_BYTES:
        _refuse(f"A chunked upload holds at most {MAX_TOTAL_BYTES} bytes.")
    upload.data["parts"][key] = files.save(content, ".part")
    upload.data["sizes"][key] = len(content)
    return _saved(upload)


def commit(upload: Resource) -> Resource:
    """Raises INVALID_REQUEST_PARAMETER when a part is missing in between."""
    if sequences(upload) != list(range(len(upload.data["parts"]))):
        _refuse("The parts of the chunked upload are not contiguous.")
    upload.data["isCommitted"] = True
    return _saved(upload)


def decode(data: object) -> bytes:
    try:
        content = base64.b64decode(data, validate=True) if isinstance(data, str) else b""
    except (binascii.Error, ValueError):
        content = b""
    if not content:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for data.")
    return content


def content_of(account: Account, uri: str) -> bytes:
    """The bytes behind a `chunkedUploadUri` of this account.

    Raises UNABLE_TO_LOAD_DOCUMENT: no other address is fetched.
    """
    upload = _behind(account, uri).first()
    if upload is None or not upload.data["isCommitted"] or clock.now() > expires_at(upload):
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT", "The remoteUrl does not name a committed chunked upload.")
    return join(upload)


def use_up(account: Account, uri: str) -> None:
    """When the transaction at hand is through: another document of it may name the same upload."""
    transaction.on_commit(lambda: _behind(account, uri).delete())


def _behind(account: Account, uri: str) -> QuerySet[Resource]:
    return Resource.objects.filter(account=account, kind=KIND, guid=uri.rstrip("/").rpartition("/")[2].lower())


def join(upload: Resource) -> bytes:
    return b"".join(files.load(upload.data["parts"][str(sequence)]) for sequence in sequences(upload))


def sequences(upload: Resource) -> list[int]:
    return sorted(int(key) for key in upload.data["parts"])


def total_bytes(upload: Resource) -> int:
    return sum(upload.data["sizes"].values())


def checksum(upload: Resource) -> str:
    return hashlib.sha256(join(upload)).hexdigest()


def expires_at(upload: Resource) -> datetime:
    return upload.created_at + LIFE


def _refuse(detail: str) -> None:
    raise ApiError("INVALID_REQUEST_PARAMETER", detail)


def _saved(upload: Resource) -> Resource:
    upload.modified_at = clock.now()
    upload.save(update_fields=["data", "modified_at"])
    return upload
