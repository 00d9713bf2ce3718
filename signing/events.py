"""Writing the timeline: one line per deed, in its transaction. Nobody changes or deletes a line."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from .acting import actor
from .models import ActorKind, EnvelopeEvent, EventKind, Recipient
from .models.event import ABOUT_MAX_LENGTH, ACTOR_NAME_MAX_LENGTH

ONE_SITTING = timedelta(minutes=15)  # changes of a draft by one person within it are one line


def record(
    envelope_id: int,
    kind: EventKind,
    facts: Mapping[str, Any] | None = None,
    *,
    recipient: Recipient | None = None,
    by: ActorKind | None = None,
    actor_name: str = "",
    **more: Any,
) -> None:
    """What there is to say beside stands in `facts` and `more`.

    `recipient`: whom it is about. `by`: who did it, where that is not whoever is acting now;
    `actor_name`: by name, where it is not the recipient's. Where somebody does a recipient's deed in a browser in which
    staff are logged in, the line says so.
    """
    staff = actor().find_user() if by == ActorKind.RECIPIENT else None
    own = ({"recipient": recipient.name} if recipient else {}) | (
        {"staff_browser": staff.get_username()} if staff else {}
    )
    event = EnvelopeEvent(envelope_id=envelope_id, kind=kind, data=own | dict(facts or {}) | more)
    _append(event, by=by, recipient=recipient, actor_name=actor_name)


def record_portal(
    kind: str, facts: Mapping[str, Any] | None = None, *, about: str, by: ActorKind | User | None = None, **more: Any
) -> None:
    """What happened to something that is no envelope. `about` names it: `template:12`, `user:3`, `settings`.

    `by`: who did it, where that is not whoever is acting now; a user where the request does not know yet (sign-in).
    """
    event = EnvelopeEvent(kind=kind, about=about[:ABOUT_MAX_LENGTH], data=dict(facts or {}) | more)
    _append(event, by=by)


def _append(
    event: EnvelopeEvent, *, by: ActorKind | User | None, recipient: Recipient | None = None, actor_name: str = ""
) -> None:
    """Who, from where, and onto its chain."""
    user = by if isinstance(by, User) else actor().find_user() if by in (None, ActorKind.USER) else None
    kind = ActorKind.USER if user else by if isinstance(by, ActorKind) else ActorKind.SYSTEM
    event.actor_kind, event.user = kind, user
    event.actor_name = (actor_name or _name(kind, user, recipient))[:ACTOR_NAME_MAX_LENGTH]
    event.recipient_number = recipient.number if recipient else None
    event.ip = (actor().ip or None) if kind in (ActorKind.USER, ActorKind.RECIPIENT) else None
    event.save(force_insert=True)


def erase(rows: QuerySet[EnvelopeEvent]) -> int:
    """Names, addresses and words go out of these lines; that something happened, and when, stays. How many."""
    eraser = getattr(rows, "erase", None)
    return eraser() if eraser else rows.update(actor_name="", data={}, ip=None)


def record_edit(envelope_id: int) -> None:
    """A draft was changed. Autosave comes every few seconds, and would drown everything else."""
    last = EnvelopeEvent.objects.filter(envelope_id=envelope_id).order_by("-id").first()
    is_same_sitting = (
        last is not None
        and last.kind in (EventKind.DRAFTED, EventKind.EDITED)
        and last.user == actor().find_user()
        and last.at > timezone.now() - ONE_SITTING
    )
    if not is_same_sitting:
        record(envelope_id, EventKind.EDITED)


def _name(kind: ActorKind, user: User | None, recipient: Recipient | None) -> str:
    if user:
        return user.get_full_name() or user.get_username()
    return recipient.name if kind == ActorKind.RECIPIENT and recipient else ""
