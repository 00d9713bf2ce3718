"""The pytest plugin, as another project uses it."""

import pytest

from tests.sandbox_process import ROOT

pytest_plugins = ["pytester"]

A_PROJECTS_TESTS = """
import requests

pytest_plugins = ["sandbox.pytest_plugin"]


def test_it_is_there(docusign_sandbox):
    docusign_sandbox.advance(3600)
    assert requests.get(docusign_sandbox.base_url + "/oauth/userinfo").status_code == 401
    assert docusign_sandbox.config["DOCUSIGN_ACCOUNT_ID"] == docusign_sandbox.account_id


def test_it_is_the_same_process_emptied(docusign_sandbox):
    assert docusign_sandbox.requests() == []
    assert docusign_sandbox.control("GET", "health")["status"] == "ok"
"""


def test_another_projects_tests_get_a_sandbox(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # where it is not installed
    pytester.makepyfile(A_PROJECTS_TESTS)
    result = pytester.runpytest_subprocess("-p", "no:django", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=2)
