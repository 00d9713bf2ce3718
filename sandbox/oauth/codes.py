"""Authorization Code Grant, with PKCE, and its refresh tokens (reference 1.3)."""

import base64
import binascii
import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from sandbox import clock, tokens
from sandbox.models import AuthorizationCode, IntegrationKey, User

from . import permission
from .errors import GrantError

EXTENDED = "extended"  # the scope by which every refresh counts its thirty days anew


def issue(user: User, key: IntegrationKey, scopes: list[str], challenge: str, method: str) -> str:
    """A code that is good once, for a short while. `challenge`: PKCE's, or empty."""
    code = secrets.token_urlsafe(60)
    AuthorizationCode.objects.create(
        code=code,
        user=user,
        integration_key=key,
        scopes=scopes,
        code_challenge=challenge,
        code_challenge_method=method,
        created_at=clock.now(),
    )
    return code


def exchange(request: HttpRequest) -> dict[str, Any]:
    """`grant_type=authorization_code`. Raises GrantError."""
    with transaction.atomic():
        code = AuthorizationCode.objects.filter(code=request.POST.get("code", "")).first()
        if code is None or code.is_used:
            raise GrantError("invalid_grant")
        key = _client(request, may_be_public=bool(code.code_challenge))
        if code.integration_key_id != key.pk or not _is_proven(code, request.POST.get("code_verifier", "")):
            raise GrantError("invalid_grant")
        code.is_used = True
        code.save(update_fields=["is_used"])
    if clock.now() - code.created_at > timedelta(seconds=settings.AUTHORIZATION_CODE_SECONDS):
        raise GrantError("invalid_grant", "expired_client_token")
    refresh_token = tokens.issue_refresh(code.user, key, code.scopes, is_public=bool(code.code_challenge))
    return _answer(code.user, key, code.scopes, refresh_token)


def refresh(request: HttpRequest) -> dict[str, Any]:
    """`grant_type=refresh_token`. Refresh tokens die with the consent they came from (reference 1.6)."""
    claims = tokens.read(request.POST.get("refresh_token", ""))
    if claims is None or claims.get("use") != tokens.REFRESH:
        raise GrantError("invalid_grant")
    key = _client(request, may_be_public=bool(claims.get("is_public")))
    user = permission.active_users().filter(guid=claims["sub"]).first()
    scopes: list[str] = claims["scp"]
    if claims["client_id"] != key.guid or user is None or permission.missing(user, key, scopes):
        raise GrantError("invalid_grant")
    expires_at = None if EXTENDED in scopes else claims["exp"]
    refresh_token = tokens.issue_refresh(
        user, key, scopes, is_public=bool(claims.get("is_public")), expires_at=expires_at
    )
    return _answer(user, key, scopes, refresh_token)


def _answer(user: User, key: IntegrationKey, scopes: list[str], refresh_token: str) -> dict[str, Any]:
    seconds: int = settings.CODE_GRANT_TOKEN_SECONDS
    return {
        "access_token": tokens.issue(user, key, scopes, seconds),
        "token_type": "Bearer",
        "refresh_token": refresh_token,
        "expires_in": seconds,
        "scope": " ".join(scopes),
    }


def _client(request: HttpRequest, *, may_be_public: bool) -> IntegrationKey:
    """Who calls: by Basic or by the body, with the secret; without one only where PKCE proves it."""
    key_guid, secret = _basic(request) or (request.POST.get("client_id", ""), request.POST.get("client_secret", ""))
    key = IntegrationKey.objects.filter(guid=key_guid.lower()).first()
    if key is None:
        raise GrantError("invalid_client")
    if not secret and may_be_public:
        return key
    if not key.secret or not secrets.compare_digest(key.secret.encode(), secret.encode()):
        raise GrantError("invalid_grant")  # not invalid_client: so it is seen in the wild
    return key


def _basic(request: HttpRequest) -> tuple[str, str] | None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise GrantError("invalid_client") from None
    return name, secret


def _is_proven(code: AuthorizationCode, verifier: str) -> bool:
    """PKCE (RFC 7636): the verifier belongs to the challenge that began it."""
    if not code.code_challenge:
        return True
    derived = verifier.encode()
    if code.code_challenge_method == "S256":
        derived = base64.urlsafe_b64encode(hashlib.sha256(derived).digest()).rstrip(b"=")
    return secrets.compare_digest(derived, code.code_challenge.encode())
