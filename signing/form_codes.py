"""The code by which a visitor of a form shows that the mailbox is theirs, before anything is made for them.

It is no row of the outbox, which knows envelopes only; it lives ten minutes, and is mailed within them or never.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from .branding import brand
from .codes import ATTEMPTS_PER_CODE, is_right, new_code
from .letters import Letter
from .mail_failures import MAIL_ERRORS
from .models import FormEntry, PublicForm
from .notifications import CODE_VALID_FOR
from .outbox import HEADERS
from .secretbox import decrypt, encrypt
from .verification import PAUSE_BETWEEN_CODES, WrongCodeError

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=1)  # entries that led to nothing


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a letter says of an envelope, when there is none yet."""

    subject: str
    sender_name: str
    created_by: User


def make(entry: FormEntry) -> bool:
    """Another code for this entry; False when the last is so young that it may still be on its way.

    The caller rings for the mail.
    """
    now, new = timezone.now(), new_code()
    young = entry.code_made_at and entry.code_made_at > now - PAUSE_BETWEEN_CODES
    if young or entry.verified_at:
        return False
    FormEntry.objects.filter(pk=entry.pk).update(
        nonce=new.nonce,
        digest=new.digest,
        sealed_code=encrypt(new.code),
        attempts=0,
        code_made_at=now,
        code_expires_at=now + CODE_VALID_FOR,
        code_mailed_at=None,
    )
    return True


def check(entry: FormEntry, given: str) -> None:
    """The mailbox is theirs. Every try is counted before it is judged. Raises WrongCodeError.

    The right code may be given twice: people press buttons twice.
    """
    now = timezone.now()
    counted = FormEntry.objects.filter(pk=entry.pk, attempts__lt=ATTEMPTS_PER_CODE, code_expires_at__gt=now).update(
        attempts=F("attempts") + 1
    )
    if not counted:
        raise WrongCodeError(0)
    entry.refresh_from_db()
    if not is_right(entry.nonce, entry.digest, given):
        raise WrongCodeError(max(0, ATTEMPTS_PER_CODE - entry.attempts))
    FormEntry.objects.filter(pk=entry.pk, verified_at=None).update(verified_at=now, sealed_code="")
    entry.refresh_from_db()


def is_usable(entry: FormEntry) -> bool:
    is_open = entry.verified_at is None and entry.attempts < ATTEMPTS_PER_CODE
    return is_open and entry.code_expires_at is not None and entry.code_expires_at > timezone.now()


def code_of(entry: FormEntry) -> str:
    """While it is worth something; for staff only where MAIL_PREVIEW allows it."""
    return decrypt(entry.sealed_code) or "" if is_usable(entry) else ""


def due_entry_ids(now: datetime) -> Sequence[int]:
    """Codes that have not left: their bell was lost, or the mail server did not answer."""
    waiting = FormEntry.objects.filter(code_mailed_at=None, code_expires_at__gt=now).exclude(sealed_code="")
    return list(waiting.values_list("pk", flat=True)[:500])


def mail(entry_id: int) -> None:
    """Hand it to the mail server, once. After trouble it waits for the next sweep."""
    now = timezone.now()
    claimed = FormEntry.objects.filter(pk=entry_id, code_mailed_at=None, code_expires_at__gt=now).update(
        code_mailed_at=now
    )
    if not claimed:
        return
    entry = FormEntry.objects.select_related("form__created_by").get(pk=entry_id)
    try:
        _message(entry).send()
    except MAIL_ERRORS as error:
        logger.warning("the code of entry %s could not be mailed (%s)", entry.pk, type(error).__name__)
        FormEntry.objects.filter(pk=entry_id).update(code_mailed_at=None)


def prune(now: datetime) -> None:
    FormEntry.objects.filter(recipient=None, created_at__lt=now - KEPT_FOR).delete()


def _message(entry: FormEntry) -> EmailMultiAlternatives:
    form = entry.form
    with translation.override(entry.language or settings.LANGUAGE_CODE):
        letter, context = _letter(form), _context(entry)
        message = EmailMultiAlternatives(
            subject=" ".join(letter.subject.split()),
            body=render_to_string("mail/letter.txt", context | {"letter": letter}),
            to=[entry.email],
            reply_to=[form.created_by.email] if form.created_by.email else None,
            headers=HEADERS,
        )
        message.attach_alternative(render_to_string("mail/letter.html", context | {"letter": letter}), "text/html")
    return message


def _letter(form: PublicForm) -> Letter:
    """In the words of the code that a link asks for."""
    return Letter(
        subject=_("Your code: %(subject)s") % {"subject": form.title},
        heading=_("Your code"),
        paragraphs=[_("Enter it on the page that asks for it. It is valid for a few minutes.")],
        notes=[
            _("Never tell it to anyone: nobody will ask you for it, neither by phone nor by mail."),
            _("If you did not ask for it, there is nothing you need to do."),
        ],
    )


def _context(entry: FormEntry) -> dict[str, object]:
    owner = entry.form.created_by
    return {
        "envelope": _Shown(entry.form.title, owner.get_full_name() or owner.get_username(), owner),
        "reader": entry.name,
        "is_to_sender": False,
        "sign_by": "",
        "code": decrypt(entry.sealed_code) or "",
        "link": "",
        "brand": brand(),
    }
