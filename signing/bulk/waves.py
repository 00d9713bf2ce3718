"""Envelopes made of rows and sent, a few at a time.

A wave is small: what staff send by hand meanwhile waits behind no more than that, and when Docusign's limits are
reached the few that were made wait for their turn while no others are made. Each envelope is made in one transaction
together with its row's new state, so a row never has two; from there on it goes the road of every envelope
(`signing.sending`), which never creates one twice.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signing import connection, sending
from signing.copying import copy
from signing.models import BatchStatus, BulkBatch, BulkRow, Envelope, EnvelopeStatus, Recipient, RowState, Tab

from . import batches
from .rules import Filled, Plan

WAVE = 20


def send_wave(batch: BulkBatch) -> list[int]:
    """See what became of the last wave and make the next; the ids of the envelopes to be sent now."""
    under_way = settle(batch)
    made: list[int] = []
    if batch.status == BatchStatus.SENDING and not connection.is_paused():
        plan = Plan(batch.content, batch.headers, batch.mapping)
        ready = batch.rows.filter(state=RowState.READY).order_by("number").values_list("pk", flat=True)
        for row_id in ready[: max(0, WAVE - under_way)]:
            envelope_id = _make(batch, row_id, plan)
            if envelope_id is None:
                break
            made.append(envelope_id)
    batches.recount(batch)
    if not made and not under_way:
        finish(batch)
    return made


def settle(batch: BulkBatch) -> int:
    """Take over what became of the envelopes under way; how many still are."""
    still = 0
    for row in batch.rows.filter(state=RowState.SENDING).select_related("envelope"):
        if row.envelope is not None and row.envelope.status == EnvelopeStatus.SENDING:
            still += 1
            continue
        row.state, row.problem = _outcome(row.envelope)
        BulkRow.objects.filter(pk=row.pk, state=RowState.SENDING).update(state=row.state, problem=row.problem)
    return still


def fill(envelope: Envelope, filled: Filled, content: Envelope) -> None:
    """Put a row's words and values into its copy of the template."""
    envelope.subject, envelope.message = filled.subject, filled.message
    envelope.save(update_fields=["subject", "message"])
    for number, note in filled.notes.items():
        Recipient.objects.filter(envelope=envelope, number=number).update(private_message=note)
    if not filled.values:
        return
    # A copy has its tabs in the order of the original, recipient by recipient.
    originals = Tab.objects.filter(recipient__envelope=content).order_by("recipient__number", "pk")
    copies = Tab.objects.filter(recipient__envelope=envelope).order_by("recipient__number", "pk")
    changed = []
    for original_id, tab in zip(originals.values_list("pk", flat=True), copies, strict=True):
        if original_id in filled.values:
            tab.value = filled.values[original_id]
            changed.append(tab)
    Tab.objects.bulk_update(changed, ["value"])


def make_envelope(batch: BulkBatch, row: BulkRow, plan: Plan) -> Envelope:
    """Claimed, and the row's. The caller holds the row's lock."""
    filled = plan.fill(row.data)
    envelope = copy(batch.content, batch.created_by, template=batch.template, people=filled.people, team=batch.team)
    fill(envelope, filled, batch.content)
    if batch.sent_as:
        Envelope.objects.filter(pk=envelope.pk).update(sent_as=batch.sent_as)
    sending.claim_for_sending(envelope, undo_seconds=0)
    row.envelope, row.state, row.problem = envelope, RowState.SENDING, ""
    row.save()
    return envelope


def _make(batch: BulkBatch, row_id: int, plan: Plan) -> int | None:
    """The claimed envelope of one row; None when the batch was paused or is another worker's."""
    with transaction.atomic():
        locked = BulkBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.status != BatchStatus.SENDING or locked.lease_until != batch.lease_until:
            return None
        row = BulkRow.objects.select_for_update().get(pk=row_id)
        if row.state != RowState.READY or row.envelope_id is not None:
            return None
        return make_envelope(batch, row, plan).pk


def _outcome(envelope: Envelope | None) -> tuple[RowState, str]:
    if envelope is None:
        return RowState.FAILED, _("The draft was deleted.")
    if envelope.status == EnvelopeStatus.DRAFT:
        return RowState.FAILED, envelope.last_error or _("It was taken back, and is a draft.")
    return RowState.SENT, ""


def finish(batch: BulkBatch) -> None:
    """Unless something became ready in the meantime."""
    if batch.rows.filter(state__in=(RowState.READY, RowState.SENDING)).exists():
        return
    now = timezone.now()
    BulkBatch.objects.filter(pk=batch.pk, status=BatchStatus.SENDING).update(
        status=BatchStatus.DONE, finished_at=now, updated_at=now
    )
