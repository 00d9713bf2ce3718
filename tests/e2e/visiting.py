"""A signer's browser, and what it complains about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


SMALL_PHONE = PHONE | {"viewport": {"width": 360, "height": 740}}


@dataclass(frozen=True)
class Visit:
    page: Page
    complaints: list[str]


@contextmanager
def visit(browser: Browser, address: str, **device: Any) -> Iterator[Visit]:
    """Someone without any account opens this address."""
    context = browser.new_context(**device)
    with looking_at(context, address) as visitor:
        yield visitor
    context.close()


@contextmanager
def looking_at(context: BrowserContext, address: str) -> Iterator[Visit]:
    """As `visit`, in a browser that is open already."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(address)
    yield Visit(page, complaints)
    page.close()


def violations(page: Page, context: str | None = None) -> list[str]:
    """What axe finds, on the whole page or in the part of it that this selector means."""
    found = Axe().run(page, context).response["violations"]
    return [f"{violation['id']}: {[node['html'] for node in violation['nodes']]}" for violation in found]
