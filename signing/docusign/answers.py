"""What an answer of Docusign means: errors are translated here and nowhere else; limits are read from its headers."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from .errors import (
    CredentialsRefusedError,
    DocusignError,
    RateLimitedError,
    RequestRefusedError,
    UnavailableError,
)

BURST_WINDOW = timedelta(seconds=30)
MAX_NUMBER = 2**31 - 1  # what a column holds
JITTER_SECONDS = 3  # so that many workers do not come back in the same instant

# Docusign moved these from 400 to 429 in 2026; both are still met, and the case varies.
ACCOUNT_LIMIT_CODES = {"HOURLY_APIINVOCATION_LIMIT_EXCEEDED", "BURST_APIINVOCATION_LIMIT_EXCEEDED"}
# Met with 429 although nothing is gained by waiting.
SIZE_LIMIT_CODES = {"RECIPIENT_LIMIT_EXCEEDED", "DOCUMENT_LIMIT_EXCEEDED"}
CREDENTIAL_CODES = {
    "USER_LACKS_MEMBERSHIP",
    "PARTNER_AUTHENTICATION_FAILED",
    "ACCOUNT_DOES_NOT_EXIST_IN_SYSTEM",
}


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What one answer told about the account's limits (`X-RateLimit-*`, `X-BurstLimit-*`); None = not told."""

    hour_limit: int | None
    hour_remaining: int | None
    hour_resets_at: datetime | None
    burst_limit: int | None
    burst_remaining: int | None

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> Self:
        return cls(
            hour_limit=_number(headers, "X-RateLimit-Limit"),
            hour_remaining=_number(headers, "X-RateLimit-Remaining"),
            hour_resets_at=_hour_resets_at(headers),
            burst_limit=_number(headers, "X-BurstLimit-Limit"),
            burst_remaining=_number(headers, "X-BurstLimit-Remaining"),
        )


def unreachable(error: requests.RequestException) -> UnavailableError:
    """Connections never made did no harm; anything later may have."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    never_sent = isinstance(error, requests.ConnectTimeout) or isinstance(
        reason, NewConnectionError | ConnectTimeoutError
    )
    return UnavailableError(f"no answer ({type(error).__name__})", outcome_unknown=not never_sent)


def error_of(response: requests.Response) -> DocusignError:
    """Translate an answer of 300 or more; the body may be JSON, HTML or empty."""
    data = json_object(response)
    status_code = response.status_code
    error_code = str(data.get("errorCode", ""))
    message = str(data.get("message") or f"HTTP {status_code}")
    facts: dict[str, Any] = {
        "status_code": status_code,
        "error_code": error_code,
        "trace_token": response.headers.get("X-DocuSign-TraceToken", ""),
    }
    if _asks_to_wait(status_code, error_code.upper()):
        return RateLimitedError(message, retry_at=_retry_at(response, error_code.upper()), **facts)
    if status_code >= 500 or status_code in (408, 444) or status_code < 400:
        return UnavailableError(message, outcome_unknown=True, **facts)
    if status_code == 401 or error_code.upper() in CREDENTIAL_CODES:
        return CredentialsRefusedError(message, **facts)
    return RequestRefusedError(message, **facts)


def limits_whole_account(error: RateLimitedError) -> bool:
    """Whether all calls must wait, and not only those about one envelope or one kind of work."""
    return error.error_code.upper() in ACCOUNT_LIMIT_CODES or not error.error_code


def json_object(response: requests.Response) -> dict[str, Any]:
    """The body as an object; an HTML page of some proxy becomes an empty one."""
    try:
        data = response.json()
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _asks_to_wait(status_code: int, error_code: str) -> bool:
    if error_code in SIZE_LIMIT_CODES:
        return False
    is_rate = error_code.startswith(("HOURLY_", "BURST_")) and error_code.endswith("_LIMIT_EXCEEDED")
    return status_code == 429 or is_rate or error_code == "API_REQUEST_IS_THROTTLED"


def _retry_at(response: requests.Response, error_code: str) -> datetime:
    """Hourly limits end at X-RateLimit-Reset (Unix seconds), burst limits after their 30 s window."""
    now = datetime.now(UTC)
    reset_at = None if error_code.startswith("BURST_") else _hour_resets_at(response.headers)
    if reset_at is not None and reset_at > now:
        return min(reset_at, now + timedelta(hours=1))
    return now + BURST_WINDOW + timedelta(seconds=random.uniform(0, JITTER_SECONDS))  # noqa: S311


def _hour_resets_at(headers: Mapping[str, str]) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(headers["X-RateLimit-Reset"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return min(int(text), MAX_NUMBER) if text.isdecimal() and len(text) < 20 else None
