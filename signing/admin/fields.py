"""The composer's second step: the fields, as a list. The editor takes its place."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from signing.models import Tab

from .composer import editable_or_404, page_context


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    def fields_view(request: HttpRequest, envelope_id: int) -> HttpResponse:
        envelope = editable_or_404(request, model_admin, envelope_id)
        tabs = Tab.objects.filter(recipient__envelope=envelope).select_related("recipient", "document")
        context = {**page_context(request, model_admin, envelope), "tabs": tabs}
        return TemplateResponse(request, "admin/signing/envelope/fields.html", context)

    view = model_admin.admin_site.admin_view(fields_view)
    return [path("<int:envelope_id>/fields/", view, name="signing_envelope_fields")]
