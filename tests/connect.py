"""Docusign's side of Connect, played by hand: messages of the documented shape, signed and posted."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client as Browser

from signing.models import Envelope

KEY = "DsPqoTiJ7pJzbSLyLgZIKUoUXFQaGRiFeuAFsQ4VQp0="
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADDRESS = "/webhooks/docusign/"


def docusign_time(moment: datetime) -> str:
    """Seven decimals and a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def summary(
    envelope: Envelope, status: str, *recipient_statuses: str, minutes: float = 0, **more: Any
) -> dict[str, Any]:
    """An envelopeSummary as `includeData: custom_fields, recipients` brings it, told `minutes` after noon."""
    signers = [
        {
            "recipientId": str(recipient.number),
            "recipientIdGuid": f"{recipient.number:032}",
            "name": recipient.name,
            "email": recipient.email,
            "clientUserId": recipient.client_user_id,
            "routingOrder": str(recipient.routing_order),
            "status": told,
        }
        for recipient, told in zip(envelope.recipients.order_by("number"), recipient_statuses, strict=False)
    ]
    reference = {"name": "portal_ref", "value": str(envelope.transaction_id), "show": "false", "required": "false"}
    now = docusign_time(NOON + timedelta(minutes=minutes))
    return {
        "status": status,
        "documentsUri": f"/envelopes/{envelope.docusign_id}/documents",
        "emailSubject": envelope.subject,
        "createdDateTime": docusign_time(NOON),
        "sentDateTime": docusign_time(NOON),
        "lastModifiedDateTime": now,
        "statusChangedDateTime": now,
        "customFields": {"textCustomFields": [reference], "listCustomFields": []},
        "recipients": {"signers": signers, "carbonCopies": [], "recipientCount": str(len(signers))},
        **({f"{status}DateTime": now} if status in ("completed", "declined", "voided") else {}),
        **more,
    }


def message(
    envelope: Envelope | None,
    event: str,
    told: dict[str, Any] | None,
    *,
    docusign_id: str = "",
    minutes: float = 0,
    **more: Any,
) -> bytes:
    """A whole message; `more` is put beside its outermost properties."""
    envelope_id = docusign_id or (envelope.docusign_id if envelope else "") or ""
    data: dict[str, Any] = {"accountId": "a1", "userId": "u1", "envelopeId": envelope_id}
    if event.startswith("recipient-"):
        data["recipientId"] = "1"
    if told is not None:
        data["envelopeSummary"] = told
    return json.dumps(
        {
            "event": event,
            "apiVersion": "v2.1",
            "uri": f"/restapi/v2.1/accounts/a1/envelopes/{envelope_id}",
            "retryCount": 0,
            "configurationId": 10612345,
            "generatedDateTime": docusign_time(NOON + timedelta(minutes=minutes, seconds=1)),
            "data": data,
            **more,
        },
        indent=1,
    ).encode()


def signature(body: bytes, key: str = KEY) -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def post(body: bytes, *signatures: str, content_type: str = "application/json; charset=utf-8") -> Any:
    """As Docusign does; signed with KEY unless told otherwise (an empty signature: no header at all)."""
    given = [text for text in (signatures or (signature(body),)) if text]
    headers = {f"X-DocuSign-Signature-{number}": text for number, text in enumerate(given, start=1)}
    return Browser(enforce_csrf_checks=True).post(ADDRESS, body, content_type=content_type, headers=headers)
