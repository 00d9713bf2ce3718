"""Uploaded sheets → rows of text. Knows no database; holds a row at a time, whatever the file says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO

from django.utils.translation import gettext as _

from .problems import SheetRefusedError
from .textfiles import read_text
from .workbooks import ZIP_MAGIC, is_old_office_file, read_workbook

MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_CELL_LENGTH = 10_000
HEADER_MAX_LENGTH = 100

NumberedRow = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` are numbered as a spreadsheet program numbers them. Reading them may raise SheetRefusedError."""

    headers: list[str]
    rows: Iterator[NumberedRow]
    encoding: str = ""  # of a text file


def open_sheet(file: IO[bytes], encoding: str = "") -> Sheet:
    """A CSV or XLSX file. `encoding` overrules the guess for text files. Raises SheetRefusedError."""
    magic = file.read(8)
    file.seek(0)
    if is_old_office_file(magic):
        raise SheetRefusedError(
            _("This is an old or password-protected Excel file. Save it as .xlsx without a password, or as CSV.")
        )
    if magic.startswith(ZIP_MAGIC):
        return _sheet(read_workbook(file, MAX_COLUMNS + 1))
    if magic.startswith(b"%PDF"):
        raise SheetRefusedError(_("This is a PDF. A CSV or Excel (.xlsx) file is needed."))
    encoding, rows = read_text(file, encoding)
    return _sheet(rows, encoding)


def _sheet(raw: Iterable[list[str]], encoding: str = "") -> Sheet:
    numbered = ((number, cells) for number, cells in enumerate(map(_cleaned, raw), start=1) if any(cells))
    first = next(numbered, None)
    if first is None:
        raise SheetRefusedError(_("The file is empty."))
    number, names = first
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise SheetRefusedError(_("The sheet has more than %(n)s columns.") % {"n": MAX_COLUMNS})
    if any("@" in name for name in names):  # nobody names a column so: the sheet begins with its first person
        headers = [_("Column %(letter)s") % {"letter": _letter(index)} for index in range(len(names))]
        return Sheet(headers, _bounded(chain([(number, names)], numbered), len(headers)), encoding)
    return Sheet(_unique(names), _bounded(numbered, len(names)), encoding)


def _bounded(rows: Iterator[NumberedRow], width: int) -> Iterator[NumberedRow]:
    """Rows as wide as the first one, or wider where there is more than that."""
    for number, cells in islice(rows, MAX_ROWS):
        while len(cells) > width and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise SheetRefusedError(_("Row %(n)s has more than %(m)s cells.") % {"n": number, "m": MAX_COLUMNS})
        if any(len(cell) > MAX_CELL_LENGTH for cell in cells):
            raise SheetRefusedError(
                _("Row %(n)s has a cell with more than %(m)s characters. Is a quotation mark not closed?")
                % {"n": number, "m": MAX_CELL_LENGTH}
            )
        yield number, cells + [""] * (width - len(cells))
    if next(rows, None) is not None:
        raise SheetRefusedError(
            _("The sheet has more than %(n)s rows. Split it into several.") % {"n": f"{MAX_ROWS:,}"}
        )


def _cleaned(cells: list[str]) -> list[str]:
    """Without what no database keeps and no reader sees: NUL and the blanks around."""
    return [cell.replace("\0", "").strip() for cell in cells]


def _unique(names: list[str]) -> list[str]:
    """Columns are chosen by name: each gets one of its own."""
    found: list[str] = []
    for index, name in enumerate(names):
        plain = " ".join(name.split())[:HEADER_MAX_LENGTH] or _("Column %(letter)s") % {"letter": _letter(index)}
        found.append(f"{plain} ({_letter(index)})" if plain in found else plain)
    return found


def _letter(index: int) -> str:
    """As spreadsheet programs name columns: A … Z, AA …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
