"""What can be told of a PDF that somebody holds: is it one of ours, is it intact, who sealed it and when?

Whoever holds exactly the file can read in it who signed, so they are told the names. Nobody else learns anything but
what the file proves by itself. Nothing of it is kept or logged.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import SEEK_END
from mmap import ACCESS_READ, mmap
from typing import IO

from .models import CompletedDocument, Recipient
from .models.recipient import DONE_STATUSES, SIGNING_KINDS
from .pdf_process import PdfUnreadableError, TooBusyError, examine_seal
from .verify import seal

END_OF_FILE = b"%%EOF"  # behind every revision of a PDF (ISO 32000-1, 7.5.5)
MAX_REVISIONS = 100


class Verdict(StrEnum):
    OURS = "ours"  # byte for byte what is kept here
    ADDED_TO = "added_to"  # what is kept here, and something behind it
    INTACT = "intact"  # sealed, unchanged, and not a file of ours
    CHANGED = "changed"  # sealed, and changed since
    UNSEALED = "unsealed"
    NO_PDF = "no_pdf"
    UNREADABLE = "unreadable"
    BUSY = "busy"


WITHOUT_FACTS = {seal.BROKEN: Verdict.CHANGED, seal.ABSENT: Verdict.UNSEALED}


@dataclass(frozen=True, slots=True)
class Told:
    """`completed` and `signers` for what is ours; `by` and `at` as the seal says of itself."""

    verdict: Verdict
    completed: CompletedDocument | None = None
    signers: tuple[Recipient, ...] = ()
    by: str = ""
    at: datetime | None = None


def tell(file: IO[bytes], sha256: str) -> Told:
    """Reads a file that is not known by its hash in a process of its own."""
    if completed := _kept(sha256):
        return Told(Verdict.OURS, completed, _signers(completed))
    if inside := _kept_inside(file):
        return Told(Verdict.ADDED_TO, inside)
    try:
        found = json.loads(examine_seal(file))
    except TooBusyError:
        return Told(Verdict.BUSY)
    except (PdfUnreadableError, ValueError):
        return Told(Verdict.UNREADABLE)
    if found["state"] == seal.INTACT:
        return Told(Verdict.INTACT, by=found["by"], at=_moment(found["at"]))
    return Told(WITHOUT_FACTS.get(found["state"], Verdict.NO_PDF))


def _moment(text: str) -> datetime | None:
    """None for what no calendar can show: a stranger has written it."""
    moment = datetime.fromisoformat(text) if text else None
    if moment is None or moment.tzinfo is None:
        return None
    return moment if 1990 < moment.year < 2200 else None


def _kept(sha256: str) -> CompletedDocument | None:
    rows = CompletedDocument.objects.select_related("envelope").filter(sha256=sha256)
    return rows.order_by("pk").first()


def _kept_inside(file: IO[bytes]) -> CompletedDocument | None:
    """The file up to where one of its revisions ends is one of ours: the rest was added since.

    Looks at the bytes alone, since what was added may well have made it unreadable.
    """
    digests = list(_digests_of_revisions(file))
    rows = CompletedDocument.objects.select_related("envelope").filter(sha256__in=digests)
    return rows.order_by("pk").first()


def _digests_of_revisions(file: IO[bytes]) -> Iterator[str]:
    """SHA-256 of everything up to each end-of-file mark, with and without a line's end behind it."""
    if file.seek(0, SEEK_END) == 0:
        return
    digest, begin = hashlib.sha256(), 0
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        for _ in range(MAX_REVISIONS):
            mark = content.find(END_OF_FILE, begin)
            if mark < 0:
                return
            end = mark + len(END_OF_FILE)
            digest.update(content[begin:end])
            for line_end in (b"", b"\n", b"\r", b"\r\n"):
                if content[end : end + len(line_end)] == line_end:
                    whole = digest.copy()
                    whole.update(line_end)
                    yield whole.hexdigest()
            begin = end


def _signers(completed: CompletedDocument) -> tuple[Recipient, ...]:
    rows = completed.envelope.recipients.filter(kind__in=SIGNING_KINDS, status__in=DONE_STATUSES)
    return tuple(rows.order_by("signed_at", "number"))
