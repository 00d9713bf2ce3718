"""Connect messages: did Docusign sign these bytes, and what do they say? Knows no Django, calls nobody.

Source: developers.docusign.com, Platform, Webhooks, Connect ("Validate", "JSON SIM event model").
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .types import EnvelopeSnapshot, parse_time

SIGNATURE_HEADER_PREFIX = "X-DocuSign-Signature-"  # one header per active key of the account: -1, -2 ...


class MalformedMessageError(ValueError):
    """The bytes are signed, and still not a Connect message of format JSON, version restv2.1."""


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """One Connect message. `snapshot` is None when it does not tell the whole state: then it is only a bell."""

    event: str
    docusign_id: str  # empty for events that are not about an envelope
    generated_at: datetime | None
    transaction_id: str
    custom_fields: Mapping[str, str]
    snapshot: EnvelopeSnapshot | None
    digest: str  # SHA-256 of what is told: the same for every delivery of the same message


def is_signed(body: bytes, signatures: Iterable[str], keys: Iterable[str]) -> bool:
    """Is any of the signatures made with any of our keys? Compared in constant time, over the raw bytes.

    A header carries base64(HMAC-SHA256(key as UTF-8, body)); several keys at once are how a key is changed.
    """
    given = [signature.strip().encode() for signature in signatures]
    expected = [base64.b64encode(hmac.digest(key.encode(), body, "sha256")) for key in keys]
    return any(hmac.compare_digest(ours, theirs) for ours in expected for theirs in given)


def parse_message(body: bytes) -> ParsedMessage:
    """Raises MalformedMessageError."""
    try:
        return _parse(json.loads(body.decode()))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise MalformedMessageError(type(error).__name__) from error


def _parse(message: dict[str, Any]) -> ParsedMessage:
    data: dict[str, Any] = message.get("data") or {}
    summary: dict[str, Any] = data.get("envelopeSummary") or {}
    docusign_id = str(data.get("envelopeId") or summary.get("envelopeId") or "")
    generated_at = parse_time(message.get("generatedDateTime"))
    return ParsedMessage(
        event=str(message["event"]),
        docusign_id=docusign_id,
        generated_at=generated_at,
        transaction_id=str(summary.get("transactionId") or ""),
        custom_fields=_custom_fields(summary),
        snapshot=_snapshot(summary | {"envelopeId": docusign_id}, generated_at),
        digest=_digest(message),
    )


def _snapshot(summary: dict[str, Any], generated_at: datetime | None) -> EnvelopeSnapshot | None:
    """The message's own time stands in only where the summary has none: it says when it was told, not what."""
    snapshot = EnvelopeSnapshot.from_json(summary)
    if not snapshot.docusign_id or not snapshot.status or not snapshot.recipients:
        return None
    return snapshot if snapshot.as_of else replace(snapshot, last_modified_at=generated_at)


def _custom_fields(summary: dict[str, Any]) -> dict[str, str]:
    groups = summary.get("customFields") or {}
    fields = [*(groups.get("textCustomFields") or ()), *(groups.get("listCustomFields") or ())]
    return {field["name"]: field.get("value") or "" for field in fields}


def _digest(message: dict[str, Any]) -> str:
    """Without `retryCount`, the one thing that may differ between two deliveries of the same message."""
    told = {name: value for name, value in message.items() if name != "retryCount"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
