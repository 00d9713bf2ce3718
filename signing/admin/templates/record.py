"""A template's page: what it holds, what was made of it, its versions; and what one can do with it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from signing import templates
from signing.admin.staff import staff_of
from signing.forms.template import TemplateForm
from signing.models import Template
from signing.visibility import visible

from .retention import rule_for, rule_form

RECENT = 8


def template_page(
    request: HttpRequest, model_admin: ModelAdmin, template: Template, form: TemplateForm
) -> HttpResponse:
    """Shows what is in work, where that is something else than what is in force."""
    user = staff_of(request)
    content = template.in_work or template.content
    problems = templates.problems_of(content) if template.in_work else []
    made, forms = template.envelopes.order_by("-id").with_people(), template.public_forms.all()
    may_change = model_admin.has_change_permission(request, template)
    may_use = template.is_published and not template.is_archived and user.has_perm("signing.add_envelope")
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": template.name,
        "original": template,
        "template": template,
        "content": content,
        "documents": content.documents.all(),
        "roles": _roles(content),
        "problems": problems,
        "versions": template.versions.select_related("published_by"),
        "made": visible(made, user)[:RECENT] if may_see_envelopes(request) else [],
        "public_forms": visible(forms, user) if user.has_perm("signing.view_publicform") else [],
        "form": form,
        "rule": rule_for(template),
        "rule_form": rule_form(template) if user.has_perm("signing.privacy") else None,
        "may_change": may_change,
        "may_add": model_admin.has_add_permission(request),
        "may_use": may_use,
        "may_try": settings.MAIL_PREVIEW
        and not problems
        and not template.is_archived
        and user.has_perm("signing.add_envelope"),
        "may_add_form": template.is_published and user.has_perm("signing.add_publicform"),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/signing/template/record.html", context, status=status)


def may_see_envelopes(request: HttpRequest) -> bool:
    return request.user.has_perm("signing.view_envelope") or request.user.has_perm("signing.change_envelope")


def _roles(content: Any) -> list[dict[str, Any]]:
    """Each role with how many fields it has."""
    fields = {r.number: len(r.tabs.all()) for r in content.recipients.prefetch_related("tabs")}
    return [{"role": role, "fields": fields[role.number]} for role in templates.roles_of(content)]
