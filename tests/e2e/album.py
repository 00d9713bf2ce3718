"""Pictures of every page behind a signer's link, and one page that shows them all: `make gallery`.

python -m tests.e2e.album FOLDER [name of a page …]
"""

import html
import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.sandbox_process import SandboxProcess

from .conftest import free_port
from .gallery_process import GalleryProcess
from .signer_pages import PAGES
from .visiting import DESKTOP, PHONE

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LOOKS = {
    "phone": PHONE,
    "phone-dark": PHONE | {"color_scheme": "dark"},
    "phone-arabic": PHONE | {"locale": "ar"},
    "phone-german": PHONE | {"locale": "de"},
    "desktop": DESKTOP,
}


def photograph(browser: Browser, gallery: GalleryProcess, folder: Path, names: list[str]) -> None:
    for look, device in LOOKS.items():
        context = browser.new_context(**device)
        for name in names:
            state, tail, _heading = PAGES[name]
            page = context.new_page()
            page.goto(gallery.make(state) + tail)
            page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
            page.close()
        context.close()


def index(folder: Path, names: list[str]) -> Path:
    rows = "".join(
        f"<h2>{html.escape(name)}</h2><p>"
        + "".join(f'<img src="{name}-{look}.png" alt="{look}" height="640" loading="lazy"> ' for look in LOOKS)
        for name in names
    )
    path = folder / "index.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><title>The signer's pages</title>{rows}")
    return path


def main(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, SandboxProcess(Path(temporary)) as sandbox:
        log = Path(temporary) / "gallery.log"
        gallery = GalleryProcess(free_port(), log, sandbox.data_dir / "docusign.env")
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                photograph(browser, gallery, folder, names)
                browser.close()
        finally:
            gallery.stop()
    sys.stdout.write(f"{index(folder, names)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or list(PAGES))
