"""The account's HMAC keys (reference 4.3). Every active one signs every message of listeners that ask for it."""

import base64
import hashlib
import hmac
import secrets

from django.db.models import QuerySet

from sandbox import clock
from sandbox.errors import ApiError
from sandbox.models import Account, Resource

KIND = "connect_secret"
MAX_KEYS = 100


def add(account: Account, secret: str = "") -> Resource:
    """Without a secret, one is made up. Raises INVALID_REQUEST_PARAMETER when there are too many."""
    if keys(account).count() >= MAX_KEYS:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"An account has at most {MAX_KEYS} Connect keys.")
    now = clock.now()
    data = {"secret": secret or base64.b64encode(secrets.token_bytes(32)).decode()}
    return Resource.objects.create(account=account, kind=KIND, data=data, created_at=now, modified_at=now)


def keys(account: Account) -> QuerySet[Resource]:
    return Resource.objects.filter(account=account, kind=KIND)


def signatures(account: Account, body: bytes) -> dict[str, str]:
    """One header per key: base64 of the HMAC-SHA256 of the body as it goes over the wire."""
    digests = [hmac.digest(str(key.data["secret"]).encode(), body, hashlib.sha256) for key in keys(account)]
    headers = {f"X-DocuSign-Signature-{n}": base64.b64encode(d).decode() for n, d in enumerate(digests, start=1)}
    return headers | ({"X-Authorization-Digest": "HMACSHA256"} if headers else {})
