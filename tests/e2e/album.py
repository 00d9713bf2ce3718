"""Pictures of every page and mail for people without an account, and one page that shows them all: `make gallery`.

python -m tests.e2e.album FOLDER [name of a page …]
"""

import html
import os
import sys
import tempfile
from pathlib import Path

import django
from playwright.sync_api import Browser, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from signing.models import MailKind  # noqa: E402  (models need the set-up above, as what follows does)
from tests.sandbox_process import SandboxProcess  # noqa: E402

from .conftest import free_port  # noqa: E402
from .gallery_process import GalleryProcess  # noqa: E402
from .signer_pages import FORM_PAGES, PAGES  # noqa: E402
from .visiting import DESKTOP, PHONE  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LOOKS = {
    "phone": PHONE,
    "phone-dark": PHONE | {"color_scheme": "dark"},
    "phone-arabic": PHONE | {"locale": "ar"},
    "phone-german": PHONE | {"locale": "de"},
    "desktop": DESKTOP,
}


# What is seen after a press of the page's button: state → what the sandbox is told first
AFTER_A_PRESS: dict[str, dict[str, object]] = {
    "refused": {},  # the sandbox has never heard of this envelope
    "unreachable": {"method": "POST", "path_contains": "/views/recipient", "status": 503},
}
MAILS = [f"mail-{kind}" for kind in MailKind.values]
EVERYTHING = [*PAGES, *AFTER_A_PRESS, *FORM_PAGES, "nowhere", *MAILS]


def photograph(
    browser: Browser, gallery: GalleryProcess, sandbox: SandboxProcess, folder: Path, names: list[str]
) -> None:
    for look, device in LOOKS.items():
        context = browser.new_context(**device)
        for name in names:
            page = context.new_page()
            page.goto(address_of(name, gallery, look.rpartition("-")[2]))
            if name in AFTER_A_PRESS:
                if fault := AFTER_A_PRESS[name]:
                    sandbox.fail_next(**fault)
                page.locator("form[data-start] button").click()
                page.wait_for_load_state()
                sandbox.reset()
            page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
            page.close()
        context.close()


def address_of(name: str, gallery: GalleryProcess, language: str) -> str:
    if name in MAILS:
        code = {"arabic": "ar", "german": "de"}.get(language, "en")
        return f"{gallery.base_url}/mail/{name.removeprefix('mail-')}/{code}/"
    if name == "nowhere":
        return f"{gallery.base_url}/nowhere/"
    state, tail, _heading = PAGES.get(name) or ("ready" if name in AFTER_A_PRESS else name, "", "")
    return gallery.make(state) + tail


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
                photograph(browser, gallery, sandbox, folder, names)
                browser.close()
        finally:
            gallery.stop()
    sys.stdout.write(f"{index(folder, names)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or EVERYTHING)
