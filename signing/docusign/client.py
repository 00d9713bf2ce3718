"""The few eSignature REST v2.1 operations the portal needs, through one `_request`.

Retries live in one place per kind: failed connections in the session (nothing was sent, so even a POST is
safe), one renewal of the access token on 401 here, everything else is the caller's policy.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NoReturn, Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from .answers import CREDENTIAL_CODES, RateLimits, error_of, unreachable
from .auth import Account
from .bulk import BulkSend
from .errors import CredentialsRefusedError, RateLimitedError, RequestRefusedError, UnavailableError
from .types import CreatedEnvelope, EnvelopeSnapshot, EnvelopeTemplate, FormValues, TemplatePage

CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 30
UPLOAD_TIMEOUT_SECONDS = 120  # Docusign converts and scans the documents before it answers
LIST_PAGE_SIZE = 1000  # the most one list call answers
CHUNK_BYTES = 64 * 1024
NO_TRANSACTION = "00000000-0000-0000-0000-000000000000"


class AccessTokenSource(Protocol):
    """Where the client gets its bearer token."""

    def current(self) -> str:
        """A token believed valid."""

    def renew(self, refused: str) -> str:
        """A token other than `refused`, which Docusign just answered with 401."""


class Watcher(Protocol):
    """Who counts the calls and hears what the answers say about limits and credentials."""

    def before_call(self) -> None:
        """May raise RateLimitedError to keep a call back."""

    def after_answer(self, limits: RateLimits) -> None: ...

    def rate_limited(self, error: RateLimitedError) -> None: ...

    def refused(self, error: CredentialsRefusedError) -> None:
        """A token that was just issued, or the account, was not accepted."""


def new_session() -> requests.Session:
    """A pooled session that retries only connections that were never made."""
    session = requests.Session()
    retry = Retry(total=None, connect=2, read=0, redirect=0, status=0, other=0, backoff_factor=0.2)
    adapter = HTTPAdapter(max_retries=retry, pool_maxsize=16)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class Client(BulkSend):
    """Talks to one account. All methods call Docusign and raise `DocusignError` subclasses."""

    def __init__(
        self, *, account: Account, access_tokens: AccessTokenSource, session: requests.Session, watcher: Watcher
    ) -> None:
        self.account_id = account.account_id
        self._base_url = f"{account.base_uri}/restapi/v2.1/accounts/{account.account_id}"
        self._access_tokens = access_tokens
        self._session = session
        self._watcher = watcher

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
            params["from_date"] = _docusign_time(from_at)
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
        return self._find({"transaction_ids": transaction_id})

    def find_by_custom_field(self, name: str, value: str, *, from_at: datetime) -> EnvelopeSnapshot | None:
        """The first envelope since `from_at` whose text custom field has this value."""
        return self._find({"custom_field": f"{name}={value}", "from_date": _docusign_time(from_at)})

    def check(self) -> None:
        """The cheapest call that shows whether token, user and account are accepted: a search that finds nothing."""
        self._find({"transaction_ids": NO_TRANSACTION})

    def void_envelope(self, envelope_id: str, *, reason: str) -> None:
        """Envelopes: update to `voided`; only sent or delivered envelopes. `reason` at most 200 characters."""
        self._request("PUT", f"/envelopes/{envelope_id}", json={"status": "voided", "voidedReason": reason})

    def set_purge_state(self, envelope_id: str, purge_state: str) -> None:
        """Envelopes: update, `purgeState`: into the purge queue or out of it; only finished envelopes (reference 7.2).

        Asking again for the same is harmless.
        """
        self._request("PUT", f"/envelopes/{envelope_id}", json={"purgeState": purge_state})

    def update_recipients(self, envelope_id: str, recipients: dict[str, Any]) -> None:
        """EnvelopeRecipients: update. A refusal of one of them stands in an answer of 200 (reference 2.10)."""
        answer = self._body(self._request("PUT", f"/envelopes/{envelope_id}/recipients", json=recipients))
        for result in answer.get("recipientUpdateResults") or ():
            details = result.get("errorDetails") or {}
            code = str(details.get("errorCode") or "SUCCESS")
            if code.upper() != "SUCCESS":
                message = str(details.get("message") or "The recipient could not be updated.")
                raise RequestRefusedError(message, status_code=200, error_code=code)

    def resend_envelope(self, envelope_id: str) -> None:
        """Envelopes: update, resend_envelope: Docusign mails those again whose turn it is; embedded ones never."""
        self._request("PUT", f"/envelopes/{envelope_id}", params={"resend_envelope": "true"}, json={})

    def get_form_data(self, envelope_id: str) -> list[FormValues]:
        """EnvelopeFormData: get, by recipient."""
        answer = self._body(self._request("GET", f"/envelopes/{envelope_id}/form_data"))
        return [FormValues.from_json(item) for item in answer.get("recipientFormData") or ()]

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

    def list_templates(self, *, search_text: str = "", start: int = 0, count: int = 50) -> TemplatePage:
        """Templates: list, one page by name: the service user's own and those shared with it."""
        params = {"start_position": str(start), "count": str(count), "order_by": "name", "include": "recipients"}
        if search_text:
            params["search_text"] = search_text
        return TemplatePage.from_json(self._body(self._request("GET", "/templates", params=params)))

    def get_template(self, template_id: str) -> EnvelopeTemplate:
        """Templates: get, with its roles. Unknown or not shared: RequestRefusedError."""
        response = self._request("GET", f"/templates/{template_id}", params={"include": "recipients"})
        return EnvelopeTemplate.from_json(self._body(response, "templateId"))

    def get_user_settings(self, user_id: str) -> dict[str, str]:
        """UserSettings: get: what a user may do in this account. All values are strings."""
        answer = self._body(self._request("GET", f"/users/{user_id}/settings"))
        return {name: value for name, value in answer.items() if isinstance(value, str)}

    def list_connect_configurations(self) -> list[dict[str, Any]]:
        """ConnectConfigurations: list. Like the two below, for a service user with administrator's rights only."""
        return list(self._body(self._request("GET", "/connect")).get("configurations") or ())

    def create_connect_configuration(self, configuration: dict[str, Any]) -> None:
        """ConnectConfigurations: create. Not idempotent."""
        self._request("POST", "/connect", json=configuration)

    def update_connect_configuration(self, configuration: dict[str, Any]) -> None:
        """ConnectConfigurations: update; `connectId` stands in the body."""
        self._request("PUT", "/connect", json=configuration)

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
            self._watcher.before_call()
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
                raise unreachable(error) from error
            self._watcher.after_answer(RateLimits.from_headers(response.headers))
            is_stale = response.status_code == 401 and error_of(response).error_code.upper() not in CREDENTIAL_CODES
            if is_last_try or not is_stale:
                break
            access_token = self._access_tokens.renew(access_token)
        if response.status_code >= 300:
            self._raise(response)
        return response

    def _raise(self, response: requests.Response) -> NoReturn:
        error = error_of(response)
        if isinstance(error, RateLimitedError):
            self._watcher.rate_limited(error)
        elif isinstance(error, CredentialsRefusedError):
            self._watcher.refused(error)
        raise error

    def _find(self, params: dict[str, str]) -> EnvelopeSnapshot | None:
        page = self._body(self._request("GET", "/envelopes", params=params | {"include": "recipients"}))
        found: Iterable[dict[str, Any]] = page.get("envelopes") or [
            item for item in page.get("envelopeTransactionStatuses") or [] if item.get("envelopeId")
        ]
        return next((EnvelopeSnapshot.from_json(item) for item in found), None)

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
            raise unreachable(error) from error


def _docusign_time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
