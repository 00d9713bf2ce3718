"""Sending identities in the admin: everybody's own page with the way to Docusign and back, and the list of all."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from signing import consenting, identities
from signing.consenting import NotConnectedError
from signing.docusign import DocusignError
from signing.identities import SENDER_LOST, SenderLostError
from signing.models import Envelope, EnvelopeStatus, LossReason, SendingIdentity

from .staff import staff_of

REMEMBERED = "docusign_identity"  # in the session, from leaving until the return
NEXT = "docusign_identity_next"
SHOWN = 20


@admin.register(SendingIdentity)
class SendingIdentityAdmin(ModelAdmin):
    list_display = ("person", "name", "email", "consented_at", "state")
    list_select_related = ("user",)
    list_display_links = None
    search_fields = ("name", "email", "user__username", "user__last_name")
    actions = ("revoke",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: SendingIdentity | None = None) -> bool:
        return request.user.has_perm("signing.manage_connection")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SendingIdentity | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SendingIdentity | None = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @display(description=gettext_lazy("Staff"), ordering="user__username")
    def person(self, identity: SendingIdentity) -> str:
        url = reverse("admin:auth_user_change", args=[identity.user_id])
        return format_html('<a href="{}">{}</a>', url, identity.user.get_full_name() or identity.user.get_username())

    @display(description=gettext_lazy("State"), label={"in_force": "success", "lost": "danger"})
    def state(self, identity: SendingIdentity) -> tuple[str, str]:
        return ("in_force", _("Connected")) if identity.is_in_force else ("lost", identity.loss)

    @action(description=gettext_lazy("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[SendingIdentity]) -> None:
        count = sum(identities.lose(identity, LossReason.REVOKED) for identity in queryset.filter(lost_at=None))
        text = ngettext("%(n)s identity was revoked.", "%(n)s identities were revoked.", count) % {"n": count}
        messages.success(request, f"{text} {_('Nothing is sent in that name any more.')}")

    def get_urls(self) -> list[URLPattern]:
        door = self.admin_site.admin_view
        return [
            path("mine/", door(require_safe(self.mine)), name="signing_sendingidentity_mine"),
            path("mine/connect/", door(require_POST(self.connect)), name="signing_sendingidentity_connect"),
            path("mine/check/", door(require_POST(self.check_now)), name="signing_sendingidentity_check"),
            path("mine/disconnect/", door(require_POST(self.disconnect)), name="signing_sendingidentity_disconnect"),
            *super().get_urls(),
        ]

    def mine(self, request: HttpRequest) -> HttpResponse:
        user = staff_of(request)
        lost = SendingIdentity.objects.filter(user=user, lost_at__isnull=False).order_by("-lost_at").first()
        waiting = Envelope.objects.filter(status=EnvelopeStatus.DRAFT, owner=user, last_error_code=SENDER_LOST)
        context = {
            "identity": identities.identity_of(user),
            "lost": lost,
            "waiting": waiting.defer("message", "summary")[:SHOWN],
            "next": _safe(request, request.GET.get("next", "")),
            "is_offered": identities.are_offered(),
        }
        return self._page(request, "mine.html", context)

    def connect(self, request: HttpRequest) -> HttpResponse:
        """Out to Docusign by a page of our own: a form's redirect to another host is what browsers are told to refuse.

        The answer is good for this session alone, and once.
        """
        if not identities.are_offered():
            raise PermissionDenied
        try:
            url, remembered = consenting.begin(staff_of(request), asks_anew="other" in request.POST)
        except DocusignError as error:
            messages.error(request, error.staff_message)
            return _home()
        request.session[REMEMBERED] = remembered
        request.session[NEXT] = _safe(request, request.POST.get("next", ""))
        return self._page(request, "going.html", {"url": url})

    def check_now(self, request: HttpRequest) -> HttpResponse:
        identity = identities.identity_of(staff_of(request))
        try:
            if identity is not None:
                identities.check(identity)
                messages.success(request, _("Docusign lets this portal act for you."))
        except SenderLostError:
            messages.error(request, _("Docusign does not let this portal act for you any more. Connect again."))
        except DocusignError as error:
            messages.error(request, error.staff_message)
        return _home()

    def disconnect(self, request: HttpRequest) -> HttpResponse:
        identity = identities.identity_of(staff_of(request))
        if identity is not None and identities.lose(identity, LossReason.DISCONNECTED):
            text = _("Disconnected: nothing is sent in your name any more.")
            more = _("At Docusign the consent stands until you withdraw it there, under Connected Apps.")
            messages.success(request, f"{text} {more}")
        return _home()

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "title": _("Your Docusign identity")}
        return TemplateResponse(request, f"admin/signing/sendingidentity/{name}", context)


@staff_member_required
@never_cache
@require_safe
def identity_return(request: HttpRequest) -> HttpResponse:
    """Where Docusign sends the person after the consent page. Whatever was remembered is forgotten first."""
    remembered, go_to = request.session.pop(REMEMBERED, None), request.session.pop(NEXT, "")
    try:
        identity = consenting.finish(staff_of(request), remembered, request.GET.dict())
    except NotConnectedError as error:
        messages.error(request, str(error))
        return _home()
    messages.success(request, _("Connected: you can send as %(name)s now.") % {"name": identity.name})
    return redirect(go_to) if go_to else _home()


def _home() -> HttpResponse:
    return redirect("admin:signing_sendingidentity_mine")


def _safe(request: HttpRequest, url: str) -> str:
    """A page of the admin, or nothing."""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours and url.startswith(reverse("admin:index")) else ""
