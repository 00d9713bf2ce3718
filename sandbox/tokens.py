"""Access and refresh tokens: opaque to clients, signed here, dead when the sandbox's clock says so."""

import secrets
from datetime import timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jwt
from django.conf import settings
from django.http import HttpRequest

from . import clock
from .errors import ApiError
from .models import IntegrationKey, User

ALGORITHM = "HS256"
REFRESH_DAYS = 30
REFRESH = "refresh"  # what such a token says of its use


def issue(user: User | None, key: IntegrationKey, scopes: list[str], seconds: int) -> str:
    """A JWT of 700 to 1,200 characters, as Docusign's are: too long for a short column. No user: the application's."""
    claims = {"sub": user.guid if user else "", "client_id": key.guid, "scp": scopes}
    return _sign(claims, _in(timedelta(seconds=seconds)))


def issue_refresh(
    user: User, key: IntegrationKey, scopes: list[str], *, is_public: bool, expires_at: int | None = None
) -> str:
    """`is_public`: its client proves itself by PKCE and has no secret. `expires_at`: Unix seconds; else 30 days on."""
    claims = {"sub": user.guid, "client_id": key.guid, "scp": scopes, "use": REFRESH, "is_public": is_public}
    return _sign(claims, expires_at or _in(timedelta(days=REFRESH_DAYS)))


def read(value: str) -> dict[str, Any] | None:
    """The claims of a token of ours that is still good."""
    claims = _claims(value)
    return claims if claims is not None and claims["exp"] > clock.now().timestamp() else None


def bearer_of(request: HttpRequest) -> str:
    """Raises USER_AUTHENTICATION_FAILED. The scheme is matched whatever its case (reference 9.3)."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        raise ApiError("USER_AUTHENTICATION_FAILED")
    return value.strip()


def user_of(bearer: str) -> User:
    """Raises USER_AUTHENTICATION_FAILED for what was never a token, AUTHORIZATION_INVALID_TOKEN for a dead one."""
    return active_user(user_guid_of(bearer))


def user_guid_of(bearer: str) -> str:
    """Raises as `user_of`; whether the user is still active is not asked."""
    claims = _claims(bearer)
    if claims is None:
        raise ApiError("USER_AUTHENTICATION_FAILED")
    if claims["exp"] <= clock.now().timestamp() or claims.get("use") == REFRESH:
        raise ApiError("AUTHORIZATION_INVALID_TOKEN")
    return str(claims["sub"])


def require_scope(bearer: str, scope: str) -> None:
    """Raises AUTHORIZATION_INVALID_SCOPE; call it of tokens known to be good."""
    claims = _claims(bearer)
    if claims is not None and scope not in claims["scp"]:
        raise ApiError("AUTHORIZATION_INVALID_SCOPE", f"It was not issued for the scope {scope}.")


def active_user(user_guid: str) -> User:
    user = User.objects.filter(guid=user_guid, is_active=True).first()
    if user is None:
        raise ApiError("AUTHORIZATION_INVALID_TOKEN")
    return user


def _in(lifetime: timedelta) -> int:
    return int((clock.now() + lifetime).timestamp())


def _sign(claims: dict[str, Any], expires_at: int) -> str:
    full = claims | {"exp": expires_at, "jti": secrets.token_urlsafe(360)}
    return jwt.encode(full, _secret(), algorithm=ALGORITHM)


@lru_cache(maxsize=256)
def _claims(value: str) -> dict[str, Any] | None:
    try:
        # The sandbox's clock decides, not the real one.
        return jwt.decode(value, _secret(), algorithms=[ALGORITHM], options={"verify_exp": False})
    except jwt.PyJWTError:
        return None


@cache
def _secret() -> str:
    """Kept in the data folder, so that tokens outlive a restart."""
    path: Path = settings.DATA_DIR / "token-secret"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text()
