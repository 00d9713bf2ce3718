"""Completed documents are fetched once, hashed and kept."""

import hashlib
import io
import subprocess
from pathlib import Path
from shutil import which

import pytest
from django.test import Client as Browser
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from signing import archive, tasks
from signing.models import CompletedDocument, Envelope, Seal
from signing.seals import check_seal
from tests.deeds import send, sign
from tests.pdf_files import draw_pdf, text_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def completed(docusign: SandboxProcess) -> Envelope:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    return envelope


def content_of(envelope: Envelope, kind: str) -> bytes:
    with envelope.completed_documents.get(kind=kind).file.open("rb") as file:
        content: bytes = file.read()
    return content


def test_signed_documents_and_certificate_are_kept_with_their_hashes(completed: Envelope) -> None:
    for kind in CompletedDocument.Kind:
        row = completed.completed_documents.get(kind=kind)
        content = content_of(completed, kind)
        assert row.sha256 == hashlib.sha256(content).hexdigest()
        assert row.size_bytes == len(content)


def test_fetching_again_asks_docusign_for_nothing(completed: Envelope, docusign: SandboxProcess) -> None:
    before = len(docusign.requests())
    tasks.fetch_documents(completed.pk)
    assert len(docusign.requests()) == before


def test_a_download_that_failed_is_made_up_for(docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    docusign.fail_next(path_contains="/documents/certificate", errorCode="UNSPECIFIED_ERROR")
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    assert archive.envelopes_without_documents() == [envelope.pk]
    tasks.fetch_documents(envelope.pk)
    assert archive.envelopes_without_documents() == []


def test_nothing_is_fetched_before_everyone_has_signed(docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    tasks.fetch_documents(envelope.pk)
    assert not envelope.completed_documents.exists()


def test_the_signed_pdf_still_has_the_originals_text_and_the_signers_names(completed: Envelope) -> None:
    text = text_of(content_of(completed, "combined"))
    assert "This agreement binds both parties." in text
    assert "Ann Bee" in text
    assert "Carl Dee" in text


@pytest.mark.parametrize("kind", list(CompletedDocument.Kind))
def test_the_seal_is_valid_covers_the_whole_file_and_chains_to_its_authority(
    completed: Envelope, docusign: SandboxProcess, kind: str
) -> None:
    authority = load_cert_from_pemder(str(docusign.data_dir / "sandbox-ca.pem"))
    reader = PdfFileReader(io.BytesIO(content_of(completed, kind)))
    (signature,) = reader.embedded_signatures
    report = validate_pdf_signature(signature, ValidationContext(trust_roots=[authority]))
    assert report.bottom_line, report.pretty_print_details()


def test_the_seal_is_checked_on_arrival_and_shown(admin_browser: Browser, completed: Envelope) -> None:
    assert {row.seal for row in completed.completed_documents.all()} == {Seal.INTACT}
    page = admin_browser.get(f"/admin/signing/envelope/{completed.pk}/change/").content.decode()
    assert page.count("Seal intact") == 2


def test_what_is_not_as_sealed_is_called_broken(completed: Envelope) -> None:
    content = content_of(completed, "combined")
    changed = bytearray(content)
    changed[len(content) // 3] ^= 0x01
    for altered in (bytes(changed), content + b"\n% appended", content[:-4000]):
        assert check_seal(io.BytesIO(altered)) == Seal.BROKEN


def test_a_pdf_without_a_seal_is_called_so() -> None:
    assert check_seal(io.BytesIO(draw_pdf())) == Seal.ABSENT


def test_rubbish_instead_of_a_pdf_does_not_stop_the_archive() -> None:
    assert check_seal(io.BytesIO(b"no PDF at all")) == Seal.BROKEN


def test_a_changed_byte_breaks_the_seal(completed: Envelope, docusign: SandboxProcess) -> None:
    content = bytearray(content_of(completed, "combined"))
    content[len(content) // 3] ^= 0x01
    authority = load_cert_from_pemder(str(docusign.data_dir / "sandbox-ca.pem"))
    (signature,) = PdfFileReader(io.BytesIO(bytes(content)), strict=False).embedded_signatures
    assert not validate_pdf_signature(signature, ValidationContext(trust_roots=[authority])).bottom_line


@pytest.mark.parametrize(
    ("command", "expected"),
    [(["pdfsig", "-nocert"], "Signature is Valid."), (["qpdf", "--check"], "No syntax or stream encoding errors")],
)
def test_other_peoples_tools_agree(completed: Envelope, tmp_path: Path, command: list[str], expected: str) -> None:
    if which(command[0]) is None:
        pytest.skip(f"{command[0]} is not on this machine")
    path = tmp_path / "signed.pdf"
    path.write_bytes(content_of(completed, "combined"))
    result = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    assert expected in result.stdout
