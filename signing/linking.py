"""Giving out another link, and taking one back. Links travel by mail to the address on file, and no other way."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import notifications
from .links import new_link_of
from .models import FormerLink, MailKind, Recipient
from .models.mail import WAITING_STATES

logger = logging.getLogger(__name__)

LINK_COLUMNS = ("link_nonce", "link_digest", "link_expires_at", "link_revoked_at")
# How often a signer may have a link mailed, so that nobody fills a mailbox by pressing a button.
PAUSE_BETWEEN_ASKING = timedelta(minutes=10)
ASKED_PER_DAY = 5


def replace(recipient: Recipient) -> None:
    """Close the present link and mail another one. Whoever still has the old one is told so."""
    with transaction.atomic():
        row = Recipient.objects.select_for_update().get(pk=recipient.pk)
        _replace(row)
        notifications.queue_fresh_link(row)


def follow_address(recipient: Recipient) -> None:
    """Their address was corrected: the link to the former one is closed. Who was asked already gets a new one."""
    with transaction.atomic():
        row = Recipient.objects.select_for_update().get(pk=recipient.pk)
        if row.link_digest is None:
            return
        _replace(row)
        if row.sent_at and not row.envelope.is_terminal:
            notifications.queue_fresh_link(row)


def revoke(recipient: Recipient) -> None:
    """Close the present link; only a replacement opens another."""
    Recipient.objects.filter(pk=recipient.pk, link_revoked_at=None).update(link_revoked_at=timezone.now())
    logger.info("the link of recipient %s was revoked", recipient.pk)


def mail_to_signer(recipient: Recipient) -> bool:
    """A signer with an old link asks for one that works; False when they did so a moment ago or too often.

    A link that works is mailed as it is, so that asking (by a mail scanner, too) spoils nothing; a new one is made
    only in place of one that has expired. What staff have revoked stays so.
    """
    now = timezone.now()
    with transaction.atomic():
        row = Recipient.objects.select_for_update().get(pk=recipient.pk)
        if row.link_revoked_at or not row.is_embedded or _has_asked_enough(row):
            return False
        if row.link_expires_at and row.link_expires_at <= now:
            _replace(row)
        notifications.queue_fresh_link(row)
    return True


def _replace(row: Recipient) -> None:
    """The row must be locked."""
    if row.link_digest:
        FormerLink.objects.get_or_create(digest=row.link_digest, defaults={"recipient": row})
    new_link_of(row, timezone.now())
    row.save(update_fields=LINK_COLUMNS)
    # Mails are rendered when they leave: one that waits would take the new link to where the old one went.
    row.mails.filter(state__in=WAITING_STATES).update(to_email=row.mail_address)
    logger.info("recipient %s has another link", row.pk)


def _has_asked_enough(row: Recipient) -> bool:
    now = timezone.now()
    mails = row.mails.filter(kind=MailKind.FRESH_LINK)
    if mails.filter(created_at__gt=now - PAUSE_BETWEEN_ASKING).exists():
        return True
    return mails.filter(created_at__gt=now - timedelta(days=1)).count() >= ASKED_PER_DAY
