"""The worker's first two turns: the file becomes rows, and every row is held against the template. In small chunks."""

import logging
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from signing.models import BatchStatus, BulkBatch, BulkRow, RowState

from . import batches
from .problems import SheetRefusedError
from .rules import Plan
from .sheets import open_sheet

logger = logging.getLogger(__name__)

CHUNK = 500
Item = TypeVar("Item")


def read(batch: BulkBatch) -> None:
    """From the beginning, whatever an earlier worker had read: a file is soon read, and a row never there twice."""
    batch.rows.all().delete()
    try:
        with batch.file.open("rb") as file:
            sheet = open_sheet(file, batch.encoding)
            for chunk in _chunks(sheet.rows, CHUNK):
                if not batches.is_still(batch, BatchStatus.READING):
                    return
                BulkRow.objects.bulk_create(BulkRow(batch=batch, number=number, data=cells) for number, cells in chunk)
                batches.recount(batch)
        problem = "" if batches.recount(batch) else "There are no rows below the names of the columns."
    except (SheetRefusedError, OSError) as error:
        logger.info("bulk batch %s: its file cannot be read (%s)", batch.pk, type(error).__name__)
        batch.rows.all().delete()
        batches.recount(batch)
        problem = (
            str(error) if isinstance(error, SheetRefusedError) else "The file could not be opened. Upload it again."
        )
        _end_reading(batch, headers=[], problem=problem[:500])
        return
    # Columns chosen for a sheet with other names mean nothing any more.
    mapping = batch.mapping if sheet.headers == batch.headers else {}
    _end_reading(batch, headers=sheet.headers, encoding=sheet.encoding, mapping=mapping, problem=problem)


def check(batch: BulkBatch) -> None:
    """Rows that were not checked yet, so that a worker's end costs a chunk at most."""
    plan = Plan(batch.content, batch.headers, batch.mapping)
    new = batch.rows.filter(state=RowState.NEW).order_by("number")
    while rows := list(new[:CHUNK]):
        for row in rows:
            judge(row, plan)
        if not _write_judged(batch, rows):
            return
        batches.recount(batch)
    BulkBatch.objects.filter(pk=batch.pk, status=BatchStatus.CHECKING).update(
        status=BatchStatus.READY, updated_at=timezone.now()
    )


def _write_judged(batch: BulkBatch, rows: list[BulkRow]) -> bool:
    """False when the batch is no longer this worker's: its rows may be gone by now.

    Written as an insert that meets what is there: ten times as fast as an update that names each row.
    """
    with transaction.atomic():
        mine = BulkBatch.objects.select_for_update().filter(
            pk=batch.pk, status=BatchStatus.CHECKING, lease_until=batch.lease_until
        )
        if mine.first() is None:
            return False
        BulkRow.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=["state", "errors", "email"]
        )
    return True


def judge(row: BulkRow, plan: Plan) -> None:
    """Changes the object; the caller saves."""
    filled = plan.fill(row.data)
    row.errors = filled.errors
    row.state = RowState.BAD if filled.errors else RowState.READY
    first = next(iter(filled.people.values()), None)
    row.email = first.email.casefold()[:254] if first else ""


def _end_reading(batch: BulkBatch, **columns: object) -> None:
    rows = BulkBatch.objects.filter(pk=batch.pk, status=BatchStatus.READING, lease_until=batch.lease_until)
    rows.update(status=BatchStatus.DRAFT, updated_at=timezone.now(), **columns)


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
