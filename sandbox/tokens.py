"""Access tokens: opaque to clients, signed here, dead after an hour of the sandbox's time."""

import secrets
from datetime import timedelta
from pathlib import Path

import jwt
from django.conf import settings
from django.http import HttpRequest

from . import clock
from .models import IntegrationKey, User

ALGORITHM = "HS256"


def issue(user: User, key: IntegrationKey, scopes: list[str]) -> str:
    """A JWT of 700 to 1,200 characters, as Docusign's are: too long for a short column."""
    claims = {
        "sub": user.guid,
        "client_id": key.guid,
        "scp": scopes,
        "exp": int((clock.now() + timedelta(seconds=settings.ACCESS_TOKEN_SECONDS)).timestamp()),
        "jti": secrets.token_urlsafe(360),
    }
    return jwt.encode(claims, _secret(), algorithm=ALGORITHM)


def user_of(request: HttpRequest) -> User | None:
    """The bearer's user, or None for a missing, garbled or expired token."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        # The sandbox's clock decides, not the real one.
        claims = jwt.decode(value, _secret(), algorithms=[ALGORITHM], options={"verify_exp": False})
    except jwt.PyJWTError:
        return None
    if claims["exp"] <= clock.now().timestamp():
        return None
    return User.objects.select_related("account").filter(guid=claims["sub"], is_active=True).first()


def has_bearer(request: HttpRequest) -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def _secret() -> str:
    """Kept in the data folder, so that tokens outlive a restart."""
    path: Path = settings.DATA_DIR / "token-secret"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text()
