"""Everything about an email address: looked up, exported, erased after a second look, with a certificate."""

import tempfile
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import validate_email
from django.forms import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from signing.models import Erasure
from signing.privacy import certificates, erasing, exporting
from signing.privacy.subjects import Subject

MEMORY_BYTES = 2 * 1024 * 1024
LABELS = {
    "envelopes": gettext_lazy("envelopes, drafts and templates"),
    "recipients": gettext_lazy("parts in them"),
    "mails": gettext_lazy("mails"),
    "codes": gettext_lazy("codes by mail"),
    "entries": gettext_lazy("entries of forms"),
    "form_entries": gettext_lazy("entries of forms"),
    "rows": gettext_lazy("rows of bulk sends"),
    "rows_of_bulk_sends": gettext_lazy("rows of bulk sends"),
    "events": gettext_lazy("lines of timelines"),
    "messages": gettext_lazy("messages of Docusign"),
    "messages_of_docusign": gettext_lazy("messages of Docusign"),
    "views": gettext_lazy("saved views"),
    "saved_views": gettext_lazy("saved views"),
    "log": gettext_lazy("lines of the admin's log"),
    "users": gettext_lazy("users"),
    "exports": gettext_lazy("exports made from the list"),
}


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    def page(request: HttpRequest) -> HttpResponse:
        _require(request)
        return _page(model_admin, request)

    def certificate(request: HttpRequest, erasure_id: int) -> HttpResponse:
        _require(request)
        return _certificate(model_admin, request, get_object_or_404(Erasure, pk=erasure_id))

    wrap = model_admin.admin_site.admin_view
    return [
        path("privacy/", wrap(page), name="signing_privacy"),
        path("privacy/export/", require_POST(wrap(_export)), name="signing_privacy_export"),
        path("privacy/erase/", require_POST(wrap(_erase)), name="signing_privacy_erase"),
        path("privacy/erasures/<int:erasure_id>/", wrap(certificate), name="signing_erasure"),
        path("privacy/erasures/<int:erasure_id>/json/", wrap(_certificate_json), name="signing_erasure_json"),
    ]


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("signing.privacy"):
        raise PermissionDenied


def _page(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The address is posted: it belongs neither into an address line nor into the log of one."""
    subject = _subject(request) if request.method == "POST" else None
    plan = erasing.plan(subject) if subject else None
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("What is known of an address"),
        "email": subject.email if subject else request.POST.get("email", ""),
        "subject": subject,
        "plan": plan,
        "is_anything": bool(plan and any(plan.counts.values())),
        "counts": [(LABELS[kind], count) for kind, count in plan.counts.items()] if plan else [],
        "is_second_look": bool(plan and request.POST.get("look") == "again"),
        "erasures": Erasure.objects.select_related("erased_by")[:20],
    }
    return TemplateResponse(request, "admin/signing/keeping/privacy.html", context)


def _export(request: HttpRequest) -> HttpResponseBase:
    _require(request)
    subject = _subject(request)
    if subject is None:
        return redirect("admin:signing_privacy")
    file = tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115  (closed by the response)
    exporting.export(subject, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="personal-data.zip", content_type="application/zip")


def _erase(request: HttpRequest) -> HttpResponse:
    _require(request)
    subject = _subject(request)
    if subject is None or request.POST.get("again", "").strip().casefold() != subject.email.casefold():
        messages.error(request, _("Nothing was erased: the address was not typed the same a second time."))
        return redirect("admin:signing_privacy")
    if erasing.plan(subject).is_of_staff:
        messages.error(request, _("It is the address of a member of staff: hand over and deactivate."))
        return redirect("admin:signing_privacy")
    erasure = erasing.erase(subject, with_documents="documents" in request.POST, purge="purge" in request.POST)
    messages.success(request, _("Erased. This is the certificate."))
    return redirect("admin:signing_erasure", erasure.pk)


def _certificate(model_admin: ModelAdmin, request: HttpRequest, erasure: Erasure) -> HttpResponse:
    facts = certificates.facts_of(erasure)
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Certificate of erasure"),
        "erasure": erasure,
        "facts": facts,
        "counts": [(LABELS[kind], count) for kind, count in facts["erased"].items()],
    }
    return TemplateResponse(request, "admin/signing/keeping/certificate.html", context)


def _certificate_json(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """The very bytes that were hashed."""
    _require(request)
    erasure = get_object_or_404(Erasure, pk=erasure_id)
    response = HttpResponse(erasure.certificate, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="erasure-{erasure.pk}.json"'
    return response


def _subject(request: HttpRequest) -> Subject | None:
    email = request.POST.get("email", "").replace("\x00", "").strip()
    try:
        validate_email(email)
    except ValidationError:
        messages.error(request, _("That is no email address."))
        return None
    return Subject(email)
