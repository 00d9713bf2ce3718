"""News from Docusign. Every road ends in `apply_snapshot`, the only place where a sent envelope changes status."""

import logging
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from . import events, finding, linking, notifications
from .changes import Changes
from .docusign import EnvelopeSnapshot, RecipientSnapshot
from .links import open_link
from .models import ActorKind, Envelope, EnvelopeStatus, EventKind, Recipient, RecipientKind, RecipientStatus
from .models.envelope import VOID_REASON_MAX_LENGTH
from .models.recipient import (
    DECLINED_REASON_MAX_LENGTH,
    DONE_STATUSES,
    EMAIL_MAX_LENGTH,
    MAX_NUMBER,
    MAX_ROUTING_ORDER,
    NAME_MAX_LENGTH,
)
from .numbering import follow_numbers

logger = logging.getLogger(__name__)

KNOWN_STATUSES = frozenset(EnvelopeStatus.values)
# Columns that follow Docusign; snapshots have attributes of the same names.
MIRRORED = frozenset({"status", "sent_at", "completed_at", "declined_at", "voided_at", "voided_reason", "expires_at"})
MIRRORED_OF_RECIPIENT = frozenset(
    {"status", "name", "email", "sent_at", "delivered_at", "signed_at", "declined_at", "declined_reason"}
)
OF_A_PERSON = frozenset({"name", "email", "declined_reason"})  # not taken over once they were erased
FINAL_RECIPIENT_STATUSES = DONE_STATUSES | {RecipientStatus.DECLINED}
BOOKKEEPING = ("last_modified_at", "synced_at", "drift")  # of the talk with Docusign, not of the envelope
KINDS = {
    "carboncopy": RecipientKind.CARBON_COPY,
    "certifieddelivery": RecipientKind.CERTIFIED_DELIVERY,
    "inpersonsigner": RecipientKind.IN_PERSON_SIGNER,
}
UNPURGED = "unpurged"  # purgeState of an envelope that nobody has asked to purge (reference 7.2)
ABSENT = "absent"  # in drift, instead of a status
# How far each status is on its way (reference: envelope and recipient status codes); the others are at the start.
STEPS = {"sent": 1, "delivered": 2, "signed": 3, "completed": 4, "declined": 4, "voided": 4}


def apply_snapshot(snapshot: EnvelopeSnapshot) -> int | None:
    """Bring our rows to what Docusign says; the envelope's id if anything changed, else None.

    News older than what we know is ignored, a terminal status is never left, and a status nobody has told us
    about is kept out; what then still differs is written down as drift. Mails that the new state calls for are
    queued in the same transaction.
    """
    with transaction.atomic():
        envelope = Envelope.objects.select_for_update().filter(docusign_id=snapshot.docusign_id).first()
        if envelope is None:
            return None
        if envelope.docusign_template_id:
            follow_numbers(envelope, snapshot.recipients)
        recipients = {str(recipient.number): recipient for recipient in envelope.recipients.all()}
        if _is_old_news(envelope, recipients, snapshot):
            return None
        if snapshot.purge_state:
            envelope.purge_state = note_purge_state(envelope.pk, snapshot.purge_state)  # or saving would undo it
        if envelope.content_deleted_at:
            return None  # names must not come back with news
        changed, changes = False, Changes(envelope, recipients)
        if not envelope.is_terminal or snapshot.status == envelope.status:
            changed = _apply_recipients(envelope, recipients, snapshot.recipients)
            changed = _apply_envelope(envelope, snapshot) or changed
        envelope.last_modified_at = snapshot.as_of or envelope.last_modified_at
        envelope.synced_at = timezone.now()
        _note_drift(envelope, recipients, snapshot)
        changes.record()
        if not changed:
            envelope.save(update_fields=BOOKKEEPING)  # and not updated_at: nothing happened
            return None
        envelope.check_at = None  # it is lively again
        envelope.save()
        if changes.of_people:
            finding.index(envelope)
        notifications.queue_due(envelope)
        return envelope.pk


def note_purge_state(envelope_id: int, purge_state: str) -> str:
    """Docusign's purgeState, as it said or was told; as the row has it. `unpurged` and never told are the same."""
    known = "" if purge_state == UNPURGED else purge_state
    changed = Envelope.objects.filter(pk=envelope_id).exclude(purge_state=known).update(purge_state=known)
    if changed:
        events.record(envelope_id, EventKind.PURGE_STATE, by=ActorKind.DOCUSIGN, to=known or UNPURGED)
    return known


def note_unknown(docusign_ids: Collection[str]) -> None:
    """Docusign was asked about these envelopes and did not answer with them."""
    for envelope in Envelope.objects.filter(docusign_id__in=docusign_ids):
        logger.error("envelope %s is not known at Docusign", envelope.pk)
        drift = [["", envelope.status, ABSENT]]
        Envelope.objects.filter(pk=envelope.pk).update(drift=drift, synced_at=timezone.now())


def _is_old_news(envelope: Envelope, recipients: Mapping[str, Recipient], snapshot: EnvelopeSnapshot) -> bool:
    """Told of an earlier moment than we know of; or of the same moment, when less had happened in it."""
    known, told = envelope.last_modified_at, snapshot.as_of
    if known is None or told is None:
        return False
    if known != told:
        return told < known
    common = [(recipients[r.recipient_id], r) for r in snapshot.recipients if r.recipient_id in recipients]
    return _progress(snapshot.status, (theirs.status for _, theirs in common)) < _progress(
        envelope.status, (ours.status for ours, _ in common)
    )


def _progress(envelope_status: str, recipient_statuses: Iterable[str]) -> tuple[int, int]:
    """How far an envelope has come. Recipients first: the next one's turn takes it from `delivered` back to `sent`."""
    return sum(STEPS.get(status, 0) for status in recipient_statuses), STEPS.get(envelope_status, 0)


def _apply_envelope(envelope: Envelope, snapshot: EnvelopeSnapshot) -> bool:
    before = {name: getattr(envelope, name) for name in MIRRORED}
    if snapshot.status in KNOWN_STATUSES:
        envelope.status = snapshot.status
    for name in MIRRORED - {"status"}:
        # What Docusign leaves out is not news.
        setattr(envelope, name, getattr(snapshot, name) or getattr(envelope, name))
    envelope.voided_reason = envelope.voided_reason[:VOID_REASON_MAX_LENGTH]
    return before != {name: getattr(envelope, name) for name in MIRRORED}


def _apply_recipients(
    envelope: Envelope, recipients: dict[str, Recipient], snapshots: Iterable[RecipientSnapshot]
) -> bool:
    """Those added at Docusign (by hand, or because someone passed their place on) become rows, and join the dict."""
    changed = False
    for snapshot in snapshots:
        recipient = recipients.get(snapshot.recipient_id) or _newcomer(envelope, snapshot)
        if recipient is None:
            continue
        former_email = recipient.email
        if _apply_recipient(recipient, snapshot):
            recipient.save()
            recipients[snapshot.recipient_id] = recipient
            changed = True
            if (
                recipient.is_embedded
                and not recipient.is_hosted
                and former_email
                and _differ(former_email, recipient.email)
            ):
                linking.follow_address(recipient)
    return changed


def _newcomer(envelope: Envelope, snapshot: RecipientSnapshot) -> Recipient | None:
    if not snapshot.recipient_id.isdecimal() or not 1 <= int(snapshot.recipient_id) <= MAX_NUMBER:
        return None  # shows as drift
    logger.info("envelope %s: recipient %s was added at Docusign", envelope.pk, snapshot.recipient_id)
    recipient = Recipient(
        envelope=envelope,
        number=int(snapshot.recipient_id),
        routing_order=max(1, min(snapshot.routing_order, MAX_ROUTING_ORDER)),
        client_user_id=snapshot.client_user_id,
        kind=KINDS.get(snapshot.recipient_type, RecipientKind.SIGNER),
    )
    if recipient.is_embedded:
        open_link(recipient, timezone.now())
    return recipient


def _apply_recipient(recipient: Recipient, snapshot: RecipientSnapshot) -> bool:
    """Name and email follow Docusign too: a signer may change their name while adopting a signature."""
    before = {name: getattr(recipient, name) for name in MIRRORED_OF_RECIPIENT}
    if not snapshot.client_user_id and snapshot.email and _differ(snapshot.email, recipient.email):
        recipient.client_user_id = ""  # passed on at Docusign, which writes to whoever it is now
    if snapshot.status in RecipientStatus.values and (
        recipient.status not in FINAL_RECIPIENT_STATUSES or snapshot.status in FINAL_RECIPIENT_STATUSES
    ):
        recipient.status = snapshot.status
    for name in MIRRORED_OF_RECIPIENT - {"status"} - (OF_A_PERSON if recipient.erased_at else set()):
        setattr(recipient, name, getattr(snapshot, name) or getattr(recipient, name))
    recipient.name = recipient.name[:NAME_MAX_LENGTH]
    recipient.email = recipient.email[:EMAIL_MAX_LENGTH]
    recipient.declined_reason = recipient.declined_reason[:DECLINED_REASON_MAX_LENGTH]
    return recipient.pk is None or before != {name: getattr(recipient, name) for name in MIRRORED_OF_RECIPIENT}


def _differ(email: str, other: str) -> bool:
    return email.casefold() != other.casefold()


def _note_drift(envelope: Envelope, recipients: Mapping[str, Recipient], snapshot: EnvelopeSnapshot) -> None:
    """Changes the object; the caller saves."""
    told = {recipient.recipient_id: recipient.status for recipient in snapshot.recipients}
    ours = {number: recipient.status for number, recipient in recipients.items()} if told else {}
    pairs = [("", envelope.status, snapshot.status)]
    pairs += [(number, ours.get(number, ABSENT), told.get(number, ABSENT)) for number in ours | told]
    drift = [[who, here, there] for who, here, there in pairs if here != there]
    if drift and drift != envelope.drift:
        logger.error("envelope %s differs (who, here, there): %s", envelope.pk, drift)
    envelope.drift = drift
