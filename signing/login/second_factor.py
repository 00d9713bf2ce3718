"""Second factors: who must have one, and how they are kept and drawn."""

from base64 import b32encode
from collections.abc import Callable
from io import BytesIO
from secrets import token_bytes
from typing import Any

import segno
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from signing import secretbox

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required_of(user: User) -> bool:
    """By MFA_REQUIRED: of all, of superusers, or of the members of the groups it names."""
    asked = set(settings.MFA_REQUIRED)
    if "all" in asked or ("superusers" in asked and user.is_superuser):
        return True
    return bool(asked) and user.groups.filter(name__in=asked).exists()


def has_one(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def is_missing(request: HttpRequest) -> bool:
    """Who came by single sign-on has shown there whatever the organisation asks for."""
    user = request.user
    if not isinstance(user, User) or not is_required_of(user) or has_one(user):
        return False
    return not any(record.get("method") == "socialaccount" for record in get_authentication_records(request, user))


class SecondFactorRequired:
    """Middleware: leads whoever must have a second factor, and has none, to where it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not settings.MFA_REQUIRED or not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if getattr(view, "is_way_in", False) or getattr(request.resolver_match, "view_name", "") == "admin:logout":
            return None
        return redirect("mfa_index") if is_missing(request) else None


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted; the last factor of who must have one stays."""

    def encrypt(self, text: str) -> str:
        return secretbox.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Something random when SECRET_KEY changed without a fallback: codes of an empty secret can be computed."""
        return secretbox.decrypt(encrypted_text) or b32encode(token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        return str(settings.ORGANISATION_NAME)

    def _get_site_name(self) -> str:
        return str(settings.ORGANISATION_NAME)

    def build_totp_svg(self, url: str) -> str:
        """Without a style of its own, which the pages' policy would not let through."""
        drawn = BytesIO()
        segno.make(url, error="m").save(
            drawn, kind="svg", xmldecl=False, omitsize=True, svgclass="sp-login-qr", lineclass=None
        )
        return drawn.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return others.exists() or not is_required_of(authenticator.user)
