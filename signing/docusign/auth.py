"""JWT Grant: prove who we are, get an access token, find the account. Source: platform/auth/jwt.

No refresh token exists in JWT Grant: a new token is a new assertion.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from .errors import (
    ConsentRequiredError,
    CredentialsRefusedError,
    DocusignError,
    NotConfiguredError,
    RateLimitedError,
    UnavailableError,
)

SCOPES = "signature impersonation"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_LIFETIME = timedelta(minutes=10)  # Docusign allows an hour; only the one request needs it
TIMEOUT_SECONDS = (5, 20)

# `error_description` of a refused grant → what an administrator should look at (reference: platform/auth).
GRANT_HINTS = {
    "no_valid_keys_or_signatures": "the private key does not belong to the integration key in this environment",
    "issuer_not_found": "the integration key does not exist in this environment",
    "user_not_found": "the user id is not an active user in this environment; it is a GUID, never an email",
    "invalid_subject": "the user id is not an active user in this environment; it is a GUID, never an email",
    "expired_grant": "the clock of this server is wrong",
}


@dataclass(frozen=True, slots=True)
class DocusignConfig:
    """All that is needed to authenticate. `account_id` empty = the user's default account."""

    integration_key: str
    user_id: str
    private_key: str = field(repr=False)
    oauth_base_url: str
    account_id: str = ""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token and the aware UTC time it dies."""

    value: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Where the API of one account lives. `base_uri` has no `/restapi`."""

    account_id: str
    name: str
    base_uri: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class UserInfo:
    """Who the access token acts for, and the accounts they belong to."""

    user_id: str
    name: str
    email: str
    accounts: tuple[Account, ...]

    def choose_account(self, account_id: str) -> Account:
        """The configured account, else the default one; never just the first. Raises CredentialsRefusedError."""
        for account in self.accounts:
            if account_id and account.account_id.lower() == account_id.lower():
                return account
            if not account_id and account.is_default:
                return account
        wanted = f"account {account_id}" if account_id else "a default account"
        raise CredentialsRefusedError(f"the user does not belong to {wanted}", error_code="USER_LACKS_MEMBERSHIP")


def load_private_key(pem: str) -> RSAPrivateKey:
    """Read the PEM of the RSA private key. Raises NotConfiguredError with the reason."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotConfiguredError(
            "DOCUSIGN_PRIVATE_KEY is not a readable PEM private key. Copy it whole, its first and last line included."
        ) from error
    if not isinstance(key, RSAPrivateKey):
        raise NotConfiguredError("DOCUSIGN_PRIVATE_KEY is not an RSA key.")
    return key


def build_assertion(config: DocusignConfig, now: datetime) -> str:
    """The signed JWT of the grant. `aud` is the bare OAuth host: a scheme or slash would be refused."""
    claims = {
        "iss": config.integration_key,
        "sub": config.user_id,
        "aud": urlsplit(config.oauth_base_url).netloc,
        "iat": int(now.timestamp()),
        "exp": int((now + ASSERTION_LIFETIME).timestamp()),
        "scope": SCOPES,
    }
    return jwt.encode(claims, load_private_key(config.private_key), algorithm="RS256")


def request_access_token(session: requests.Session, config: DocusignConfig) -> AccessToken:
    """One grant. Raises ConsentRequiredError, CredentialsRefusedError, NotConfiguredError, UnavailableError."""
    now = datetime.now(UTC)
    form = {"grant_type": GRANT_TYPE, "assertion": build_assertion(config, now)}
    data = _ask(session, "POST", f"{config.oauth_base_url}/oauth/token", "access_token", data=form)
    lifetime = timedelta(seconds=int(data.get("expires_in", 3600)))
    return AccessToken(value=str(data["access_token"]), expires_at=now + lifetime)


def get_user_info(session: requests.Session, config: DocusignConfig, access_token: str) -> UserInfo:
    """Who the token acts for. Raises CredentialsRefusedError, UnavailableError."""
    headers = {"Authorization": f"Bearer {access_token}"}
    data = _ask(session, "GET", f"{config.oauth_base_url}/oauth/userinfo", "sub", headers=headers)
    return UserInfo(
        user_id=data["sub"],
        name=data.get("name", ""),
        email=data.get("email", ""),
        accounts=tuple(_account(item) for item in data.get("accounts", [])),
    )


def consent_url(config: DocusignConfig, redirect_uri: str) -> str:
    """The page on which the service user allows this integration to act for them (individual consent)."""
    query = urlencode(
        {
            "response_type": "code",
            "scope": SCOPES,
            "client_id": config.integration_key,
            "redirect_uri": redirect_uri,
        }
    )
    return f"{config.oauth_base_url}/oauth/auth?{query}"


def _ask(session: requests.Session, method: str, url: str, needed: str, **options: Any) -> dict[str, Any]:
    """One call to the OAuth host; its answer must have the property `needed`."""
    try:
        response = session.request(method, url, timeout=TIMEOUT_SECONDS, **options)
    except requests.RequestException as error:
        reason = f"no answer from the OAuth host ({type(error).__name__})"  # no address, no secret
        raise UnavailableError(reason, outcome_unknown=False) from error
    data = _json(response)
    if response.status_code != 200:
        raise _grant_error(response, data)
    if needed not in data:
        raise UnavailableError("the OAuth host's answer was not understood", outcome_unknown=False)
    return data


def _account(data: Mapping[str, Any]) -> Account:
    return Account(
        account_id=data["account_id"],
        name=data.get("account_name", ""),
        base_uri=data["base_uri"].rstrip("/"),
        is_default=str(data.get("is_default")).lower() == "true",
    )


def _json(response: requests.Response) -> dict[str, Any]:
    """The body as an object; an HTML page of some proxy becomes an empty one."""
    try:
        data = response.json()
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _grant_error(response: requests.Response, data: Mapping[str, Any]) -> DocusignError:
    code = str(data.get("error", ""))
    description = str(data.get("error_description", ""))
    trace_token = response.headers.get("X-DocuSign-TraceToken", "")
    status_code = response.status_code
    if code == "consent_required":
        return ConsentRequiredError(
            "consent_required", status_code=status_code, error_code=code, trace_token=trace_token
        )
    if status_code == 429:
        return RateLimitedError(
            "too many token requests",
            retry_at=datetime.now(UTC) + timedelta(seconds=60),
            status_code=status_code,
            trace_token=trace_token,
        )
    if status_code >= 500:
        return UnavailableError(
            f"the OAuth host answered {status_code}",
            outcome_unknown=False,
            status_code=status_code,
            trace_token=trace_token,
        )
    message = GRANT_HINTS.get(description) or description or code or f"HTTP {status_code}"
    return CredentialsRefusedError(
        message, status_code=status_code, error_code=description or code, trace_token=trace_token
    )
