"""A portal on this machine, and Dana, who is connected."""

import pytest
from django.contrib.auth.models import User
from pytest_django.fixtures import Settings

from signing.models import (
    SendingIdentity,
)
from tests.identities import (
    connected,
)
from tests.sandbox_process import SandboxProcess


@pytest.fixture(autouse=True)
def on_this_machine(settings: Settings) -> None:
    """Where the sandbox takes any redirect URI for a registered one."""
    settings.PORTAL_BASE_URL = "http://127.0.0.1:8000"


@pytest.fixture
def alex(docusign: SandboxProcess, staff: User) -> SendingIdentity:
    """Dana of the staff, connected with Alex at Docusign."""
    return connected(staff, docusign)
