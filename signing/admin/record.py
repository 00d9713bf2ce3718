"""The record of an envelope that left the composer: people, documents, mails, what went wrong."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from signing.forms.void import VoidForm
from signing.models import Envelope


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
        "mails": envelope.mails.select_related("recipient"),
        "may_change": model_admin.has_change_permission(request, envelope),
        "void_form": void_form,
    }
    return TemplateResponse(request, "admin/signing/envelope/record.html", context)
