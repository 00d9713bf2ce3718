"""Fixtures of the sandbox's own tests."""

import pytest

from tests.sandbox_process import SandboxProcess

from .api import Api


@pytest.fixture
def api(sandbox: SandboxProcess) -> Api:
    return Api(sandbox)
