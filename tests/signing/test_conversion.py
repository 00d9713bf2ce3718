"""Word files: converted where LibreOffice is, refused in a sentence where it is not; and archives that are bombs."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from signing import conversion
from signing.conversion import as_pdf, takes_word_files
from signing.pdfs import DocumentRefusedError, inspect_pdf
from tests.pdf_files import draw_pdf

WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program named soffice, whose script a test may write; at first it makes a PDF as LibreOffice does."""
    (tmp_path / "made.pdf").write_bytes(draw_pdf("Converted"))
    program = tmp_path / "soffice"
    program.write_text(
        f'#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\ncp {tmp_path}/made.pdf "$2"/document.pdf\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return program


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")


def refusal(content: bytes) -> str:
    with pytest.raises(DocumentRefusedError) as caught:
        as_pdf(content)
    return str(caught.value)


def test_a_word_file_goes_through_libreoffice(office: Path) -> None:
    assert takes_word_files()
    assert len(inspect_pdf(as_pdf(archive(WORD))).page_sizes) == 1


@pytest.mark.usefixtures("no_office")
def test_without_libreoffice_the_way_is_said() -> None:
    assert not takes_word_files()
    assert refusal(archive(WORD)) == "Word files cannot be converted here. Save it as PDF and choose that file."


def test_a_file_that_libreoffice_cannot_read_is_refused(office: Path) -> None:
    office.write_text("#!/bin/sh\nexit 1\n")
    assert "could not be converted" in refusal(archive(WORD))


def test_libreoffice_does_not_hold_a_page_for_ever(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office.write_text("#!/bin/sh\nsleep 60\n")
    monkeypatch.setattr(conversion, "OFFICE_SECONDS", 0.2)
    assert "takes too long" in refusal(archive(WORD))


def test_a_bomb_is_known_by_its_table_of_contents(office: Path) -> None:
    bomb = archive(WORD | {"word/media/zeros.bin": bytes(conversion.MAX_UNPACKED_BYTES + 1)})
    assert len(bomb) < 1_000_000
    assert "far too large once unpacked" in refusal(bomb)


@pytest.mark.parametrize("files", [{"a.txt": b"x"}, {"xl/workbook.xml": b"<x/>"}])
def test_other_archives_are_refused(files: dict[str, bytes]) -> None:
    assert "neither a PDF nor a picture" in refusal(archive(files))


def test_what_is_neither_is_left_to_the_judge_of_pdfs() -> None:
    assert as_pdf(b"%PDF-junk") == b"%PDF-junk"
