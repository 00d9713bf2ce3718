"""JWT Grant: the assertion really verified (reference 1.2, 1.4)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt
from django.conf import settings
from django.http import HttpRequest

from sandbox import clock, tokens
from sandbox.models import IntegrationKey

from . import permission
from .errors import GrantError

DOCUSIGN_HOSTS = frozenset({"account-d.docusign.com", "account.docusign.com"})
# The library judges times by the machine's clock; ours may be elsewhere.
OPTIONS: Any = {
    "require": ["exp"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_sub": False,
}


def exchange(request: HttpRequest) -> dict[str, Any]:
    """A user's access token, or the application's own where the assertion names no user. Raises GrantError."""
    key, claims = _verified(request)
    scopes = str(claims.get("scope") or "").split()
    if not scopes:
        raise GrantError("invalid_request")
    subject = str(claims.get("sub") or "")
    user = permission.active_users().filter(guid=subject.lower()).first() if subject else None
    if subject and user is None:
        raise GrantError("invalid_grant", "user_not_found")
    if user is not None and permission.missing(user, key, scopes):
        raise GrantError("consent_required")
    seconds: int = settings.ACCESS_TOKEN_SECONDS
    return {
        "access_token": tokens.issue(user, key, scopes, seconds),
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": " ".join(scopes),
    }


def _verified(request: HttpRequest) -> tuple[IntegrationKey, Mapping[str, Any]]:
    """The assertion's claims, once its signature holds with one of the integration key's public keys."""
    assertion = request.POST.get("assertion", "")
    try:
        unverified = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise GrantError("invalid_grant") from None
    key = IntegrationKey.objects.filter(guid=str(unverified.get("iss", "")).lower()).first()
    if key is None:
        raise GrantError("invalid_grant", "issuer_not_found")
    audiences = DOCUSIGN_HOSTS | {request.get_host()}
    for public_key in key.public_keys:
        try:
            claims = jwt.decode(assertion, public_key, algorithms=["RS256"], audience=audiences, options=OPTIONS)
        except jwt.PyJWTError:
            continue
        _require_in_time(claims)
        return key, claims
    raise GrantError("invalid_grant", "no_valid_keys_or_signatures")


def _require_in_time(claims: Mapping[str, Any]) -> None:
    """`exp` and `nbf` are numbers that the client's clock wrote; see ASSERTIONS_FOLLOW_THE_SANDBOX_CLOCK."""
    now = clock.now() if settings.ASSERTIONS_FOLLOW_THE_SANDBOX_CLOCK else datetime.now(UTC)
    try:
        expires_at, not_before = float(claims["exp"]), float(claims.get("nbf") or 0)
    except (TypeError, ValueError):
        raise GrantError("invalid_grant", "no_valid_keys_or_signatures") from None
    if expires_at <= now.timestamp():
        raise GrantError("invalid_grant", "expired_grant")
    if not_before > now.timestamp():
        raise GrantError("invalid_grant", "no_valid_keys_or_signatures")
