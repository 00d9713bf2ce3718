"""Who is at it: what the events of a timeline say of the person or machine behind a deed.

A door sets it once per request (`signing.views.acting`), and no deed has to pass it on. Outside of a request it is
the portal itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.contrib.auth.models import User


def _nobody() -> User | None:
    return None


@dataclass(frozen=True, slots=True)
class Actor:
    """`find_user` answers with the member of staff who acts, if any; `ip` is where they come from, or empty.

    A function, since most requests do nothing that a timeline tells of, and need not look up who sends them.
    """

    find_user: Callable[[], User | None] = _nobody
    ip: str = ""


NOBODY = Actor()
_actor: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def actor() -> Actor:
    return _actor.get()


@contextmanager
def acting(present: Actor) -> Iterator[None]:
    """Within it, deeds are this actor's."""
    mark = _actor.set(present)
    try:
        yield
    finally:
        _actor.reset(mark)
