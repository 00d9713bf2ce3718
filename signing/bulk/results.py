"""Tables for downloading: the rows that need correction with the reasons, and what became of every row."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

import openpyxl
from django.utils.translation import gettext as _

from signing.models import BulkBatch, RowState
from signing.models.envelope import Envelope

from .targets import Target, targets_of

CHUNK = 500
EXCEL_MAX_ROWS = 2000  # more take longer than a page may; a CSV file leaves line by line
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else


def bad_rows(batch: BulkBatch) -> Iterator[list[str]]:
    """The sheet's own columns, so that it can be corrected and uploaded, and the reasons behind."""
    targets = {target.key: target for target in targets_of(batch.content)}
    yield [_("Row"), *batch.headers, _("What is wrong")]
    for row in batch.rows.filter(state=RowState.BAD).order_by("number").iterator(CHUNK):
        yield [str(row.number), *_padded(row.data, len(batch.headers)), "; ".join(reasons(row.errors, targets))]


def all_rows(batch: BulkBatch) -> Iterator[list[str]]:
    yield [
        *(_("Row"), *batch.headers, _("State"), _("Problem"), _("Envelope status")),
        *(_("Sent"), _("Completed"), _("Envelope"), _("Docusign envelope id")),
    ]
    rows = batch.rows.select_related("envelope").order_by("number")
    targets = {target.key: target for target in targets_of(batch.content)}
    for row in rows.iterator(CHUNK):
        problem = row.problem or "; ".join(reasons(row.errors, targets))
        cells = [str(row.number), *_padded(row.data, len(batch.headers)), row.get_state_display(), problem]
        yield [*cells, *_of_envelope(row.envelope)]


def reasons(errors: dict[str, str], targets: dict[str, Target]) -> list[str]:
    return [f"{_place(targets.get(key))}{text}" for key, text in errors.items()]


def as_csv(table: Iterator[list[str]]) -> Iterator[str]:
    """Line by line. No cell can be taken for a formula."""
    buffer = io.StringIO(BOM)
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    for cells in table:
        writer.writerow([harmless(cell) for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def write_xlsx(table: Iterator[list[str]], file: IO[bytes]) -> None:
    """Row by row. Cells are texts by their type, formulas by no means."""
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet(_("Rows"))
    sheet.freeze_panes = "A2"
    for cells in table:
        sheet.append([harmless(_printable(cell)) for cell in cells])
    workbook.save(file)


def harmless(cell: str) -> str:
    """A spreadsheet program runs what begins like a formula; after an apostrophe it is text (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _printable(cell: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(character for character in cell if character >= " " or character in "\n\t")


def _place(target: Target | None) -> str:
    if target is None:
        return ""
    return f"{target.role}, {target.label}: " if target.role else f"{target.label}: "


def _of_envelope(envelope: Envelope | None) -> list[str]:
    if envelope is None:
        return [""] * 5
    sent, completed = (
        moment.isoformat(" ", "seconds") if moment else "" for moment in (envelope.sent_at, envelope.completed_at)
    )
    return [str(envelope.get_status_display()), sent, completed, str(envelope.pk), envelope.docusign_id or ""]


def _padded(cells: Sequence[str], width: int) -> list[str]:
    """Cells beyond the last column stand in it too, so that none is lost."""
    if len(cells) > width:
        return [*cells[: width - 1], " | ".join(cells[width - 1 :])]
    return [*cells, *[""] * (width - len(cells))]
