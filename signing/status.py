"""News from Docusign. Every road ends in `apply_snapshot`, the only place where a sent envelope changes status."""

import logging
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from . import notifications
from .connection import connect
from .docusign import EnvelopeSnapshot, RecipientSnapshot
from .models import Envelope, EnvelopeStatus, Recipient, RecipientStatus
from .models.envelope import VOID_REASON_MAX_LENGTH
from .models.recipient import DECLINED_REASON_MAX_LENGTH, DONE_STATUSES

logger = logging.getLogger(__name__)

IDS_PER_CALL = 100  # keeps the query string of a list call under 4 KB

KNOWN_STATUSES = frozenset(EnvelopeStatus.values)
# Columns that follow Docusign; snapshots have attributes of the same names.
MIRRORED = frozenset(
    {"status", "last_modified_at", "sent_at", "completed_at", "declined_at", "voided_at", "voided_reason"}
)
MIRRORED_OF_RECIPIENT = frozenset(
    {"status", "name", "email", "sent_at", "delivered_at", "signed_at", "declined_at", "declined_reason"}
)
FINAL_RECIPIENT_STATUSES = DONE_STATUSES | {RecipientStatus.DECLINED}


def refresh(envelope_ids: Iterable[int]) -> list[int]:
    """Ask Docusign about these envelopes in batched list calls; the ids of those that had news. Calls Docusign."""
    rows = Envelope.objects.open().filter(pk__in=envelope_ids).values_list("docusign_id", flat=True)
    return _fetch_and_apply([docusign_id for docusign_id in rows if docusign_id])


def poll() -> list[int]:
    """The same for all open envelopes. Calls Docusign once per hundred; not at all when nothing is open."""
    rows = Envelope.objects.open().order_by("pk").values_list("docusign_id", flat=True)
    return _fetch_and_apply([docusign_id for docusign_id in rows.iterator() if docusign_id])


def void(envelope: Envelope, *, reason: str) -> None:
    """Void at Docusign, then read back what became of it. Calls Docusign; raises DocusignError."""
    connect().void_envelope(envelope.docusign_id or "", reason=reason[:VOID_REASON_MAX_LENGTH])
    refresh([envelope.pk])


def apply_snapshot(snapshot: EnvelopeSnapshot) -> int | None:
    """Bring our rows to what Docusign says; the envelope's id if anything changed, else None.

    News older than what we know is ignored, a terminal status is never left, and a status nobody has told us
    about is logged and kept out. Mails that the new state calls for are queued in the same transaction.
    """
    with transaction.atomic():
        envelope = Envelope.objects.select_for_update().filter(docusign_id=snapshot.docusign_id).first()
        if envelope is None or _is_old_news(envelope, snapshot):
            return None
        changed = _apply_recipients(envelope, snapshot.recipients)
        changed = _apply_envelope(envelope, snapshot) or changed
        envelope.synced_at = timezone.now()
        if not changed:
            envelope.save(update_fields=["synced_at"])  # and not updated_at: nothing happened
            return None
        envelope.save()
        notifications.queue_due(envelope)
        return envelope.pk


def _fetch_and_apply(docusign_ids: Sequence[str]) -> list[int]:
    if not docusign_ids:
        return []
    client = connect()
    changed = []
    for start in range(0, len(docusign_ids), IDS_PER_CALL):
        for snapshot in client.list_envelopes(envelope_ids=docusign_ids[start : start + IDS_PER_CALL]):
            envelope_id = apply_snapshot(snapshot)
            if envelope_id is not None:
                changed.append(envelope_id)
    return changed


def _is_old_news(envelope: Envelope, snapshot: EnvelopeSnapshot) -> bool:
    if envelope.is_terminal and snapshot.status != envelope.status:
        logger.warning("envelope %s is %s; ignoring %s", envelope.pk, envelope.status, snapshot.status)
        return True
    known, told = envelope.last_modified_at, snapshot.last_modified_at
    return known is not None and told is not None and told < known


def _apply_envelope(envelope: Envelope, snapshot: EnvelopeSnapshot) -> bool:
    before = {name: getattr(envelope, name) for name in MIRRORED}
    if snapshot.status in KNOWN_STATUSES:
        envelope.status = snapshot.status
    else:
        logger.error("envelope %s: unknown status %r from Docusign", envelope.pk, snapshot.status)
    for name in MIRRORED - {"status"}:
        # What Docusign leaves out is not news.
        setattr(envelope, name, getattr(snapshot, name) or getattr(envelope, name))
    envelope.voided_reason = envelope.voided_reason[:VOID_REASON_MAX_LENGTH]
    return before != {name: getattr(envelope, name) for name in MIRRORED}


def _apply_recipients(envelope: Envelope, snapshots: Iterable[RecipientSnapshot]) -> bool:
    told = {snapshot.recipient_id: snapshot for snapshot in snapshots}
    changed = False
    for recipient in envelope.recipients.all():
        snapshot = told.get(str(recipient.number))
        if snapshot is not None and _apply_recipient(recipient, snapshot):
            recipient.save()
            changed = True
    return changed


def _apply_recipient(recipient: Recipient, snapshot: RecipientSnapshot) -> bool:
    """Name and email follow Docusign too: a signer may change their name while adopting a signature."""
    before = {name: getattr(recipient, name) for name in MIRRORED_OF_RECIPIENT}
    if snapshot.status not in RecipientStatus.values:
        logger.error("recipient %s: unknown status %r from Docusign", recipient.pk, snapshot.status)
    elif recipient.status not in FINAL_RECIPIENT_STATUSES or snapshot.status in FINAL_RECIPIENT_STATUSES:
        recipient.status = snapshot.status
    for name in MIRRORED_OF_RECIPIENT - {"status"}:
        setattr(recipient, name, getattr(snapshot, name) or getattr(recipient, name))
    recipient.declined_reason = recipient.declined_reason[:DECLINED_REASON_MAX_LENGTH]
    return before != {name: getattr(recipient, name) for name in MIRRORED_OF_RECIPIENT}
