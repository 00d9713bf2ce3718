"""Document generation: Word files with sender fields, `{{Name}}`, that are filled before anyone signs (eg042)."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape

from sandbox.errors import ApiError

TEXT = "word/document.xml"
MAX_UNPACKED_BYTES = 20 * 1024 * 1024
TAGS = r"(?:<[^<>]*>)*"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, RuntimeError, ValueError)
# Word may cut a field into several runs: their tags stand between its letters, and fall away with it in pairs.
ROW = re.compile(r"<w:tr[ >].*?</w:tr>", re.DOTALL)
Rows = Sequence[Mapping[str, str]]
Tables = Mapping[str, Rows]  # by the table's name, its rows: values by column
FIELD = re.compile(rf"\{{{TAGS}\{{((?:[^{{}}]){{1,4000}}?)\}}{TAGS}\}}")


def fields_of(word_file: bytes) -> list[str]:
    """The names, as they come, each once; none of what is no Word file."""
    try:
        names = [_name_of(found) for found in FIELD.findall(_text_of(word_file))]
    except BROKEN:
        return []
    return list(dict.fromkeys(filter(None, names)))


def filled(word_file: bytes, values: Mapping[str, str], tables: Tables | None = None) -> bytes:
    """The Word file with these values instead of its fields; fields without one stay as they are.

    Dynamic tables: a table's row that has one of the columns as a field stands once for each row given.
    """

    def value_of(found: re.Match[str]) -> str:
        value = values.get(_name_of(found[1]))
        return found[0] if value is None else escape(value)

    text = FIELD.sub(value_of, _with_rows(_text_of(word_file), tables or {})).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word_file)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        if sum(part.file_size for part in old.infolist()) > MAX_UNPACKED_BYTES:
            raise ApiError("UNABLE_TO_CONVERT_DOCUMENT")
        for part in old.infolist():
            new.writestr(part, text if part.filename == TEXT else old.read(part))
    return buffer.getvalue()


def _with_rows(text: str, tables: Tables) -> str:
    for name, rows in tables.items():
        columns = {column for row in rows for column in row}

        def repeated(found: re.Match[str], rows: Rows = rows, columns: set[str] = columns, name: str = name) -> str:
            fields = {_name_of(field) for field in FIELD.findall(found[0])}
            if not fields & columns:
                return found[0]
            return "".join(_row(found[0], name, row) for row in rows)

        text = ROW.sub(repeated, text)
    return text


def _row(xml: str, table: str, values: Mapping[str, str]) -> str:
    """Marks of where the table begins and ends (`{{#Table}}`, `{{/Table}}`) fall away."""

    def value_of(found: re.Match[str]) -> str:
        field = _name_of(found[1])
        if field.strip("#/^ ") == table:
            return ""
        return escape(values[field]) if field in values else found[0]

    return FIELD.sub(value_of, xml)


def _text_of(word_file: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(word_file)) as archive:
        if archive.getinfo(TEXT).file_size > MAX_UNPACKED_BYTES:
            raise ValueError("too large")
        return archive.read(TEXT).decode("utf-8")


def _name_of(found: str) -> str:
    """Of what stands between the braces: `Start_Date`, or `Start_Date | …` with rules for who fills it in."""
    return re.sub(r"<[^<>]*>", "", found).partition("|")[0].strip()[:100]
