"""The outbox: how mails leave, what becomes of them, and when they are tried again."""

import logging
from datetime import datetime, timedelta
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from . import events
from .letters import render
from .links import link_ends_at
from .mail_copies import copy_for, waits_for_copy
from .mail_failures import MAIL_ERRORS, failure_of
from .models import ActorKind, EventKind, MailKind, MailState, OutgoingMail
from .models.mail import ASKING_KINDS, WAITING_STATES
from .models.recipient import ACTIVE_STATUSES
from .notifications import CODE_VALID_FOR
from .secrecy import hide_links

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12  # over 14 hours: a mail server that is down for a night loses nothing
CLAIM = timedelta(minutes=5)  # longer than EMAIL_TIMEOUT; a killed worker's mail is tried again after it
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
COPY_LOOK_AGAIN = timedelta(seconds=20)
BROKEN = "It could not be written, time and again: the worker's log says why."  # none of a mail server's errors
HEADERS = {
    "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office notes, please
    "X-Auto-Response-Suppress": "OOF, AutoReply",  # the same in Exchange's words; bounces still come
}


def due_mail_ids(now: datetime, *, envelope_id: int | None = None, limit: int = 500) -> list[int]:
    mails = OutgoingMail.objects.filter(state__in=WAITING_STATES, due_at__lte=now)
    if envelope_id is not None:
        mails = mails.filter(envelope_id=envelope_id)
    return list(mails.order_by("due_at").values_list("pk", flat=True)[:limit])


def deliver(mail_id: int) -> None:
    """Hand one mail to the mail server. One worker at a time; trouble is kept on the row and tried again."""
    mail, now = _claim(mail_id), timezone.now()
    if mail is None:
        return
    if mail.attempts > MAX_ATTEMPTS:
        _settle(mail, state=MailState.FAILED, error=mail.error or BROKEN)
    elif not is_needed(mail, now):
        _settle(mail, state=MailState.NOT_NEEDED)
    elif waits_for_copy(mail, now):
        _settle(mail, state=MailState.QUEUED, due_at=now + COPY_LOOK_AGAIN, attempts=mail.attempts - 1)
    else:
        _send(mail)


def is_needed(mail: OutgoingMail, now: datetime) -> bool:
    """Nobody is asked for what they have done, or can no longer do."""
    if mail.kind == MailKind.CODE:
        return now < mail.created_at + CODE_VALID_FOR
    recipient, envelope = mail.recipient, mail.envelope
    if mail.kind not in ASKING_KINDS or recipient is None:
        return True
    has_link = recipient.link_revoked_at is None and (link_ends_at(recipient) or now) >= now
    is_in_time = envelope.is_open and (envelope.expires_at or now) >= now
    return recipient.status in ACTIVE_STATUSES and has_link and is_in_time


def send_again(mail: OutgoingMail) -> bool:
    """Put a mail back into the queue, whatever became of it, and to the address now on file.

    False when it is not needed any more, and nothing was done.
    """
    now = timezone.now()
    if not is_needed(mail, now):
        return False
    owner = mail.envelope.owner
    to_email = mail.recipient.mail_address if mail.recipient else (owner.is_active and owner.email) or mail.to_email
    _settle(
        mail,
        state=MailState.QUEUED,
        to_email=to_email,
        due_at=now,
        attempts=0,
        error="",
        sent_at=None,
        message_id="",
        provider_id="",
    )
    return True


def note_bounce(provider_id: str, reason: str) -> bool:
    """A provider reports that a mail it had taken came back. False when it is none of ours."""
    reason = hide_links(reason)[:500]  # servers like to quote what they refuse
    mails = list(
        OutgoingMail.objects.filter(provider_id=provider_id).exclude(provider_id="").select_related("recipient")
    )
    with transaction.atomic():
        for mail in mails:
            if mail.state != MailState.BOUNCED:
                _tell(mail, EventKind.MAIL_FAILED, reason=reason)
            _settle(mail, state=MailState.BOUNCED, error=reason)
    return bool(mails)


def _claim(mail_id: int) -> OutgoingMail | None:
    """Whoever gets the row is alone with it for a while."""
    now = timezone.now()
    claimed = OutgoingMail.objects.filter(pk=mail_id, state__in=WAITING_STATES, due_at__lte=now).update(
        state=MailState.SENDING, due_at=now + CLAIM, attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    return OutgoingMail.objects.select_related("envelope__owner", "recipient").get(pk=mail_id)


def _send(mail: OutgoingMail) -> None:
    if not mail.message_id:  # kept over retries: a server that had taken it after all can tell them to be one
        mail.message_id = make_msgid(domain=parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or None)
        _settle(mail, message_id=mail.message_id)
    message = _message(mail)
    try:
        message.send()
    except MAIL_ERRORS as error:
        _note_failure(mail, error)
    else:
        provider_id = getattr(getattr(message, "anymail_status", None), "message_id", None)
        with transaction.atomic():
            _settle(mail, state=MailState.SENT, sent_at=timezone.now(), error="", provider_id=provider_id or "")
            _tell(mail, EventKind.MAIL_SENT)


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    rendered = render(mail)
    sender = mail.envelope.owner
    message = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        to=[mail.to_email],
        reply_to=[sender.email] if sender.email and mail.recipient else None,
        headers={**HEADERS, "Message-ID": mail.message_id},
    )
    message.attach_alternative(rendered.html, "text/html")
    if copy := copy_for(mail):
        with copy.file.open("rb") as file:
            message.attach(f"{' '.join(mail.envelope.subject.split())}.pdf", file.read(), "application/pdf")
    return message


def _note_failure(mail: OutgoingMail, error: Exception) -> None:
    """Back off 30 s, 1 min, 2 min … up to hours; give up visibly after the last attempt or a final no."""
    failure = failure_of(error)
    reason = hide_links(failure.reason)[:500]
    logger.warning("mail %s: attempt %s failed (%s)", mail.pk, mail.attempts, type(error).__name__)
    state = MailState.QUEUED
    if failure.is_bounce:
        state = MailState.BOUNCED
    elif failure.is_final or mail.attempts >= MAX_ATTEMPTS:
        state = MailState.FAILED
    delay = min(FIRST_RETRY * 2 ** (mail.attempts - 1), LONGEST_RETRY)
    with transaction.atomic():
        _settle(mail, state=state, due_at=timezone.now() + delay, error=reason)
        if state != MailState.QUEUED:
            _tell(mail, EventKind.MAIL_FAILED, reason=reason)


def _tell(mail: OutgoingMail, kind: EventKind, *, reason: str = "") -> None:
    told = {"mail": mail.kind, "to": mail.to_email} | ({"reason": reason} if reason else {})
    events.record(mail.envelope_id, kind, told, recipient=mail.recipient, by=ActorKind.SYSTEM)


def _settle(mail: OutgoingMail, **columns: object) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(**columns)
