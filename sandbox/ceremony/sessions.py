"""From a minted URL to a session, and its end (reference 3.1, 3.2)."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from sandbox import clock, lifecycle
from sandbox.definition.envelopes import allows
from sandbox.models import RecipientView
from sandbox.rules import ASKED, OPEN_ENVELOPE, SIGNING_KINDS

from .gates import next_gate

# Whoever chose paper may still change their mind and sign here, and whoever is out of office be back.
MAY_STILL_SIGN = ASKED | {"faxpending", "autoresponded"}
# Finished by saying so, without signing.
FORWARDING_KINDS = frozenset({"agents", "editors", "intermediaries"})


class SessionOverError(Exception):
    """The session cannot go on; `event` is what the return URL is told."""

    def __init__(self, view: RecipientView, event: str) -> None:
        super().__init__(event)
        self.view = view
        self.event = event


def redeem(guid: str, display: dict[str, Any], ip_address: str) -> RecipientView:
    """Open the URL: once, within five minutes. Raises SessionOverError(ttl_expired), RecipientView.DoesNotExist."""
    with transaction.atomic():
        view = RecipientView.objects.select_related("recipient__envelope__sender").get(guid=guid)
        view.display = display
        now = clock.now()
        is_late = now - view.created_at > timedelta(seconds=settings.RECIPIENT_VIEW_SECONDS)
        if view.session_key or is_late:
            raise SessionOverError(view, "ttl_expired")
        view.session_key = secrets.token_urlsafe(32)
        view.last_active_at = now
        view.save()
        enter(view, ip_address)
    return view


def enter(view: RecipientView, ip_address: str) -> None:
    """Past the last gate the documents count as opened."""
    recipient = view.recipient
    if view.is_preview or next_gate(view):
        return
    if recipient.envelope.status in OPEN_ENVELOPE and recipient.status in (*ASKED, "autoresponded"):
        lifecycle.open_by(recipient, ip_address)


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


def end(view: RecipientView, event: str) -> None:
    view.ended_event = event
    view.save(update_fields=["ended_event"])


def can_sign(view: RecipientView) -> bool:
    """Otherwise the ceremony is for reading only and ends with `viewing_complete`."""
    return _can_act(view) and view.recipient.kind in SIGNING_KINDS


def can_forward(view: RecipientView) -> bool:
    return _can_act(view) and view.recipient.kind in FORWARDING_KINDS


def can_reassign(view: RecipientView) -> bool:
    """A host has another way to let someone else sign in person."""
    return (
        can_sign(view) and view.recipient.kind != "inPersonSigners" and allows(view.recipient.envelope, "allowReassign")
    )


def can_use_paper(view: RecipientView) -> bool:
    return can_sign(view) and allows(view.recipient.envelope, "enableWetSign")


def _can_act(view: RecipientView) -> bool:
    recipient = view.recipient
    return not view.is_preview and recipient.envelope.status in OPEN_ENVELOPE and recipient.status in MAY_STILL_SIGN
