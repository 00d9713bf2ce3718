"""allauth's account adapter: nobody signs up, staff alone come in, and what happens is put on record."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from signing import tasks
from signing.views.addresses import nearest_address

from .records import note_change, note_refusal, note_success
from .single_sign_on import PROVIDER_ID

UNKNOWN_ADDRESS = "127.0.0.1"  # it came through a socket of this machine
FRESH_SECONDS = 300
NOT_LOGGED = {"account/messages/logged_in.txt"}  # the dashboard says enough


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return nearest_address(request) or UNKNOWN_ADDRESS

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        if user.is_active and user.is_staff:
            if settings.OIDC_ONLY and not user.is_superuser and "socialaccount" not in _shown(request, user):
                return self._point_to_single_sign_on(request, user)
            return super().pre_login(request, user, **more)
        note_refusal(user, "account closed")
        return self.respond_user_inactive(request, user)

    def _point_to_single_sign_on(self, request: HttpRequest, user: User) -> HttpResponse:
        note_refusal(user, "not by single sign-on")
        messages.error(request, _("Please sign in with %(name)s.") % {"name": settings.OIDC_NAME})
        return redirect("account_login")

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Who has neither password nor second factor here shows once more at the provider who they are."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if found or not settings.OIDC_ISSUER:
            return found
        again = reverse("openid_connect_login", kwargs={"provider_id": PROVIDER_ID})
        return [{"id": "single_sign_on", "description": settings.OIDC_NAME, "url": again}]

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        note_success(user, _shown(request, user))

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *args: Any, **more: Any
    ) -> None:
        if message_template not in NOT_LOGGED:
            super().add_message(request, level, message_template, *args, **more)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whoever has just come in has just shown who they are."""
        at = max(
            (record.get("at", 0) for record in get_authentication_records(self.request, self.request.user)), default=0
        )
        return timezone.now().timestamp() - at > FRESH_SECONDS

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """allauth calls it for every change of a password, a second factor or a link to single sign-on."""
        what = template_prefix.rpartition("/")[2]
        note_change(user, what)
        if user.email:
            tasks.ring(tasks.mail_staff, what, user.pk)


def _shown(request: HttpRequest, user: User) -> list[str]:
    """What was shown: `password`, `totp`, `webauthn`, `recovery_codes`, `socialaccount`."""
    return [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
