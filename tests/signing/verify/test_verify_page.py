"""The public verify page: whoever holds a PDF learns whether it is intact, and nobody learns anything else."""

import io
import logging
import tempfile
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pytest_django.fixtures import Settings

from signing.limits import VERIFICATIONS
from signing.models import CompletedDocument, Envelope, EnvelopeEvent, Proof
from tests.factories import make_sent
from tests.pdf_files import draw_pdf

pytestmark = pytest.mark.django_db


def content_of(envelope: Envelope, kind: str = "combined") -> bytes:
    return Path(envelope.completed_documents.get(kind=kind).file.path).read_bytes()


def ask(content: bytes, **headers: str) -> str:
    response = post(content, **headers)
    assert response.status_code == 200
    return response.content.decode()


def post(content: bytes, **headers: str) -> HttpResponse:
    file = SimpleUploadedFile("Agreement with Ann.pdf", content, "application/pdf")
    return Browser().post("/verify/", {"file": file}, headers=headers)  # type: ignore[return-value]


def test_what_was_signed_here_is_recognised_and_its_signers_are_named(completed: Envelope) -> None:
    page = ask(content_of(completed))
    assert "This document is intact" in page
    assert "Ann Bee" in page
    assert "Carl Dee" in page


def test_no_more_is_told_than_the_holder_can_read(completed: Envelope) -> None:
    page = ask(content_of(completed))
    for hidden in ("ann@example.com", "Consulting agreement", "Dana", completed.docusign_id or "", "Agreement with"):
        assert hidden not in page


def test_the_certificate_is_recognised_as_one(completed: Envelope) -> None:
    assert "It is exactly the certificate" in ask(content_of(completed, "certificate"))


def test_a_changed_byte_is_found(completed: Envelope) -> None:
    content = bytearray(content_of(completed))
    content[len(content) // 3] ^= 0x01
    page = ask(bytes(content))
    assert "This document was changed" in page
    assert "Ann Bee" not in page


def test_what_was_added_behind_a_signed_document_is_called_so(completed: Envelope) -> None:
    page = ask(content_of(completed) + b"\n% a clause more\n%%EOF\n")
    assert "Something was added to this document" in page
    assert "Ann Bee" not in page


def test_a_revision_added_by_another_program_is_called_so(completed: Envelope) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(content_of(completed)))
    writer.root["/Lang"] = pdf_string("en")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert "Something was added to this document" in ask(out.getvalue())


def test_an_intact_seal_of_somebody_else_is_no_word_of_ours(completed: Envelope) -> None:
    content = content_of(completed)
    CompletedDocument.objects.all().delete()
    page = ask(content)
    assert "The seal is intact, but this is no file of ours" in page
    assert "Sealed by" in page


@pytest.mark.parametrize(
    ("content", "heading"),
    [
        (draw_pdf(), "Nothing can be said about this PDF"),
        (b"Dear Ann, here is the contract.", "This is not a PDF"),
        (b"%PDF-1.7\nnothing of the kind", "This PDF cannot be read"),
        (draw_pdf()[:-600], "This PDF cannot be read"),
    ],
    ids=["unsealed", "text", "rubbish", "cut off"],
)
def test_other_files_get_a_calm_answer(connected: None, content: bytes, heading: str) -> None:
    assert heading in ask(content)


def test_a_pdf_that_would_keep_its_reader_busy_for_ever_is_given_up(
    connected: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signing.pdf_process.TIMEOUT_SECONDS", 0.01)
    assert "This PDF cannot be read" in ask(draw_pdf())


def test_a_file_that_is_too_large_is_refused_before_it_is_read(connected: None, settings: Settings) -> None:
    settings.VERIFY_MAX_BYTES = 1000
    response = post(b"%PDF-" + b"x" * 200_000)
    assert response.status_code == 413
    assert post(b"%PDF-" + b"x" * 2000).status_code == 413
    assert "This file is too large" in response.content.decode()


def test_nothing_chosen_is_said_kindly(connected: None) -> None:
    response = Browser().post("/verify/", {})
    assert response.status_code == 422
    assert "Choose a file first." in response.content.decode()


def test_several_files_at_once_are_not_taken(connected: None) -> None:
    files = [SimpleUploadedFile(f"{name}.pdf", draw_pdf()) for name in "ab"]
    assert Browser().post("/verify/", {"file": files}).status_code in (200, 400, 422)


def test_nothing_of_the_file_is_kept_or_logged(
    connected: None, staff: User, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    events = EnvelopeEvent.objects.count()
    with caplog.at_level(logging.DEBUG):
        ask(draw_pdf())
    assert list(tmp_path.iterdir()) == []
    assert "Agreement with Ann" not in caplog.text
    assert EnvelopeEvent.objects.count() == events


def test_no_cookie_is_set_and_no_store_keeps_the_answer(connected: None) -> None:
    response = post(draw_pdf())
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


def test_one_network_cannot_ask_for_ever(connected: None) -> None:
    for _ in range(VERIFICATIONS.allowed):
        VERIFICATIONS.count("127.0.0.1")
    response = post(draw_pdf())
    assert response.status_code == 429
    assert "Please wait ten minutes" in response.content.decode()


def test_the_page_behind_the_qr_code_names_nobody(completed: Envelope, admin_browser: Browser) -> None:
    admin_browser.get(f"/admin/signing/envelope/{completed.pk}/proof/").getvalue()
    proof = Proof.objects.get(envelope=completed)
    page = Browser().get(f"/verify/{proof.public_id}/").content.decode()
    assert "Everyone has signed" in page
    assert "2 of 2" in page
    assert completed.completed_documents.get(kind="combined").sha256 in page
    for hidden in ("Ann", "Carl", "Dana", "Consulting agreement", completed.docusign_id or ""):
        assert hidden not in page


def test_a_proof_that_nobody_has_fetched_has_no_public_page(connected: None, staff: User) -> None:
    envelope = make_sent(status="completed")
    assert Browser().get(f"/verify/{envelope.transaction_id}/").status_code == 404


def test_a_key_nobody_has_made_is_not_there(connected: None) -> None:
    assert Browser().get("/verify/keys/").json()["keys"] == []
    assert Browser().get(f"/verify/keys/{'0' * 32}.pem").status_code == 404


def test_the_page_speaks_its_readers_language(connected: None) -> None:
    page = Browser().get("/verify/", headers={"Accept-Language": "de"}).content.decode()
    assert "Ist dieses Dokument unverändert?" in page
