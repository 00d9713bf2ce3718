"""What the portal keeps of sign-ins: who came in or was refused, and what changed about their way in."""

from django.contrib.auth.models import User

from signing.acting import actor
from signing.events import record_portal
from signing.models import ActorKind
from signing.models.event import PortalKind


def note_success(user: User, shown: list[str]) -> None:
    """`shown`: by what they were known, in the order it was asked for."""
    record_portal(PortalKind.SIGNED_IN, about=_about(user), by=user, shown=shown)


def note_refusal(user: User, why: str, *, is_lock: bool = False) -> None:
    """Whoever it was is not known: only whose account they wanted, and from where they came."""
    kind = PortalKind.LOCKED_OUT if is_lock else PortalKind.SIGN_IN_REFUSED
    record_portal(
        kind, {"from": actor().ip, "username": user.get_username()}, about=_about(user), by=ActorKind.SYSTEM, why=why
    )


def note_change(user: User, what: str) -> None:
    record_portal(PortalKind.SIGN_IN_CHANGED, about=_about(user), by=user, what=what)


def _about(user: User) -> str:
    return f"user:{user.pk}"
