"""Use a template: who has which role, then a draft in the composer, or sent at once. And try it with nobody real."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from signing import identities, sending, tasks, templates
from signing.forms.template import PeopleForm
from signing.models import Template


def use(request: HttpRequest, model_admin: ModelAdmin, template: Template) -> HttpResponse:
    """GET asks for the people; POST makes the draft, and sends it when asked."""
    if not request.user.has_perm("signing.add_envelope"):
        raise PermissionDenied
    if template.is_archived or not template.is_published:
        messages.warning(request, _("This template cannot be used: it is archived, or was never published."))
        return redirect("admin:signing_template_change", template.pk)
    roles = templates.roles_of(template.content)
    form = PeopleForm(request.POST if request.method == "POST" else None, roles=roles)
    if request.method == "POST" and form.is_valid():
        return _make(request, template, form)
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Use “%(name)s”") % {"name": template.name},
        "original": template,
        "template": template,
        "documents": template.content.documents.all(),
        "fixed": [role for role in roles if not role.is_open],
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/signing/template/use.html", context, status=status)


def try_out(request: HttpRequest, template: Template) -> HttpResponse:
    """To people who do not exist, where no mail leaves the house. What is in work is tried before it is published."""
    if not settings.MAIL_PREVIEW:
        raise Http404
    if not request.user.has_perm("signing.add_envelope"):
        raise PermissionDenied
    problems = templates.problems_of(template.in_work or template.content)
    if problems or template.is_archived:
        messages.warning(request, " ".join([_("It cannot be sent yet."), *problems]))
        return redirect("admin:signing_template_change", template.pk)
    with transaction.atomic():
        envelope = templates.make_trial(template, request.user)  # type: ignore[arg-type]  # staff are logged in
        sending.claim_for_sending(envelope)
        tasks.ring_for_sending(envelope.pk)
    messages.success(request, _("Sent to example people. Their mails lie under “Outgoing mail”: sign for them."))
    return redirect("admin:signing_envelope_change", envelope.pk)


def _make(request: HttpRequest, template: Template, form: PeopleForm) -> HttpResponse:
    with transaction.atomic():
        envelope = templates.make_draft(template, request.user, form.people())  # type: ignore[arg-type]  # as above
        identities.begin_with(envelope, request.user)  # type: ignore[arg-type]  # as above
        if "_send" in request.POST:
            sending.claim_for_sending(envelope)
            tasks.ring_for_sending(envelope.pk)
    if "_send" in request.POST:
        messages.success(request, _("On its way: the first mail leaves in a moment."))
    return redirect("admin:signing_envelope_change", envelope.pk)
