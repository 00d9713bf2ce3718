"""Docusign's own templates: listed live, and used with people of ours. Their content is seen and changed there."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from signing import connection, sending, server_templates, tasks
from signing.admin.staff import staff_of
from signing.docusign import DocusignError
from signing.forms.template import PeopleForm, TextForm
from signing.models import Envelope
from signing.templates import Role
from signing.visibility import visible

ON_A_PAGE = 24


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    view = model_admin.admin_site.admin_view
    return [
        path("docusign/", view(lambda r: _list(r, model_admin)), name="signing_template_docusign"),
        path(
            "docusign/<uuid:template_id>/use/",
            view(lambda r, template_id: _use(r, model_admin, str(template_id))),
            name="signing_template_docusign_use",
        ),
        path(
            "docusign/draft/<int:envelope_id>/",
            view(lambda r, envelope_id: _take_up(r, model_admin, envelope_id)),
            name="signing_template_docusign_draft",
        ),
    ]


def _list(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """One call to Docusign."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    text, page = request.GET.get("q", "").strip()[:100], _page_number(request)
    context: dict[str, Any] = {"text": text, "page": page}
    try:
        found = connection.connect(urgent=True).list_templates(
            search_text=text, start=(page - 1) * ON_A_PAGE, count=ON_A_PAGE
        )
    except DocusignError as error:
        context["problem"] = error.staff_message
    else:
        context |= {
            "templates": [(template, server_templates.roles_of(template)) for template in found.templates],
            "total": found.total,
            "has_more": page * ON_A_PAGE < found.total,
        }
    context["may_use"] = request.user.has_perm("signing.add_envelope")
    return _respond(request, model_admin, "docusigns.html", _("Docusign's templates"), context)


def _use(request: HttpRequest, model_admin: ModelAdmin, template_id: str) -> HttpResponse:
    """One call to Docusign, to learn the roles. Sending is the worker's."""
    if not model_admin.has_view_or_change_permission(request) or not request.user.has_perm("signing.add_envelope"):
        raise PermissionDenied
    try:
        template = connection.connect(urgent=True).get_template(template_id)
    except DocusignError as error:
        messages.error(request, error.staff_message)
        return redirect("admin:signing_template_docusign")
    roles = server_templates.roles_of(template)
    initial = {"subject": template.email_subject, "message": template.email_blurb}
    forms = _forms(request, roles, initial)
    if roles and _are_valid(request, *forms):
        text, people = forms
        with transaction.atomic():
            envelope = server_templates.make_draft(
                template_id,
                roles,
                request.user,  # type: ignore[arg-type]  # staff are logged in
                people=people.people(),
                **text.cleaned_data,
            )
        return _send(request, envelope)
    return _form_page(request, model_admin, template.name, forms, can_be_sent=bool(roles))


def _take_up(request: HttpRequest, model_admin: ModelAdmin, envelope_id: int) -> HttpResponse:
    """One that Docusign refused, or that was taken back."""
    if not request.user.has_perm("signing.change_envelope"):
        raise PermissionDenied
    drafts = visible(Envelope.objects.exclude(docusign_template_id=""), staff_of(request))
    envelope = get_object_or_404(drafts, pk=envelope_id)
    if not envelope.is_draft:
        return redirect("admin:signing_envelope_change", envelope.pk)
    roles = server_templates.roles_of_draft(envelope)
    forms = _forms(request, roles, {"subject": envelope.subject, "message": envelope.message})
    if _are_valid(request, *forms):
        text, people = forms
        if not server_templates.revise_draft(envelope, people=people.people(), **text.cleaned_data):
            return redirect("admin:signing_envelope_change", envelope.pk)
        return _send(request, envelope)
    return _form_page(request, model_admin, envelope.subject, forms, envelope=envelope, can_be_sent=True)


def _forms(request: HttpRequest, roles: Sequence[Role], initial: dict[str, str]) -> tuple[TextForm, PeopleForm]:
    data = request.POST if request.method == "POST" else None
    return TextForm(data, initial=initial), PeopleForm(data, roles=roles)


def _are_valid(request: HttpRequest, text: TextForm, people: PeopleForm) -> bool:
    return request.method == "POST" and all([text.is_valid(), people.is_valid()])


def _send(request: HttpRequest, envelope: Envelope) -> HttpResponse:
    with transaction.atomic():
        if sending.claim_for_sending(envelope):
            tasks.ring_for_sending(envelope.pk)
            messages.success(request, _("On its way: the first mail leaves in a moment."))
    return redirect("admin:signing_envelope_change", envelope.pk)


def _form_page(
    request: HttpRequest,
    model_admin: ModelAdmin,
    name: str,
    forms: tuple[TextForm, PeopleForm],
    *,
    envelope: Envelope | None = None,
    can_be_sent: bool,
) -> HttpResponse:
    text, people = forms
    context = {"text_form": text, "form": people, "envelope": envelope, "can_be_sent": can_be_sent}
    title = _("Use “%(name)s”") % {"name": name}
    return _respond(request, model_admin, "use_docusigns.html", title, context, is_refused=text.is_bound)


def _respond(
    request: HttpRequest,
    model_admin: ModelAdmin,
    page: str,
    title: str,
    context: dict[str, Any],
    *,
    is_refused: bool = False,
) -> HttpResponse:
    common = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}
    status = 422 if is_refused else 200
    return TemplateResponse(request, f"admin/signing/template/{page}", common | context, status=status)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 5 else 1
