"""Connect messages on the wire: whose signature counts, and what a message says."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from signing.docusign.connect import MalformedMessageError, is_signed, parse_message

BODY = b'{"event":"envelope-completed"}'
# Made with: printf '{"event":"envelope-completed"}' | openssl dgst -sha256 -hmac key-one -binary | base64
ONE = "qSAQeLoNSgmRy2cVdyD5eT7rtK/DzFP7ov4UfFKpfSc="
TWO = "22DIF4pPULUrpH4cd7/N6LCXyCK4QnzsDI+1rCJlmF8="


def told(summary: dict[str, Any] | None = None, **more: Any) -> bytes:
    data: dict[str, Any] = {"accountId": "a1", "envelopeId": "e1"}
    if summary is not None:
        data["envelopeSummary"] = summary
    message = {"event": "envelope-sent", "retryCount": 0, "generatedDateTime": "2026-06-18T18:30:00.1234567Z"}
    return json.dumps(message | {"data": data} | more).encode()


SIGNER = {"recipientId": "1", "name": "Ann", "email": "ann@example.com", "status": "sent", "routingOrder": "1"}
SUMMARY = {"status": "Sent", "recipients": {"signers": [SIGNER], "recipientCount": "1"}}


def test_the_signature_is_hmac_sha256_of_the_bytes_in_base64() -> None:
    assert is_signed(BODY, [ONE], ["key-one"])


@pytest.mark.parametrize(
    ("signatures", "keys"),
    [
        ([TWO, ONE], ["key-one"]),
        ([TWO], ["key-one", "key-two"]),
        ([f" {ONE} "], ["key-one"]),
    ],
    ids=["any header", "any key", "space around it"],
)
def test_any_signature_made_with_any_key_counts(signatures: list[str], keys: list[str]) -> None:
    assert is_signed(BODY, signatures, keys)


@pytest.mark.parametrize(
    ("body", "signatures", "keys"),
    [
        (BODY + b" ", [ONE], ["key-one"]),
        (BODY, [ONE], ["key-two"]),
        (BODY, [], ["key-one"]),
        (BODY, [""], ["key-one"]),
        (BODY, [ONE], []),
        (BODY, [ONE[:-1]], ["key-one"]),
        (BODY, ["ünïcode"], ["key-one"]),
    ],
    ids=["other bytes", "other key", "no header", "empty header", "no key", "cut off", "not even ASCII"],
)
def test_nothing_else_counts(body: bytes, signatures: list[str], keys: list[str]) -> None:
    assert not is_signed(body, signatures, keys)


def test_the_state_is_read_as_from_a_list_call() -> None:
    message = parse_message(told(SUMMARY | {"transactionId": "t1"}))
    assert message.snapshot is not None
    assert (message.docusign_id, message.event, message.transaction_id) == ("e1", "envelope-sent", "t1")
    assert (message.snapshot.docusign_id, message.snapshot.status) == ("e1", "sent")
    assert [(r.recipient_id, r.status) for r in message.snapshot.recipients] == [("1", "sent")]
    assert message.generated_at == datetime(2026, 6, 18, 18, 30, 0, 123456, UTC)


@pytest.mark.parametrize(
    "summary",
    [
        None,
        {},
        {"status": "sent"},
        {"status": "sent", "recipients": {"signers": []}},
        {"recipients": SUMMARY["recipients"]},
    ],
    ids=["no summary", "empty", "no recipients", "empty recipients", "no status"],
)
def test_what_does_not_tell_the_whole_state_is_only_a_bell(summary: dict[str, Any] | None) -> None:
    message = parse_message(told(summary))
    assert message.snapshot is None
    assert message.docusign_id == "e1"


def test_a_message_without_any_time_of_its_own_is_ordered_by_when_it_was_generated() -> None:
    snapshot = parse_message(told(SUMMARY)).snapshot
    assert snapshot is not None
    assert snapshot.as_of == datetime(2026, 6, 18, 18, 30, 0, 123456, UTC)


def test_the_envelopes_own_times_come_before_when_it_was_generated() -> None:
    snapshot = parse_message(told(SUMMARY | {"statusChangedDateTime": "2026-06-18T18:29:00.0000000Z"})).snapshot
    assert snapshot is not None
    assert snapshot.as_of == datetime(2026, 6, 18, 18, 29, tzinfo=UTC)


def test_custom_fields_are_found_in_both_lists() -> None:
    fields = {
        "textCustomFields": [{"name": "portal_ref", "value": "r1"}],
        "listCustomFields": [{"name": "kind", "value": "nda"}],
    }
    assert parse_message(told({"customFields": fields})).custom_fields == {"portal_ref": "r1", "kind": "nda"}


def test_a_repeated_delivery_has_the_same_digest_and_other_news_another() -> None:
    first = parse_message(told(SUMMARY))
    assert parse_message(told(SUMMARY, retryCount=3)).digest == first.digest
    assert parse_message(told(SUMMARY, event="envelope-delivered")).digest != first.digest


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<DocuSignEnvelopeInformation/>",
        b"[]",
        b'"event"',
        b"{}",
        b'{"event": "envelope-sent", "data": [1]}',
        b'{"event": "envelope-sent", "data": {"envelopeSummary": "sent"}}',
        b'{"event": "envelope-sent", "data": {"envelopeId": "e", "envelopeSummary": {"recipients": [1]}}}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_anything_else_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        parse_message(body)


def test_docusigns_own_sample_is_understood(specification: Path) -> None:
    sample = (specification.parent / "connect.schema-v2.json").read_bytes()
    message = parse_message(sample)
    assert message.docusign_id == "sample string"
    assert message.transaction_id.startswith("sample string")
