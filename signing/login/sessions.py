"""How long a sign-in lasts: without anything being done, and at all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone

SIGNED_IN, SEEN, WHY = "signed_in_at", "seen_at", "signed_out_why"
NOTED_EVERY = timedelta(minutes=1)


class SessionLimits:
    """Middleware: ends a session that is older, or has been idle for longer, than the settings allow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        why = _over(request.session)
        if why:
            logout(request)
            request.session[WHY] = why
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not _is_background(request):
            _note_activity(request.session)
        return None


def begin(session: SessionBase) -> None:
    session[SIGNED_IN] = session[SEEN] = timezone.now().timestamp()


def _over(session: SessionBase) -> str:
    """`idle`, `old`, or empty."""
    now = timezone.now().timestamp()
    if settings.SESSION_MAX_HOURS and now - session.get(SIGNED_IN, now) > settings.SESSION_MAX_HOURS * 3600:
        return "old"
    if settings.SESSION_IDLE_MINUTES and now - session.get(SEEN, now) > settings.SESSION_IDLE_MINUTES * 60:
        return "idle"
    return ""


def _note_activity(session: SessionBase) -> None:
    """Once a minute at most, so that a click does not become a write."""
    now = timezone.now()
    session.setdefault(SIGNED_IN, now.timestamp())
    if now.timestamp() - session.get(SEEN, 0) < NOTED_EVERY.total_seconds():
        return
    session[SEEN] = now.timestamp()
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=now)


def _is_background(request: HttpRequest) -> bool:
    """A page that looks for news by itself keeps nobody signed in."""
    return request.method == "GET" and request.headers.get("Sec-Fetch-Dest") == "empty"
