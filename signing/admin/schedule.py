"""Send later: choose the moment, change it, or drop it. Whichever page shows a draft includes `schedule.html`."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from signing import identities, scheduling
from signing.forms.schedule import schedule_form
from signing.linting import Severity, lint_envelope
from signing.models import Envelope

from .staff import staff_of


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    """For EnvelopeAdmin's `get_urls`."""

    def schedule(request: HttpRequest, envelope_id: int) -> HttpResponse:
        return _schedule(request, _envelope(request, model_admin, envelope_id))

    def unschedule(request: HttpRequest, envelope_id: int) -> HttpResponse:
        return _unschedule(request, _envelope(request, model_admin, envelope_id))

    door = model_admin.admin_site.admin_view
    return [
        path("<int:envelope_id>/schedule/", require_POST(door(schedule)), name="signing_envelope_schedule"),
        path("<int:envelope_id>/unschedule/", require_POST(door(unschedule)), name="signing_envelope_unschedule"),
    ]


def schedule_context(envelope: Envelope | None) -> dict[str, Any]:
    """What `schedule.html` shows."""
    return {
        "schedule_form": schedule_form(envelope.send_at if envelope else None),
        "time_zone": timezone.get_current_timezone_name(),
    }


def _schedule(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    form = schedule_form(None, request.POST)
    problems = [str(finding.text) for finding in lint_envelope(envelope) if finding.severity == Severity.ERROR]
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    elif problems:
        messages.error(request, _("Not scheduled: %(problems)s") % {"problems": " ".join(problems)})
    elif not identities.may_send(staff_of(request), envelope):
        messages.error(request, _("Not scheduled: it is to be sent as a colleague, who alone can do that."))
    elif scheduling.schedule(envelope, form.cleaned_data["send_at"]):
        moment = date_format(timezone.localtime(form.cleaned_data["send_at"]), "DATETIME_FORMAT")
        zone = timezone.get_current_timezone_name()
        messages.success(request, _("It will be sent on %(moment)s (%(zone)s).") % {"moment": moment, "zone": zone})
    else:
        messages.warning(request, _("This envelope was sent meanwhile."))
    return redirect("admin:signing_envelope_review", envelope.pk)


def _unschedule(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    if scheduling.unschedule(envelope):
        messages.success(request, _("It is not sent by itself any more; it stays a draft."))
    else:
        messages.warning(request, _("Too late: it was sent meanwhile, or was not scheduled."))
    return redirect("admin:signing_envelope_review", envelope.pk)


def _envelope(request: HttpRequest, model_admin: ModelAdmin, envelope_id: int) -> Envelope:
    envelope: Envelope = model_admin.get_object(request, str(envelope_id))
    if not model_admin.has_change_permission(request, envelope):
        raise PermissionDenied
    return envelope
