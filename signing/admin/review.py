"""The composer's last step: all at a glance, what may be wrong with it, and Send."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from signing import authoring, identities, sending, tasks
from signing.authoring import ChangedMeanwhileError, NotADraftError
from signing.forms.review import Review
from signing.linting import Finding, Severity, Step, has_errors, lint_envelope
from signing.models import Envelope
from signing.models.recipient import SIGNING_KINDS

from .composer import STEPS, conflict_words, editable_or_404, page_context, saves_itself, too_late
from .schedule import schedule_context
from .staff import staff_of
from .templates.content import page_of_content


def review(request: HttpRequest, model_admin: ModelAdmin, envelope_id: int) -> HttpResponse:
    """GET shows; POST keeps the settings and, when asked and nothing speaks against it, sends."""
    envelope = editable_or_404(request, model_admin, envelope_id)
    if not envelope.is_editable:
        return too_late(request, envelope)
    if request.method != "POST":
        return _page(request, model_admin, envelope, Review(envelope, staff_of(request)))
    form = Review(envelope, staff_of(request), request.POST)
    try:
        is_conflict = not _keep(request, envelope, form)
    except NotADraftError:
        return too_late(request, envelope)
    if saves_itself(request):
        return JsonResponse(_answer(request, envelope, form, is_conflict), status=409 if is_conflict else 200)
    if is_conflict or form.errors:
        return _page(request, model_admin, envelope, form, is_conflict=is_conflict)
    if "_send" not in request.POST or not envelope.is_draft:
        return _go_on(request, envelope)
    return _send(request, model_admin, envelope, form)


def _keep(request: HttpRequest, envelope: Envelope, form: Review) -> bool:
    """False when somebody else has changed the settings. Raises NotADraftError."""
    form.is_valid()
    known = request.POST.get("revision", "") if "_overwrite" not in request.POST else ""
    try:
        with authoring.locked_draft(envelope) as draft:
            if known and authoring.settings_revision(draft) != known:
                raise ChangedMeanwhileError
            authoring.save_settings(envelope, form.values())
    except ChangedMeanwhileError:
        return False
    return True


def _send(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope, form: Review) -> HttpResponse:
    if has_errors(lint_envelope(envelope)):
        return _page(request, model_admin, envelope, form, is_refused=True)
    if not identities.may_send(staff_of(request), envelope):
        messages.error(request, not_yours(envelope))
        return _page(request, model_admin, envelope, form)
    with transaction.atomic():
        if not sending.claim_for_sending(envelope):
            return too_late(request, envelope)
        tasks.ring_for_sending(envelope.pk)
    messages.success(request, _on_its_way(envelope.recipients.count()))
    return redirect("admin:signing_envelope_change", envelope.pk)


def not_yours(envelope: Envelope) -> str:
    text = _("It is to be sent as %(name)s: only they can do that. Choose under “Send as” who sends it.")
    return text % {"name": envelope.sent_as.name if envelope.sent_as else ""}


def _on_its_way(recipients: int) -> str:
    """With a button of the form that the record page shows while the envelope can be taken back."""
    text = ngettext(
        "On its way: the first mail leaves in a moment.",
        "On its way to %(n)s people: the first mail leaves in a moment.",
        recipients,
    ) % {"n": recipients}
    if not settings.SEND_UNDO_SECONDS:
        return text
    return format_html('{} <button class="sp-link" type="submit" form="take-back">{}</button>', text, _("Undo"))


def _go_on(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    if "_close" in request.POST:
        return page_of_content(envelope)
    step = request.POST.get("_step", "")
    if step in STEPS:
        return redirect(STEPS[step], envelope.pk)
    messages.success(request, _("Saved.") if not envelope.is_draft else _("Draft saved."))
    return redirect(STEPS["review"], envelope.pk)


def _answer(request: HttpRequest, envelope: Envelope, form: Review, is_conflict: bool) -> dict[str, Any]:
    """For the page that saved by itself."""
    if is_conflict:
        return {"conflict": conflict_words()}
    context = {"envelope": envelope, **_findings(envelope)}
    return {
        "revision": authoring.settings_revision(envelope),
        "errors": form.errors,
        "findings": render_to_string("admin/signing/envelope/findings.html", context, request),
    }


def _findings(envelope: Envelope) -> dict[str, Any]:
    """Each with the address of its place."""
    findings = [(finding, _place(envelope, finding)) for finding in lint_envelope(envelope)]
    errors = [pair for pair in findings if pair[0].severity == Severity.ERROR]
    warnings = [pair for pair in findings if pair[0].severity == Severity.WARNING]
    return {"errors_found": errors, "warnings_found": warnings}


def _place(envelope: Envelope, finding: Finding) -> str:
    address = reverse(STEPS[finding.step], args=[envelope.pk])
    if finding.step == Step.REVIEW:
        return f"{address}#settings"
    if finding.tab_id:
        return f"{address}#tab-{finding.tab_id}"
    if finding.recipient_number and finding.step == Step.FIELDS:
        return f"{address}?recipient={finding.recipient_number}"
    return f"{address}#recipient-{finding.recipient_number}" if finding.recipient_number else f"{address}#documents"


def _page(
    request: HttpRequest,
    model_admin: ModelAdmin,
    envelope: Envelope,
    form: Review,
    *,
    is_conflict: bool = False,
    is_refused: bool = False,
) -> HttpResponse:
    recipients = list(envelope.recipients.prefetch_related("tabs"))
    context: dict[str, Any] = {
        **page_context(request, model_admin, envelope),
        **_findings(envelope),
        **schedule_context(envelope),
        "form": form,
        "documents": envelope.documents.all(),
        "recipients": [(r, r.tabs.all() if r.kind in SIGNING_KINDS else None) for r in recipients],
        "is_conflict": is_conflict,
        "is_refused": is_refused,
        "revision": authoring.settings_revision(envelope),
        "undo_seconds": settings.SEND_UNDO_SECONDS,
        "identities_are_offered": identities.are_offered(),
    }
    status = 409 if is_conflict else 422 if is_refused or form.errors else 200
    return TemplateResponse(request, "admin/signing/envelope/review.html", context, status=status)
