"""The page of the way in, the one for a forgotten password, and the road to the provider of single sign-on."""

import logging
from typing import Any

from allauth.account.views import LoginView, PasswordResetView
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from requests import RequestException

from .sessions import WHY

logger = logging.getLogger(__name__)


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


def to_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """allauth asks the provider for its addresses first, and leaves it to us that it may not answer."""
    try:
        response: HttpResponseBase = openid_connect.login(request, provider_id)
    except (RequestException, KeyError) as error:
        logger.warning("single sign-on: the provider did not answer (%s)", type(error).__name__)
        return render(request, "socialaccount/authentication_error.html", status=503)
    return response


login = LogInPage.as_view()
_password_reset = PasswordResetView.as_view()


def password_reset(request: HttpRequest) -> HttpResponseBase:
    return redirect("account_login") if settings.OIDC_ONLY else _password_reset(request)
