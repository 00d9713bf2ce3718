"""A member of staff without consent is led to it, sends in their own name, and later takes it back."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.pdf_files import draw_pdf

from .conftest import Demo
from .pages import Photographer, Staff
from .visiting import DESKTOP, violations

pytestmark = pytest.mark.e2e

OF_THE_SKIN = ("region:", "landmark-", "page-has-heading")


@pytest.fixture
def agreement(tmp_path: Path) -> Path:
    path = tmp_path / "Agreement.pdf"
    path.write_bytes(draw_pdf("Sign: /sn1/"))
    return path


def test_a_person_is_led_to_consent_and_sends_as_themselves(demo: Demo, browser: Browser, agreement: Path) -> None:
    camera = Photographer("identity")
    staff = Staff(browser.new_context(**DESKTOP), demo.portal_url, camera)
    page = staff.page
    staff.log_in()
    page.goto(f"{demo.portal_url}/admin/signing/envelope/add/")
    page.get_by_label("Choose files").set_input_files(agreement)
    expect(page.get_by_role("textbox", name="Document name")).to_have_value("Agreement", timeout=20_000)
    staff.recipient(0).get_by_label("Name", exact=True).fill("Rita Remote")
    staff.recipient(0).get_by_label("Email", exact=True).fill("rita@example.com")
    page.get_by_role("link", name="Review & send").click()

    page.get_by_role("link", name="connect your Docusign user").click()
    expect(page.locator("#content").get_by_role("heading", name="Your Docusign identity")).to_be_visible()
    camera.take(page, "not-connected")
    assert [found for found in violations(page) if not found.startswith(OF_THE_SKIN)] == []
    page.get_by_role("button", name="Connect my Docusign user").click()
    page.get_by_role("button", name="Alex Sender").click()
    camera.take(page, "at-docusign")
    page.get_by_role("button", name="Allow access").click()

    expect(page.get_by_text("you can send as Alex Sender now")).to_be_visible()
    page.get_by_label("Send as").select_option(label="Yourself: Alex Sender, alex@sandbox.example")
    camera.take(page, "chosen")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("On its way").first).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Alex Sender").first).to_be_visible()
    camera.take(page, "record")

    page.goto(f"{demo.portal_url}/admin/signing/sendingidentity/mine/")
    camera.take(page, "connected")
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("nothing is sent in your name any more").first).to_be_visible()
    camera.take(page, "disconnected")
