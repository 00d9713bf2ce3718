"""The API request log: off until switched on, fifty calls, without secrets."""

import base64
import io
import zipfile
from pathlib import Path

import pytest

from tests.contract.specification import assert_matches
from tests.sandbox_process import SandboxProcess

from .api import Api
from .people import only


@pytest.fixture
def diagnostics(sandbox: SandboxProcess, api: Api) -> str:
    """Their address; the log is on and empty."""
    url = f"{sandbox.base_url}/restapi/v2.1/diagnostics"
    api.call("DELETE", f"{url}/request_logs")
    settings = api.call("PUT", f"{url}/settings", {"apiRequestLogging": "true"}).json()
    assert settings == {
        "apiRequestLogging": "true",
        "apiRequestLogMaxEntries": "50",
        "apiRequestLogRemainingEntries": "50",
    }
    return url


def test_calls_are_logged_while_it_is_on(api: Api, diagnostics: str, specification: Path) -> None:
    api.call("GET", "/users")
    api.call("PUT", f"{diagnostics}/settings", {"apiRequestLogging": "false"})
    api.call("GET", "/groups")
    listed = api.call("GET", f"{diagnostics}/request_logs").json()
    assert_matches(specification, "apiRequestLogsResult", listed)
    assert "/users" in only(listed["apiRequestLogs"])["description"]


def test_an_entry_holds_request_and_answer_but_no_token(api: Api, diagnostics: str) -> None:
    api.call("PUT", f"/users/{api.sandbox.config['DOCUSIGN_USER_ID']}", {"jobTitle": "Robot"})
    entry = only(api.call("GET", f"{diagnostics}/request_logs").json()["apiRequestLogs"])
    url = f"{diagnostics}/request_logs/{entry['requestLogId']}"
    text = api.call("GET", url).text
    assert '"jobTitle": "Robot"' in text
    assert "200 OK" in text
    assert api.access_token not in text
    encoded = api.call("GET", url, headers={"Content-Transfer-Encoding": "base64"}).content
    assert base64.b64decode(encoded).decode() == text


def test_all_entries_come_as_a_zip(api: Api, diagnostics: str) -> None:
    for _ in range(2):
        api.call("GET", "/users")
    response = api.call("GET", f"{diagnostics}/request_logs", headers={"Accept": "application/zip"})
    assert response.headers["Content-Type"] == "application/zip"
    assert len(zipfile.ZipFile(io.BytesIO(response.content)).namelist()) == 2


def test_nothing_remains_to_be_logged_while_it_is_off(api: Api, diagnostics: str) -> None:
    off = api.call("PUT", f"{diagnostics}/settings", {"apiRequestLogging": "false"}).json()
    assert (off["apiRequestLogMaxEntries"], off["apiRequestLogRemainingEntries"]) == ("50", "0")


def test_it_switches_itself_off_after_fifty(api: Api, diagnostics: str) -> None:
    for _ in range(52):
        api.call("GET", "/seals")
    assert len(api.call("GET", f"{diagnostics}/request_logs").json()["apiRequestLogs"]) == 50
    settings = api.call("GET", f"{diagnostics}/settings").json()
    assert (settings["apiRequestLogging"], settings["apiRequestLogRemainingEntries"]) == ("false", "0")
    api.call("DELETE", f"{diagnostics}/request_logs")
    assert api.call("GET", f"{diagnostics}/request_logs").json()["apiRequestLogs"] == []


def test_an_unknown_entry_is_refused(api: Api, diagnostics: str) -> None:
    assert api.call("GET", f"{diagnostics}/request_logs/x").json()["errorCode"] == "INVALID_REQUEST_PARAMETER"
