"""Whatever a spreadsheet program of any country writes is read; what cannot be read gets a clear answer."""

import io
import tracemalloc
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.bulk import sheets
from signing.bulk.problems import SheetRefusedError
from signing.bulk.sheets import NumberedRow, open_sheet
from tests.bulk import many, sheet, table
from tests.pdf_files import draw_pdf


def read(content: bytes, encoding: str = "") -> tuple[list[str], list[NumberedRow]]:
    found = open_sheet(io.BytesIO(content), encoding)
    return found.headers, list(found.rows)


def refusal(content: bytes, encoding: str = "") -> str:
    with pytest.raises(SheetRefusedError) as refused:
        read(content, encoding)
    return str(refused.value)


RUSSIAN = (
    "Имя;Адрес;Город\r\nАнна Белова;anna@example.com;Санкт-Петербург\r\nПётр Орлов;petr@example.com;Новосибирск\r\n"
)
JAPANESE = "氏名,メール,都市\r\n山田太郎,taro@example.com,東京都千代田区\r\n鈴木花子,hanako@example.com,大阪市北区\r\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Name,City\nZoë Müller,Köln\n", "utf-8"),
        ("Name,City\nZoë Müller,Köln\n", "utf-8-sig"),
        ("Name;City\r\nZoë Müller;Köln\r\n", "cp1252"),
        ("Name\tCity\r\nZoë Müller\tKöln\r\n", "utf-16"),
        ("Name\tCity\r\nZoë Müller\tKöln\r\n", "utf-16-le"),
        ("Name\tCity\r\nZoë Müller\tKöln\r\n", "utf-16-be"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "utf-8"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "utf-16"),
    ],
)
def test_encodings_are_recognised(text: str, encoding: str) -> None:
    delimiter = max(",;\t", key=text.count)
    expected = [line.split(delimiter) for line in text.replace("\r\n", "\n").strip().split("\n")]
    headers, rows = read(text.encode(encoding))
    assert [headers, *(cells for _, cells in rows)] == expected


def test_staff_may_overrule_the_guess() -> None:
    content = "Name,City\nKöhler,Žilina\n".encode("cp1250")
    assert read(content, "cp1250")[1] == [(2, ["Köhler", "Žilina"])]


def test_the_wrong_encoding_is_told_as_such() -> None:
    assert "another encoding" in refusal("Name\nZoë\n".encode("cp1252"), "utf-8")


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_delimiters_are_recognised_even_where_others_stand_in_the_text(delimiter: str) -> None:
    rows = [["Name", "Note"], ["Bee, Ann", "a; b, c | d"], ["Dee, Carl", "one\ttwo"]]
    headers, found = read(table(rows, delimiter).encode())
    assert [headers, *(cells for _, cells in found)] == rows


def test_excels_own_line_names_the_delimiter() -> None:
    assert read(b"sep=;\nName;Note\nAnn;1,5\n") == (["Name", "Note"], [(2, ["Ann", "1,5"])])


def test_cells_may_hold_lines_and_quotation_marks() -> None:
    _, rows = read(b'Name,Note\nAnn,"first\nsecond ""quoted"", and more"\nCarl,x\n')
    assert rows == [(2, ["Ann", 'first\nsecond "quoted", and more']), (3, ["Carl", "x"])]


def test_empty_rows_count_but_are_not_there() -> None:
    assert read(b"Name,City\n\nAnn,Oslo\n,,,\nCarl,\n")[1] == [(3, ["Ann", "Oslo"]), (5, ["Carl", ""])]


def test_a_sheet_without_names_of_columns_gets_some() -> None:
    headers, rows = read(b"Ann,ann@example.com\nCarl,carl@example.com\n")
    assert headers == ["Column A", "Column B"]
    assert [number for number, _ in rows] == [1, 2]


def test_columns_of_one_name_and_of_none_can_be_told_apart() -> None:
    assert read(b"Name,,Name\na,b,c\n")[0] == ["Name", "Column B", "Name (C)"]


def test_cells_beyond_the_names_are_kept_for_the_check_to_find() -> None:
    assert read(b"Name,City\nAnn,Oslo,surplus\n")[1] == [(2, ["Ann", "Oslo", "surplus"])]


@pytest.mark.parametrize("formula", ['=HYPERLINK("http://evil.example")', "+1+1", "@SUM(A1)", "-2+3"])
def test_formulas_are_texts(formula: str) -> None:
    rows = [["Name", "Note"], ["Ann", formula]]
    assert read(table(rows).encode())[1] == [(2, ["Ann", formula])]
    # As a program wrote it that never worked it out.
    assert read(sheet(rows))[1] == [(2, ["Ann", formula])]


def test_numbers_and_dates_of_excel_read_as_they_look() -> None:
    rows: list[list[object]] = [["a", "b", "c", "d", "e"], [1200, 0.1, date(2026, 12, 31), True, None]]
    assert read(sheet(rows))[1] == [(2, ["1200", "0.1", "2026-12-31", "true", ""])]


def test_no_zero_byte_reaches_the_database() -> None:
    assert read(b"Name,City\nAn\0n,Os\0lo\n", "utf-8")[1] == [(2, ["Ann", "Oslo"])]


def bomb(part: str, size: int) -> bytes:
    buffer = io.BytesIO(sheet([["Name"], ["Ann"]]))
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(part, "w", force_zip64=True) as file,
    ):
        for _ in range(size // 2**20):
            file.write(b"\0" * 2**20)
    return buffer.getvalue()


@pytest.mark.parametrize(("part", "megabytes"), [("xl/worksheets/sheet9.xml", 200), ("xl/sharedStrings.xml", 64)])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_bomb_is_not_unpacked(part: str, megabytes: int) -> None:
    content = bomb(part, megabytes * 2**20)
    assert len(content) < 2**20
    assert "too large" in refusal(content)


def with_sheet(xml: str) -> bytes:
    """A workbook whose only sheet is this XML."""
    source, target = zipfile.ZipFile(io.BytesIO(sheet([["Name"]]))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            archive.writestr(part.filename, xml if "worksheets/" in part.filename else source.read(part))
    return target.getvalue()


def test_a_row_number_that_no_program_has_holds_nobody() -> None:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>x</t></is></c></row>'
    rows = cell.format(1) + cell.format(999_999_999_999)
    content = with_sheet(f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>')
    assert read(content) == (["x"], [])


def test_entities_are_not_blown_up() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 100}">' for n in range(10))
    xml = (
        f"<!DOCTYPE worksheet [{entities}]><worksheet><sheetData><row><c><v>&e9;</v></c></row></sheetData></worksheet>"
    )
    assert "damaged" in refusal(with_sheet(xml))


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", "empty"),
        (b"\n\n ,\n", "empty"),
        (draw_pdf(), "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "password"),
        (b"PK\x03\x04" + b"\0" * 100, "damaged"),
        (b'Name,Note\nAnn,"never closed\nCarl,x\n', "quotation mark"),
        (b"Name\n" + b"x" * 20_000 + b"\n", "more than 10000 characters"),
        (b",".join(b"c%d" % n for n in range(101)) + b"\n", "more than 100 columns"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_do(content: bytes, answer: str) -> None:
    assert answer in refusal(content)


def test_another_kind_of_archive_is_no_workbook() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert "not an Excel file" in refusal(buffer.getvalue())


def test_too_many_rows_are_refused_and_never_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    assert len(read(b"Name\na\nb\nc\n")[1]) == 3
    assert "more than 3 rows" in refusal(b"Name\na\nb\nc\nd\n")


def test_a_large_sheet_is_never_held_as_a_whole() -> None:
    content = many(10_000).encode()
    tracemalloc.start()
    try:
        count = sum(1 for _ in open_sheet(io.BytesIO(content)).rows)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 10_000
    assert peak < len(content) + 2**20


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL.filter(bool), CELL), min_size=1, max_size=8))
def test_what_was_written_is_read(pairs: list[tuple[str, str]]) -> None:
    rows = [["First column", "Second column"], *map(list, pairs)]
    assert [cells for _, cells in read(table(rows).encode())[1]] == rows[1:]
    assert [cells for _, cells in read(sheet(rows))[1]] == rows[1:]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_refused(content: bytes) -> None:
    for start in (b"", b"Name,Email\n", b"PK\x03\x04", b"\xff\xfe"):
        try:
            headers, rows = read(start + content)
        except SheetRefusedError:
            continue
        assert all(len(cells) >= len(headers) for _, cells in rows)
