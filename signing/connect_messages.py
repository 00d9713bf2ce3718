"""Connect messages: stored once in one small transaction, applied in another, tried again until that succeeds."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import sending, status
from .docusign import CreatedEnvelope
from .docusign.connect import ParsedMessage, parse_message
from .models import ConnectMessage, ConnectOutcome, Envelope, EnvelopeStatus
from .models.connect_message import DOCUSIGN_ID_MAX_LENGTH, EVENT_MAX_LENGTH, UNFINISHED_OUTCOMES
from .payloads import PORTAL_REF_FIELD

logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=1)  # then 2, 4, 8 …
LONGEST_RETRY = timedelta(hours=6)
MAX_ATTEMPTS = 12  # more than a day; after that only staff try again
PRUNE_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a message. `envelope_id` is None when it is about none of ours."""

    outcome: ConnectOutcome
    envelope_id: int | None


def store(message: ParsedMessage, body: bytes) -> int | None:
    """Keep the message; None when it is here already. The sweep takes it up if nobody has applied it by `due_at`."""
    row, is_new = ConnectMessage.objects.get_or_create(
        digest=message.digest,
        defaults={
            "event": message.event[:EVENT_MAX_LENGTH],
            "docusign_id": message.docusign_id[:DOCUSIGN_ID_MAX_LENGTH],
            "generated_at": message.generated_at,
            "body": body.decode(),
            "due_at": timezone.now() + FIRST_RETRY,
        },
    )
    return row.pk if is_new else None


def apply(message_id: int) -> Applied | None:
    """Bring our rows to what it says; None when there is nothing to do or it failed, which is noted on the row.

    The row's lock keeps two workers apart. Calls nobody.
    """
    try:
        with transaction.atomic():
            row = (
                ConnectMessage.objects.select_for_update()
                .filter(pk=message_id, outcome__in=UNFINISHED_OUTCOMES)
                .first()
            )
            if row is None:
                return None
            applied = _apply(parse_message(row.body.encode()))
            row.outcome, row.error, row.due_at = applied.outcome, "", None
            row.save(update_fields=["outcome", "error", "due_at"])
    except Exception as error:  # noqa: BLE001  (whatever it was: the message is kept, and tried again)
        _note_failure(message_id, error)
        return None
    return applied


def due_message_ids(now: datetime, limit: int = 500) -> list[int]:
    rows = ConnectMessage.objects.filter(outcome__in=UNFINISHED_OUTCOMES, due_at__lte=now)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:limit])


def apply_again(message_ids: list[int]) -> int:
    """Put messages back as if they had just come; how many."""
    return ConnectMessage.objects.filter(pk__in=message_ids).update(
        outcome=ConnectOutcome.WAITING, attempts=0, error="", due_at=timezone.now()
    )


def prune(now: datetime) -> int:
    """Throw away what is older than CONNECT_KEEP_DAYS, in small transactions; how many."""
    old = ConnectMessage.objects.filter(received_at__lt=now - timedelta(days=settings.CONNECT_KEEP_DAYS))
    pruned = 0
    while batch := list(old.order_by("pk").values_list("pk", flat=True)[:PRUNE_BATCH]):
        pruned += ConnectMessage.objects.filter(pk__in=batch).delete()[0]
    return pruned


def forget(digest: str) -> bool:
    """Take a message away as if it had never come; whether it was here. For the doctor's own test messages."""
    return ConnectMessage.objects.filter(digest=digest).delete()[0] > 0


def last_received_at() -> datetime | None:
    """When Connect last gave a sign of life."""
    return ConnectMessage.objects.order_by("-pk").values_list("received_at", flat=True).first()


def _apply(message: ParsedMessage) -> Applied:
    envelope_id = _envelope_of(message)
    if envelope_id is None:
        return Applied(ConnectOutcome.NOT_OURS, None)
    if message.snapshot is None:
        return Applied(ConnectOutcome.ASKED, envelope_id)  # the door asks
    changed = status.apply_snapshot(message.snapshot) is not None
    return Applied(ConnectOutcome.APPLIED if changed else ConnectOutcome.UNCHANGED, envelope_id)


def _envelope_of(message: ParsedMessage) -> int | None:
    known = Envelope.objects.filter(docusign_id=message.docusign_id).values_list("pk", flat=True).first()
    if known is not None or message.snapshot is None:
        return known
    reference = _reference(message)
    envelope = Envelope.objects.filter(transaction_id=reference).first() if reference else None
    if envelope is None:
        return None
    if envelope.status != EnvelopeStatus.SENDING:
        logger.error("envelope %s: Docusign envelope %s carries its reference too", envelope.pk, message.docusign_id)
        return None
    # The message outran the answer to our own create, or that answer is lost: this is the answer.
    sending.record_sent(
        envelope.pk,
        CreatedEnvelope(
            docusign_id=message.docusign_id, status=message.snapshot.status, status_changed_at=message.snapshot.sent_at
        ),
    )
    return envelope.pk


def _reference(message: ParsedMessage) -> uuid.UUID | None:
    """Our own key, which every create call sends along twice."""
    for text in (message.transaction_id, message.custom_fields.get(PORTAL_REF_FIELD, "")):
        try:
            return uuid.UUID(text)
        except ValueError:
            continue
    return None


def _note_failure(message_id: int, error: Exception) -> None:
    row = ConnectMessage.objects.get(pk=message_id)
    # Its text may hold names: it stays on the row.
    logger.error("Connect message %s could not be applied (%s)", row.pk, type(error).__name__)
    attempts = row.attempts + 1
    delay = min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)
    ConnectMessage.objects.filter(pk=row.pk).update(
        outcome=ConnectOutcome.FAILED,
        attempts=attempts,
        error=f"{type(error).__name__}: {error}"[:500],
        due_at=timezone.now() + delay if attempts < MAX_ATTEMPTS else None,
    )
