"""The record of an envelope that left the composer: people, documents, mails, what went wrong."""

from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from unfold.admin import ModelAdmin

from signing.forms.void import VoidForm
from signing.models import Envelope, EnvelopeStatus, RecipientStatus
from signing.status import ABSENT
from signing.watchdog import findings_of


def record_page(
    request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope, *, void_form: VoidForm | None = None
) -> HttpResponse:
    """`void_form` when the void dialogue is open, bound if it was refused."""
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": envelope.subject or str(envelope),
        "original": envelope,
        "envelope": envelope,
        "recipients": envelope.recipients.all(),
        "documents": envelope.documents.all(),
        "completed_documents": envelope.completed_documents.all(),
        "drift": _drift(envelope),
        "findings": findings_of(envelope, timezone.now()),
        "mails": envelope.mails.select_related("recipient"),
        "may_take_back": envelope.can_be_taken_back and model_admin.has_change_permission(request, envelope),
        "undo_seconds": _undo_seconds(envelope),
        "may_change": model_admin.has_change_permission(request, envelope),
        "void_form": void_form,
    }
    return TemplateResponse(request, "admin/signing/envelope/record.html", context)


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
