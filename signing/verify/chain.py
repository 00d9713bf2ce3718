"""The chain of events: how each one is hashed over the one before it, and what is wrong with a chain that was touched.

Pure: rows and bundles alike are turned into `Link`s, and the same function looks at both. The format is a promise to
everyone who holds a proof, so nothing here may change for events that were written once.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address
from math import isfinite
from typing import Any

FIRST = "0" * 64  # what the first event of a chain follows
PORTAL = "portal"  # the chain of what belongs to no envelope
LOOKED_AROUND = 200  # by how many places a moved event is looked for


def canonical(value: object) -> bytes:
    """One spelling of a JSON value. Raises ValueError for what JSON does not know (NaN)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def plain(value: Any) -> Any:
    """The same as JSON that every database gives back as it got it: no fractions that are none, no NUL, no half
    characters. What JSON does not know becomes text.
    """
    if isinstance(value, Mapping):
        return {plain(str(name)): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and isfinite(value):
        return int(value) if value.is_integer() else value
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def digest(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def instant(at: datetime) -> str:
    """ISO 8601 in UTC, always with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def address(ip: str) -> str:
    """One spelling of an IP address; empty for none."""
    if not ip:
        return ""
    known = ip_address(ip.partition("%")[0])
    return str(getattr(known, "ipv4_mapped", None) or known)


def chain_name(envelope_id: int | None) -> str:
    return PORTAL if envelope_id is None else f"envelope:{envelope_id}"


def event_of(
    *, number: int, at: datetime, kind: str, actor_kind: str, about: str, details_digest: str
) -> dict[str, Any]:
    """What is hashed. `about`: for example `recipient:2`, or empty. Personal details stand here as a digest alone, so
    that they can be erased and the chain still holds.
    """
    return {
        "number": number,
        "at": instant(at),
        "kind": kind,
        "actor_kind": actor_kind,
        "about": about,
        "details_digest": details_digest,
    }


def event_hash(previous_hash: str, chain: str, event: Mapping[str, Any]) -> str:
    return digest([previous_hash, chain, dict(event)])


@dataclass(frozen=True, slots=True)
class Link:
    """An event as it lies somewhere now. `details` is None where they were erased."""

    event: Mapping[str, Any]
    previous_hash: str
    hash: str
    details: Mapping[str, Any] | None

    @property
    def number(self) -> int:
        return int(self.event["number"])


class Wrong(StrEnum):
    CHANGED = "changed"  # it is not what was written
    MISSING = "missing"
    INSERTED = "inserted"  # the one after it was written after another
    MOVED = "moved"  # it was written with another number
    TRUNCATED = "truncated"  # an anchor saw more
    REWRITTEN = "rewritten"  # it holds by itself, but an anchor saw another


@dataclass(frozen=True, slots=True)
class Fault:
    chain: str
    number: int
    wrong: Wrong
    why: str

    def __str__(self) -> str:
        return f"{self.chain}, event {self.number}: {self.wrong}, {self.why}"


def faults(chain: str, links: Iterable[Link]) -> Iterator[Fault]:
    """What is wrong with a whole chain, given in order of numbers. Nothing: it is intact up to its last event.

    That events are missing at its end, no chain can say of itself: this is what anchors are for.
    """
    before: Link | None = None
    is_before_sound = True
    for link in links:
        expected = before.number + 1 if before else 1
        own = list(_own_faults(chain, link))
        if link.number > expected:
            for number in range(expected, link.number):
                yield Fault(chain, number, Wrong.MISSING, "there is no such event")
        elif link.number < expected:
            own = own or [Fault(chain, link.number, Wrong.INSERTED, "there are two of this number")]
        elif not own and is_before_sound and link.previous_hash != (before.hash if before else FIRST):
            yield _not_followed(chain, link, before)
        yield from own
        before, is_before_sound = link, not own


def _not_followed(chain: str, link: Link, before: Link | None) -> Fault:
    """Both are sound by themselves, and the later one was written after another than the one that stands there."""
    if before is None:
        return Fault(chain, link.number, Wrong.INSERTED, "it was written after an event that is not there")
    return Fault(chain, before.number, Wrong.INSERTED, f"event {link.number} was written after another one")


def _own_faults(chain: str, link: Link) -> Iterator[Fault]:
    if event_hash(link.previous_hash, chain, link.event) != link.hash:
        written_as = _number_it_was_written_with(chain, link)
        if written_as is not None:
            yield Fault(chain, link.number, Wrong.MOVED, f"it was written as event {written_as}")
        else:
            yield Fault(chain, link.number, Wrong.CHANGED, "its hash does not fit")
    elif link.details is not None and digest(link.details) != link.event["details_digest"]:
        yield Fault(chain, link.number, Wrong.CHANGED, "its details are not those that were written")


def _number_it_was_written_with(chain: str, link: Link) -> int | None:
    around = range(max(1, link.number - LOOKED_AROUND), link.number + LOOKED_AROUND)
    for number in around:
        if event_hash(link.previous_hash, chain, {**link.event, "number": number}) == link.hash:
            return number
    return None
