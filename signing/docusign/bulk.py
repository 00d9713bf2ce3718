"""Docusign's Bulk Send (reference 6): a list of copies, sent with a draft, queued as a whole, and its progress."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Self

import requests

from .types import EnvelopeSnapshot, Json

ENVELOPES_PER_PAGE = 1000  # the most one call answers
MAX_COPIES = 1000  # in one list
QUEUE_IS_FULL = "BULK_SEND_ACCOUNT_HAS_TOO_MANY_QUEUED_ENVELOPES"  # 2,000 wait already: a matter of time
UPLOAD_TIMEOUT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class BulkBatchStatus:
    """How far Docusign has come with a batch. `failures` are (email addresses, what went wrong)."""

    docusign_id: str
    name: str
    queued: int
    sent: int
    failed: int
    failures: tuple[tuple[tuple[str, ...], str], ...] = ()

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            docusign_id=data.get("batchId") or "",
            name=data.get("batchName") or "",
            queued=int(data.get("queued") or 0),
            sent=int(data.get("sent") or 0),
            failed=int(data.get("failed") or 0),
            failures=tuple(
                (tuple(error.get("recipientEmails") or ()), error.get("errorMessage") or "")
                for error in data.get("bulkErrors") or ()
            ),
        )


class BulkSend:
    """The part of the client that sends in bulk. Calls Docusign; raises DocusignError."""

    def _request(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        json: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        timeout_seconds: float = 30,
        stream: bool = False,
    ) -> requests.Response:
        raise NotImplementedError  # the client's own; declared here for what is below

    def _body(self, response: requests.Response, *needed: str) -> dict[str, Any]:
        raise NotImplementedError  # the same

    def create_bulk_list(self, name: str, copies: Sequence[dict[str, Any]]) -> str:
        """BulkSend: createBulkSendList; at most MAX_COPIES. Not idempotent, but a list by itself sends nothing."""
        body = {"name": name, "bulkCopies": list(copies)}
        response = self._request("POST", "/bulk_send_lists", json=body, timeout_seconds=UPLOAD_TIMEOUT_SECONDS)
        return str(self._body(response, "listId")["listId"])

    def test_bulk_list(self, list_id: str, envelope_id: str) -> dict[str, str]:
        """BulkSend: createBulkSendTestRequest: what does not fit, sentences by code. Empty: it can be sent."""
        body = {"envelopeOrTemplateId": envelope_id}
        answer = self._body(self._request("POST", f"/bulk_send_lists/{list_id}/test", json=body))
        if answer.get("canBeSent") in (True, "true"):
            return {}
        codes, sentences = answer.get("validationErrors") or ["UNKNOWN"], answer.get("validationErrorDetails") or ()
        pairs = zip_longest(codes, sentences[: len(codes)], fillvalue="")
        return {code: sentence or code for code, sentence in pairs}

    def send_bulk_list(self, list_id: str, envelope_id: str, *, batch_name: str) -> str:
        """BulkSend: createBulkSendRequest; the batch's id. Not idempotent: after `outcome_unknown`, look first."""
        body = {"envelopeOrTemplateId": envelope_id, "batchName": batch_name}
        path = f"/bulk_send_lists/{list_id}/send"
        response = self._request("POST", path, json=body, timeout_seconds=UPLOAD_TIMEOUT_SECONDS)
        return str(self._body(response, "batchId")["batchId"])

    def find_bulk_batch(self, name: str) -> BulkBatchStatus | None:
        """The batch of this name, if there is one."""
        page = self._body(self._request("GET", "/bulk_send_batch", params={"search_text": name, "count": "100"}))
        found = map(BulkBatchStatus.from_json, page.get("bulkBatchSummaries") or ())
        return next((status for status in found if status.name == name), None)

    def get_bulk_batch(self, batch_id: str) -> BulkBatchStatus:
        return BulkBatchStatus.from_json(self._body(self._request("GET", f"/bulk_send_batch/{batch_id}")))

    def list_bulk_envelopes(self, batch_id: str, custom_field: str) -> Iterator[tuple[str, EnvelopeSnapshot]]:
        """Its envelopes so far, each with its value of a text custom field."""
        params = {"count": str(ENVELOPES_PER_PAGE), "include": "custom_fields,recipients"}
        start = 0
        while True:
            query = params | {"start_position": str(start)}
            page = self._body(self._request("GET", f"/bulk_send_batch/{batch_id}/envelopes", params=query))
            envelopes = page.get("envelopes") or []
            for item in envelopes:
                yield _custom_field(item, custom_field), EnvelopeSnapshot.from_json(item)
            start += len(envelopes)
            if not envelopes or start >= int(page.get("totalSetSize") or 0):
                return


def _custom_field(envelope: Json, name: str) -> str:
    fields = (envelope.get("customFields") or {}).get("textCustomFields") or ()
    return next((str(field.get("value") or "") for field in fields if field.get("name") == name), "")
