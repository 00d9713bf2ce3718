"""Applying the rules: what is due goes, a batch at a time, each envelope in a transaction of its own."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from signing import bounded, events
from signing.models import ActorKind, BulkBatch, Envelope, EventKind, Scope

from . import removing, requests
from .rules import Rule, due, due_batches, due_drafts

logger = logging.getLogger(__name__)

AT_ONCE = 200  # then other work gets its turn
COUNT_UP_TO = 10_000
DRAFTS = Rule(None, Scope.EVERYTHING)


@dataclass(frozen=True, slots=True)
class Due:
    """What one rule would take now. `rule` is DRAFTS for drafts. `count` is bounded, `first` are the oldest."""

    rule: Rule
    count: int
    first: list[Envelope]

    @property
    def is_of_drafts(self) -> bool:
        return self.rule is DRAFTS

    @property
    def is_more(self) -> bool:
        return self.count > COUNT_UP_TO


def preview(now: datetime, *, shown: int = 20) -> list[Due]:
    """Changes nothing."""
    groups = [*due(now), (DRAFTS, due_drafts(now))]
    counts = bounded.counts({str(n): rows.order_by() for n, (_, rows) in enumerate(groups)}, up_to=COUNT_UP_TO + 1)
    return [Due(rule, counts.get(str(n)) or 0, list(rows[:shown])) for n, (rule, rows) in enumerate(groups)]


def apply_due(now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Delete what is due, the oldest first; how many envelopes went. As many as asked: call again."""
    done = 0
    for rule, rows in due(now):
        for envelope in _locked(rows, at_once - done):
            _apply(envelope, rule)
            done += 1
        for batch in due_batches(rule, now)[:at_once]:
            _empty(batch)
    for draft in _locked(due_drafts(now), at_once - done):
        logger.info("draft %s was deleted: nobody had touched it for long", draft.pk)
        removing.delete_draft(draft)
        done += 1
    return done


def _locked(rows: QuerySet[Envelope], most: int) -> Iterator[Envelope]:
    """One after the other, locked, if they are still due: somebody may have put one on hold meanwhile."""
    for pk in list(rows.values_list("pk", flat=True)[: max(0, most)]):
        with transaction.atomic():
            envelope = rows.order_by().filter(pk=pk).select_for_update().first()
            if envelope is not None:
                yield envelope


def _apply(envelope: Envelope, rule: Rule) -> None:
    everything = rule.scope == Scope.EVERYTHING
    documents = removing.delete_content(envelope) if everything else removing.delete_documents(envelope)
    facts = {"scope": rule.scope.value, "days": rule.days, "documents": documents}
    events.record(envelope.pk, EventKind.CONTENT_DELETED, facts, by=ActorKind.SYSTEM)
    if rule.purge_state:
        requests.ask_by_rule(envelope, rule.purge_state)


def _empty(batch: BulkBatch) -> None:
    """The sheet and its rows. What they led to has its own time."""
    with transaction.atomic():
        batch.rows.update(data=[], email="", errors={})
        transaction.on_commit(partial(batch.file.storage.delete, batch.file.name))
        BulkBatch.objects.filter(pk=batch.pk).update(file="", file_name=removing.ERASED)
