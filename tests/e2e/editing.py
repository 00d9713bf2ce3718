"""The field editor as its users meet it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from .gallery_process import GalleryProcess

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
TABLET: dict[str, Any] = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
BOXES = """() => {
  const scale = Number(getComputedStyle(document.querySelector('.fe-sheets')).getPropertyValue('--s'));
  return [...document.querySelectorAll('.fe-field')].map((field) => {
    const [box, page] = [field, field.closest('.fe-page')].map((element) => element.getBoundingClientRect());
    return {name: field.getAttribute('aria-label'), x: (box.x - page.x) / scale, y: (box.y - page.y) / scale,
            width: box.width / scale, height: box.height / scale};
  });
}"""


@dataclass
class FieldEditor:
    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def kind(self, name: str) -> Locator:
        return self.page.get_by_role("group", name="Kinds of fields").get_by_role("button", name=name, exact=True)

    def fields(self, name: str = "") -> Locator:
        return self.page.get_by_role("main").get_by_role("button", name=re.compile(f"^{name}.* for "))

    def paper(self, number: int = 1) -> Locator:
        return self.page.locator(".fe-page").nth(number - 1)

    def panel(self) -> Locator:
        return self.page.get_by_role("complementary", name="Properties")

    def point(self, x: float, y: float, page: int = 1) -> tuple[float, float]:
        """Of a place on paper, in points, where the mouse must go."""
        box = self.paper(page).bounding_box()
        assert box
        scale = self.scale
        return box["x"] + x * scale, box["y"] + y * scale

    @property
    def scale(self) -> float:
        return float(
            self.page.evaluate("getComputedStyle(document.querySelector('.fe-sheets')).getPropertyValue('--s')")
        )

    def press(self, x: float, y: float, page: int = 1) -> None:
        self.page.mouse.click(*self.point(x, y, page))

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, alt: bool = True) -> None:
        """On paper; with Alt nothing snaps."""
        mouse = self.page.mouse
        mouse.move(*self.point(*start))
        mouse.down()
        if alt:
            self.page.keyboard.down("Alt")
        mouse.move(*self.point((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), steps=3)
        mouse.move(*self.point(*end), steps=3)
        mouse.up()
        if alt:
            self.page.keyboard.up("Alt")

    def boxes(self) -> list[dict[str, Any]]:
        """What is seen, in points on the page."""
        return list(self.page.evaluate(BOXES))

    def saved(self) -> list[dict[str, Any]]:
        """What the server has, once all is saved."""
        expect(self.page.locator("[data-saved]")).to_have_attribute("data-state", "saved", timeout=15_000)
        state = self.page.request.get(f"{self.address}state/").json()
        return list(state["fields"])


def log_in(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/admin/login/")
    page.get_by_label("Username").fill("dana")
    page.get_by_label("Password").fill("pass")
    page.get_by_role("button", name=re.compile("log in", re.IGNORECASE)).click()
    page.wait_for_url(f"{base_url}/admin/")


@contextmanager
def editing(browser: Browser, gallery: GalleryProcess, state: str, **device: Any) -> Iterator[FieldEditor]:
    """Dana, at the editor of a draft in this state."""
    context = browser.new_context(**(device or DESKTOP))
    page = context.new_page()
    log_in(page, gallery.base_url)
    editor = FieldEditor(page, "")
    page.on("pageerror", lambda error: editor.complaints.append(str(error)))
    page.on("console", lambda message: editor.complaints.append(message.text) if message.type == "error" else None)
    page.goto(gallery.make(state))
    editor.address = page.url.split("?")[0]
    expect(page.locator("[data-editor]")).to_have_attribute("data-ready", "yes")
    yield editor
    context.close()
