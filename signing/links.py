"""Signer links: made from a random nonce and SECRET_KEY, found again by their digest.

The database holds the nonce and the digest. Without SECRET_KEY neither yields the link, so a leaked backup
opens nothing; with it the portal can write the same link into a reminder months later. Replacing the nonce
closes the old link.

A link followed by `.3` is the same link with the device handed over to recipient number 3 (`Link.host`).
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

from .models import FormerLink, LinkState, Recipient
from .models.recipient import DONE_STATUSES, new_link_nonce

LINK_TOKEN_PATTERN = re.compile(r"([A-Za-z0-9_-]{43})(?:\.([1-9][0-9]{0,9}))?")
# Who signs on an envelope's last day still has so long to fetch a copy.
AFTER_THE_END = timedelta(days=30)
# How long after the last signature the next one may still be given on the same device.
HAND_OVER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as somebody opened it. `host` has signed and handed the device to `recipient`; None = their own link."""

    link_token: str
    recipient: Recipient
    state: LinkState
    expires_at: datetime | None
    host: Recipient | None = None

    def handed_to(self, next_one: Recipient) -> str:
        """The token for the next signer on this device."""
        return f"{self.link_token.partition('.')[0]}.{next_one.number}"


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
    recipient.link_revoked_at = None


def new_link_of(recipient: Recipient, now: datetime) -> None:
    """Another link, so that the present one is found no more. Changes the object; the caller saves."""
    recipient.link_nonce = new_link_nonce()
    recipient.link_revealed_at = None
    open_link(recipient, now)


def link_ends_at(recipient: Recipient) -> datetime | None:
    """None for a link that was never opened. No link ends before its envelope does, however that was prolonged."""
    envelope = recipient.envelope
    end = envelope.expires_at if envelope.is_open else envelope.completed_at
    if recipient.link_expires_at is None or end is None:
        return recipient.link_expires_at
    return max(recipient.link_expires_at, end + AFTER_THE_END)


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


def is_well_formed(link_token: str) -> bool:
    """False for what no mail ever said: broken over two lines, or typed. Guesses look right."""
    return LINK_TOKEN_PATTERN.fullmatch(link_token) is not None


def find_link(link_token: str) -> Link | None:
    """Whose link is this? None for anything unknown or malformed."""
    match = LINK_TOKEN_PATTERN.fullmatch(link_token)
    if match is None:
        return None
    digest, guest_number = digest_of(match[1]), match[2]
    owner = Recipient.objects.select_related("envelope__owner").filter(link_digest=digest).first()
    if owner is None:
        former = FormerLink.objects.select_related("recipient__envelope__owner").filter(digest=digest).first()
        return Link(link_token, former.recipient, LinkState.REPLACED, None) if former else None
    state = LinkState.REVOKED if owner.link_revoked_at else LinkState.CURRENT
    link = Link(link_token, owner, state, link_ends_at(owner))
    return _handed_over(link, int(guest_number)) if guest_number else link


def _handed_over(link: Link, number: int) -> Link | None:
    """The host's link, opened for somebody else: only where the sender allowed it, and soon after a signature."""
    host, envelope = link.recipient, link.recipient.envelope
    guest = envelope.recipients.filter(number=number).exclude(pk=host.pk).first()
    if guest is None or not envelope.allows_hand_over or host.status not in DONE_STATUSES:
        return None
    last_signature = envelope.recipients.aggregate(last=Max("signed_at"))["last"]
    if last_signature is None:
        return None
    guest.envelope = envelope
    until = last_signature + HAND_OVER
    return Link(link.link_token, guest, link.state, min(until, link.expires_at or until), host)
