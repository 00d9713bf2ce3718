"""The page of an errand: how far it is, what came of it, the file to take away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from signing import errands
from signing.models import Errand, ErrandState

from .staff import staff_of

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "proof": "application/zip",
}


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    """An errand is its asker's: nobody else finds it."""
    view = model_admin.admin_site.admin_view

    def errand_page(request: HttpRequest, errand_id: int) -> HttpResponse:
        errand = _find(model_admin, request, errand_id)
        context: dict[str, Any] = {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": errand.get_kind_display(),
            "errand": errand,
        }
        return TemplateResponse(request, "admin/signing/envelope/errand.html", context)

    def state(request: HttpRequest, errand_id: int) -> JsonResponse:
        errand = _find(model_admin, request, errand_id)
        words = str(errand.get_state_display())
        return JsonResponse({"state": errand.state, "words": words, "done": errand.done, "percent": errand.percent})

    def download(request: HttpRequest, errand_id: int) -> FileResponse:
        errand = _find(model_admin, request, errand_id)
        if errand.state != ErrandState.DONE or not errand.file:
            raise Http404
        kind = TYPES.get(errand.kind, "application/octet-stream")
        return FileResponse(errand.file.open("rb"), as_attachment=True, filename=errand.filename, content_type=kind)

    def cancel(request: HttpRequest, errand_id: int) -> HttpResponse:
        if errands.cancel(_find(model_admin, request, errand_id)):
            messages.success(request, _("Cancelled. What was done already stays done."))
        return redirect("admin:signing_envelope_errand", errand_id)

    return [
        path("errands/<int:errand_id>/", view(errand_page), name="signing_envelope_errand"),
        path("errands/<int:errand_id>/state/", view(state), name="signing_envelope_errand_state"),
        path("errands/<int:errand_id>/file/", view(download), name="signing_envelope_errand_file"),
        path("errands/<int:errand_id>/cancel/", require_POST(view(cancel)), name="signing_envelope_errand_cancel"),
    ]


def _find(model_admin: ModelAdmin, request: HttpRequest, errand_id: int) -> Errand:
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    errand = Errand.objects.filter(pk=errand_id, asked_by=staff_of(request)).first()
    if errand is None:
        raise Http404
    return errand
