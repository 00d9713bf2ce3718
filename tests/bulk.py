"""Templates, sheets and batches for tests of bulk send."""

import csv
import io
from collections.abc import Iterable, Sequence

import openpyxl
from django.core.files.base import ContentFile

from signing import tasks, templates
from signing.authoring import SignerInput, TabInput
from signing.bulk import batches
from signing.bulk.targets import targets_of
from signing.models import BatchMode, BulkBatch, EnvelopeStatus, RowState, TabKind, Template

from .factories import make_draft, make_staff

PEOPLE = "Name,Email,Rent\nAnn Bee,ann@example.com,1200\nCarl Dee,carl@example.com,950\n"


def make_template(*, roles: Sequence[str] = ("Tenant",), subject: str = "Lease", message: str = "") -> Template:
    """Each role signs at `/sn<n>/` and has a text field `Rent`."""
    signers = [
        SignerInput(
            "",
            "",
            number,
            (TabInput(TabKind.SIGN_HERE, anchor=f"/sn{number}/"), TabInput(TabKind.TEXT, anchor="both", label="Rent")),
        )
        for number in range(1, len(roles) + 1)
    ]
    draft = make_draft(subject=subject, message=message, signers=signers)
    for number, role in enumerate(roles, start=1):
        draft.recipients.filter(number=number).update(role_name=role)
    return templates.create(draft.created_by, name="Lease", source=draft)


def make_batch(
    content: str | bytes = PEOPLE,
    template: Template | None = None,
    *,
    name: str = "people.csv",
    mode: str = BatchMode.SINGLE,
) -> BulkBatch:
    """Uploaded, and not read yet."""
    template = template or make_template()
    data = content.encode() if isinstance(content, str) else content
    return batches.create(
        template.created_by, template, name="Leases", file=ContentFile(data), file_name=name, mode=mode
    )


def make_read(content: str | bytes = PEOPLE, template: Template | None = None, **options: str) -> BulkBatch:
    """As a worker leaves it: its columns are to be chosen."""
    batch = make_batch(content, template, **options)
    tasks.drive_bulk_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def make_checked(content: str | bytes = PEOPLE, template: Template | None = None, **options: str) -> BulkBatch:
    """With the columns that were guessed, all rows checked."""
    batch = make_read(content, template, **options)
    assert batches.choose_columns(batch, batches.proposed_mapping(batch, targets_of(batch.content)))
    tasks.drive_bulk_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def states(batch: BulkBatch) -> list[str]:
    return [RowState(state).value for state in batch.rows.order_by("number").values_list("state", flat=True)]


def send_all(batch: BulkBatch) -> None:
    """What the worker does until there is nothing left to do."""
    for _ in range(200):
        made = list(
            batch.rows.filter(state=RowState.SENDING, envelope__status=EnvelopeStatus.SENDING).values_list(
                "envelope_id", flat=True
            )
        )
        for envelope_id in made:
            tasks.send_envelope(envelope_id)
        tasks.drive_bulk_batch(batch.pk)
        batch.refresh_from_db()
        if batch.status != "sending":
            return


def sheet(rows: Iterable[Sequence[object]]) -> bytes:
    """An Excel workbook."""
    workbook = openpyxl.Workbook(write_only=True)
    page = workbook.create_sheet()
    for row in rows:
        page.append(list(row))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def table(rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


def many(count: int) -> str:
    people = ([f"Person {n}", f"person{n}@example.com", n] for n in range(1, count + 1))
    return table([["Name", "Email", "Rent"], *people])


__all__ = [
    "make_batch",
    "make_checked",
    "make_read",
    "make_staff",
    "make_template",
    "many",
    "send_all",
    "sheet",
    "states",
    "table",
]
