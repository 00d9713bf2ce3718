"""The mails, looked at: narrow and wide, light and dark, and read from right to left."""

import pytest
from playwright.sync_api import Browser

from signing.models import MailKind

from .gallery_process import GalleryProcess
from .pages import Photographer
from .visiting import violations, visit

pytestmark = pytest.mark.e2e

WIDTHS = (390, 700)
FURTHER = [("invitation", "de"), ("invitation", "ar"), ("code", "he"), ("expiring", "ja"), ("expiring", "uk")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("kind", "language"), [*((kind, "en") for kind in MailKind.values), *FURTHER])
def test_every_mail_can_be_read(
    gallery: GalleryProcess, browser: Browser, kind: str, language: str, width: int, scheme: str
) -> None:
    address = f"{gallery.base_url}/mail/{kind}/{language}/"
    with visit(browser, address, viewport={"width": width, "height": 800}, color_scheme=scheme) as visitor:
        page = visitor.page
        Photographer(f"mail-{kind}-{language}-{width}-{scheme}").take(page, "mail")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        # A mail is no page: its program brings landmarks and the way around.
        assert [found for found in violations(page) if not found.startswith(("region", "landmark"))] == []
