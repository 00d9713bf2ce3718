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
from .models.recipient import DONE_STATUSES

logger = logging.getLogger(__name__)

IDS_PER_CALL = 100  # keeps the query string of a list call under 4 KB

KNOWN_STATUSES = frozenset(EnvelopeStatus.values)
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
        if changed:
            notifications.queue_due(envelope)
        return envelope.pk if changed else None


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
    before = envelope.status
    if snapshot.status in KNOWN_STATUSES:
        envelope.status = snapshot.status
    else:
        logger.error("envelope %s: unknown status %r from Docusign", envelope.pk, snapshot.status)
    envelope.last_modified_at = snapshot.last_modified_at or envelope.last_modified_at
    envelope.sent_at = snapshot.sent_at or envelope.sent_at
    envelope.completed_at = snapshot.completed_at or envelope.completed_at
    envelope.declined_at = snapshot.declined_at or envelope.declined_at
    envelope.voided_at = snapshot.voided_at or envelope.voided_at
    envelope.voided_reason = snapshot.voided_reason[:VOID_REASON_MAX_LENGTH] or envelope.voided_reason
    envelope.synced_at = timezone.now()
    envelope.save()
    return envelope.status != before


def _apply_recipients(envelope: Envelope, snapshots: Iterable[RecipientSnapshot]) -> bool:
    told = {snapshot.recipient_id: snapshot for snapshot in snapshots}
    changed = []
    for recipient in envelope.recipients.all():
        snapshot = told.get(str(recipient.number))
        if snapshot is not None and _apply_recipient(recipient, snapshot):
            recipient.save()
            changed.append(recipient)
    return bool(changed)


def _apply_recipient(recipient: Recipient, snapshot: RecipientSnapshot) -> bool:
    """Name and email follow Docusign too: a signer may change their name while adopting a signature."""
    before = _visible_state(recipient)
    if snapshot.status not in RecipientStatus.values:
        logger.error("recipient %s: unknown status %r from Docusign", recipient.pk, snapshot.status)
    elif recipient.status not in FINAL_RECIPIENT_STATUSES or snapshot.status in FINAL_RECIPIENT_STATUSES:
        recipient.status = snapshot.status
    recipient.name = snapshot.name or recipient.name
    recipient.email = snapshot.email or recipient.email
    recipient.sent_at = snapshot.sent_at or recipient.sent_at
    recipient.delivered_at = snapshot.delivered_at or recipient.delivered_at
    recipient.signed_at = snapshot.signed_at or recipient.signed_at
    recipient.declined_at = snapshot.declined_at or recipient.declined_at
    recipient.declined_reason = snapshot.declined_reason[:500] or recipient.declined_reason
    return _visible_state(recipient) != before


def _visible_state(recipient: Recipient) -> tuple[object, ...]:
    return (
        recipient.status,
        recipient.name,
        recipient.email,
        recipient.sent_at,
        recipient.delivered_at,
        recipient.signed_at,
        recipient.declined_at,
        recipient.declined_reason,
    )
