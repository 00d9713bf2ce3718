"""Self-service: who may begin now, and an envelope of their own for each who does, once.

Nothing here calls Docusign: the envelope goes the way of all others. The form's row is locked while something is
begun, so that neither its limit nor "once per address" is passed by two at the same moment.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from . import linking, sending, templates
from .copying import Person
from .links import open_link
from .models import EmailCode, EnvelopeStatus, FormEntry, PublicForm, Recipient, RecipientKind, Verification
from .models.recipient import DONE_STATUSES
from .templates import Role

ENDED = (EnvelopeStatus.DECLINED, EnvelopeStatus.VOIDED)  # whose place is free again


class FormState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    EARLY = "early"
    OVER = "over"
    FULL = "full"


class Step(StrEnum):
    """What comes next for the visitor."""

    SIGN = "sign"
    MAILED = "mailed"  # the link to the copy they began before lies in their mailbox
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Visitor:
    name: str
    email: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`recipient` and `entry` when they may go on to sign; `proof` when they have shown that the mailbox is theirs.

    `is_new` when an envelope was made, and a worker has to be rung for.
    """

    step: Step
    recipient: Recipient | None = None
    entry: FormEntry | None = None
    proof: EmailCode | None = None
    is_new: bool = False


def state_of(form: PublicForm, now: datetime) -> FormState:
    """The first reason that fits. One query more, for the template's roles, when nothing else is against it."""
    if form.open_from and now < form.open_from:
        return FormState.EARLY
    if form.open_until and now >= form.open_until:
        return FormState.OVER
    if form.max_count is not None and form.count >= form.max_count:
        return FormState.FULL
    if not form.is_active or form.template.is_archived or visitor_role(form) is None:
        return FormState.CLOSED
    return FormState.OPEN


def visitor_role(form: PublicForm) -> Role | None:
    """The one open role of what the template is now; None when there is not exactly one, and nobody can begin."""
    return open_role([] if not form.template.is_published else templates.roles_of(form.template.content))


def open_role(roles: list[Role]) -> Role | None:
    vacant = [role for role in roles if role.is_open]
    return vacant[0] if len(vacant) == 1 and vacant[0].kind == RecipientKind.SIGNER else None


def takes_same_turn(form: PublicForm, email: str) -> bool:
    """Somebody of the template has this address and the visitor's order: Docusign would refuse the envelope."""
    role = visitor_role(form)
    if role is None:
        return False
    others = form.template.content.recipients.exclude(number=role.number)
    return others.filter(email__iexact=email, routing_order=role.routing_order).exists()


def register(form: PublicForm, visitor: Visitor) -> FormEntry:
    """Somebody who has yet to show that the mailbox is theirs. Counts for nothing."""
    return FormEntry.objects.create(
        form=form, name=visitor.name, email=visitor.email.lower(), language=visitor.language
    )


def begin(form: PublicForm, visitor: Visitor, *, kept: uuid.UUID | None = None) -> Outcome:
    """For forms that ask for no code. `kept` is the entry that this very browser made before."""
    with transaction.atomic():
        row = _locked(form)
        former = _former_copy(row, visitor.email)
        if former is not None:
            if former.public_id == kept:
                return Outcome(Step.SIGN, former.recipient, former)
            if former.recipient:
                linking.mail_to_signer(former.recipient)
            return Outcome(Step.MAILED, former.recipient)
        if state_of(row, timezone.now()) != FormState.OPEN:
            return Outcome(Step.CLOSED)
        return _make(row, register(row, visitor))


def begin_verified(entry: FormEntry) -> Outcome:
    """For an entry whose code was given: their open copy, or a new one. The same entry never makes two."""
    with transaction.atomic():
        row = _locked(entry.form)
        entry.refresh_from_db()
        if entry.verified_at is None:
            raise ValueError("the code was not given")
        former = entry if entry.recipient else _former_copy(row, entry.email)
        if former is not None and former.recipient is not None:
            return Outcome(Step.SIGN, former.recipient, former, _evidence(entry, former.recipient))
        if state_of(row, timezone.now()) != FormState.OPEN:
            return Outcome(Step.CLOSED)
        return _make(row, entry)


def resume(form: PublicForm, kept: uuid.UUID) -> Recipient | None:
    """The visitor of a copy that this browser began and that is still to be signed."""
    entry = _with_copies(form).filter(public_id=kept).first()
    if entry is None or entry.recipient is None or entry.recipient.status in DONE_STATUSES:
        return None
    return entry.recipient


def _former_copy(form: PublicForm, email: str) -> FormEntry | None:
    """The one to go on with: not signed yet, or signed, where once is enough."""
    entry = _with_copies(form).filter(email=email.lower()).order_by("-pk").first()
    if entry is None or entry.recipient is None:
        return None
    return entry if form.one_per_email or entry.recipient.status not in DONE_STATUSES else None


def _with_copies(form: PublicForm) -> QuerySet[FormEntry]:
    entries = form.entries.select_related("recipient__envelope").exclude(recipient=None)
    return entries.exclude(recipient__envelope__status__in=ENDED)


def _make(form: PublicForm, entry: FormEntry) -> Outcome:
    """The form must be locked, and open."""
    role = visitor_role(form)
    assert role is not None  # noqa: S101  (an open form has one)
    person = Person(entry.name, entry.email)
    envelope = templates.make_draft(form.template, form.created_by, {role.number: person}, team=form.team)
    recipient = envelope.recipients.get(number=role.number)
    recipient.language = form.language or entry.language
    if form.verify_email:
        recipient.verification = Verification.EMAIL_CODE
    open_link(recipient, timezone.now())  # their page tells them how far it is
    recipient.save()
    entry.recipient = recipient
    entry.save(update_fields=["recipient"])
    PublicForm.objects.filter(pk=form.pk).update(count=F("count") + 1)
    sending.claim_for_sending(envelope, undo_seconds=0)  # nobody is there to change their mind
    return Outcome(Step.SIGN, recipient, entry, _evidence(entry, recipient), is_new=True)


def _evidence(entry: FormEntry, recipient: Recipient) -> EmailCode | None:
    """The code they gave counts for their link, too, and stands in the certificate."""
    if entry.verified_at is None or entry.code_made_at is None or entry.code_expires_at is None:
        return None
    code, _ = EmailCode.objects.get_or_create(
        assertion_id=entry.public_id,
        defaults={
            "recipient": recipient,
            "to_email": recipient.email,
            "nonce": entry.nonce,
            "digest": entry.digest,
            "attempts": entry.attempts,
            "created_at": entry.code_made_at,
            "expires_at": entry.code_expires_at,
            "verified_at": entry.verified_at,
        },
    )
    return code


def _locked(form: PublicForm) -> PublicForm:
    rows = PublicForm.objects.select_for_update(of=("self",))
    return rows.select_related("template__content", "created_by", "team").get(pk=form.pk)
