"""From a minted URL to a session and back to the return URL (reference 3.1, 3.2)."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect

from sandbox import clock, lifecycle
from sandbox.models import RecipientView
from sandbox.rules import ASKED, OPEN_ENVELOPE


class SessionOverError(Exception):
    """The session cannot go on; `event` is what the return URL is told."""

    def __init__(self, view: RecipientView, event: str) -> None:
        super().__init__(event)
        self.view = view
        self.event = event


def redeem(guid: str, request: HttpRequest) -> RecipientView:
    """Open the URL: once, within five minutes. Raises SessionOverError(ttl_expired), RecipientView.DoesNotExist."""
    with transaction.atomic():
        view = RecipientView.objects.select_related("recipient__envelope").get(guid=guid)
        now = clock.now()
        is_late = now - view.created_at > timedelta(seconds=settings.RECIPIENT_VIEW_SECONDS)
        if view.session_key or is_late:
            raise SessionOverError(view, "ttl_expired")
        view.session_key = secrets.token_urlsafe(32)
        view.last_active_at = now
        view.save()
        if view.recipient.envelope.status in OPEN_ENVELOPE and view.recipient.status in ASKED:
            lifecycle.open_by(view.recipient, _ip_address(request))
    return view


def current(session_key: str) -> RecipientView:
    """The live session. Raises SessionOverError, RecipientView.DoesNotExist."""
    view = RecipientView.objects.select_related("recipient__envelope__sender").get(session_key=session_key)
    if view.ended_event:
        raise SessionOverError(view, view.ended_event)
    now = clock.now()
    if view.last_active_at is None or now - view.last_active_at > timedelta(seconds=settings.SESSION_IDLE_SECONDS):
        end(view, "session_timeout")
        raise SessionOverError(view, "session_timeout")
    view.last_active_at = now
    view.save(update_fields=["last_active_at"])
    return view


def can_sign(view: RecipientView) -> bool:
    """Otherwise the ceremony is for reading only and ends with `viewing_complete`."""
    return view.recipient.envelope.status in OPEN_ENVELOPE and view.recipient.status in ASKED


def end(view: RecipientView, event: str) -> HttpResponseRedirect:
    view.ended_event = event
    view.save(update_fields=["ended_event"])
    return to_return_url(view, event)


def to_return_url(view: RecipientView, event: str) -> HttpResponseRedirect:
    """`?event=` or `&event=`, before any fragment."""
    address, hash_sign, fragment = view.return_url.partition("#")
    separator = "&" if "?" in address else "?"
    return _Redirect(f"{address}{separator}event={event}{hash_sign}{fragment}", status=303)


class _Redirect(HttpResponseRedirect):
    """Return URLs may have an app's own scheme."""

    def __init__(self, redirect_to: str, *, status: int) -> None:
        scheme = redirect_to.partition(":")[0].lower()
        self.allowed_schemes = [
            "http",
            "https",
            *([scheme] if scheme not in ("javascript", "data", "vbscript") else []),
        ]
        super().__init__(redirect_to, status=status)


def _ip_address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
