"""Who are you? A 6-digit code to the signer's mailbox, and what is told to Docusign about it.

An access code is Docusign's own check: it travels with the envelope, is asked for in the ceremony, and stands in the
certificate without our doing. Ours is the code by mail, for embedding makes authentication the app's duty (reference
2.4, 3.6).
"""

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from . import events, notifications
from .codes import ATTEMPTS_PER_CODE, is_right, new_code
from .links import Link
from .models import ActorKind, EmailCode, EventKind, Recipient, Verification
from .notifications import CODE_VALID_FOR
from .payloads import Evidence

logger = logging.getLogger(__name__)

CODES_PER_HOUR = 5
PAUSE_BETWEEN_CODES = timedelta(minutes=1)
# How long a browser that gave the code need not give another: long enough to finish, to come back once, to download.
PROOF_VALID_FOR = timedelta(hours=1)


class TooManyCodesError(Exception):
    """So many codes were mailed within the hour that no more will be for now."""


class WrongCodeError(Exception):
    """Not the code. `attempts_left` = 0: it is of no use any more, or there is none."""

    def __init__(self, attempts_left: int) -> None:
        super().__init__("the code is wrong")
        self.attempts_left = attempts_left


def is_asked_of(recipient: Recipient) -> bool:
    return recipient.verification == Verification.EMAIL_CODE


def usable_code(recipient: Recipient) -> EmailCode | None:
    """The code that lies in the signer's mailbox and still opens: only ever the newest."""
    newest = recipient.email_codes.order_by("-created_at", "-pk").first()
    return newest if newest and _is_usable(newest, recipient, timezone.now()) else None


def send_code(recipient: Recipient, *, anew: bool = False) -> None:
    """Mail a code, unless one that still works was mailed before; `anew` asks for another, a minute later at soonest.

    So pressing a button twice, or a mail scanner doing it, sends nothing twice. Raises TooManyCodesError.
    """
    now = timezone.now()
    with transaction.atomic():
        row = Recipient.objects.select_for_update().get(pk=recipient.pk)
        present = usable_code(row)
        if present and (not anew or present.created_at > now - PAUSE_BETWEEN_CODES):
            return
        if row.email_codes.filter(created_at__gt=now - timedelta(hours=1)).count() >= CODES_PER_HOUR:
            raise TooManyCodesError
        new = new_code()
        EmailCode.objects.create(
            recipient=row,
            to_email=row.email,
            nonce=new.nonce,
            digest=new.digest,
            created_at=now,
            expires_at=now + CODE_VALID_FOR,
        )
        notifications.queue_code(row, new.code)
        events.record(row.envelope_id, EventKind.CODE_MAILED, recipient=row, by=ActorKind.SYSTEM, to=row.email)


def check(recipient: Recipient, given: str) -> EmailCode:
    """The code, now verified. Every try is counted before it is judged. Raises WrongCodeError."""
    now = timezone.now()
    code = usable_code(recipient)
    if code is None:
        raise WrongCodeError(0)
    counted = EmailCode.objects.filter(
        pk=code.pk, attempts__lt=ATTEMPTS_PER_CODE, expires_at__gt=now, verified_at=None
    ).update(attempts=F("attempts") + 1)
    if not counted:
        raise WrongCodeError(0)
    if not is_right(code.nonce, code.digest, given):
        logger.info("recipient %s gave a wrong code", recipient.pk)
        events.record(recipient.envelope_id, EventKind.CODE_WRONG, recipient=recipient, by=ActorKind.RECIPIENT)
        raise WrongCodeError(ATTEMPTS_PER_CODE - code.attempts - 1)
    with transaction.atomic():
        EmailCode.objects.filter(pk=code.pk).update(verified_at=now)
        told = {"to": code.to_email, "assertion_id": str(code.assertion_id)}
        events.record(recipient.envelope_id, EventKind.CODE_GIVEN, told, recipient=recipient, by=ActorKind.RECIPIENT)
    code.verified_at = now
    return code


def proof_of(recipient: Recipient, assertion_id: str) -> EmailCode | None:
    """The verified code that a browser claims to have given, if it is this signer's and young enough."""
    since = timezone.now() - PROOF_VALID_FOR
    codes = recipient.email_codes.filter(verified_at__gt=since, to_email=recipient.email)
    return next((code for code in codes if str(code.assertion_id) == assertion_id), None)


def evidence_of(link: Link, proof: EmailCode | None) -> Evidence:
    """What we know of the signer, and no more: it is printed in the certificate of completion.

    `Email` for a code, and for a link that went to their mailbox alone; `None` for a device that was handed over,
    and for a link that staff have had shown.
    """
    domain = urlsplit(settings.PORTAL_BASE_URL).netloc
    if proof and proof.verified_at:
        return Evidence("Email", proof.verified_at, domain, assertion_id=str(proof.assertion_id))
    is_theirs_alone = link.host is None and link.recipient.link_revealed_at is None
    return Evidence("Email" if is_theirs_alone else "None", timezone.now(), domain)


def prune(now: datetime) -> None:
    """Codes that nobody gave are no evidence."""
    EmailCode.objects.filter(verified_at=None, expires_at__lt=now - timedelta(days=1)).delete()


def _is_usable(code: EmailCode, recipient: Recipient, now: datetime) -> bool:
    is_open = code.verified_at is None and code.expires_at > now and code.attempts < ATTEMPTS_PER_CODE
    return is_open and code.to_email == recipient.email
