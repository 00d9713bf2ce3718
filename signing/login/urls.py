"""The addresses of the way in: of all that allauth has, only those that are needed.

Sign-up, addresses of mail, codes by mail: not routed. The first table is open to everybody, the second to who is in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions import views as usersessions
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.cache import never_cache

from signing.views.policy import policy

from . import views

View = Callable[..., HttpResponseBase]

RESET_KEY = r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"
LOGIN = "admin/login/"  # where the admin has its own
OPEN: list[tuple[str, View, str]] = [
    (LOGIN, views.login, "account_login"),
    ("account/logout/", account.logout, "account_logout"),
    ("account/closed/", account.account_inactive, "account_inactive"),
    ("account/password/reset/", views.password_reset, "account_reset_password"),
    ("account/password/reset/sent/", account.password_reset_done, "account_reset_password_done"),
    (
        "account/password/reset/done/",
        account.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
    ("account/second-factor/", mfa.authenticate, "mfa_authenticate"),
    ("account/passkey/", webauthn.login_webauthn, "mfa_login_webauthn"),
    ("account/oidc/<slug:provider_id>/login/", views.to_provider, "openid_connect_login"),
    ("account/oidc/<slug:provider_id>/login/callback/", openid_connect.callback, "openid_connect_callback"),
    ("account/oidc/cancelled/", socialaccount.login_cancelled, "socialaccount_login_cancelled"),
    ("account/oidc/error/", socialaccount.login_error, "socialaccount_login_error"),
]
INSIDE: list[tuple[str, View, str]] = [
    ("account/security/", mfa.index, "mfa_index"),
    ("account/security/confirm/", account.reauthenticate, "account_reauthenticate"),
    ("account/security/confirm/code/", mfa.reauthenticate, "mfa_reauthenticate"),
    ("account/security/confirm/key/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    ("account/security/password/", account.password_change, "account_change_password"),
    ("account/security/password/set/", account.password_set, "account_set_password"),
    ("account/security/sessions/", usersessions.list_usersessions, "usersessions_list"),
    ("account/security/app/", totp.activate_totp, "mfa_activate_totp"),
    ("account/security/app/remove/", totp.deactivate_totp, "mfa_deactivate_totp"),
    ("account/security/keys/", webauthn.list_webauthn, "mfa_list_webauthn"),
    ("account/security/keys/add/", webauthn.add_webauthn, "mfa_add_webauthn"),
    ("account/security/keys/<int:pk>/edit/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
    ("account/security/keys/<int:pk>/remove/", webauthn.remove_webauthn, "mfa_remove_webauthn"),
    ("account/security/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    ("account/security/recovery-codes/new/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    ("account/security/recovery-codes/file/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
]


def _page(view: View, name: str, *, is_open: bool) -> View:
    """The view under our policy. `form-action` covers redirects, so the provider's host is let through."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Content-Security-Policy", policy(forms=_provider_origin()))
        return response

    page.__name__ = name
    page.__dict__ |= {"login_required": not is_open, "is_way_in": True}
    return page


def _provider_origin() -> list[str]:
    parts = urlsplit(settings.OIDC_ISSUER)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


urlpatterns: list[URLPattern] = [
    re_path(
        RESET_KEY,
        _page(account.password_reset_from_key, "account_reset_password_from_key", is_open=True),
        name="account_reset_password_from_key",
    ),
    *(path(route, _page(view, name, is_open=True), name=name) for route, view, name in OPEN),
    *(path(route, _page(view, name, is_open=False), name=name) for route, view, name in INSIDE),
]
