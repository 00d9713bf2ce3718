"""The pages of bulk send and of scheduled sending, in any state. Imported by the gallery once Django is set up."""

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from signing import scheduling
from signing.bulk import batches
from signing.bulk.rules import ROW
from signing.models import BulkBatch, Envelope, RowState, Template
from tests.bulk import make_batch, make_checked, make_read, make_template, many, table
from tests.factories import make_draft

BAD = table(
    [
        ["First name", "Last name", "Email", "Rent", "Address"],
        ["Ann", "Bee", "ann@example.com", "1200", "1 High Street"],
        ["Carl", "Dee", "carl@", "950", "2 High Street"],
        ["", "", "dora@example.com", "875", "3 High Street"],
        ["Ann", "B.", "ann@example.com", "1200", "4 High Street"],
    ]
)


def template() -> Template:
    words = "Dear tenant,\n\nplease sign the lease of {{Address}}.\n\nDana"
    return Template.objects.first() or make_template(subject="Lease of {{Address}}", message=words)


def page_of(batch: BulkBatch, door: str = "change", tail: str = "") -> str:
    return reverse(f"admin:signing_bulkbatch_{door}", args=[batch.pk]) + tail


def under_way() -> BulkBatch:
    """In the middle of it, with no worker at work."""
    batch = make_checked(many(120).replace("Rent", "Address"), template())
    batches.start(batch)
    batch.rows.filter(number__lte=60).update(state=RowState.SENT)
    batch.rows.filter(number=33).update(
        state=RowState.FAILED, problem="Docusign does not accept the email address of one of the signers."
    )
    batches.recount(batch)
    return batch


def paused() -> BulkBatch:
    batch = under_way()
    batches.pause(batch)
    return batch


def start_page() -> str:
    template()
    return reverse("admin:signing_bulkbatch_add")


def rehearsed() -> BulkBatch:
    batch = make_checked(BAD, template())
    batch.rows.filter(number=4).update(errors={**batch.rows.get(number=4).errors, ROW: "More cells than columns."})
    return batch


def draft(*, is_scheduled: bool) -> str:
    envelope: Envelope = make_draft()
    if is_scheduled:
        scheduling.schedule(envelope, timezone.now() + timedelta(days=3))
    return reverse("admin:signing_envelope_review", args=[envelope.pk])


STATES: dict[str, Callable[[], str]] = {
    "bulk-start": start_page,
    "bulk-file": lambda: page_of(make_read('Name\n"never closed', template())),
    "bulk-reading": lambda: page_of(make_batch(BAD, template())),
    "bulk-columns": lambda: page_of(make_read(BAD, template()), "columns"),
    "bulk-ready": lambda: page_of(rehearsed()),
    "bulk-edit": lambda: page_of(rehearsed(), tail="?show=bad&edit=4"),
    "bulk-sending": lambda: page_of(under_way()),
    "bulk-paused": lambda: page_of(paused()),
    "send-later": lambda: draft(is_scheduled=False),
    "scheduled": lambda: draft(is_scheduled=True),
}
