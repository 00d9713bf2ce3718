"""What a message says, in JSON (reference 4.1): the shape of Docusign's published Connect schema."""

from typing import Any

import orjson

from sandbox.clock import docusign_time
from sandbox.models import ConnectMessage, Envelope
from sandbox.rest.document_shapes import documents_shape
from sandbox.rest.shapes import envelope_shape

from . import legacy
from .contents import document_bytes

Json = dict[str, Any]
API = "/restapi/v2.1/accounts"


def write(message: ConnectMessage) -> str:
    """The body for the first attempt. May take a while where documents are asked for: they are drawn and sealed."""
    if not message.is_json:
        return legacy.write(message)
    envelope, account = message.envelope, message.account
    data: Json = {"accountId": account.guid, "userId": envelope.sender.guid}
    if message.recipient is not None:
        data["recipientId"] = message.recipient.recipient_id
    data["envelopeId"] = envelope.guid
    if message.include_data:
        data["envelopeSummary"] = _summary(envelope, set(message.include_data))
    body = {
        "event": message.event,
        "uri": f"{API}/{account.guid}/envelopes/{envelope.guid}",
        "retryCount": 0,
        "configurationId": int(message.configuration_id),
        "apiVersion": "v2.1",
        "generatedDateTime": docusign_time(message.created_at),
        "data": data,
    }
    return orjson.dumps(body).decode()


def count_retry(body: str, retries: int) -> str:
    """The same message with its `retryCount`, the one thing that changes from attempt to attempt."""
    return orjson.dumps(orjson.loads(body) | {"retryCount": retries}).decode()


def _summary(envelope: Envelope, include: set[str]) -> Json:
    asked = include | ({"recipients"} if "tabs" in include else set())
    summary = envelope_shape(envelope, asked - {"documents"})
    documents = [_with_bytes(d, envelope) for d in documents_shape(envelope) if _is_wanted(d, envelope, include)]
    return summary | ({"envelopeDocuments": documents} if documents else {})


def _is_wanted(document: Json, envelope: Envelope, include: set[str]) -> bool:
    if document["documentId"] == "certificate":
        return "certificate" in include and envelope.status == "completed"
    return "documents" in include


def _with_bytes(document: Json, envelope: Envelope) -> Json:
    return document | {"PDFBytes": document_bytes(envelope, document["documentId"])}
