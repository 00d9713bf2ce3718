"""What people do in the browser, page by page."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from .conftest import ARTIFACTS, PASSWORD

SETTLE_MILLISECONDS = 20_000


@dataclass
class Photographer:
    """Keeps a numbered picture of every step, for a person to look at."""

    name: str
    taken: int = field(default=0)

    def take(self, page: Page, what: str) -> None:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        self.taken += 1
        page.wait_for_load_state()
        page.screenshot(path=ARTIFACTS / f"{self.name}-{self.taken:02}-{what}.png")


class Staff:
    """Someone in the admin."""

    def __init__(self, context: BrowserContext, portal_url: str, camera: Photographer) -> None:
        self.page = context.new_page()
        self._url = portal_url
        self._camera = camera

    def log_in(self, username: str = "demo", password: str = PASSWORD) -> None:
        self.page.goto(f"{self._url}/admin/")
        self._camera.take(self.page, "login")
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name=re.compile("log in", re.IGNORECASE)).click()
        expect(self.page.get_by_role("heading", name="Latest envelopes")).to_be_visible()
        self._camera.take(self.page, "dashboard")

    def send(self, subject: str, file: Path, signers: list[tuple[str, str]]) -> None:
        """One signature per signer, where the file says /sn1/, /sn2/ …, in the order of the list."""
        page = self.page
        page.goto(f"{self._url}/admin/signing/envelope/add/")
        page.get_by_label("Choose files").set_input_files(file)
        expect(page.get_by_role("textbox", name="Document name")).to_have_value(file.stem, timeout=SETTLE_MILLISECONDS)
        for index, (name, email) in enumerate(signers):
            if index:
                page.get_by_role("button", name="Add recipient").click()
            self.recipient(index).get_by_label("Name", exact=True).fill(name)
            self.recipient(index).get_by_label("Email", exact=True).fill(email)
        self._camera.take(page, "composed")
        page.get_by_role("link", name="Review & send").click()
        page.get_by_label("Subject", exact=True).fill(subject)
        page.get_by_label("Message", exact=True).fill("Please read it through and sign.")
        self._camera.take(page, "reviewed")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_text("On its way").first).to_be_visible(timeout=20_000)
        self._camera.take(page, "sent")

    def recipient(self, index: int) -> Locator:
        return self.page.get_by_role("group", name="Recipient").nth(index)

    def link_mailed_to(self, email: str) -> str:
        """Open the newest mail to this address and read the link behind its button."""
        page = self.page
        page.goto(f"{self._url}/admin/signing/outgoingmail/?q={email}&state__exact=sent")
        for _ in range(100):
            if page.get_by_role("link", name=email).count():
                break
            page.wait_for_timeout(200)
            page.reload()
        page.get_by_role("link", name=email).first.click()
        button = page.frame_locator("iframe").get_by_role("link", name="Review and sign")
        expect(button).to_be_visible()
        self._camera.take(page, "mail")
        link = button.get_attribute("href")
        assert link
        return link

    def open_envelope(self, subject: str) -> None:
        self.page.goto(f"{self._url}/admin/signing/envelope/?q={subject}")
        self.page.locator("tbody").get_by_role("link", name=subject).first.click()  # and not the filter of that name

    def wait_for_documents(self, subject: str) -> None:
        self.open_envelope(subject)
        link = self.page.get_by_role("link", name="Certificate of completion")
        for _ in range(100):
            if link.count():
                break
            self.page.wait_for_timeout(200)
            self.page.reload()
        expect(link).to_be_visible()
        self._camera.take(self.page, "completed")

    def download(self, name: str, to: Path) -> Path:
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=name).click()
        waiting.value.save_as(to)
        return to


class Signer:
    """Someone without any account, in a browser that knows nothing of the portal."""

    def __init__(self, browser: Browser, device: dict[str, Any], camera: Photographer) -> None:
        self._context = browser.new_context(**device)
        self.page = self._context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self._camera = camera

    def open(self, link: str) -> None:
        self.page.goto(link)
        expect(self.page.get_by_role("button", name="Review and sign")).to_be_visible()
        self._camera.take(self.page, "landing")

    def enter(self) -> None:
        self.page.get_by_role("button", name="Review and sign").click()
        expect(self.page.get_by_text("Other actions")).to_be_visible()
        self._camera.take(self.page, "ceremony")
        agreement = self.page.get_by_label("I agree to use electronic records and signatures")
        if agreement.count():
            agreement.check()
            self.page.get_by_role("button", name="Continue").click()

    def adopt(self, *, drawn: bool = False) -> None:
        """Go to the first place, adopt a signature there."""
        self.page.get_by_role("button", name="Start").click()
        self.page.get_by_role("button", name="Signature, required").first.click()
        if drawn:
            self.page.get_by_text("Draw", exact=True).click()
            self._draw()
        self._camera.take(self.page, "adopt")
        self.page.get_by_role("button", name="Adopt and sign").click()

    def finish(self) -> None:
        expect(self.page.get_by_text("All done: you can finish")).to_be_visible()
        self._camera.take(self.page, "signed")
        self.page.get_by_role("button", name="Finish", exact=True).click()

    def sign(self, link: str, *, drawn: bool = False) -> None:
        self.open(link)
        self.enter()
        self.adopt(drawn=drawn)
        self.finish()

    def sees(self, heading: str, what: str) -> None:
        expect(self.page.get_by_role("heading", name=heading)).to_be_visible(timeout=SETTLE_MILLISECONDS)
        self._camera.take(self.page, what)
        assert self.problems == []

    def _draw(self) -> None:
        box = self.page.get_by_role("img", name="Draw your signature here").bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + box["width"] * 0.15, box["y"] + box["height"] * 0.6)
        mouse.down()
        for step in range(1, 30):
            up = 0.35 if step % 6 < 3 else 0.7
            mouse.move(box["x"] + box["width"] * (0.15 + 0.024 * step), box["y"] + box["height"] * up)
        mouse.up()
