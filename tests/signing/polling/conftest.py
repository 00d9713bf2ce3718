"""Fixtures of the tests of polling."""

import re
from collections.abc import Iterator

import pytest
import responses
from pytest_django.fixtures import Settings

from signing import connection
from tests.clock import Clock
from tests.sandbox_process import SandboxProcess

from .fake import API, HOUR, OAUTH, FakeDocusign


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def fake(settings: Settings, docusign_sandbox_process: SandboxProcess) -> Iterator[FakeDocusign]:
    settings.DOCUSIGN_OAUTH_BASE_URL = OAUTH
    settings.DOCUSIGN_INTEGRATION_KEY, settings.DOCUSIGN_USER_ID = "key", "user"
    settings.DOCUSIGN_PRIVATE_KEY = docusign_sandbox_process.private_key
    connection.shared_grants().forget()
    account = {"account_id": "acc", "base_uri": API, "is_default": True}
    fake = FakeDocusign()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as edge:
        edge.post(f"{OAUTH}/oauth/token", json={"access_token": "t", "expires_in": 10 * 24 * HOUR})
        edge.get(f"{OAUTH}/oauth/userinfo", json={"sub": "user", "accounts": [account]})
        edge.add_callback("GET", re.compile(rf"{API}/restapi/.*/envelopes"), callback=fake.answer)
        yield fake
