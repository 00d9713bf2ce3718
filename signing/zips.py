"""Documents of envelopes as a zip, written while it is read: no file of it stands anywhere, nor all of it in memory."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any

from django.db.models.fields.files import FieldFile
from django.utils import timezone

from .models import Envelope

CHUNK_BYTES = 256 * 1024
UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+')
NAME_MAX_LENGTH = 80


def stream(envelopes: Iterable[Envelope], *, in_folders: bool = False) -> Iterator[bytes]:
    """The documents as they were sent, the signed ones, and the certificate; of many envelopes each in its folder."""
    sink = Sink()
    # PDFs are compressed already: stored as they are.
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for envelope in envelopes:
            folder = f"{envelope.pk} {safe(envelope.subject)}/" if in_folders else ""
            for name, file in _files(envelope):
                yield from _add(archive, sink, folder + name, file)
    yield sink.take()


def filename_of(envelope: Envelope) -> str:
    return f"{safe(envelope.subject) or 'envelope'}.zip"


def _files(envelope: Envelope) -> Iterator[tuple[str, FieldFile]]:
    for completed in envelope.completed_documents.all():
        yield f"{safe(str(completed.get_kind_display()))}.pdf", completed.file
    for document in envelope.documents.all():
        yield f"as sent/{document.number:02} {safe(document.name)}.pdf", document.file


def _add(archive: zipfile.ZipFile, sink: "Sink", name: str, file: FieldFile) -> Iterator[bytes]:
    with file.open("rb") as source:
        yield from add(archive, sink, name, iter(lambda: source.read(CHUNK_BYTES), b""))


def add(archive: zipfile.ZipFile, sink: "Sink", name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """One more entry; gives away what the zip has grown by."""
    entry = zipfile.ZipInfo(name, date_time=timezone.localtime().timetuple()[:6])
    with archive.open(entry, "w") as target:
        for chunk in chunks:
            target.write(chunk)
            yield sink.take()
    yield sink.take()


def safe(name: str) -> str:
    """A file name on every system."""
    return " ".join(UNSAFE.sub(" ", name).split()).strip(" .")[:NAME_MAX_LENGTH]


class Sink(RawIOBase):
    """What the zip writes to: it cannot go back, and gives away what it has got."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken
