"""JWT Grant: prove who we are, get an access token, find the account. Source: platform/auth/jwt.

No refresh token exists in JWT Grant: a new token is a new assertion.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests

from .answers import json_object
from .errors import (
    ConsentRequiredError,
    CredentialsRefusedError,
    DocusignError,
    RateLimitedError,
    UnavailableError,
)
from .keys import load_private_key
from .sentences import GRANT_HINTS

logger = logging.getLogger(__name__)

SCOPES = "signature impersonation"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_LIFETIME = timedelta(minutes=10)  # Docusign allows an hour; only the one request needs it
TIMEOUT_SECONDS = (5, 20)
UNKNOWN_KEY = "no_valid_keys_or_signatures"
TOKEN_PAUSE = timedelta(seconds=60)  # after a 429, which names no time here


@dataclass(frozen=True, slots=True)
class DocusignConfig:
    """All that is needed to authenticate. `account_id` empty = the user's default account.

    `next_private_key`: a second key, tried where Docusign does not know the first: so keys change without a gap.
    """

    integration_key: str
    user_id: str
    private_key: str = field(repr=False)
    oauth_base_url: str
    account_id: str = ""
    next_private_key: str = field(default="", repr=False)


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
        raise CredentialsRefusedError(
            f"the user does not belong to {wanted}; check DOCUSIGN_ACCOUNT_ID", error_code="USER_LACKS_MEMBERSHIP"
        )


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
    """One grant. Raises ConsentRequiredError, CredentialsRefusedError, NotConfiguredError, UnavailableError.

    Docusign tries all public keys of the integration key (reference 1.2), and so do we with our private ones: during
    a change-over either may be the one that it knows.
    """
    try:
        return _grant(session, config)
    except CredentialsRefusedError as error:
        if error.error_code != UNKNOWN_KEY or not config.next_private_key:
            raise
    logger.warning("Docusign does not know DOCUSIGN_PRIVATE_KEY: DOCUSIGN_PRIVATE_KEY_NEXT is used instead")
    return _grant(session, replace(config, private_key=config.next_private_key, next_private_key=""))


def _grant(session: requests.Session, config: DocusignConfig) -> AccessToken:
    now = datetime.now(UTC)
    form = {"grant_type": GRANT_TYPE, "assertion": build_assertion(config, now)}
    data = ask(session, "POST", f"{config.oauth_base_url}/oauth/token", "access_token", data=form)
    lifetime = timedelta(seconds=int(data.get("expires_in", 3600)))
    return AccessToken(value=str(data["access_token"]), expires_at=now + lifetime)


def get_user_info(session: requests.Session, config: DocusignConfig, access_token: str) -> UserInfo:
    """Who the token acts for. Raises CredentialsRefusedError, UnavailableError."""
    headers = {"Authorization": f"Bearer {access_token}"}
    data = ask(session, "GET", f"{config.oauth_base_url}/oauth/userinfo", "sub", headers=headers)
    return UserInfo(
        user_id=data["sub"],
        name=data.get("name", ""),
        email=data.get("email", ""),
        accounts=tuple(_account(item) for item in data.get("accounts", [])),
    )


def consent_url(config: DocusignConfig, redirect_uri: str, *, state: str = "", for_everyone: bool = False) -> str:
    """The page on which the service user allows this integration to act for them (individual consent).

    `for_everyone`: an organization's administrator allows it for all its users (admin consent, reference 1.6).
    """
    scopes = {"scope": "openid", "admin_consent_scope": SCOPES} if for_everyone else {"scope": SCOPES}
    query = {"response_type": "code", **scopes, "client_id": config.integration_key, "redirect_uri": redirect_uri}
    return f"{config.oauth_base_url}/oauth/auth?{urlencode(query | ({'state': state} if state else {}))}"


def ask(session: requests.Session, method: str, url: str, needed: str, **options: Any) -> dict[str, Any]:
    """One call to the OAuth host; its answer must have the property `needed`."""
    host = urlsplit(url).netloc
    try:
        response = session.request(method, url, timeout=TIMEOUT_SECONDS, allow_redirects=False, **options)
    except requests.RequestException as error:
        # No address with its query, and no secret.
        reason = f"no answer from the OAuth host {host} ({type(error).__name__})"
        raise UnavailableError(reason, outcome_unknown=False) from error
    data = json_object(response)
    if response.status_code != 200:
        raise _grant_error(response, data, host)
    if needed not in data:
        raise UnavailableError(f"the answer of the OAuth host {host} was not understood", outcome_unknown=False)
    return data


def _account(data: Mapping[str, Any]) -> Account:
    return Account(
        account_id=data["account_id"],
        name=data.get("account_name", ""),
        base_uri=data["base_uri"].rstrip("/"),
        is_default=str(data.get("is_default")).lower() == "true",
    )


def _grant_error(response: requests.Response, data: Mapping[str, Any], host: str) -> DocusignError:
    code = str(data.get("error", ""))
    description = str(data.get("error_description", ""))
    status_code = response.status_code
    facts: dict[str, Any] = {
        "status_code": status_code,
        "trace_token": response.headers.get("X-DocuSign-TraceToken", ""),
    }
    if code == "consent_required":
        return ConsentRequiredError("consent_required", error_code=code, **facts)
    if status_code == 429:
        return RateLimitedError("too many token requests", retry_at=datetime.now(UTC) + TOKEN_PAUSE, **facts)
    if status_code >= 500 or status_code in (408, 444) or code == "internal_server_error":
        return UnavailableError(f"the OAuth host {host} answered {status_code}", outcome_unknown=False, **facts)
    if not code:
        message = f"{host} does not answer like Docusign's OAuth host; check DOCUSIGN_OAUTH_BASE_URL"
        return CredentialsRefusedError(message, **facts)
    hint = GRANT_HINTS.get(description, GRANT_HINTS.get(code, "") if not description else "").format(host=host)
    return CredentialsRefusedError(hint or description or code, error_code=description or code, **facts)
