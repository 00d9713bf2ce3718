"""Signer links: made from a random nonce and SECRET_KEY, found again by their digest.

The database holds the nonce and the digest. Without SECRET_KEY neither yields the link, so a leaked backup
opens nothing; with it the portal can write the same link into a reminder months later. Replacing the nonce
revokes the old link.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from .models import Recipient
from .models.recipient import new_link_nonce

LINK_TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{43}")


def link_token_for(nonce: str, secret_key: str) -> str:
    """256 bits, 43 URL-safe characters."""
    mac = hmac.digest(secret_key.encode(), b"signing.links:" + nonce.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def digest_of(link_token: str) -> str:
    return hashlib.sha256(link_token.encode()).hexdigest()


def open_link(recipient: Recipient, now: datetime) -> None:
    """Give the recipient a link that works from now on. Changes the object; the caller saves."""
    recipient.link_digest = digest_of(link_token_for(recipient.link_nonce, settings.SECRET_KEY))
    recipient.link_expires_at = now + timedelta(days=settings.SIGNER_LINK_DAYS)


def new_link_of(recipient: Recipient, now: datetime) -> None:
    """Revoke the present link and open another. Changes the object; the caller saves."""
    recipient.link_nonce = new_link_nonce()
    open_link(recipient, now)


def link_token_of(recipient: Recipient) -> str:
    """The token of an opened link. After a change of SECRET_KEY the old keys are tried (SECRET_KEY_FALLBACKS)."""
    for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        link_token = link_token_for(recipient.link_nonce, secret_key)
        if digest_of(link_token) == recipient.link_digest:
            return link_token
    raise LookupError("this recipient has no link under the present or former secret keys")


def link_url(recipient: Recipient) -> str:
    """The absolute address that goes into a mail."""
    path = reverse("signing:landing", kwargs={"link_token": link_token_of(recipient)})
    return f"{settings.PORTAL_BASE_URL}{path}"


def find_recipient(link_token: str) -> Recipient | None:
    """Whose link is this? None for anything unknown, malformed or revoked."""
    if not LINK_TOKEN_PATTERN.fullmatch(link_token):
        return None
    return Recipient.objects.select_related("envelope__created_by").filter(link_digest=digest_of(link_token)).first()
