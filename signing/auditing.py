"""Is the evidence what was written? Streams all chains and anchors, keeps little in memory, and names every row."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from . import anchoring, events, settings_watch
from .models import Anchor, Envelope, EnvelopeEvent, EventKind, PortalKind, append_only
from .verify import anchors, merkle
from .verify.chain import FIRST, Fault, Wrong, chain_name, faults

logger = logging.getLogger(__name__)

CHUNK = 2000
LATELY = timedelta(days=2)
NAMED = 200  # of what is wrong, in the answer
KEPT = 20  # and in the event


@dataclass
class Audit:
    """One look at the evidence. `faults` may be gone through once; the counts are true afterwards.

    `since`: only chains that went on after the last anchor before that moment, and later anchors. `envelope_id`: only
    this chain, and what anchors say of it.
    """

    since: datetime | None = None
    envelope_id: int | None = None
    events: int = 0
    chains: int = 0
    anchors: int = 0
    erased: int = 0
    missing_triggers: list[str] = field(default_factory=list)

    def faults(self) -> Iterator[Fault]:
        self.missing_triggers = append_only.missing(connection)
        yield from self._of_chains()
        yield from self._of_vanished()
        if self.envelope_id is None:
            yield from self._of_anchors()
            yield from self._of_what_is_told_outside()
        else:
            for anchor in Anchor.objects.filter(heads__has_key=str(self.envelope_id)).order_by("number"):
                yield from _of_heads(anchor, {str(self.envelope_id): anchor.heads[str(self.envelope_id)]})

    def _of_chains(self) -> Iterator[Fault]:
        rows = self._events().order_by("envelope_id", "number").iterator(chunk_size=CHUNK)
        for envelope_id, chain in groupby(rows, key=lambda event: event.envelope_id):
            self.chains += 1
            yield from faults(chain_name(envelope_id), (event.link for event in self._counted(chain)))

    def _counted(self, chain: Iterator[EnvelopeEvent]) -> Iterator[EnvelopeEvent]:
        for event in chain:
            self.events += 1
            self.erased += event.erased_at is not None
            yield event

    def _events(self) -> QuerySet[EnvelopeEvent]:
        rows = EnvelopeEvent.objects.all()
        if self.envelope_id is not None:
            return rows.filter(envelope_id=self.envelope_id)
        if start := self._starts_after():
            recent = EnvelopeEvent.objects.filter(pk__gt=start.last_event).order_by().values("envelope_id")
            return rows.filter(Q(envelope_id__in=recent.exclude(envelope=None)) | Q(envelope=None))
        return rows

    def _starts_after(self) -> Anchor | None:
        return Anchor.objects.filter(at__lt=self.since).order_by("-number").first() if self.since else None

    def _of_vanished(self) -> Iterator[Fault]:
        """Who deletes an envelope says so. (Chains alone would not notice that one is gone from its own table.)"""
        told = EnvelopeEvent.objects.filter(envelope_id=OuterRef("envelope_id"), kind=EventKind.DELETED)
        rows = self._events().filter(number=1).exclude(envelope=None)
        gone = rows.exclude(Exists(Envelope.objects.filter(pk=OuterRef("envelope_id")))).exclude(Exists(told))
        for envelope_id in gone.order_by("envelope_id").values_list("envelope_id", flat=True).iterator():
            yield Fault(
                chain_name(envelope_id), 0, Wrong.MISSING, "the envelope is gone, and no event says who took it"
            )

    def _of_anchors(self) -> Iterator[Fault]:
        before = self._starts_after()
        for anchor in Anchor.objects.filter(number__gt=before.number if before else 0).order_by("number").iterator():
            self.anchors += 1
            expected = before.number + 1 if before else 1
            for number in range(expected, anchor.number):
                yield Fault(anchors.CHAIN, number, Wrong.MISSING, "there is no such anchor")
            previous_hash = before.hash if before else FIRST
            if anchor.number == expected and not anchor.is_sound(previous_hash):
                yield Fault(anchors.CHAIN, anchor.number, Wrong.CHANGED, "its hash does not fit")
            else:
                yield from _of_anchor(anchor)
            before = anchor

    def _of_what_is_told_outside(self) -> Iterator[Fault]:
        try:
            for line in anchoring.published_lines():
                row = Anchor.objects.filter(number=line["number"]).first()
                if row is None:
                    yield Fault(anchors.CHAIN, line["number"], Wrong.TRUNCATED, "the file outside knows it")
                elif row.hash != line["hash"]:
                    yield Fault(anchors.CHAIN, row.number, Wrong.REWRITTEN, "the file outside has another hash")
        except (OSError, ValueError, KeyError, TypeError) as error:
            why = f"the file of anchors cannot be read ({type(error).__name__})"
            yield Fault(anchors.CHAIN, 0, Wrong.MISSING, why)


@dataclass(frozen=True)
class Result:
    looked: str
    faults: int
    named: tuple[str, ...]
    missing_triggers: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.faults and not self.missing_triggers


def keep_up() -> None:
    """Changed settings are noted at once; what went on lately is looked through, and anchored, once a day."""
    now = timezone.now()
    settings_watch.note_changes()
    if anchoring.is_due(now):
        look_through(since=now - LATELY)
        anchoring.write_anchors()


def look_through(*, since: datetime | None = None, envelope_id: int | None = None) -> Result:
    """The whole audit, or its part; what came of it is an event of the portal itself."""
    audit = Audit(since=since, envelope_id=envelope_id)
    found, named = 0, []
    for fault in audit.faults():
        found += 1
        if found <= NAMED:
            named.append(str(fault))
    looked = f"{audit.events} events in {audit.chains} chains, {audit.anchors} anchors; {audit.erased} erased"
    result = Result(looked, found, tuple(named), tuple(audit.missing_triggers))
    if not result.is_good:
        logger.error("the evidence does not hold: %s faults, first %s; %s", found, named[:1], audit.missing_triggers)
    scope = f"envelope {envelope_id}" if envelope_id else f"since {since:%Y-%m-%d}" if since else ""
    events.record_portal(
        PortalKind.VERIFIED,
        about="evidence",
        looked=looked,
        faults=found,
        named=named[:KEPT],
        missing_triggers=audit.missing_triggers,
        scope=scope,
    )
    return result


def _of_anchor(anchor: Anchor) -> Iterator[Fault]:
    rows = EnvelopeEvent.objects.filter(pk__gt=anchor.after_event, pk__lte=anchor.last_event).order_by("pk")
    hashes = list(rows.values_list("hash", flat=True)[: anchor.count + 1])  # an anchor covers few
    if len(hashes) == anchor.count and merkle.root(hashes) == anchor.root:
        return
    named = list(_of_heads(anchor, anchor.heads))
    yield from named
    if not named:
        here = f"{len(hashes)} are here" if len(hashes) <= anchor.count else "more are here"
        why = f"it covers {anchor.count} events, ids {anchor.after_event + 1} to {anchor.last_event}; {here}, or others"
        yield Fault(anchors.CHAIN, anchor.number, Wrong.REWRITTEN, why)


def _of_heads(anchor: Anchor, heads: dict[str, str]) -> Iterator[Fault]:
    """Which chains are shorter than the anchor saw, or have another event in that place."""
    for chain, told in heads.items():
        envelope_id = None if chain == "portal" else int(chain)
        number = anchors.number_of(told)
        row = EnvelopeEvent.objects.of_chain(envelope_id).filter(number=number).first()
        if row is None:
            why = f"anchor {anchor.number} of {anchor.at:%Y-%m-%d} saw it"
            yield Fault(chain_name(envelope_id), number, Wrong.TRUNCATED, why)
        elif anchors.head(number, row.hash) != told:
            why = f"anchor {anchor.number} of {anchor.at:%Y-%m-%d} saw another"
            yield Fault(chain_name(envelope_id), number, Wrong.REWRITTEN, why)
