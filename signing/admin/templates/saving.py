"""Save an envelope as a template: its people become roles, or stay who they are."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from signing import templates
from signing.forms.template import SaveAsTemplateForm
from signing.models import Envelope, EnvelopeStatus


def save_as_template(request: HttpRequest, model_admin: ModelAdmin, envelope: Envelope) -> HttpResponse:
    if not request.user.has_perm("signing.add_template"):
        raise PermissionDenied
    if envelope.status == EnvelopeStatus.TEMPLATE or envelope.docusign_template_id:
        raise Http404
    form = SaveAsTemplateForm(request.POST or None, envelope=envelope, initial={"name": envelope.subject})
    if request.method == "POST" and form.is_valid():
        template = templates.create(
            request.user,  # type: ignore[arg-type]  # staff are logged in
            name=form.cleaned_data["name"],
            description=form.cleaned_data["description"],
            source=envelope,
            open_roles=form.open_roles(),
            is_published=not envelope.is_draft,
        )
        messages.success(request, _said(template.is_published))
        return redirect("admin:signing_template_change", template.pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Save as template"),
        "envelope": envelope,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/signing/template/save_as.html", context, status=status)


def _said(is_published: bool) -> str:
    if is_published:
        return _("The template is ready to be used.")
    return _("The template is saved. Publish it when it is ready to be used.")
