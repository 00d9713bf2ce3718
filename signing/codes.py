"""6-digit codes: made, and told right from wrong.

A million of them are soon tried, so each is keyed with SECRET_KEY.
"""

import hmac
import secrets
from dataclasses import dataclass, field

from django.conf import settings

CODE_DIGITS = 6
ATTEMPTS_PER_CODE = 5


@dataclass(frozen=True, slots=True)
class NewCode:
    """What is mailed, and what is kept of it."""

    code: str = field(repr=False)
    nonce: str
    digest: str


def new_code() -> NewCode:
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    nonce = secrets.token_urlsafe(16)
    return NewCode(code, nonce, _digest(nonce, code, settings.SECRET_KEY))


def is_right(nonce: str, digest: str, given: str) -> bool:
    """Blanks do not count: mail programs and people group digits. Every wrong one takes the same time."""
    digits = "".join(given.split())
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(digest, _digest(nonce, digits, key)) for key in keys)


def _digest(nonce: str, code: str, secret_key: str) -> str:
    return hmac.digest(secret_key.encode(), f"signing.verification:{nonce}:{code}".encode(), "sha256").hex()
