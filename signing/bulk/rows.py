"""Single rows: corrected by hand, left out, tried again."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, QuerySet

from signing import drafting
from signing.models import BatchStatus, BulkBatch, BulkRow, Envelope, EnvelopeStatus, RowState

from . import batches
from .reading import judge
from .rules import Plan

# A row in one of these has no envelope that anybody may have got.
CORRECTABLE = frozenset({RowState.BAD, RowState.READY, RowState.FAILED, RowState.LEFT_OUT})
RETRY_CHUNK = 200


def correct(batch: BulkBatch, number: int, cells: Sequence[str]) -> BulkRow | None:
    """Write the cells and check the row at once. None when it is on its way already, or was sent."""
    plan = Plan(batch.content, batch.headers, batch.mapping)
    with transaction.atomic():
        row = _locked(batch, number)
        if row is None or not _drop_refused_draft(row):
            return None
        row.data = [cell.replace("\0", "").strip() for cell in cells]
        row.problem = ""
        judge(row, plan)
        row.save()
        batches.recount(batch)
    return row


def leave_out(batch: BulkBatch, number: int) -> bool:
    with transaction.atomic():
        row = _locked(batch, number)
        if row is None or not _drop_refused_draft(row):
            return False
        row.state = RowState.LEFT_OUT
        row.save()
        batches.recount(batch)
    return True


def retry_failed(batch: BulkBatch) -> int:
    """Put what failed back among what is ready, in small transactions; how many. The batch must be started then."""
    retried = 0
    failed = batch.rows.filter(state=RowState.FAILED).order_by("number").values_list("number", flat=True)
    for number in list(failed):
        with transaction.atomic():
            row = _locked(batch, number)
            if row is not None and row.state == RowState.FAILED and _drop_refused_draft(row):
                row.state, row.problem = RowState.READY, ""
                row.save()
                retried += 1
    batches.recount(batch)
    return retried


def repeated(batch: BulkBatch) -> QuerySet[BulkRow]:
    """Rows whose first recipient stands in another row too: mostly a slip, sometimes meant."""
    rows = batch.rows.exclude(email="").exclude(state=RowState.LEFT_OUT)
    twice = rows.order_by().values("email").annotate(n=Count("pk")).filter(n__gt=1).values("email")
    return rows.filter(email__in=twice)


def _locked(batch: BulkBatch, number: int) -> BulkRow | None:
    """The batch's lock comes first, as when a worker makes an envelope."""
    BulkBatch.objects.select_for_update().get(pk=batch.pk)
    rows = BulkRow.objects.select_for_update().filter(batch=batch, number=number, state__in=CORRECTABLE)
    return rows.first()


def _drop_refused_draft(row: BulkRow) -> bool:
    """The envelope Docusign refused, which is a draft again. False when somebody has sent it by hand meanwhile."""
    if row.envelope_id is None:
        return True
    envelope = Envelope.objects.select_for_update().filter(pk=row.envelope_id).first()
    if envelope is not None and envelope.status != EnvelopeStatus.DRAFT:
        row.state = RowState.SENDING  # the next wave looks what became of it
        row.save()
        return False
    row.envelope = None
    row.save(update_fields=["envelope"])
    if envelope is not None:
        drafting.throw_away(envelope)  # its file is the template's
    return True


def is_open_for_corrections(batch: BulkBatch) -> bool:
    return batch.status not in (BatchStatus.READING, BatchStatus.DRAFT, BatchStatus.CHECKING, BatchStatus.CANCELLED)
