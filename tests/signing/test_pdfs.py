"""What may be uploaded: a complete, unprotected PDF. Everything else is answered with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.pdfs import DocumentRefusedError, find_texts, inspect_pdf
from tests.pdf_files import draw_pdf, encrypted_pdf, pdf_without_pages


def test_page_sizes_are_read_in_points() -> None:
    facts = inspect_pdf(draw_pdf("one", "two", pagesize=(400, 600)))
    assert facts.page_sizes == [(400, 600), (400, 600)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "This file is empty.", id="empty"),
        pytest.param(b"hello world", "This is not a PDF.", id="text"),
        pytest.param(b"PK\x03\x04" + b"\0" * 5000, "This is not a PDF.", id="a Word file"),
        pytest.param(draw_pdf()[:-200], "This PDF is incomplete", id="truncated"),
        pytest.param(b"%PDF-1.7\nnothing\n%%EOF", "This PDF is damaged", id="damaged"),
        pytest.param(encrypted_pdf(user_password="secret"), "protected by a password", id="password"),
        pytest.param(encrypted_pdf(user_password=""), "protected against changes", id="owner password only"),
        pytest.param(pdf_without_pages(), "has no pages", id="no pages"),
    ],
)
def test_a_file_that_cannot_be_signed_is_refused_with_the_reason(content: bytes, sentence: str) -> None:
    with pytest.raises(DocumentRefusedError, match=sentence):
        inspect_pdf(content)


def test_trailing_rubbish_of_a_scanner_does_no_harm() -> None:
    assert len(inspect_pdf(draw_pdf() + b"\r\n\0\0\0").page_sizes) == 1


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=2000))
def test_no_damage_to_a_file_crashes_the_inspection(rubbish: bytes, at: int) -> None:
    content = draw_pdf()
    damaged = content[:at] + rubbish + content[at + len(rubbish) :]
    try:
        facts = inspect_pdf(damaged)
    except DocumentRefusedError:
        return
    assert facts.page_sizes


def test_anchor_texts_are_counted_over_all_pages_ignoring_case() -> None:
    content = draw_pdf("Sign /sn1/ here", "and /SN1/ there")
    assert find_texts(content, ["/sn1/", "/sn2/"]) == {"/sn1/": 2, "/sn2/": 0}
