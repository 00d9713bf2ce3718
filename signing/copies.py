"""A signer asks for the signed documents by mail. They go to the address on file, and no other way."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from . import notifications
from .mail_copies import copy_of
from .models import MailKind, Recipient
from .models.mail import WAITING_STATES

# How long one copy is enough. The mail that told of the end counts, or a scanner of it would ask for the next one.
PAUSE_BETWEEN_COPIES = timedelta(minutes=10)
ASKED_PER_DAY = 3


def can_be_mailed(recipient: Recipient) -> bool:
    return recipient.is_embedded and copy_of(recipient.envelope, recipient) is not None


def mail_to_signer(recipient: Recipient) -> bool:
    """False when a copy was mailed a moment ago, is about to be, or was asked for too often today."""
    with transaction.atomic():
        row = Recipient.objects.select_for_update().get(pk=recipient.pk)
        if not can_be_mailed(row) or _has_enough(row):
            return False
        notifications.queue_copy(row)
    return True


def _has_enough(row: Recipient) -> bool:
    now = timezone.now()
    mails = row.mails.filter(kind=MailKind.COMPLETED)
    since = now - PAUSE_BETWEEN_COPIES
    if mails.filter(Q(created_at__gt=since) | Q(sent_at__gt=since) | Q(state__in=WAITING_STATES)).exists():
        return True
    return mails.exclude(occasion="").filter(created_at__gt=now - timedelta(days=1)).count() >= ASKED_PER_DAY
