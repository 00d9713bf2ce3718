"""One uploaded file: raw, as Docusign's SDKs send it, or as the one part of a multipart body (reference 9.3)."""

import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import NamedTuple

from sandbox import files
from sandbox.errors import ApiError
from sandbox.multipart import is_multipart

from .door import Call

IMAGE_STARTS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"BM": "image/bmp"}
MAX_IMAGE_BYTES = 1_000_000


class Upload(NamedTuple):
    content: bytes
    content_type: str
    file_name: str


def uploaded(call: Call) -> Upload:
    """Raises INVALID_REQUEST_BODY where there is nothing."""
    content_type, body = call.request.content_type or "", call.request.body
    disposition = call.request.headers.get("Content-Disposition", "")
    if is_multipart(content_type):
        header = f"Content-Type: {call.request.headers['Content-Type']}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(header + body)
        parts = list(message.iter_parts()) if message.is_multipart() else []
        if not parts:
            raise ApiError("INVALID_REQUEST_BODY")
        payload = parts[0].get_payload(decode=True)
        body = payload if isinstance(payload, bytes) else b""
        content_type = parts[0].get_content_type()
        disposition = str(parts[0].get("Content-Disposition", ""))
    if not body:
        raise ApiError("INVALID_REQUEST_BODY")
    name = re.search(r'filename\s*=\s*"?([^";\r\n]+)', disposition, re.IGNORECASE)
    return Upload(body, content_type, name.group(1).strip() if name else "")


def uploaded_image(call: Call) -> dict[str, str]:
    """Kept; where it lies and what it is. The bytes decide, not the header. Raises INVALID_REQUEST_PARAMETER."""
    data = uploaded(call).content
    kind = next((kind for start, kind in IMAGE_STARTS.items() if data.startswith(start)), "")
    if not kind or len(data) > MAX_IMAGE_BYTES:
        raise ApiError("INVALID_REQUEST_PARAMETER", "The image must be a PNG, JPEG, GIF or BMP of at most 1 MB.")
    return {"path": files.save(data, f".{kind.rpartition('/')[2]}"), "type": kind}
