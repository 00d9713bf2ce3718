"""Staff send a PDF to two people in order; both sign without an account; a sealed PDF comes back."""

import io
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.pdf_files import draw_pdf, text_of

from .conftest import Demo
from .pages import Photographer, Signer, Staff

pytestmark = pytest.mark.e2e

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DEVICES = [pytest.param("desktop", DESKTOP, id="desktop"), pytest.param("phone", PHONE, id="phone")]
FOCUSED_NAME = (
    "() => { const e = document.activeElement; return e.ariaLabel || e.labels?.[0]?.innerText || e.innerText || '' }"
)
TEXT = "This agreement binds both parties."


@pytest.fixture
def agreement(tmp_path: Path) -> Path:
    path = tmp_path / "Agreement.pdf"
    path.write_bytes(draw_pdf(f"{TEXT}\n\n\nSign: /sn1/\n\n\nSign: /sn2/", "A second page."))
    return path


@pytest.mark.parametrize(("device_name", "device"), DEVICES)
def test_the_whole_journey(
    demo: Demo, browser: Browser, agreement: Path, tmp_path: Path, device_name: str, device: dict[str, Any]
) -> None:
    camera = Photographer(f"journey-{device_name}")
    subject = f"Consulting agreement {device_name}"
    ann, carl = f"ann.{device_name}@example.com", f"carl.{device_name}@example.com"
    staff = Staff(browser.new_context(**device), demo.portal_url, camera)
    staff.log_in()
    staff.send(subject, agreement, [("Ann Bee", ann), ("Carl Dee", carl)])

    first = Signer(browser, device, camera)
    first.sign(staff.link_mailed_to(ann))
    first.sees("Thank you, you have signed", "first-done")

    second = Signer(browser, device, camera)
    second.sign(staff.link_mailed_to(carl), drawn=True)
    second.sees("Everyone has signed", "second-done")
    expect(second.page.get_by_role("link", name="Download signed PDF")).to_be_visible(timeout=20_000)

    staff.wait_for_documents(subject)
    signed = staff.download("Signed documents", tmp_path / "signed.pdf")
    text = text_of(signed.read_bytes())
    assert TEXT in text
    assert "A second page." in text
    assert "Ann Bee" in text
    with ThreadPoolExecutor() as thread:  # pyHanko wants an event loop of its own; the browser has this thread's
        assert thread.submit(is_sealed, signed, demo).result()


def is_sealed(signed: Path, demo: Demo) -> bool:
    authority = load_cert_from_pemder(str(demo.data_dir / "sandbox" / "sandbox-ca.pem"))
    (signature,) = PdfFileReader(io.BytesIO(signed.read_bytes())).embedded_signatures
    if not validate_pdf_signature(signature, ValidationContext(trust_roots=[authority])).bottom_line:
        return False
    if which("pdfsig") is None:
        return True
    result = subprocess.run(["pdfsig", "-nocert", str(signed)], capture_output=True, check=False)
    return b"Signature is Valid." in result.stdout


@pytest.mark.parametrize(("device_name", "device"), DEVICES)
def test_finish_later_and_come_back(
    demo: Demo, browser: Browser, agreement: Path, device_name: str, device: dict[str, Any]
) -> None:
    camera = Photographer(f"later-{device_name}")
    email = f"lea.{device_name}@example.com"
    staff = Staff(browser.new_context(**device), demo.portal_url, camera)
    staff.log_in()
    staff.send("Lease", agreement, [("Lea Ray", email)])
    signer = Signer(browser, device, camera)
    signer.open(staff.link_mailed_to(email))
    signer.enter()
    signer.adopt()
    signer.page.get_by_text("Other actions").click()
    camera.take(signer.page, "menu")
    signer.page.get_by_role("button", name="Finish later").click()
    signer.sees("Saved for later", "saved")
    signer.page.get_by_role("button", name="Continue signing").click()
    signer.finish()  # the signature was kept
    signer.sees("Everyone has signed", "done")


@pytest.mark.parametrize(("device_name", "device"), DEVICES)
def test_declining_with_a_reason(
    demo: Demo, browser: Browser, agreement: Path, device_name: str, device: dict[str, Any]
) -> None:
    camera = Photographer(f"decline-{device_name}")
    email = f"dan.{device_name}@example.com"
    staff = Staff(browser.new_context(**device), demo.portal_url, camera)
    staff.log_in()
    staff.send(f"Release {device_name}", agreement, [("Dan Poe", email)])
    signer = Signer(browser, device, camera)
    signer.open(staff.link_mailed_to(email))
    signer.enter()
    signer.page.get_by_text("Other actions").click()
    signer.page.get_by_role("button", name="Decline to sign").click()
    signer.page.get_by_label("Your reason").fill("Page two is missing.")
    camera.take(signer.page, "reason")
    signer.page.get_by_role("button", name="Decline", exact=True).click()
    signer.sees("You have declined to sign", "declined")
    staff.open_envelope(f"Release {device_name}")
    expect(staff.page.get_by_text("Page two is missing.").first).to_be_visible(timeout=20_000)
    camera.take(staff.page, "record")


def test_a_link_used_twice_offers_a_fresh_start(demo: Demo, browser: Browser, agreement: Path) -> None:
    camera = Photographer("used-twice")
    staff = Staff(browser.new_context(**DESKTOP), demo.portal_url, camera)
    staff.log_in()
    staff.send("Lease", agreement, [("Una Vee", "una@example.com")])
    signer = Signer(browser, DESKTOP, camera)
    signer.open(staff.link_mailed_to("una@example.com"))
    with signer.page.expect_request(lambda request: "/Signing/MTRedeem/" in request.url) as waiting:
        signer.page.get_by_role("button", name="Review and sign").click()
    signer.page.goto(waiting.value.url)
    signer.sees("That page had already been used", "ttl-expired")
    signer.page.get_by_role("button", name="Continue signing").click()
    expect(signer.page.get_by_text("Please review the documents below")).to_be_visible()


def test_signing_by_keyboard_alone(demo: Demo, browser: Browser, agreement: Path) -> None:
    camera = Photographer("keyboard")
    staff = Staff(browser.new_context(**DESKTOP), demo.portal_url, camera)
    staff.log_in()
    staff.send("Lease", agreement, [("Kay Lee", "kay@example.com")])
    signer = Signer(browser, DESKTOP, camera)
    signer.open(staff.link_mailed_to("kay@example.com"))
    press, page = signer.page.keyboard.press, signer.page

    def tab_to(name: str) -> None:
        for _ in range(40):
            if page.evaluate(FOCUSED_NAME).strip().startswith(name):
                return
            press("Tab")
        raise AssertionError(f"the keyboard does not reach {name!r}")

    tab_to("Review and sign")
    press("Enter")
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    tab_to("I agree")
    press("Space")
    tab_to("Continue")
    press("Enter")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    tab_to("Start")
    press("Enter")  # moves the focus to the first place
    press("Enter")  # opens the dialogue there
    tab_to("Adopt and sign")
    camera.take(page, "adopt")
    press("Enter")
    expect(page.get_by_text("All done: you can finish")).to_be_visible()
    tab_to("Finish")
    press("Enter")
    signer.sees("Everyone has signed", "done")
