"""The page of the way in, and the one for a forgotten password."""

from typing import Any

from allauth.account.views import LoginView, PasswordResetView
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from .sessions import WHY


class LogInPage(LoginView):
    """With OIDC_ONLY the password's form shows only to who asks for it, and lets superusers in alone."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        shows_password = not settings.OIDC_ONLY or "emergency" in self.request.GET or self.request.method == "POST"
        return super().get_context_data(
            shows_password=shows_password,
            is_emergency=bool(settings.OIDC_ONLY),
            provider=settings.OIDC_NAME if settings.OIDC_ISSUER else "",
            why=self.request.session.pop(WHY, "") if self.request.method == "GET" else "",
            **more,
        )


login = LogInPage.as_view()
_password_reset = PasswordResetView.as_view()


def password_reset(request: HttpRequest) -> HttpResponseBase:
    return redirect("account_login") if settings.OIDC_ONLY else _password_reset(request)
