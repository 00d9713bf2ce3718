"""Excel workbooks, read as a stream. Formulas are never worked out: a cell is what the program last showed there."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _

from .problems import SheetRefusedError

ZIP_MAGIC = b"PK"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
MAX_UNPACKED_BYTES = 100 * 1024 * 1024  # a sheet is read as a stream
MAX_STRINGS_BYTES = 32 * 1024 * 1024  # but the strings of all cells are held, at a multiple of this
STRINGS = "sharedstrings"
LAST_ROW = 1_048_576  # of a spreadsheet program; a number beyond it is made up


def is_old_office_file(magic: bytes) -> bool:
    """.xls, and every Office file with a password."""
    return magic.startswith(OLE_MAGIC)


def read_workbook(file: IO[bytes], max_columns: int) -> Iterator[list[str]]:
    """The rows of its first sheet, at most so many cells each. Raises SheetRefusedError, also while reading."""
    _refuse_bombs(file)
    try:
        shown, typed = _open(file, data_only=True), _open(file, data_only=False)
        pairs = zip(_rows(shown, max_columns), _rows(typed, max_columns), strict=False)
        for seen, formulas in islice(pairs, LAST_ROW):
            if formulas.count(None) == len(formulas):  # many sheets end in a hundred thousand empty rows
                yield []
                continue
            # A program that never showed the sheet stored no results: better the formula than nothing.
            yield [_text(was if value is None else value) for value, was in zip(seen, formulas, strict=False)]
    except SheetRefusedError:
        raise
    except Exception as error:  # openpyxl meets a broken file with whatever breaks first
        raise SheetRefusedError(
            _("The Excel file is damaged. Open it, save it anew as .xlsx, and try again.")
        ) from error


def _open(file: IO[bytes], *, data_only: bool) -> Any:
    file.seek(0)
    return openpyxl.load_workbook(file, read_only=True, data_only=data_only, keep_links=False)


def _rows(workbook: Any, max_columns: int) -> Iterator[tuple[Any, ...]]:
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise SheetRefusedError(_("The Excel file has no sheet with rows."))
    sheets[0].reset_dimensions()  # what the file says of its size may be wrong
    rows: Iterator[tuple[Any, ...]] = sheets[0].iter_rows(values_only=True, max_col=max_columns)
    return rows


def _refuse_bombs(file: IO[bytes]) -> None:
    """By the sizes in the directory; what is longer than that is never unpacked."""
    file.seek(0)
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise SheetRefusedError(
            _("The Excel file is damaged. Open it, save it anew as .xlsx, and try again.")
        ) from error
    if not any(part.filename.startswith("xl/") for part in parts):
        raise SheetRefusedError(_("This is not an Excel file (.xlsx). Save the sheet as .xlsx or CSV."))
    strings = sum(part.file_size for part in parts if STRINGS in part.filename.lower())
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES or strings > MAX_STRINGS_BYTES:
        raise SheetRefusedError(
            _("Unpacked, the Excel file is too large. Copy the columns you need into a new one, or save it as CSV.")
        )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
