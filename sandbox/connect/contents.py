"""The documents that messages carry."""

import base64

from sandbox import completion, purging
from sandbox.models import Envelope


def document_bytes(envelope: Envelope, document_id: str) -> str:
    """Base64 of a document as it stands, or of the certificate of completion; nothing once they are purged."""
    if purging.are_documents_gone(envelope):
        return ""
    if document_id == "certificate":
        return base64.b64encode(completion.certificate(envelope)).decode()
    document = envelope.documents.filter(document_id=int(document_id)).first() if document_id.isdecimal() else None
    return base64.b64encode(completion.current(document)).decode() if document is not None else ""
