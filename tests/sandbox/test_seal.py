"""Completed PDFs are sealed: whole, trusted by the sandbox's authority, and the same for ever."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from sandbox.process import SandboxProcess
from sandbox.robot import Robot
from tests.pdf_files import draw_pdf

from .api import Api, document, signer
from .test_placement import turned_pdf

KINDS = ["1", "combined", "combined?certificate=true", "certificate"]


def completed(api: Api, content: bytes | None = None) -> str:
    envelope_id = api.envelope(documents=[document(content=content)], recipients={"signers": [signer(1)]})
    Robot().sign(api.view_url(envelope_id))
    return envelope_id


def download(api: Api, envelope_id: str, kind: str) -> bytes:
    response = api.call("GET", f"/envelopes/{envelope_id}/documents/{kind}")
    assert response.status_code == 200, response.text
    return response.content


@pytest.fixture
def sealed(api: Api, tmp_path: Path) -> list[Path]:
    envelope_id = completed(api, turned_pdf(90, (40.0, -25.0)))
    paths = []
    for number, kind in enumerate(KINDS):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(download(api, envelope_id, kind))
        paths.append(path)
    return paths


def test_seals_are_valid_and_chain_to_the_sandbox_authority(sandbox: SandboxProcess, sealed: list[Path]) -> None:
    context = ValidationContext(trust_roots=[load_cert_from_pemder(str(sandbox.authority))], allow_fetching=False)
    for path in sealed:
        (signature,) = PdfFileReader(io.BytesIO(path.read_bytes())).embedded_signatures
        status = validate_pdf_signature(signature, context)
        assert status.bottom_line, status.pretty_print_details()
        assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_has_no_complaint(sealed: list[Path]) -> None:
    for path in sealed:
        checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "warning" not in (checked.stdout + checked.stderr).lower()


@pytest.mark.skipif(not (shutil.which("pdfsig") and shutil.which("certutil")), reason="needs pdfsig and certutil")
def test_pdfsig_trusts_it_once_told_of_the_authority(
    sandbox: SandboxProcess, sealed: list[Path], tmp_path: Path
) -> None:
    store = f"sql:{tmp_path}"
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True)
    authority = ["certutil", "-A", "-d", store, "-n", "sandbox", "-t", "CT,C,C", "-i", str(sandbox.authority)]
    subprocess.run(authority, check=True)
    for path in sealed:
        said = subprocess.run(
            ["pdfsig", "-nssdir", store, str(path)], capture_output=True, text=True, check=True
        ).stdout
        assert "Signature is Valid." in said
        assert "Certificate is Trusted." in said
        assert "Total document signed" in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_sealed_file_stays_the_same(api: Api, kind: str) -> None:
    envelope_id = completed(api)
    first = download(api, envelope_id, kind)
    api.sandbox.advance(3600)
    assert Api(api.sandbox).call("GET", f"/envelopes/{envelope_id}/documents/{kind}").content == first


def test_an_envelope_under_way_is_not_sealed(api: Api) -> None:
    envelope_id = api.envelope(documents=[document(content=draw_pdf("Open /sn1/ /sn2/"))])
    assert b"/ETSI.CAdES.detached" not in download(api, envelope_id, "1")
