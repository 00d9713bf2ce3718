"""Fixtures for all tests: staff, the sandbox process, and the portal connected to it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test import TransactionTestCase
from pytest_django.fixtures import Settings

from signing.models import append_only

from .contract.operations_table import note_operations
from .contract.specification import assert_answers_match
from .factories import make_staff
from .sandbox_process import SandboxProcess

SHARED = Path(__file__).resolve().parents[2] / "shared"
SPECIFICATION = SHARED / "docusign" / "esignature.rest.swagger-v2.1.json"
pytest_plugins = ["sandbox.pytest_plugin"]
RECORD = os.environ.get("RECORD_OPERATIONS", "")  # a file: which test module called which operation


@pytest.fixture(scope="session", autouse=True)
def evidence_may_be_emptied() -> Iterator[None]:
    """Tests that commit empty all tables afterwards, which triggers refuse: for that moment they are down."""
    emptying = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def without_triggers(self: TransactionTestCase) -> None:
        with append_only.suspended(connection):
            emptying(self)

    TransactionTestCase._fixture_teardown = without_triggers  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = emptying  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves an event loop running in the main thread, where Django and pyHanko
    refuse to work, and pytest itself would move them forward, as all of them share one parameter (which browser).
    On several cores the order holds by --no-loadscope-reorder.
    """
    items.sort(key=lambda item: "playwright" in getattr(item, "fixturenames", ()))


@contextmanager
def watched(process: SandboxProcess, test_path: Path) -> Iterator[None]:
    """Everything the sandbox answers meanwhile is held against Docusign's specification."""
    process.record_answers()
    yield
    calls = process.requests()
    if SPECIFICATION.exists():
        assert_answers_match(SPECIFICATION, calls)
    if RECORD:
        note_operations(Path(RECORD), test_path, calls)


@pytest.fixture
def sandbox(docusign_sandbox: SandboxProcess, request: pytest.FixtureRequest) -> Iterator[SandboxProcess]:
    """The sandbox, empty. Whatever a test makes it answer has the shape that Docusign's specification describes."""
    with watched(docusign_sandbox, request.path):
        yield docusign_sandbox


@pytest.fixture
def docusign(sandbox: SandboxProcess, settings: Settings, db: None) -> SandboxProcess:
    """The sandbox, and the portal's settings pointing at it: by configuration alone, as for Docusign."""
    for name, value in sandbox.config.items():
        if name != "DOCUSIGN_PRIVATE_KEY_FILE":
            setattr(settings, name, value)
    settings.DOCUSIGN_PRIVATE_KEY = sandbox.private_key
    cache.clear()
    return sandbox


@pytest.fixture
def connected(settings: Settings, db: None) -> None:
    """The portal knows of a Docusign and of no trouble with it, without any being there: for pages that only read.

    Nor has anybody used up a limit: on Redis those outlive a test.
    """
    cache.clear()
    for name in ("DOCUSIGN_INTEGRATION_KEY", "DOCUSIGN_USER_ID", "DOCUSIGN_PRIVATE_KEY"):
        setattr(settings, name, "x")


@pytest.fixture
def staff(db: None) -> User:
    return make_staff()


@pytest.fixture
def admin_browser(staff: User) -> Browser:
    browser = Browser()
    browser.force_login(staff)
    return browser


@pytest.fixture
def specification() -> Path:
    """Docusign's published specification; absent in a user's clone."""
    if not SPECIFICATION.exists():
        pytest.skip("Docusign's published specification is not beside this checkout")
    return SPECIFICATION


@pytest.fixture(scope="session")
def chromium() -> str:
    """The machine's Chromium. Without one, browser tests are skipped; with REQUIRE_BROWSER=1 they fail."""
    candidates = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
    found = os.environ.get("CHROMIUM") or next((path for path in candidates if Path(path).exists()), "")
    if not found:
        reason = "no Chromium on this machine (set CHROMIUM to its path)"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
