"""A signer's link before staff's eyes: by permission, for a reason, once, and on record. No other page has one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from signing import linking
from signing.forms.desk import RevealForm
from signing.models import Recipient

from .doors import back_to, find_envelope

PERMISSION = "signing.reveal_signing_link"


def may_reveal(request: HttpRequest) -> bool:
    return bool(request.user.has_perm(PERMISSION))


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    def reveal(request: HttpRequest, envelope_id: int, number: int) -> HttpResponse:
        return _reveal(model_admin, request, envelope_id, number)

    view = never_cache(require_POST(model_admin.admin_site.admin_view(reveal)))
    return [path("<int:envelope_id>/signers/<int:number>/reveal/", view, name="signing_envelope_reveal")]


def _reveal(model_admin: ModelAdmin, request: HttpRequest, envelope_id: int, number: int) -> HttpResponse:
    envelope = find_envelope(model_admin, request, envelope_id)
    if not may_reveal(request):
        raise PermissionDenied
    recipient = get_object_or_404(Recipient.objects.select_related("envelope"), envelope=envelope, number=number)
    form = RevealForm(request.POST)
    if not linking.may_be_revealed(recipient):
        messages.warning(request, _("There is no link of ours that works."))
        return back_to(envelope)
    if not form.is_valid():
        messages.error(request, _("Say why you need the link: it is written down."))
        return back_to(envelope)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Signing link of %(name)s") % {"name": recipient.name},
        "envelope": envelope,
        "recipient": recipient,
        "link": linking.reveal(recipient, reason=form.cleaned_data["reason"]),
    }
    response = TemplateResponse(request, "admin/signing/envelope/revealed.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
