"""Self-service forms in a real browser: every page looked at, and one visit from the QR code to the last signature."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox_process import SandboxProcess

from .gallery_process import GalleryProcess
from .pages import Photographer
from .signer_pages import FORM_PAGES
from .visiting import DESKTOP, PHONE, violations, visit

pytestmark = pytest.mark.e2e

DEVICES = [
    pytest.param("phone", PHONE, id="phone"),
    pytest.param("dark", DESKTOP | {"color_scheme": "dark"}, id="dark"),
    pytest.param("narrow", {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}, id="narrow"),
]


@pytest.mark.parametrize(("device_name", "device"), DEVICES)
@pytest.mark.parametrize("name", FORM_PAGES)
def test_every_page_of_a_form_is_clear_and_accessible(
    gallery: GalleryProcess, browser: Browser, name: str, device_name: str, device: dict[str, Any]
) -> None:
    with visit(browser, gallery.make(name), **device) as visitor:
        page = visitor.page
        expect(page.get_by_role("heading", name=FORM_PAGES[name], level=1)).to_be_visible()
        Photographer(f"{name}-{device_name}").take(page, "page")
        if device.get("java_script_enabled", True):
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert violations(page) == []
        assert visitor.complaints == []


def begin(page: Page) -> None:
    page.get_by_label("Your name").fill("Vic Tor")
    page.get_by_label("Your email address").fill("vic@example.com")
    page.get_by_label("Your email address").press("Enter")


def test_a_visit_on_a_phone_from_the_form_to_the_signature(
    gallery: GalleryProcess, sandbox: SandboxProcess, browser: Browser
) -> None:
    with visit(browser, gallery.make("form-with-code"), **PHONE) as visitor:
        page, camera = visitor.page, Photographer("form-visit")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("Please look at what is marked.")).to_be_visible()
        assert violations(page) == []
        camera.take(page, "refused")
        begin(page)
        page.get_by_label("Code", exact=True).fill(gallery.code_in_last_mail())
        camera.take(page, "code")
        page.get_by_role("button", name="Continue").click()
        expect(page).to_have_url(re.compile("/sign/"))
        expect(page.get_by_role("button", name="Review and sign")).to_be_visible()
        assert violations(page) == []
        camera.take(page, "ready")
        page.get_by_role("button", name="Review and sign").click()
        expect(page.get_by_text("Other actions")).to_be_visible()
        agreement = page.get_by_label("I agree to use electronic records and signatures")
        if agreement.count():
            agreement.check()
            page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Start").click()
        page.get_by_role("button", name="Signature, required").first.click()
        page.get_by_role("button", name="Adopt and sign").click()
        page.get_by_role("button", name="Finish", exact=True).click()
        expect(page.get_by_role("heading", name="Thank you, you have signed")).to_be_visible()
        camera.take(page, "signed")


def test_the_waiting_page_goes_on_by_itself_without_scripts(gallery: GalleryProcess, browser: Browser) -> None:
    with visit(browser, gallery.make("form-on-its-way"), java_script_enabled=False) as visitor:
        refresh = visitor.page.locator("noscript meta[http-equiv=refresh], meta[http-equiv=refresh]")
        assert refresh.count() == 1


@pytest.fixture
def another_site(tmp_path: Path) -> Iterator[Path]:
    """A folder, served at the address that its file `address` names."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    (tmp_path / "address").write_text(f"http://127.0.0.1:{server.server_port}/")
    yield tmp_path
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_form_in_a_frame_takes_the_whole_window(
    gallery: GalleryProcess, sandbox: SandboxProcess, browser: Browser, another_site: Path
) -> None:
    address = gallery.make("form-embed")
    (another_site / "index.html").write_text(f'<iframe src="{address}" title="form" width="600" height="900"></iframe>')
    with visit(browser, (another_site / "address").read_text(), **DESKTOP) as visitor:
        frame = visitor.page.frame_locator("iframe")
        frame.get_by_label("Your name").fill("Vic Tor")
        frame.get_by_label("Your email address").fill("vic@example.com")
        frame.get_by_role("button", name="Review and sign").click()
        expect(visitor.page).to_have_url(re.compile(f"^{gallery.base_url}/sign/"))
