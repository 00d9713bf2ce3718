"""Keeping and deleting: holds, purges, and the page that shows all rules and what is due."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from signing import tasks
from signing.forms.keeping import PurgeForm, ReasonForm
from signing.models import Envelope, PurgeRequest, PurgeRequestState
from signing.privacy import holds, requests, retention
from signing.privacy.rules import all_rules

from .doors import back_to, changing, find_envelope
from .staff import staff_of

SHOWN = 100
PERMISSIONS = ("signing.hold", "signing.approve_purge", "signing.privacy")


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    def hold(request: HttpRequest, envelope_id: int) -> HttpResponse:
        return _hold(request, find_envelope(model_admin, request, envelope_id))

    def page(request: HttpRequest) -> HttpResponse:
        return _page(model_admin, request)

    def decide(request: HttpRequest) -> HttpResponse:
        return _decide(model_admin, request)

    wrap = model_admin.admin_site.admin_view
    return [
        path("keeping/", wrap(page), name="signing_keeping"),
        path("keeping/purges/", require_POST(wrap(decide)), name="signing_purges"),
        path("<int:envelope_id>/hold/", require_POST(wrap(hold)), name="signing_envelope_hold"),
        path("<int:envelope_id>/purge/", changing(model_admin, _ask_to_purge), name="signing_envelope_purge"),
    ]


def _page(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    if not any(user.has_perm(name) for name in (*PERMISSIONS, "signing.view_evidence")):
        raise PermissionDenied
    seen = model_admin.get_queryset(request).order_by("-held_at")
    purges = _purges(model_admin, request)
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Keeping and deleting"),
        "rules": all_rules(),
        "groups": retention.preview(timezone.now()),
        "held": seen.filter(held_at__isnull=False).select_related("held_by")[:SHOWN],
        "purges": purges.filter(state=PurgeRequestState.ASKED).order_by("asked_at")[:SHOWN],
        "decided": purges.exclude(state=PurgeRequestState.ASKED).order_by("-id")[:20],
        "may_approve": user.has_perm("signing.approve_purge"),
    }
    return TemplateResponse(request, "admin/signing/keeping/page.html", context)


def _purges(model_admin: ModelAdmin, request: HttpRequest) -> QuerySet[PurgeRequest]:
    """Of the envelopes that they may see."""
    seen = model_admin.get_queryset(request).order_by().values("pk")
    return PurgeRequest.objects.filter(envelope__in=seen).select_related("envelope", "asked_by", "decided_by")


def _hold(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    if not request.user.has_perm("signing.hold"):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why: the reason stands on the timeline."))
    elif envelope.is_on_hold:
        if holds.release(envelope, reason=form.cleaned_data["reason"]):
            messages.success(request, _("Released: the rules hold again for this envelope."))
    elif holds.hold(envelope, reason=form.cleaned_data["reason"]):
        tasks.ring(tasks.purge_at_docusign)  # it may wait in Docusign's queue
        messages.success(request, _("On legal hold: nothing of it is deleted, erased or purged."))
    return back_to(envelope)


def _ask_to_purge(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    form = PurgeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what should go, and why."))
        return back_to(envelope)
    try:
        requests.ask(envelope, form.cleaned_data["purge_state"], reason=form.cleaned_data["reason"])
    except requests.NotPurgeableError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Asked. A second person has to approve it within 14 days."))
    return back_to(envelope)


def _decide(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("signing.approve_purge"):
        raise PermissionDenied
    approve = request.POST.get("decision") == "approve"
    ids = [int(text) for text in request.POST.getlist("request") if text.isdecimal() and len(text) < 19]
    done = 0
    for row in _purges(model_admin, request).filter(pk__in=ids[:SHOWN]):
        try:
            requests.decide(row, approve=approve)
            done += 1
        except requests.NotPurgeableError as error:
            messages.error(request, f"#{row.envelope_id}: {error}")
    if done:
        tasks.ring(tasks.purge_at_docusign)
        text = ngettext("%(n)s request decided.", "%(n)s requests decided.", done)
        messages.success(request, text % {"n": done})
    return redirect("admin:signing_keeping")
