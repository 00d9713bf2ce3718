"""Writing the timeline: one line per deed, in its transaction, hashed over the line before it (`verify.chain`)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from .acting import actor
from .models import ActorKind, EnvelopeEvent, EventKind, Recipient
from .models.event import ABOUT_MAX_LENGTH, ACTOR_NAME_MAX_LENGTH, EventQuerySet
from .verify.chain import FIRST, address, plain

ONE_SITTING = timedelta(minutes=15)  # changes of a draft by one person within it are one line
CHAIN_LOCK = 0x5369676E  # ours among PostgreSQL's advisory locks


def record(
    envelope_id: int,
    kind: str,
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


def erase(rows: EventQuerySet) -> int:
    """Names, addresses and words go out of these lines; that something happened, and when, stays. How many."""
    return rows.erase()


def record_edit(envelope_id: int) -> None:
    """A draft was changed. Autosave comes every few seconds, and would drown everything else."""
    last = EnvelopeEvent.objects.filter(envelope_id=envelope_id).order_by("-number").first()
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


def _append(
    event: EnvelopeEvent, *, by: ActorKind | User | None, recipient: Recipient | None = None, actor_name: str = ""
) -> None:
    """Who, from where, and onto its chain."""
    user = by if isinstance(by, User) else actor().find_user() if by in (None, ActorKind.USER) else None
    kind = ActorKind.USER if user else by if isinstance(by, ActorKind) else ActorKind.SYSTEM
    event.actor_kind, event.user = kind, user
    event.actor_name = plain((actor_name or _name(kind, user, recipient))[:ACTOR_NAME_MAX_LENGTH])
    event.recipient_number = recipient.number if recipient else None
    event.ip = address(actor().ip) or None if kind in (ActorKind.USER, ActorKind.RECIPIENT) else None
    event.data, event.salt = plain(event.data), secrets.token_hex(16)
    with transaction.atomic(savepoint=False):
        number, previous_hash = _lock_chain(event.envelope_id)
        event.at = timezone.now()
        event.follow(number, previous_hash).save(force_insert=True)


def _lock_chain(envelope_id: int | None) -> tuple[int, str]:
    """The last number and hash of a chain, to which nobody else adds before this transaction is over.

    SQLite has one writer at a time as it is. On PostgreSQL a lock of its own, and not the envelope's row: whoever holds
    that row may still wait for others, whoever holds this lock should not. So record last, or lock the envelope first.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CHAIN_LOCK, (envelope_id or 0) % 2**31])
    rows = EnvelopeEvent.objects.of_chain(envelope_id).order_by("-number")
    return rows.values_list("number", "hash").first() or (0, FIRST)
