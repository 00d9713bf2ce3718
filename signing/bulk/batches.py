"""A batch's life: begun with a file, columns chosen, sent, paused, cancelled. Each change is one conditional update."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from signing import events
from signing.copying import copy, drop_unused_file
from signing.drafting import throw_away
from signing.models import (
    BatchMode,
    BatchStatus,
    BulkBatch,
    BulkRow,
    EnvelopeStatus,
    PortalKind,
    RowState,
    SendingIdentity,
    Template,
)
from signing.models.bulk import BUSY_STATUSES, UNSENT_STATUSES
from signing.visibility import team_for

from .guessing import guess
from .targets import Target, targets_of

LEASE = timedelta(minutes=5)  # as long as a task may take
FIRST_ROWS = 20  # looked at for guessing, and shown beside the columns
RESTING = (BatchStatus.PAUSED, BatchStatus.CANCELLED, BatchStatus.DONE)


def create(
    user: User, template: Template, *, name: str, file: File, file_name: str, mode: str = BatchMode.SINGLE
) -> BulkBatch:
    """Keep the file, and the template as it is now. A worker reads the file."""
    with transaction.atomic():
        content = copy(template.content, user, status=EnvelopeStatus.TEMPLATE)
        batch = BulkBatch(
            name=name[:100],
            template=template,
            content=content,
            mode=mode,
            file_name=file_name[:200],
            created_by=user,
            team=team_for(user, like=template.team_id),
        )
        batch.file.save("", file, save=False)
        batch.save()
        _tell(PortalKind.CREATED, batch, template=template.pk, file=file_name)
    return batch


def read_again(batch: BulkBatch, *, encoding: str = "", file: File | None = None, file_name: str = "") -> bool:
    """Another encoding, or another file. False when something has been sent already."""
    former = batch.file.name
    if file is not None:
        batch.file.save("", file, save=False)
    changed = _unsent(batch).update(
        status=BatchStatus.READING,
        encoding=encoding,
        file=batch.file.name,
        file_name=(file_name or batch.file_name)[:200],
        problem="",
        counts={},
        lease_until=None,
        updated_at=timezone.now(),
    )
    unused = former if changed else batch.file.name
    if file is not None:
        transaction.on_commit(partial(batch.file.storage.delete, unused))
    return changed == 1


def discard(batch: BulkBatch) -> bool:
    """Throw an unsent batch away, with its file and its copy of the template. False when something has been sent."""
    with transaction.atomic():
        if not _unsent(batch).select_for_update().exists():
            return False
        content = batch.content
        _tell(PortalKind.DELETED, batch)
        batch.rows.all().delete()
        BulkBatch.objects.filter(pk=batch.pk).delete()
        for document in content.documents.all():
            drop_unused_file(document)
        throw_away(content)
        transaction.on_commit(partial(batch.file.storage.delete, batch.file.name))
    return True


def first_rows(batch: BulkBatch) -> list[list[str]]:
    return [row.data for row in islice(batch.rows.order_by("number"), FIRST_ROWS)]


def proposed_mapping(batch: BulkBatch, targets: Sequence[Target]) -> dict[str, list[int]]:
    """What staff chose last, or else a guess."""
    return dict(batch.mapping) or guess(targets, batch.headers, first_rows(batch))


def unmapped(batch: BulkBatch) -> list[Target]:
    """What must be filled and has no column."""
    return [target for target in targets_of(batch.content) if target.required and not batch.mapping.get(target.key)]


def choose_columns(batch: BulkBatch, mapping: Mapping[str, Sequence[int]]) -> bool:
    """All rows are checked anew with it. False when something has been sent already."""
    with transaction.atomic():
        changed = (
            _unsent(batch)
            .filter(~Q(status=BatchStatus.READING))
            .update(
                mapping={key: list(columns) for key, columns in mapping.items() if columns},
                status=BatchStatus.CHECKING,
                problem="",
                lease_until=None,
                updated_at=timezone.now(),
            )
        )
        if changed:
            batch.rows.exclude(state=RowState.LEFT_OUT).update(state=RowState.NEW, errors={})
            recount(batch)
    return changed == 1


def start(batch: BulkBatch) -> bool:
    """Send what is ready: for the first time, after a pause, or what was corrected since. False when nothing is."""
    now = timezone.now()
    if not batch.rows.filter(state__in=(RowState.READY, RowState.SENDING)).exists():
        return False
    startable = (BatchStatus.READY, BatchStatus.PAUSED, BatchStatus.DONE)
    with transaction.atomic():
        changed = BulkBatch.objects.filter(pk=batch.pk, status__in=startable).update(
            status=BatchStatus.SENDING, finished_at=None, problem="", updated_at=now
        )
        BulkBatch.objects.filter(pk=batch.pk, started_at=None, status=BatchStatus.SENDING).update(started_at=now)
        if changed:
            _tell(PortalKind.STARTED, batch, rows=batch.rows.filter(state=RowState.READY).count())
    return changed == 1


def pause(batch: BulkBatch) -> bool:
    """What is on its way to Docusign goes on; nothing follows."""
    with transaction.atomic():
        paused = _move(batch, (BatchStatus.SENDING,), BatchStatus.PAUSED)
        if paused:
            _tell(PortalKind.PAUSED, batch)
    return paused


def hold(batch: BulkBatch) -> bool:
    """Paused, until a person has decided who sends the rest."""
    name, reason = (batch.sent_as.name, batch.sent_as.loss) if batch.sent_as else ("", "")
    text = _("It cannot be sent as %(name)s any more: %(reason)s. Choose who sends the rest, and go on.")
    problem = text % {"name": name, "reason": reason}
    with transaction.atomic():
        rows = BulkBatch.objects.filter(pk=batch.pk, status=BatchStatus.SENDING)
        held = rows.update(status=BatchStatus.PAUSED, problem=problem[:500], updated_at=timezone.now()) == 1
        if held:
            _tell(PortalKind.PAUSED, batch, reason=problem[:500])
    return held


def choose_sender(batch: BulkBatch, sent_as: SendingIdentity | None) -> None:
    """For what is not made yet; envelopes on their way keep theirs."""
    with transaction.atomic():
        BulkBatch.objects.filter(pk=batch.pk).update(sent_as=sent_as)
        _tell(PortalKind.CHANGED, batch, sent_as=sent_as.name if sent_as else "")
    batch.sent_as = sent_as


def cancel(batch: BulkBatch) -> bool:
    """Nothing follows any more. What was sent stays sent."""
    with transaction.atomic():
        cancelled = _move(batch, (BatchStatus.SENDING, BatchStatus.PAUSED), BatchStatus.CANCELLED)
        if cancelled:
            batch.rows.filter(state__in=(RowState.READY, RowState.NEW)).update(state=RowState.LEFT_OUT)
            BulkBatch.objects.filter(pk=batch.pk).update(finished_at=timezone.now())
            recount(batch)
            _tell(PortalKind.CANCELLED, batch)
    return cancelled


def due(now: datetime) -> list[int]:
    """Batches a worker has something to do for, and none is at."""
    under_way = BulkRow.objects.filter(state=RowState.SENDING).values("batch_id")
    has_work = Q(status__in=BUSY_STATUSES) | Q(status__in=RESTING, pk__in=under_way)
    rows = BulkBatch.objects.filter(has_work, _not_leased(now))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:100])


def lease(batch_id: int) -> BulkBatch | None:
    """Whoever gets it is alone with the batch, until `release` or LEASE is over."""
    now = timezone.now()
    if not BulkBatch.objects.filter(_not_leased(now), pk=batch_id).update(lease_until=now + LEASE):
        return None
    return BulkBatch.objects.select_related("content", "template", "created_by", "team").get(pk=batch_id)


def release(batch: BulkBatch) -> None:
    BulkBatch.objects.filter(pk=batch.pk, lease_until=batch.lease_until).update(lease_until=None)


def is_still(batch: BulkBatch, status: BatchStatus) -> bool:
    """Nobody has paused, cancelled or begun it anew, and the lease is still this worker's."""
    return BulkBatch.objects.filter(pk=batch.pk, status=status, lease_until=batch.lease_until).exists()


def recount(batch: BulkBatch) -> dict[str, int]:
    """Write down how many rows are in which state."""
    counts = dict(batch.rows.order_by().values_list("state").annotate(n=Count("pk")))
    BulkBatch.objects.filter(pk=batch.pk).update(counts=counts)
    batch.counts = counts
    return counts


def _tell(kind: PortalKind, batch: BulkBatch, **facts: object) -> None:
    events.record_portal(kind, facts, about=f"bulkbatch:{batch.pk}", what="bulkbatch", name=batch.name)


def _move(batch: BulkBatch, from_statuses: Sequence[str], to_status: BatchStatus) -> bool:
    rows = BulkBatch.objects.filter(pk=batch.pk, status__in=from_statuses)
    return rows.update(status=to_status, updated_at=timezone.now()) == 1


def _unsent(batch: BulkBatch) -> QuerySet[BulkBatch]:
    return BulkBatch.objects.filter(pk=batch.pk, status__in=UNSENT_STATUSES)


def _not_leased(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lte=now)
