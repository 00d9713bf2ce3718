"""The daily anchor: one row over all events since the last one, and word of it outside of the database."""

import json
import logging
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from .models import Anchor, EnvelopeEvent
from .verify import merkle
from .verify.anchors import Statement, head
from .verify.chain import FIRST

logger = logging.getLogger(__name__)

AT_ONCE = 20_000  # events an anchor covers at most, so that making and checking one needs little memory
LOCK_MILLISECONDS = 5000  # how long writers may have to wait for us


def is_due(now: datetime) -> bool:
    """None was written on this day (UTC)."""
    last = Anchor.objects.order_by("-number").values_list("at", flat=True).first()
    return last is None or last.astimezone(UTC).date() < now.astimezone(UTC).date()


def write_anchors() -> list[Anchor]:
    """Cover all events there are, by as many anchors as it takes; those that were made. Then tell of them outside.

    What fails to be told stands in the log, and the row stays: the next file or mail holds its hash as well, since
    anchors are chained.
    """
    last_id = _last_event()
    made = []
    while (anchor := _write_one(last_id)) is not None:
        made.append(anchor)
    for anchor in made:
        _publish(anchor)
    return made


def published(anchor: Anchor) -> dict[str, Any]:
    """What the world is told: no word of anybody's."""
    return anchor.statement.as_json() | {"previous_hash": anchor.previous_hash, "hash": anchor.hash}


def published_lines() -> Iterator[dict[str, Any]]:
    """Of the file outside, where there is one. Raises OSError, ValueError when it cannot be read."""
    if settings.EVIDENCE_ANCHOR_FILE:
        with Path(settings.EVIDENCE_ANCHOR_FILE).open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def _last_event() -> int:
    """An id below which nobody can add any more: all who were writing have finished."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Ids are given out before they can be seen. Whoever has one holds a lock that this one waits for.
                cursor.execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
                cursor.execute("LOCK TABLE signing_envelopeevent IN SHARE MODE")
        return EnvelopeEvent.objects.aggregate(last=Max("pk"))["last"] or 0


def _write_one(last_id: int) -> Anchor | None:
    with transaction.atomic():
        before = Anchor.objects.select_for_update().order_by("-number").first()
        after_event = before.last_event if before else 0
        rows = EnvelopeEvent.objects.filter(pk__gt=after_event, pk__lte=last_id).order_by("pk")
        found = list(rows.values_list("pk", "envelope_id", "number", "hash")[:AT_ONCE])
        if not found:
            return None
        heads: dict[str, tuple[int, str]] = {}
        for _pk, envelope_id, number, event_hash in found:
            chain = str(envelope_id or "portal")
            heads[chain] = max(heads.get(chain, (0, "")), (number, event_hash))
        statement = Statement(
            number=before.number + 1 if before else 1,
            at=timezone.now(),
            after_event=after_event,
            last_event=found[-1][0],
            count=len(found),
            root=merkle.root(event_hash for *_rest, event_hash in found),
            heads={chain: head(*last) for chain, last in sorted(heads.items())},
        )
        previous_hash = before.hash if before else FIRST
        stated = {column.name: getattr(statement, column.name) for column in fields(statement)}
        return Anchor.objects.create(**stated, previous_hash=previous_hash, hash=statement.hashed(previous_hash))


def _publish(anchor: Anchor) -> None:
    line = json.dumps(published(anchor), sort_keys=True)
    try:
        if settings.EVIDENCE_ANCHOR_FILE:
            with Path(settings.EVIDENCE_ANCHOR_FILE).open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        if settings.EVIDENCE_ANCHOR_MAIL:
            subject = f"{settings.ORGANISATION_NAME}: anchor {anchor.number} of the evidence"
            text = f"Keep this message. It proves what the evidence was on {anchor.at:%Y-%m-%d}.\n\n{line}\n"
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [settings.EVIDENCE_ANCHOR_MAIL])
    except OSError:  # smtplib's errors, too
        logger.exception("anchor %s could not be told outside", anchor.number)
