"""Writing the timeline: one line per deed, in its transaction. Nobody changes or deletes a line."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from .acting import actor
from .models import ActorKind, EnvelopeEvent, EventKind, Recipient
from .models.event import ACTOR_NAME_MAX_LENGTH

ONE_SITTING = timedelta(minutes=15)  # changes of a draft by one person within it are one line


def record(
    envelope_id: int,
    kind: EventKind,
    facts: Mapping[str, Any] | None = None,
    *,
    recipient: Recipient | None = None,
    by: ActorKind | None = None,
    **more: Any,
) -> None:
    """What there is to say beside stands in `facts` and `more`.

    `recipient`: whom it is about. `by`: who did it, where that is not whoever is acting now.
    """
    user = actor().find_user() if by in (None, ActorKind.USER) else None
    actor_kind = by or (ActorKind.USER if user else ActorKind.SYSTEM)
    comes_from_outside = actor_kind in (ActorKind.USER, ActorKind.RECIPIENT)
    EnvelopeEvent.objects.create(
        envelope_id=envelope_id,
        kind=kind,
        actor_kind=actor_kind,
        user=user,
        actor_name=_name(actor_kind, user, recipient)[:ACTOR_NAME_MAX_LENGTH],
        recipient_number=recipient.number if recipient else None,
        ip=(actor().ip or None) if comes_from_outside else None,
        data=({"recipient": recipient.name} if recipient else {}) | dict(facts or {}) | more,
    )


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
