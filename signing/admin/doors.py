"""The way to one envelope in the admin: found, and allowed."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from signing.docusign import DocusignError
from signing.models import Envelope

View = Callable[..., HttpResponseBase]


def find_envelope(model_admin: ModelAdmin, request: HttpRequest, envelope_id: int | str) -> Envelope:
    """Raises Http404 for what is out of reach."""
    envelope: Envelope = model_admin.get_object(request, str(envelope_id))
    if not model_admin.has_view_or_change_permission(request, envelope):
        raise PermissionDenied
    return envelope


def looking(model_admin: ModelAdmin, look: View) -> View:
    """`look(request, envelope, …)` for whoever may see the envelope."""

    def view(request: HttpRequest, envelope_id: int, **arguments: Any) -> HttpResponseBase:
        return look(request, find_envelope(model_admin, request, envelope_id), **arguments)

    return model_admin.admin_site.admin_view(view)


def changing(model_admin: ModelAdmin, deed: View) -> View:
    """`deed(request, envelope, …)` for whoever may change the envelope, by POST alone."""

    def view(request: HttpRequest, envelope_id: int, **arguments: Any) -> HttpResponseBase:
        envelope = find_envelope(model_admin, request, envelope_id)
        if not model_admin.has_change_permission(request, envelope):
            raise PermissionDenied
        return deed(request, envelope, **arguments)

    return require_POST(model_admin.admin_site.admin_view(view))


def back_to(envelope: Envelope) -> HttpResponse:
    return redirect("admin:signing_envelope_change", envelope.pk)


def sentence_of(error: DocusignError) -> str:
    """What went wrong, with the code and trace token for Docusign's support."""
    parts = [error.error_code, f"trace token {error.trace_token}" if error.trace_token else ""]
    reference = ", ".join(part for part in parts if part)
    return f"{error.staff_message} ({reference})" if reference else error.staff_message
