"""Opening a zip that may be hostile: bounded in every direction, nothing in it but plain files under plain names."""

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

MAX_FILE_BYTES = 1024**3
MAX_ENTRIES = 2100  # an envelope has at most 999 documents (Docusign's documentId)
MAX_DIRECTORY_BYTES = MAX_ENTRIES * 512
MAX_TOTAL_BYTES = 2 * 1024**3
MAX_TEXT_BYTES = 64 * 1024**2  # of what is read as a whole
CHUNK_BYTES = 256 * 1024

END = struct.Struct("<4s4H2LH")  # zip's "end of central directory", APPNOTE.TXT 4.3.16
UNSAFE = re.compile(r'[\x00-\x1f<>:"\\|?*\u202a-\u202e\u2066-\u2069]|^/|(^|/)\.{0,2}(/|$)')
PROBLEMS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class BrokenError(Exception):
    """It cannot be read, or is not what a bundle looks like; the message says why."""


class Container:
    """`names` in the order of the file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = [info.filename for info in archive.infolist()]

    def measure(self, name: str) -> tuple[int, str]:
        """How many bytes, and their SHA-256."""
        digest, count = hashlib.sha256(), 0
        for chunk in self.chunks(name):
            digest.update(chunk)
            count += len(chunk)
        return count, digest.hexdigest()

    def text(self, name: str) -> bytes:
        """All of a small entry."""
        if name not in self.names:
            raise BrokenError(f"{name} is missing")
        if self._archive.getinfo(name).file_size > MAX_TEXT_BYTES:
            raise BrokenError(f"{name} is larger than any bundle's")
        return b"".join(self.chunks(name))

    def copy(self, name: str, target: IO[bytes]) -> None:
        for chunk in self.chunks(name):
            target.write(chunk)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Never more than the directory declares; zipfile itself compares the check sum."""
        try:
            with self._archive.open(name) as source:
                yield from iter(lambda: source.read(CHUNK_BYTES), b"")
        except KeyError:
            raise BrokenError(f"{name} is missing") from None
        except PROBLEMS as error:
            raise BrokenError(f"{name} cannot be read ({error})") from None


@contextmanager
def opened(path: Path) -> Iterator[Container]:
    """Raises BrokenError before anything is unpacked."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            _look_at_the_ends(file)
            archive = stack.enter_context(zipfile.ZipFile(file))
        except PROBLEMS as error:
            raise BrokenError(f"it is no complete zip file ({error})") from None
        _look_at(archive.infolist())
        yield Container(archive)


def _look_at_the_ends(file: IO[bytes]) -> None:
    """Nothing stands before the first entry or after the directory, and the directory is small enough to be read."""
    size = file.seek(0, 2)
    if size > MAX_FILE_BYTES:
        raise BrokenError("it is larger than any bundle")
    file.seek(0)
    if file.read(4) != b"PK\x03\x04" or size < END.size:
        raise BrokenError("it does not begin as a zip file does")
    file.seek(size - END.size)
    mark, disk, first_disk, here, entries, directory_bytes, offset, comment = END.unpack(file.read(END.size))
    if mark != b"PK\x05\x06" or comment:
        raise BrokenError("its end is missing, or something was added behind it")
    if disk or first_disk or here != entries or entries > MAX_ENTRIES or directory_bytes > MAX_DIRECTORY_BYTES:
        raise BrokenError("it has more entries than any bundle")
    if offset + directory_bytes + END.size != size:
        raise BrokenError("its directory is not where it says")
    file.seek(0)


def _look_at(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if UNSAFE.search(name) or len(name) > 250 or entry.orig_filename != name:
            raise BrokenError(f"it has an entry with a dangerous name: {name[:80]!r}")
        if name.casefold() in seen:
            raise BrokenError(f"it has two entries of the name {name}")
        if entry.flag_bits & 0x1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BrokenError(f"{name} is encrypted, or packed in a way no bundle is")
        if (entry.external_attr >> 16) & 0o170000 not in (0, 0o100000):
            raise BrokenError(f"{name} is not a plain file")
        seen.add(name.casefold())
    if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        raise BrokenError("unpacked it would be larger than any bundle")
