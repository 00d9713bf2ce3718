"""The few eSignature REST v2.1 operations the portal needs. One `_request`; errors are translated once, here.

Retries live in one place per kind: failed connections in the session (nothing was sent, so even a POST is
safe), one renewal of the access token on 401 here, everything else is the caller's policy.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import Retry

from .auth import Account
from .errors import (
    CredentialsRefusedError,
    DocusignError,
    RateLimitedError,
    RequestRefusedError,
    UnavailableError,
)
from .types import CreatedEnvelope, EnvelopeSnapshot

CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 30
UPLOAD_TIMEOUT_SECONDS = 120  # Docusign converts and scans the documents before it answers
LIST_PAGE_SIZE = 1000  # the most one list call answers
BURST_WINDOW_SECONDS = 30
CHUNK_BYTES = 64 * 1024

# Docusign moved these from 400 to 429 in 2026; both are still met, and the case varies.
RATE_LIMIT_CODES = {
    "HOURLY_APIINVOCATION_LIMIT_EXCEEDED",
    "BURST_APIINVOCATION_LIMIT_EXCEEDED",
    "HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED",
    "BURST_ENVELOPE_POLLING_LIMIT_EXCEEDED",
    "HOURLY_APIINVOCATION_ENVELOPE_LIMIT_EXCEEDED",
    "BURST_APIINVOCATION_ENVELOPE_LIMIT_EXCEEDED",
    "API_REQUEST_IS_THROTTLED",
}
CREDENTIAL_CODES = {
    "USER_LACKS_MEMBERSHIP",
    "PARTNER_AUTHENTICATION_FAILED",
    "ACCOUNT_DOES_NOT_EXIST_IN_SYSTEM",
}


class AccessTokenSource(Protocol):
    """Where the client gets its bearer token."""

    def current(self) -> str:
        """A token believed valid."""

    def renew(self, refused: str) -> str:
        """A token other than `refused`, which Docusign just answered with 401."""


def new_session() -> requests.Session:
    """A pooled session that retries only connections that were never made."""
    session = requests.Session()
    retry = Retry(total=None, connect=2, read=0, redirect=0, status=0, other=0, backoff_factor=0.2)
    adapter = HTTPAdapter(max_retries=retry, pool_maxsize=16)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class Client:
    """Talks to one account. All methods call Docusign and raise `DocusignError` subclasses."""

    def __init__(self, *, account: Account, access_tokens: AccessTokenSource, session: requests.Session) -> None:
        self._base_url = f"{account.base_uri}/restapi/v2.1/accounts/{account.account_id}"
        self._access_tokens = access_tokens
        self._session = session

    def create_envelope(self, definition: dict[str, Any]) -> CreatedEnvelope:
        """Envelopes: create. Not idempotent: after UnavailableError with `outcome_unknown`, look it up first."""
        response = self._request("POST", "/envelopes", json=definition, timeout_seconds=UPLOAD_TIMEOUT_SECONDS)
        return CreatedEnvelope.from_json(self._body(response, "envelopeId", "status"))

    def list_envelopes(
        self,
        *,
        envelope_ids: Sequence[str] = (),
        transaction_ids: Sequence[str] = (),
        from_at: datetime | None = None,
        include_recipients: bool = True,
    ) -> Iterator[EnvelopeSnapshot]:
        """Envelopes: listStatusChanges, all pages. One of the three filters must be given."""
        params: dict[str, str] = {"count": str(LIST_PAGE_SIZE), "order": "asc"}
        if envelope_ids:
            params["envelope_ids"] = ",".join(envelope_ids)
        if transaction_ids:
            params["transaction_ids"] = ",".join(transaction_ids)
        if from_at:
            params["from_date"] = from_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        if include_recipients:
            params["include"] = "recipients"
        start = 0
        while True:
            page = self._body(self._request("GET", "/envelopes", params=params | {"start_position": str(start)}))
            envelopes = page.get("envelopes") or []  # absent when nothing matches
            yield from (EnvelopeSnapshot.from_json(item) for item in envelopes)
            start += len(envelopes)
            # Not every version of the API names the next page; the total always stands there.
            has_more = bool(page.get("nextUri")) or start < int(page.get("totalSetSize") or 0)
            if not envelopes or not has_more:
                return

    def find_by_transaction_id(self, transaction_id: str) -> EnvelopeSnapshot | None:
        """Was an envelope created under this transaction id (valid 7 days)? Docusign's look-up key, not a lock.

        The answer may carry `envelopeTransactionStatuses` (id and status only) instead of `envelopes`.
        """
        params = {"transaction_ids": transaction_id, "include": "recipients"}
        page = self._body(self._request("GET", "/envelopes", params=params))
        found: Iterable[dict[str, Any]] = page.get("envelopes") or [
            item for item in page.get("envelopeTransactionStatuses") or [] if item.get("envelopeId")
        ]
        return next((EnvelopeSnapshot.from_json(item) for item in found), None)

    def void_envelope(self, envelope_id: str, *, reason: str) -> None:
        """Envelopes: update to `voided`; only sent or delivered envelopes. `reason` at most 200 characters."""
        self._request("PUT", f"/envelopes/{envelope_id}", json={"status": "voided", "voidedReason": reason})

    def create_recipient_view(self, envelope_id: str, request: dict[str, Any]) -> str:
        """EnvelopeViews: createRecipient. The URL works once, within five minutes: use it, never keep it."""
        response = self._request("POST", f"/envelopes/{envelope_id}/views/recipient", json=request)
        return str(self._body(response, "url")["url"])

    @contextmanager
    def open_document(self, envelope_id: str, document_id: str) -> Iterator[Iterator[bytes]]:
        """EnvelopeDocuments: get, as a stream of chunks. `document_id` may be `combined` or `certificate`."""
        path = f"/envelopes/{envelope_id}/documents/{document_id}"
        response = self._request("GET", path, headers={"Accept": "application/pdf"}, stream=True)
        try:
            yield self._chunks(response)
        finally:
            response.close()

    # The one way out.

    def _request(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        json: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        timeout_seconds: float = READ_TIMEOUT_SECONDS,
        stream: bool = False,
    ) -> requests.Response:
        access_token = self._access_tokens.current()
        for is_last_try in (False, True):
            try:
                response = self._session.request(
                    method,
                    self._base_url + path,
                    params=params,
                    json=json,
                    headers={
                        "Accept": "application/json",
                        **(headers or {}),
                        "Authorization": f"Bearer {access_token}",
                    },
                    timeout=(CONNECT_TIMEOUT_SECONDS, timeout_seconds),
                    stream=stream,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                raise _unreachable(error) from error
            if is_last_try or response.status_code != 401 or _error_of(response).error_code in CREDENTIAL_CODES:
                break
            access_token = self._access_tokens.renew(access_token)
        if response.status_code >= 300:
            raise _error_of(response)
        return response

    def _body(self, response: requests.Response, *needed: str) -> dict[str, Any]:
        """The answer as an object with these properties; whatever else came, the work may have been done."""
        try:
            data = response.json()
        except ValueError as error:
            raise UnavailableError(
                "the answer was not JSON", outcome_unknown=True, status_code=response.status_code
            ) from error
        if not isinstance(data, dict) or any(name not in data for name in needed):
            raise UnavailableError("the answer was not understood", outcome_unknown=True)
        return data

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        try:
            yield from response.iter_content(CHUNK_BYTES)
        except requests.RequestException as error:
            raise _unreachable(error) from error


def _unreachable(error: requests.RequestException) -> UnavailableError:
    """Connections never made did no harm; anything later may have."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    never_sent = isinstance(error, requests.ConnectTimeout) or isinstance(
        reason, NewConnectionError | ConnectTimeoutError
    )
    return UnavailableError(f"no answer ({type(error).__name__})", outcome_unknown=not never_sent)


def _error_of(response: requests.Response) -> DocusignError:
    """Translate an answer of 300 or more; the body may be JSON, HTML or empty."""
    try:
        data = response.json()
    except ValueError:
        data = {}
    if not isinstance(data, dict):
        data = {}
    status_code = response.status_code
    error_code = str(data.get("errorCode", ""))
    message = str(data.get("message") or f"HTTP {status_code}")
    trace_token = response.headers.get("X-DocuSign-TraceToken", "")
    if status_code == 429 or error_code.upper() in RATE_LIMIT_CODES:
        return RateLimitedError(
            message,
            retry_at=_retry_at(response, error_code),
            status_code=status_code,
            error_code=error_code,
            trace_token=trace_token,
        )
    if status_code >= 500 or status_code in (408, 444) or status_code < 400:
        return UnavailableError(
            message,
            outcome_unknown=True,
            status_code=status_code,
            error_code=error_code,
            trace_token=trace_token,
        )
    kind = CredentialsRefusedError if status_code == 401 or error_code in CREDENTIAL_CODES else RequestRefusedError
    return kind(message, status_code=status_code, error_code=error_code, trace_token=trace_token)


def _retry_at(response: requests.Response, error_code: str) -> datetime:
    """Hourly limits end at X-RateLimit-Reset (Unix seconds), burst limits after their 30 s window."""
    now = datetime.now(UTC)
    if not error_code.upper().startswith("BURST_"):
        try:
            reset_at = datetime.fromtimestamp(int(response.headers["X-RateLimit-Reset"]), UTC)
        except (KeyError, ValueError, OverflowError, OSError):
            pass
        else:
            if reset_at > now:
                return min(reset_at, now + timedelta(hours=1))
    return now + timedelta(seconds=BURST_WINDOW_SECONDS)
