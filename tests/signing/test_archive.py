"""Completed documents are fetched once, hashed and kept."""

import hashlib
import io
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.files.storage import FileSystemStorage
from django.test import Client as Browser
from django.utils import timezone
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from signing import archive, budget, tasks
from signing.docusign import Client, EnvelopeSnapshot
from signing.models import CallBudget, CompletedDocument, Envelope, Seal
from signing.seals import check_seal
from tests.deeds import send, sign
from tests.pdf_files import draw_pdf, text_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db
LATER = timezone.now() + timedelta(days=1)


@pytest.fixture
def completed(docusign: SandboxProcess) -> Envelope:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    return envelope


@pytest.fixture
def completing(docusign: SandboxProcess) -> Envelope:
    """Completed, and nothing fetched yet."""
    return almost_completed(docusign)


def almost_completed(docusign: SandboxProcess, **fault: Any) -> Envelope:
    """Everyone has signed; the documents are still over there, behind `fault`."""
    envelope = send()
    sign(envelope, 1)
    if fault:
        docusign.fail_next(**fault)
    sign(envelope, 2)
    return envelope


def wait_for_next_try(envelope: Envelope) -> None:
    Envelope.objects.filter(pk=envelope.pk).update(documents_due_at=timezone.now() - timedelta(seconds=1))


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
    envelope = almost_completed(docusign, path_contains="/documents/certificate", errorCode="UNSPECIFIED_ERROR")
    tasks.fetch_documents(envelope.pk)
    assert archive.envelopes_without_documents(LATER) == [envelope.pk]
    wait_for_next_try(envelope)
    tasks.fetch_documents(envelope.pk)
    assert archive.envelopes_without_documents(LATER) == []
    assert envelope.completed_documents.count() == 2


def test_what_is_here_already_is_not_fetched_a_second_time(docusign: SandboxProcess) -> None:
    envelope = almost_completed(docusign, path_contains="/documents/certificate", errorCode="UNSPECIFIED_ERROR")
    tasks.fetch_documents(envelope.pk)
    wait_for_next_try(envelope)
    tasks.fetch_documents(envelope.pk)
    assert len(docusign.requests("GET", "/documents/combined")) == 1


def test_after_a_failure_there_is_no_second_try_before_its_time(docusign: SandboxProcess) -> None:
    envelope = almost_completed(docusign, path_contains="/documents/combined", errorCode="UNSPECIFIED_ERROR")
    tasks.fetch_documents(envelope.pk)
    before = len(docusign.requests())
    tasks.fetch_documents(envelope.pk)
    assert len(docusign.requests()) == before
    assert archive.envelopes_without_documents(timezone.now()) == []


def test_the_tries_become_rarer_and_never_end(docusign: SandboxProcess) -> None:
    envelope = almost_completed(docusign)
    waits = []
    for _ in range(14):
        docusign.fail_next(path_contains="/documents/combined", status=503)
        tasks.fetch_documents(envelope.pk)
        envelope.refresh_from_db()
        assert envelope.documents_due_at is not None
        waits.append(round((envelope.documents_due_at - timezone.now()).total_seconds()))
        wait_for_next_try(envelope)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (30, 6 * 3600)
    assert "tries again by itself" in envelope.documents_problem


def test_waiting_for_a_call_that_may_be_made_is_no_failure(docusign: SandboxProcess) -> None:
    envelope = almost_completed(docusign)
    retry_at = timezone.now() + timedelta(seconds=25)
    for account_id in CallBudget.objects.values_list("pk", flat=True):
        budget.wait_until(account_id, retry_at)
    for _ in range(7):
        tasks.fetch_documents(envelope.pk)
        envelope.refresh_from_db()
        assert envelope.documents_due_at == retry_at
        wait_for_next_try(envelope)
    assert envelope.documents_attempts == 0


def test_one_worker_at_a_time_fetches(completing: Envelope, docusign: SandboxProcess) -> None:
    Envelope.objects.update(documents_due_at=timezone.now() + archive.LEASE)  # held by another
    tasks.fetch_documents(completing.pk)
    assert docusign.requests("GET", "/documents/") == []


def test_a_killed_workers_lease_runs_out(completing: Envelope) -> None:
    Envelope.objects.update(documents_due_at=timezone.now() - timedelta(seconds=1), documents_attempts=1)
    tasks.fetch_documents(completing.pk)
    assert completing.completed_documents.count() == 2


def test_an_answer_that_is_no_pdf_is_not_kept(completing: Envelope, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def portal_of_the_hotel(client: Client, envelope_id: str, document_id: str) -> Iterator[Iterator[bytes]]:
        yield iter([b"<html>Welcome to our", b" wireless network</html>"])

    monkeypatch.setattr(Client, "open_document", portal_of_the_hotel)
    tasks.fetch_documents(completing.pk)
    assert not completing.completed_documents.exists()
    assert archive.envelopes_without_documents(LATER) == [completing.pk]


def purged(monkeypatch: pytest.MonkeyPatch, docusign: SandboxProcess, envelope: Envelope, state: str) -> None:
    """Docusign refuses the documents and says why when asked: by hand, since the sandbox purges nothing yet."""
    docusign.fail_next(path_contains="/documents/combined", errorCode="DOCUMENT_DOES_NOT_EXIST", status=404)
    listed = Client.list_envelopes

    def told(client: Client, **filters: Any) -> Iterator[EnvelopeSnapshot]:
        return (replace(snapshot, purge_state=state) for snapshot in listed(client, **filters))

    monkeypatch.setattr(Client, "list_envelopes", told)
    tasks.fetch_documents(envelope.pk)
    envelope.refresh_from_db()


def test_documents_purged_at_docusign_are_given_up_and_shown(
    admin_browser: Browser, completing: Envelope, docusign: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    purged(monkeypatch, docusign, completing, "documents_and_metadata_purged")
    assert completing.documents_purged
    assert archive.envelopes_without_documents(LATER) == []
    page = admin_browser.get(f"/admin/signing/envelope/{completing.pk}/change/").content.decode()
    assert "Docusign had deleted them before the portal could fetch them." in page
    assert 'http-equiv="refresh"' not in page


def test_documents_that_are_only_queued_for_purging_are_tried_again(
    completing: Envelope, docusign: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    purged(monkeypatch, docusign, completing, "documents_queued")
    assert not completing.documents_purged
    assert archive.envelopes_without_documents(LATER) == [completing.pk]


def test_documents_kept_by_an_earlier_version_are_not_fetched_again(
    completed: Envelope, docusign: SandboxProcess
) -> None:
    Envelope.objects.update(documents_stored_at=None)
    before = len(docusign.requests())
    tasks.fetch_documents(completed.pk)
    assert len(docusign.requests()) == before
    assert archive.envelopes_without_documents(LATER) == []


def test_documents_that_cannot_be_stored_are_tried_again(completing: Envelope, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "save", full)
        with pytest.raises(OSError, match="No space left"):
            tasks.fetch_documents(completing.pk)
    completing.refresh_from_db()
    assert completing.documents_problem == "They could not be stored: No space left on device"
    assert archive.envelopes_without_documents(LATER) == [completing.pk]


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


def test_a_time_stamp_beside_the_signature_breaks_nothing(completed: Envelope) -> None:
    """Docusign may add one for later proof; it is a signature of another kind."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    stamped = io.BytesIO()
    PdfTimeStamper(DummyTimeStamper(*authority_of_time(key))).timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content_of(completed, "combined"))), "sha256", output=stamped
    )
    assert check_seal(stamped) == Seal.INTACT
    assert check_seal(io.BytesIO(stamped.getvalue() + b"\n% appended")) == Seal.BROKEN


def authority_of_time(key: rsa.RSAPrivateKey) -> tuple[asn1_x509.Certificate, asn1_keys.PrivateKeyInfo]:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time")])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    as_der = serialization.Encoding.DER
    private = key.private_bytes(as_der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return asn1_x509.Certificate.load(certificate.public_bytes(as_der)), asn1_keys.PrivateKeyInfo.load(private)


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
