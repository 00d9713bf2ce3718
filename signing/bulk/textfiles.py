"""CSV in whatever encoding and with whatever delimiter a spreadsheet program of any country wrote it."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .problems import SheetRefusedError

SAMPLE_BYTES = 64 * 1024
DELIMITERS = ",;\t|"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK = "cp1252"  # what Excel writes in the western world, and what decodes nearly anything
# What staff may choose when the guess was wrong. Those of spreadsheet programs around the world.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": gettext_lazy("Western (Windows-1252)"),
    "mac_roman": gettext_lazy("Western (Macintosh)"),
    "cp1250": gettext_lazy("Central European (Windows-1250)"),
    "cp1251": gettext_lazy("Cyrillic (Windows-1251)"),
    "cp1253": gettext_lazy("Greek (Windows-1253)"),
    "cp1254": gettext_lazy("Turkish (Windows-1254)"),
    "cp1255": gettext_lazy("Hebrew (Windows-1255)"),
    "cp1256": gettext_lazy("Arabic (Windows-1256)"),
    "shift_jis": gettext_lazy("Japanese (Shift-JIS)"),
    "gb18030": gettext_lazy("Chinese, simplified (GB18030)"),
    "big5": gettext_lazy("Chinese, traditional (Big5)"),
    "euc_kr": gettext_lazy("Korean (EUC-KR)"),
}
GUESSED = [name for name in ENCODINGS if name not in ("utf-8", "utf-16", "mac_roman", FALLBACK)]


def read_text(file: IO[bytes], encoding: str = "") -> tuple[str, Iterator[list[str]]]:
    """The encoding, and the records. Reading them may raise SheetRefusedError."""
    encoding = encoding or guess_encoding(file)
    file.seek(0)
    start = _decoded_start(file.read(SAMPLE_BYTES), encoding)
    delimiter, skips = guess_delimiter(start)
    file.seek(0)
    return encoding.removesuffix("-sig"), _records(file, encoding, delimiter, skips)


def guess_encoding(file: IO[bytes]) -> str:
    """By its mark; or UTF-8 when all of it can be; or UTF-16 by its zeros; or what the text looks like."""
    start = file.read(SAMPLE_BYTES)
    for bom, name in BOMS:
        if start.startswith(bom):
            return name
    if b"\0" in start:
        return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
    file.seek(0)
    if _is_utf8(file):
        return "utf-8"
    # A few accents say too little to tell one code page from another; a whole alphabet does.
    foreign = sum(byte > 127 for byte in start)
    if foreign > len(start) / 10:
        best = from_bytes(start, cp_isolation=GUESSED).best()
        if best:
            return str(best.encoding)
    return FALLBACK


def guess_delimiter(start: str) -> tuple[str, int]:
    """The delimiter, and how many lines to skip: Excel's own `sep=;` line names it."""
    first_line = start.partition("\n")[0].strip().strip('"')
    if first_line.lower().startswith("sep=") and len(first_line) == 5:
        return first_line[-1], 1
    return max(DELIMITERS, key=lambda delimiter: _evidence(start, delimiter)), 0


def _evidence(start: str, delimiter: str) -> tuple[int, int]:
    """How many of the first records have the same number of cells, more than one; and how many cells."""
    try:
        records = [record for record in csv.reader(io.StringIO(start[:8192]), delimiter=delimiter) if record][:20]
    except csv.Error:
        return (0, 0)
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return (0, 0)
    width, times = widths.most_common(1)[0]
    return (times, width)


def _records(file: IO[bytes], encoding: str, delimiter: str, skips: int) -> Iterator[list[str]]:
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    number = 0
    try:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        for number, record in enumerate(reader, start=1):
            if number > skips:
                yield record
    except csv.Error as error:
        raise SheetRefusedError(
            _("Row %(n)s cannot be read. A quotation mark is not closed, or stands alone in the text.")
            % {"n": number + 1}
        ) from error
    except (UnicodeError, LookupError) as error:
        raise SheetRefusedError(
            _("The text could not be read as %(encoding)s. Choose another encoding, or save the file as UTF-8.")
            % {"encoding": ENCODINGS.get(encoding, encoding)}
        ) from error
    finally:
        with suppress(ValueError):  # the file was closed before all was read
            text.detach()


def _decoded_start(start: bytes, encoding: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)(errors="replace").decode(start)
    except LookupError as error:
        raise SheetRefusedError(_("This encoding is not known here.")) from error


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(SAMPLE_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
