"""The staff's way in, in a browser: a passkey is added, used alone and as a second step; axe looks at every page."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .gallery_process import GalleryProcess
from .pages import Photographer
from .visiting import PHONE, violations

pytestmark = pytest.mark.e2e

SECURITY = "/account/security/"


@pytest.fixture
def page(browser: Browser, gallery: GalleryProcess) -> Iterator[Page]:
    """On a phone with a fingerprint reader that always says yes. Passkeys want a host's name, not a number."""
    gallery.make("newcomer")
    context = browser.new_context(**PHONE, base_url=gallery.base_url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    reader = context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def enter_password(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill("kim")
    page.get_by_label("Password").fill("pass")
    page.get_by_role("button", name="Log in").click()


def log_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.get_by_role("button", name=re.compile("log out", re.IGNORECASE)).click()


def test_a_passkey_lets_in_without_a_password_and_as_a_second_step(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    camera = Photographer("way-in")

    def look(what: str) -> None:
        camera.take(page, what)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), what
        assert violations(page) == [], what

    page.goto("/admin/")
    look("log-in")
    enter_password(page)
    page.wait_for_url("**/admin/")
    page.goto(SECURITY)
    look("security")
    page.get_by_role("link", name="Set up an app").click()
    look("app")
    page.goto(SECURITY)
    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Name").fill("Phone")
    page.get_by_label("Passwordless").check()
    look("key")
    page.get_by_role("button", name="Add this key").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    look("recovery-codes")
    page.goto(f"{SECURITY}keys/")
    expect(page.get_by_text("Phone")).to_be_visible()
    look("keys")
    page.goto(f"{SECURITY}sessions/")
    look("sessions")

    log_out(page)
    page.goto("/admin/signing/envelope/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Envelopes", exact=True)).to_be_visible()

    log_out(page)
    enter_password(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    look("second-step")
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url("**/admin/")
    assert complaints == []
