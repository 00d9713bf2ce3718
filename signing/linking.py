"""Giving out another link, taking one back, and showing one to staff, on record.

Links travel by mail to the address on file, and in no other way but `reveal`.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import events, notifications
from .links import Link, link_ends_at, link_url, new_link_of
from .models import ActorKind, Envelope, EventKind, FormerLink, LinkState, MailKind, Recipient
from .models.mail import WAITING_STATES

logger = logging.getLogger(__name__)

LINK_COLUMNS = ("link_nonce", "link_digest", "link_expires_at", "link_revoked_at", "link_revealed_at")
# How often a signer may have a link mailed, so that nobody fills a mailbox by pressing a button.
PAUSE_BETWEEN_ASKING = timedelta(minutes=10)
ASKED_PER_DAY = 5


def replace(recipient: Recipient) -> None:
    """Close the present link and mail another one. Whoever still has the old one is told so."""
    with transaction.atomic():
        row = _locked(recipient)
        _replace(row)
        events.record(row.envelope_id, EventKind.LINK_REPLACED, recipient=row)
        notifications.queue_fresh_link(row)


def follow_address(recipient: Recipient) -> None:
    """Their address was corrected: the link to the former one is closed. Who was asked already gets a new one."""
    with transaction.atomic():
        row = _locked(recipient)
        if row.link_digest is None:
            return
        _replace(row)
        events.record(row.envelope_id, EventKind.LINK_REPLACED, recipient=row, by=ActorKind.SYSTEM)
        if row.sent_at and not row.envelope.is_terminal:
            notifications.queue_fresh_link(row)


def revoke(recipient: Recipient) -> None:
    """Close the present link; only a replacement opens another."""
    with transaction.atomic():
        if Recipient.objects.filter(pk=recipient.pk, link_revoked_at=None).update(link_revoked_at=timezone.now()):
            events.record(recipient.envelope_id, EventKind.LINK_REVOKED, recipient=recipient)
    logger.info("the link of recipient %s was revoked", recipient.pk)


def may_be_revealed(recipient: Recipient) -> bool:
    """There is a link of ours, and it opens something."""
    ends_at = link_ends_at(recipient)
    is_open = recipient.link_digest is not None and recipient.link_revoked_at is None and recipient.is_embedded
    return is_open and (ends_at is None or ends_at > timezone.now())


def reveal(recipient: Recipient, *, reason: str) -> str:
    """The address of the recipient's page, for whoever of the staff is acting. Never without a line of the timeline.

    From then on the link is no evidence that the signer has the mailbox (`signing.verification`).
    """
    with transaction.atomic():
        row = Recipient.objects.select_for_update().get(pk=recipient.pk)
        Recipient.objects.filter(pk=row.pk).update(link_revealed_at=timezone.now())
        events.record(row.envelope_id, EventKind.LINK_REVEALED, recipient=row, reason=reason)
    logger.info("the link of recipient %s was shown to staff", row.pk)
    return link_url(row)


def note_preview(recipient: Recipient) -> None:
    """A mail is shown to staff with its link, as MAIL_PREVIEW has it: put on record once for each link."""
    if recipient.link_revealed_at is None and recipient.link_digest:
        reveal(recipient, reason="MAIL_PREVIEW")


def mail_to_signer(recipient: Recipient) -> bool:
    """A signer with an old link asks for one that works; False when they did so a moment ago or too often.

    A link that works is mailed as it is, so that asking (by a mail scanner, too) spoils nothing; a new one is made
    only in place of one that has expired. What staff have revoked stays so.
    """
    now = timezone.now()
    with transaction.atomic():
        row = _locked(recipient)
        if row.link_revoked_at or not row.is_embedded or _has_asked_enough(row):
            return False
        ends_at = link_ends_at(row)
        if ends_at and ends_at <= now:
            _replace(row)
        events.record(row.envelope_id, EventKind.LINK_REQUESTED, recipient=row, by=ActorKind.RECIPIENT)
        notifications.queue_fresh_link(row)
    return True


def note_language(link: Link, language: str) -> None:
    """Mails speak the language that the signer chose. On another's device, or by a former link, that says nothing."""
    recipient = link.recipient
    if link.host is None and link.state == LinkState.CURRENT and recipient.language != language:
        recipient.language = language
        recipient.save(update_fields=["language"])


def _locked(recipient: Recipient) -> Recipient:
    """The envelope first, as when news comes: two that wait for each other would wait for ever."""
    Envelope.objects.select_for_update().filter(pk=recipient.envelope_id).first()
    return Recipient.objects.select_for_update().get(pk=recipient.pk)


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
