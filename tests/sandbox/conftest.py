"""Fixtures of the sandbox's own tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SPECIFICATION
from tests.sandbox_process import SandboxProcess

from .api import Api
from .listener import Listener, listening


@pytest.fixture
def api(sandbox: SandboxProcess) -> Api:
    return Api(sandbox)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as started:
        yield started


@pytest.fixture
def connect_schema() -> Path:
    """Docusign's published sample of a Connect message; absent in a user's clone."""
    path = SPECIFICATION.with_name("connect.schema-v2.json")
    if not path.exists():
        pytest.skip("Docusign's published Connect schema is not beside this checkout")
    return path
