"""An envelope's own attachments: files for the sender's systems, which no signer sees."""

import base64
import binascii
from typing import Any

from sandbox import chunks, files
from sandbox.errors import ApiError
from sandbox.models import Account, new_guid

from .documents import StoredPath
from .reading import Json, list_of, text_of

ACCESS = ("sender", "senderAndAllRecipients")
MAX_TEXT = 200
SHOWN = ("accessControl", "attachmentId", "attachmentType", "label", "name")


def read_all(definition: Json, account: Account) -> list[dict[str, str]]:
    return [read(item, account) for item in list_of(definition, "attachments")]


def read(item: Json, account: Account) -> dict[str, str]:
    """What is kept of it. `data` is base64. Raises INVALID_REQUEST_PARAMETER."""
    access = (text_of(item, "accessControl") or ACCESS[0]).lower()
    if access not in map(str.lower, ACCESS):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for accessControl.")
    texts = {name: text_of(item, name, MAX_TEXT) for name in ("attachmentType", "label", "name")}
    return {
        **texts,
        "attachmentId": text_of(item, "attachmentId", MAX_TEXT) or new_guid(),
        "accessControl": next(known for known in ACCESS if known.lower() == access),
        "path": _stored(item, account),
    }


def shape(kept: Json) -> dict[str, Any]:
    return {name: kept[name] for name in SHOWN if kept.get(name)}


def again(kept: Json) -> dict[str, Any]:
    """What would make the same attachment once more."""
    return {**shape(kept), "_path": StoredPath(kept["path"])}


def _stored(item: Json, account: Account) -> str:
    if isinstance(item.get("_path"), StoredPath):
        return str(item["_path"])
    if item.get("remoteUrl"):
        uri = text_of(item, "remoteUrl")
        chunks.use_up(account, uri)
        return files.save(chunks.content_of(account, uri), ".attachment")
    try:
        content = base64.b64decode(text_of(item, "data"), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for data.")
    return files.save(content, ".attachment")
