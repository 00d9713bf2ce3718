"""Every letter is drawn by a font that has it, or refused; lines run the way their script runs."""

import io

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from sandbox import fonts
from sandbox.ink.text import Style, draw_line, lines_of, width_of

NAMES = {
    "Latin": "Zoë Ångström-Łuczak",
    "Cyrillic": "Анна Каренина",
    "Greek": "Ελένη Παπαδοπούλου",
    "Arabic": "محمد بن سلمان",
    "Hebrew": "שלום עליכם",
    "Devanagari": "कृष्णा शर्मा",
    "Thai": "สมชาย ใจดี",
    "Chinese": "王小明",
    "Japanese": "山田たろう",
    "Korean": "김철수",
}


def drawn(*lines: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 40 * len(lines)))
    for number, line in enumerate(lines):
        draw_line(canvas, 10, 40 * number + 15, line, Style(size=16))
    canvas.save()
    return buffer.getvalue()


def text_in(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    text = str(pdf[0].get_textpage().get_text_range())
    pdf.close()
    return text


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_in_every_script_can_be_drawn(name: str) -> None:
    assert fonts.missing(name) == ""
    assert "".join(piece for _, piece in fonts.runs(name)) == name


@pytest.mark.parametrize(
    ("script", "font"),
    [("Arabic", "NotoSansArabic"), ("Hebrew", "Heebo"), ("Korean", "MicroHei"), ("Latin", "NotoSans")],
)
def test_each_script_has_its_font(script: str, font: str) -> None:
    assert {name for name, _ in fonts.runs(NAMES[script])} == {font}


def test_characters_without_a_glyph_are_named_once() -> None:
    assert fonts.missing("A😀b😀 \U00020bb7") == "😀\U00020bb7"


def test_a_caption_shows_a_question_mark_for_them() -> None:
    assert fonts.drawable("Ann 😀 Bee\nSecond line") == "Ann ? Bee\nSecond line"


def test_mixed_scripts_are_cut_into_runs_with_their_spaces_and_digits() -> None:
    assert fonts.runs("Ann 12 (王), שלום!") == [("NotoSans", "Ann 12 ("), ("MicroHei", "王), "), ("Heebo", "שלום!")]


def test_an_accent_stays_with_its_letter() -> None:
    assert fonts.runs("Cafe\u0301", "Caveat")[-1][1].endswith("e\u0301")


def test_handwriting_gives_way_where_it_lacks_letters() -> None:
    assert fonts.runs("Ann Анна 王", "DancingScript") == [
        ("DancingScript", "Ann "),
        ("Caveat", "Анна "),
        ("MicroHei", "王"),
    ]


@pytest.mark.parametrize(
    "script", ["Latin", "Cyrillic", "Greek", "Hebrew", "Devanagari", "Chinese", "Japanese", "Korean"]
)
def test_what_is_drawn_can_be_searched_for(script: str) -> None:
    assert NAMES[script] in text_in(drawn(NAMES[script]))


def test_letters_that_join_are_drawn_joined() -> None:
    """Alone, each of these letters takes more room than in the middle of a word."""
    style = Style(size=10)
    assert width_of("ببب", style) < 0.8 * 3 * width_of("ب", style)


def test_a_conjunct_is_one_glyph() -> None:
    style = Style(size=10)
    assert width_of("क्ष", style) < width_of("क", style) + width_of("ष", style)


def test_right_to_left_text_begins_at_the_right() -> None:
    pdf = pypdfium2.PdfDocument(drawn("ab שלום"))
    page = pdf[0].get_textpage()
    left = {page.get_text_range(index, 1): page.get_charbox(index)[0] for index in range(page.count_chars())}
    pdf.close()
    assert left["a"] < left["b"] < left["ם"] < left["ש"]


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40))
def test_any_text_has_a_width_and_can_be_drawn(text: str) -> None:
    shown = fonts.drawable(text)
    assert width_of(shown, Style()) >= 0
    assert drawn(shown).startswith(b"%PDF")


@settings(deadline=None)
@given(st.text(alphabet="ab cde\u0301王 שלום", max_size=80), st.floats(20, 200))
def test_wrapped_lines_keep_every_letter_and_the_width(text: str, width: float) -> None:
    lines = lines_of(text, Style(size=10), width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, Style(size=10)) <= width + 1 for line in lines)
