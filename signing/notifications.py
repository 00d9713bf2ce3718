"""Mail to recipients. Docusign mails embedded signers nothing, so all of it is ours.

Rows are written in the transaction that changed the status (`queue_due`), and leave afterwards (`deliver`):
a crash in between loses nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from .links import link_url
from .models import Envelope, EnvelopeStatus, MailKind, MailState, OutgoingMail, Recipient
from .models.recipient import ACTIVE_STATUSES, RecipientStatus

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
CLAIM = timedelta(minutes=5)  # longer than EMAIL_TIMEOUT; a killed worker's mail is tried again after it
FIRST_RETRY = timedelta(seconds=30)

# Who hears of an envelope's end: everyone who was ever asked, but not the one who caused it.
CLOSING_KINDS = {
    EnvelopeStatus.COMPLETED: MailKind.COMPLETED,
    EnvelopeStatus.DECLINED: MailKind.DECLINED,
    EnvelopeStatus.VOIDED: MailKind.VOIDED,
}


@dataclass(frozen=True, slots=True)
class RenderedMail:
    subject: str
    text: str
    html: str


def queue_due(envelope: Envelope) -> None:
    """Write the mails that the envelope's present state calls for and that do not exist yet. Idempotent."""
    recipients = [recipient for recipient in envelope.recipients.all() if recipient.is_embedded]
    kind = MailKind.INVITATION
    if closing := CLOSING_KINDS.get(EnvelopeStatus(envelope.status)):
        kind = closing
        addressees = [r for r in recipients if r.sent_at and r.status != RecipientStatus.DECLINED]
    elif envelope.is_open:
        addressees = [r for r in recipients if r.status in ACTIVE_STATUSES]
    else:
        return
    now = timezone.now()
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(envelope=envelope, recipient=recipient, kind=kind, to_email=recipient.email, due_at=now)
            for recipient in addressees
        ],
        ignore_conflicts=True,
    )


def due_mail_ids(now: datetime, *, envelope_id: int | None = None, limit: int = 500) -> list[int]:
    mails = OutgoingMail.objects.filter(state__in=(MailState.QUEUED, MailState.SENDING), due_at__lte=now)
    if envelope_id is not None:
        mails = mails.filter(envelope_id=envelope_id)
    return list(mails.order_by("due_at").values_list("pk", flat=True)[:limit])


def deliver(mail_id: int) -> None:
    """Hand one mail to the mail server. One worker at a time; trouble is kept on the row and tried again."""
    now = timezone.now()
    claimed = OutgoingMail.objects.filter(
        pk=mail_id, state__in=(MailState.QUEUED, MailState.SENDING), due_at__lte=now
    ).update(state=MailState.SENDING, due_at=now + CLAIM, attempts=F("attempts") + 1)
    if not claimed:
        return
    mail = OutgoingMail.objects.select_related("envelope__created_by", "recipient").get(pk=mail_id)
    try:
        _message(mail).send()
    except (SMTPException, OSError) as error:
        _note_failure(mail, error)
    else:
        OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=timezone.now(), error="")


def send_again(mail: OutgoingMail) -> None:
    """Put a mail back into the queue, whatever became of it."""
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=MailState.QUEUED, due_at=timezone.now(), attempts=0, error="", sent_at=None
    )


def render(mail: OutgoingMail, *, link: str | None = None) -> RenderedMail:
    """The mail as it leaves now. `link` replaces the signing link where it must not be seen."""
    recipient: Recipient = mail.recipient
    context = {
        "mail": mail,
        "envelope": mail.envelope,
        "recipient": recipient,
        "link": link_url(recipient) if link is None else link,
        "organisation_name": settings.ORGANISATION_NAME,
        "decliner": mail.envelope.recipients.filter(status=RecipientStatus.DECLINED).first(),
    }
    subject = render_to_string(f"mail/{mail.kind}.subject.txt", context)
    return RenderedMail(
        subject=" ".join(subject.split()),
        text=render_to_string(f"mail/{mail.kind}.txt", context),
        html=render_to_string(f"mail/{mail.kind}.html", context),
    )


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    rendered = render(mail)
    sender = mail.envelope.created_by
    message = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        to=[mail.to_email],
        reply_to=[sender.email] if sender.email else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(rendered.html, "text/html")
    return message


def _note_failure(mail: OutgoingMail, error: Exception) -> None:
    """Back off 30 s, 1 min, 2 min … and give up visibly after the last attempt."""
    logger.warning("mail %s: attempt %s failed (%s)", mail.pk, mail.attempts, type(error).__name__)
    is_last = mail.attempts >= MAX_ATTEMPTS
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=MailState.FAILED if is_last else MailState.QUEUED,
        due_at=timezone.now() + FIRST_RETRY * 2 ** (mail.attempts - 1),
        error=f"{type(error).__name__}: {error}"[:500],
    )
