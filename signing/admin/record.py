"""The record of an envelope that left the composer: people, documents, mails, what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from unfold.admin import ModelAdmin

from signing import bundles, correcting, linking
from signing.docusign import FormValues
from signing.forms.desk import CorrectForm, OwnerForm, TeamForm
from signing.forms.void import VoidForm
from signing.models import Envelope, EnvelopeStatus, Recipient, RecipientStatus
from signing.models.recipient import ACTIVE_STATUSES
from signing.status import ABSENT
from signing.watchdog import findings_of

from .ageing import Line, line_of
from .keeping_facts import facts_of
from .revealing import may_reveal
from .staff import staff_of
from .timeline import timeline


@dataclass(frozen=True, slots=True)
class Person:
    """A recipient with what can be done about them. `is_open`: the correction was refused, and says why."""

    recipient: Recipient
    line: Line
    correct_form: CorrectForm | None
    may_remind: bool
    may_reveal: bool
    is_open: bool


def record_page(
    request: HttpRequest,
    model_admin: ModelAdmin,
    envelope: Envelope,
    *,
    void_form: VoidForm | None = None,
    correct_form: CorrectForm | None = None,
    correct_number: int = 0,
    values: Sequence[FormValues] | None = None,
) -> HttpResponse:
    """A form is given when its dialogue is open; it is bound if it was refused. `values` when they were asked for."""
    may_change = model_admin.has_change_permission(request, envelope)
    forms = {correct_number: correct_form} if correct_form else {}
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": envelope.subject or str(envelope),
        "original": envelope,
        "envelope": envelope,
        "people": _people(envelope, forms, may_change=may_change, may_reveal=may_reveal(request)),
        "documents": envelope.documents.all(),
        "completed_documents": envelope.completed_documents.all(),
        "drift": _drift(envelope),
        "findings": findings_of(envelope, timezone.now()),
        "mails": envelope.mails.select_related("recipient"),
        "timeline": timeline(envelope, before=_before(request)),
        "values": values,
        "may_take_back": envelope.can_be_taken_back and may_change,
        "undo_seconds": _undo_seconds(envelope),
        "may_change": may_change,
        "may_prove": bundles.can_be_proven(envelope),
        "may_add": model_admin.has_add_permission(request),
        "void_form": void_form,
        "keeping": facts_of(request, envelope),
        "team_form": TeamForm(envelope=envelope, user=staff_of(request)) if may_change else None,
        "owner_form": OwnerForm(initial={"owner": envelope.owner}, user=staff_of(request)) if may_change else None,
    }
    return TemplateResponse(request, "admin/signing/envelope/record.html", context)


def _people(
    envelope: Envelope, forms: Mapping[int, CorrectForm], *, may_change: bool, may_reveal: bool
) -> list[Person]:
    now = timezone.now()
    people = []
    for recipient in envelope.recipients.all():
        recipient.envelope = envelope
        may_correct = may_change and bool(envelope.docusign_id) and not correcting.why_not(recipient)
        form = forms.get(recipient.number)
        if form is None and may_correct:
            form = CorrectForm(recipient=recipient)
        is_asked = envelope.is_open and recipient.status in ACTIVE_STATUSES
        line = line_of(recipient, envelope, now)
        people.append(
            Person(
                recipient,
                line,
                form,
                may_remind=may_change and is_asked,
                may_reveal=may_reveal and not envelope.is_local and linking.may_be_revealed(recipient),
                is_open=bool(form and form.errors),
            )
        )
    return people


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _undo_seconds(envelope: Envelope) -> int:
    """How long the envelope still waits for its sender to change their mind."""
    if not envelope.can_be_taken_back or envelope.send_attempts or envelope.send_due_at is None:
        return 0
    return max(0, ceil((envelope.send_due_at - timezone.now()).total_seconds()))


def _drift(envelope: Envelope) -> list[tuple[str, str, str]]:
    """Who, here, at Docusign: with names and words instead of numbers and codes."""
    names = {str(recipient.number): recipient.name for recipient in envelope.recipients.all()}
    words = {ABSENT: gettext("Not there"), **dict(EnvelopeStatus.choices)}
    of_recipients = {ABSENT: gettext("Not there"), **dict(RecipientStatus.choices)}
    rows = []
    for who, here, there in envelope.drift:
        said = of_recipients if who else words
        name = names.get(who) or gettext("Recipient %(number)s") % {"number": who} if who else gettext("Envelope")
        rows.append((name, str(said.get(here, here)), str(said.get(there, there))))
    return rows
