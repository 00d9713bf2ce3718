"""The proof bundle: fetched by staff, judged by the verifier as a process without Django, network or portal."""

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.test import Client as Browser

from signing import proof_keys, tasks
from signing.models import Envelope, Errand, EventKind, Proof, ProofKey
from tests.deeds import decline, send
from tests.factories import make_sent, make_staff
from tests.sandbox_process import SandboxProcess

from .bundles import ROOT, fetch_bundle, judge, packed, part, unpacked

pytestmark = pytest.mark.django_db


def test_from_the_signature_to_the_verified_bundle(completed: Envelope, admin_browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "proof.zip"
    path.write_bytes(fetch_bundle(admin_browser, completed))
    key = tmp_path / "published.pem"
    published = Browser().get("/verify/keys/").json()["keys"]
    key.write_bytes(Browser().get(f"/verify/keys/{published[0]['id']}.pem").content)
    judgement = judge(path, "--key", str(key))
    assert judgement.code == 0, judgement
    assert "VALID" in judgement.out
    assert "the seal of signed documents.pdf is intact" in judgement.out
    assert "the key is one of those that you gave" in judgement.out


def test_a_bundle_holds_all_that_a_proof_needs(completed: Envelope, admin_browser: Browser) -> None:
    bundle = fetch_bundle(admin_browser, completed)
    entries = dict(unpacked(bundle))
    assert list(entries) == [
        "README.txt",
        "proof.html",
        "envelope.json",
        "events.json",
        "public-key.pem",
        "signed documents.pdf",
        "certificate of completion.pdf",
        "as sent/01 Agreement.pdf",
        "manifest.json",
        "manifest.sig",
    ]
    kept = completed.completed_documents.get(kind="combined")
    assert entries["signed documents.pdf"] == Path(kept.file.path).read_bytes()
    page = entries["proof.html"].decode()
    proof = Proof.objects.get(envelope=completed)
    for text in ("Consulting agreement", "Ann Bee", "Carl Dee", kept.sha256, f"/verify/{proof.public_id}/", "<svg"):
        assert text in page


def test_the_page_of_the_proof_runs_nothing_whatever_the_signers_are_called(
    docusign: SandboxProcess, admin_browser: Browser
) -> None:
    envelope = make_sent(status="voided", subject="<script>alert(1)</script>")
    page = dict(unpacked(fetch_bundle(admin_browser, envelope)))["proof.html"].decode()
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_the_last_event_is_that_the_bundle_was_fetched(completed: Envelope, admin_browser: Browser) -> None:
    last = part(fetch_bundle(admin_browser, completed), "events.json")["events"][-1]
    assert last["event"]["kind"] == EventKind.DOWNLOADED
    assert last["details"]["data"]["what"] == "proof bundle"
    assert last["details"]["actor"] == "Dana Field"


def test_what_was_declined_can_be_proven_as_well(
    docusign: SandboxProcess, admin_browser: Browser, tmp_path: Path
) -> None:
    envelope = send()
    decline(envelope, 1, "The fee is not what we agreed on.")
    path = tmp_path / "proof.zip"
    path.write_bytes(fetch_bundle(admin_browser, envelope))
    assert judge(path).code == 0
    entries = dict(unpacked(path.read_bytes()))
    assert "signed documents.pdf" not in entries
    assert "The fee is not what we agreed on." in entries["proof.html"].decode()


def test_what_is_on_its_way_has_no_proof_yet(connected: None, admin_browser: Browser) -> None:
    envelope = make_sent()
    assert admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/proof/").status_code == 404
    assert "Proof bundle" not in admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/change/").content.decode()


def test_a_proof_waits_for_the_signed_documents(connected: None, admin_browser: Browser) -> None:
    envelope = make_sent(status="completed")
    address = f"/admin/signing/envelope/{envelope.pk}/proof/"
    assert admin_browser.get(address).status_code == 404
    Envelope.objects.filter(pk=envelope.pk).update(documents_purged=True)
    response = admin_browser.get(address)
    assert response.status_code == 200
    response.getvalue()


def test_only_who_may_see_the_envelope_gets_its_proof(connected: None, admin_browser: Browser) -> None:
    envelope = make_sent(status="voided")
    outsider = Browser()
    address = f"/admin/signing/envelope/{envelope.pk}/proof/"
    assert outsider.get(address).status_code == 302
    outsider.force_login(make_staff("eve", is_superuser=False))
    assert outsider.get(address).status_code == 404
    assert not Proof.objects.exists()


def test_the_record_offers_the_proof_of_what_has_ended(connected: None, admin_browser: Browser) -> None:
    envelope = make_sent(status="declined")
    page = admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/change/").content.decode()
    assert f"/admin/signing/envelope/{envelope.pk}/proof/" in page


def test_documents_that_are_gone_leave_their_hash(connected: None, admin_browser: Browser, tmp_path: Path) -> None:
    envelope = make_sent(status="voided")
    document = envelope.documents.get()
    document.file.storage.delete(document.file.name)
    path = tmp_path / "proof.zip"
    path.write_bytes(fetch_bundle(admin_browser, envelope))
    assert judge(path).code == 0
    (told,) = part(path.read_bytes(), "envelope.json")["documents_as_sent"]
    assert (told["entry"], told["sha256"]) == (None, document.sha256)


def test_a_document_that_was_exchanged_in_the_storage_is_found(
    completed: Envelope, admin_browser: Browser, tmp_path: Path
) -> None:
    """The portal signs what it hands out; the timeline knows better."""
    kept, other = (completed.completed_documents.get(kind=kind) for kind in ("combined", "certificate"))
    shutil.copyfile(other.file.path, kept.file.path)
    path = tmp_path / "proof.zip"
    path.write_bytes(fetch_bundle(admin_browser, completed))
    judgement = judge(path, "--json")
    assert judgement.code == 1
    assert set(judgement.findings) == {"stored"}


def test_bundles_signed_before_a_rotation_stay_valid(connected: None, admin_browser: Browser, tmp_path: Path) -> None:
    envelope = make_sent(status="voided")
    before = tmp_path / "before.zip"
    before.write_bytes(fetch_bundle(admin_browser, envelope))
    old = ProofKey.objects.get()
    proof_keys.rotate()
    old.refresh_from_db()
    assert (old.is_current, old.sealed_private_key) == (False, "")
    after = tmp_path / "after.zip"
    after.write_bytes(fetch_bundle(admin_browser, envelope))
    keys = Browser().get("/verify/keys/").json()["keys"]
    assert [key["signs_now"] for key in keys] == [True, False]
    options = []
    for key in keys:
        path = tmp_path / f"{key['id']}.pem"
        path.write_text(key["pem"])
        options += ["--key", str(path)]
    assert judge(before, *options).code == 0
    assert judge(after, *options).code == 0
    wrong = judge(after, *options[2:], "--json")
    assert (wrong.code, set(wrong.findings)) == (1, {"key"})


def test_without_pyhanko_the_verifier_says_what_it_did_not_check(
    completed: Envelope, admin_browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "proof.zip"
    path.write_bytes(fetch_bundle(admin_browser, completed))
    judgement = judge(path, refused=["pyhanko"])
    assert judgement.code == 0
    assert "seal not checked: install pyHanko" in judgement.out


def test_without_cryptography_nothing_is_called_valid(tmp_path: Path) -> None:
    judgement = judge(tmp_path / "proof.zip", refused=["cryptography"])
    assert judgement.code == 1
    assert "pip install cryptography" in judgement.error


def test_the_verifier_runs_from_a_copy_of_its_folder_alone(
    connected: None, admin_browser: Browser, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "signing" / "verify", tmp_path / "signing" / "verify")
    path = tmp_path / "proof.zip"
    path.write_bytes(fetch_bundle(admin_browser, make_sent(status="voided")))
    command = [sys.executable, "-m", "signing.verify", str(path)]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done


def test_the_verifier_is_handed_out_as_one_file(completed: Envelope, admin_browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "verifier.pyz").write_bytes(Browser().get("/verify/verifier.pyz").content)
    (tmp_path / "proof.zip").write_bytes(fetch_bundle(admin_browser, completed))
    command = [sys.executable, "verifier.pyz", "proof.zip"]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    assert "the seal of signed documents.pdf is intact" in done.stdout


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_openssl_agrees_about_the_signature(connected: None, admin_browser: Browser, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(fetch_bundle(admin_browser, make_sent(status="voided")))) as archive:
        archive.extractall(tmp_path)
    command = "openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in done.stdout, done


def test_a_bundle_packed_again_is_still_valid(connected: None, admin_browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "proof.zip"
    path.write_bytes(packed(unpacked(fetch_bundle(admin_browser, make_sent(status="voided")))))
    assert judge(path).code == 0


def test_the_proofs_of_many_come_as_one_zip_of_bundles(connected: None, admin_browser: Browser, tmp_path: Path) -> None:
    ended, open_still = make_sent(status="voided"), make_sent(docusign_id="2")
    admin_browser.post("/admin/signing/envelope/many/", {"deed": "proof", "selected": [ended.pk, open_still.pk]})
    errand = Errand.objects.get()
    tasks.run_errand(errand.pk)
    errand.refresh_from_db()
    assert errand.state == "done"
    assert [problem[0] for problem in errand.problems] == [open_still.pk]
    content = admin_browser.get(f"/admin/signing/envelope/errands/{errand.pk}/file/").getvalue()
    ((_name, bundle),) = unpacked(content)
    path = tmp_path / "proof.zip"
    path.write_bytes(bundle)
    assert judge(path).code == 0
    assert ended.events.filter(kind=EventKind.DOWNLOADED, actor_name="Dana Field").count() == 1
