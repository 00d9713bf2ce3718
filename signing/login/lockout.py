"""Guessing passwords: counted by name and address together, then refused for a while (django-axes)."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from signing.views.addresses import client_address

from .records import note_refusal
from .sessions import begin


def address(request: HttpRequest) -> str | None:
    """The visitor's, behind trusted proxies; of IPv6 the first of the network that one household has."""
    return client_address(request).partition("/")[0] or None


def username(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """In small letters: `Dana` and `dana` are one account, and no two sets of tries."""
    given = (credentials or {}).get("username") or (request.POST.get("login") if request else "")
    return str(given or "").strip().lower()


class Handler(AxesDatabaseHandler):
    """Keeps a record of failures for accounts that exist. Other names are often a password in the wrong field."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any
    ) -> None:
        was_locked = bool(getattr(request, "axes_locked_out", False))
        super().user_login_failed(sender, credentials, request, **more)
        user = User.objects.filter(username__iexact=username(request, credentials)).first()
        if user is None or was_locked:
            return
        note_refusal(user, "password", is_lock=bool(getattr(request, "axes_locked_out", False)))

    def user_logged_in(self, sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
        """Called for every log-in, by whatever way."""
        super().user_logged_in(sender, request, user, **more)
        begin(request.session)


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """The page that says so, and what to do."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
    return render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
