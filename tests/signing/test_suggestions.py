"""Where a document asks for something, as its text tells."""

import json

import pytest

from signing.pdf_process import run_job
from signing.suggestions import is_telling, kind_for, suggest
from tests.pdf_files import draw_pdf

A4 = (595.0, 842.0)
LETTER_WIDTH = 6


def line(text: str, *, page: int = 1, left: float = 72, top: float = 100) -> dict[str, object]:
    """A line whose letters are all as wide."""
    boxes = [
        None if letter.isspace() else (left + i * LETTER_WIDTH, top, left + (i + 1) * LETTER_WIDTH, top + 10)
        for i, letter in enumerate(text)
    ]
    return {"page": page, "text": text, "boxes": boxes}


def kinds(*texts: str) -> list[str]:
    lines = [line(text, top=100 + 50 * number) for number, text in enumerate(texts)]
    return [suggestion["kind"] for suggestion in suggest(lines, [A4])]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Signature", "sign_here"),
        ("Sign here", "sign_here"),
        ("By", "sign_here"),
        ("Unterschrift", "sign_here"),
        ("Client's signature", "sign_here"),
        ("Initials", "initial_here"),
        ("Date", "date_signed"),
        ("Datum", "date_signed"),
        ("Printed name", "full_name"),
        ("Name", "full_name"),
        ("E-mail address", "email_address"),
        ("Company", "company"),
        ("Job title", "title"),
        ("Amount", "number"),
        ("Address", "text"),
        ("Whereas", ""),
        ("the parties", ""),
    ],
)
def test_words_ask_for_a_kind(words: str, kind: str) -> None:
    assert kind_for(words) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Signature: ____________", ["sign_here"]),
        ("Signature ____________", ["sign_here"]),
        ("Signature: ............", ["sign_here"]),
        ("Favourite colour: ____________", ["text"]),
        ("Name:", ["full_name"]),
        ("Name:                   Email:", ["full_name", "email_address"]),
        ("Signature: ________ Date: ________", ["sign_here", "date_signed"]),
        ("☐ I agree", ["checkbox"]),
        ("[ ] I agree", ["checkbox"]),
        ("The following holds:", []),
        ("Name: Ann Bee, born in Graz", []),
        ("snake_case and other_words", []),
        ("And so on ...", []),
    ],
)
def test_a_line_asks_for_fields(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_a_field_stands_on_the_gap() -> None:
    (found,) = suggest([line("Address: ____________________")], [A4])
    assert (found["x"], found["y"] + found["height"]) == (72 + 9 * LETTER_WIDTH, 110)
    assert found["width"] == 20 * LETTER_WIDTH


def test_a_signature_keeps_its_shape_on_a_short_gap() -> None:
    (found,) = suggest([line("Signature: ______")], [A4])
    assert (found["width"], found["height"]) == (60, 18)


def test_suggestions_do_not_overlap() -> None:
    twice = [line("Signature: ________________", top=top) for top in (100, 104)]
    assert len(suggest(twice, [A4])) == 1


def test_most_lines_tell_nothing() -> None:
    assert not is_telling("The consultant advises the client on all matters.")
    assert is_telling("Date: ______")


@pytest.mark.parametrize("page", [1, 2])
def test_a_pdf_is_read_page_by_page(page: int) -> None:
    pages = ["Nothing here", "Nothing here"]
    pages[page - 1] = "Signature: ________________"
    lines = json.loads(run_job(draw_pdf(*pages), "lines"))
    (found,) = suggest(lines, [A4, A4])
    assert (found["page"], found["kind"]) == (page, "sign_here")
    assert 120 < found["x"] < 150
