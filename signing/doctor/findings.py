"""What a check finds: how it stands, in a plain sentence, and what to do about it."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _


class Status(StrEnum):
    OK = "ok"
    WARNING = "warning"  # works, but not as it should for long
    FAILED = "failed"
    SKIPPED = "skipped"  # not used, or cannot be told yet


@dataclass(frozen=True, slots=True)
class Link:
    """Where something can be mended. `kind` names it for whoever has a better way there than the bare address."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`facts` are what was seen, as label and value; never a secret."""

    status: Status
    sentence: str
    remedy: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()


def ok(sentence: str, **facts: str) -> Finding:
    return Finding(Status.OK, sentence, facts=facts)


def skipped(sentence: str, remedy: str = "") -> Finding:
    return Finding(Status.SKIPPED, sentence, remedy)


def waits() -> Finding:
    return skipped(_("Cannot be told yet: something else must be mended first."))


def warning(sentence: str, remedy: str, *, facts: dict[str, str] | None = None) -> Finding:
    return Finding(Status.WARNING, sentence, remedy, facts or {})


def failed(sentence: str, remedy: str, *, facts: dict[str, str] | None = None, links: tuple[Link, ...] = ()) -> Finding:
    return Finding(Status.FAILED, sentence, remedy, facts or {}, links)
