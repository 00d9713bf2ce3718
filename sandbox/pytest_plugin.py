"""A pytest plugin: `docusign_sandbox`, a stand-in for Docusign, empty at the start of every test that asks for it.

    def test_an_envelope_is_sent(docusign_sandbox):
        configure(docusign_sandbox.config)      # the DOCUSIGN_… settings of a client
        …

`pip install` of this package registers it; elsewhere: `pytest_plugins = ["sandbox.pytest_plugin"]`.
"""

from collections.abc import Iterator

import pytest

from .process import SandboxProcess


@pytest.fixture(scope="session")
def docusign_sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """One process for the whole session, on a free port."""
    with SandboxProcess(tmp_path_factory.mktemp("docusign-sandbox")) as process:
        yield process


@pytest.fixture
def docusign_sandbox(docusign_sandbox_process: SandboxProcess) -> SandboxProcess:
    """Without envelopes, faults, time travel and limits; the identities of the first start stay."""
    docusign_sandbox_process.reset()
    return docusign_sandbox_process
