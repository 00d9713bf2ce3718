"""Files that staff take away: the list as CSV or Excel sheet, the documents of many envelopes as a zip."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import SEEK_END
from typing import IO

from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from signing import bundles, events, zips
from signing.listing import Filter, rows, with_facts
from signing.models import Envelope, Errand, EventKind, Recipient
from signing.models.recipient import ACTIVE_STATUSES
from signing.visibility import visible

from .progress import Progress

AT_ONCE = 1000
MEMORY_BYTES = 2 * 1024 * 1024
XLSX_MOST_ROWS = 100_000  # a larger sheet takes minutes to write, and to open
# What a spreadsheet would take for a formula (OWASP, CSV injection): an apostrophe in front makes it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(errand: Errand, progress: Progress) -> None:
    """UTF-8 with a byte order mark, without which Excel takes it for something else."""
    with _stored(errand, f"{_name()}.csv") as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(_head())
        for envelope in _envelopes(errand, progress):
            writer.writerow(_row(envelope))
        text.flush()
        text.detach()


def write_xlsx(errand: Errand, progress: Progress) -> None:
    with _stored(errand, f"{_name()}.xlsx") as file:
        book = Workbook(write_only=True)
        sheet = book.create_sheet(_("Envelopes"))
        sheet.freeze_panes = "A2"
        sheet.append(_head())
        for number, envelope in enumerate(_envelopes(errand, progress), start=1):
            if number > XLSX_MOST_ROWS:
                errand.problems.append([0, "", _("Only the first 100,000 rows are here: take CSV for all.")])
                break
            sheet.append(_row(envelope))
        book.save(file)


def write_zip(errand: Errand, progress: Progress) -> None:
    """One folder per envelope."""
    with _stored(errand, f"{_name()}.zip") as file:
        for chunk in zips.stream(_chosen(errand, progress), in_folders=True):
            file.write(chunk)


def write_proofs(errand: Errand, progress: Progress) -> None:
    """One proof bundle per envelope that has ended."""
    with _stored(errand, f"{_name()}-proof.zip") as file, zipfile.ZipFile(file, "w") as archive:
        for envelope in _chosen(errand, progress):
            if not bundles.can_be_proven(envelope):
                errand.problems.append(
                    [envelope.pk, str(envelope), _("It has not ended, or its documents are not here.")]
                )
                continue
            events.record(envelope.pk, EventKind.DOWNLOADED, what="proof bundle")
            with archive.open(f"{envelope.pk} {bundles.filename_of(envelope)}", "w") as entry:
                for chunk in bundles.stream(envelope):
                    entry.write(chunk)


def safe(text: str) -> str:
    """Text that no spreadsheet runs. Control characters are left out: XLSX cannot hold them."""
    cleaned = "".join(character for character in text if character.isprintable() or character in "\n\t")
    return f"'{cleaned}" if cleaned.startswith(FORMULA_STARTS) else cleaned


@contextmanager
def _stored(errand: Errand, filename: str) -> Iterator[IO[bytes]]:
    """A buffer; what was written to it becomes the errand's file."""
    with tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES) as buffer:
        yield buffer
        errand.size_bytes = buffer.seek(0, SEEK_END)
        buffer.seek(0)
        errand.filename = filename
        errand.file.save(filename, File(buffer), save=False)


def _envelopes(errand: Errand, progress: Progress) -> Iterator[Envelope]:
    """All that the filter chooses, a thousand at a time, each batch found by where the last one ended."""
    chosen = Filter.of(errand.params.get("filter", {}))
    found = rows(chosen, errand.asked_by)
    last = None
    while True:
        batch = found
        if last is not None:
            batch = found.filter(pk__gt=last) if chosen.is_oldest_first else found.filter(pk__lt=last)
        ids = list(batch.values_list("pk", flat=True)[:AT_ONCE])
        if not ids:
            return
        yield from with_facts(ids)
        progress.step(len(ids))
        last = ids[-1]


def _chosen(errand: Errand, progress: Progress) -> Iterator[Envelope]:
    ids = errand.params.get("ids", [])
    seen = set(visible(Envelope.objects.filter(pk__in=ids), errand.asked_by).values_list("pk", flat=True))
    for envelope_id in (pk for pk in ids if pk in seen):
        yield from with_facts([envelope_id])
        progress.step()


def _name() -> str:
    return f"envelopes-{timezone.localdate().isoformat()}"


def _head() -> list[str]:
    return [
        _("Number"),
        _("Subject"),
        _("Status"),
        _("Owner"),
        _("Created"),
        _("Sent"),
        _("Completed"),
        _("Declined"),
        _("Voided"),
        _("Void reason"),
        _("Expires"),
        _("Waiting for"),
        _("Recipients"),
        _("Docusign envelope id"),
    ]


def _row(envelope: Envelope) -> list[str | int]:
    people = list(envelope.recipients.all())
    texts = [
        envelope.subject,
        str(envelope.get_status_display()),
        envelope.sender_name,
        _moment(envelope.created_at),
        _moment(envelope.sent_at),
        _moment(envelope.completed_at),
        _moment(envelope.declined_at),
        _moment(envelope.voided_at),
        envelope.voided_reason,
        _moment(envelope.expires_at),
        ", ".join(person.name for person in people if envelope.is_open and person.status in ACTIVE_STATUSES),
        "; ".join(_person(person, has_status=not envelope.is_local) for person in people),
        envelope.docusign_id or "",
    ]
    return [envelope.pk, *map(safe, texts)]


def _person(person: Recipient, *, has_status: bool) -> str:
    return f"{person.name} <{person.email}>" + (f" ({person.get_status_display()})" if has_status else "")


def _moment(moment: datetime | None) -> str:
    """With its offset, since a sheet travels."""
    return timezone.localtime(moment).isoformat(sep=" ", timespec="seconds") if moment else ""
