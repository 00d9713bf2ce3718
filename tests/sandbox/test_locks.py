"""Locks on envelopes and templates (reference 2.10)."""

import json
from typing import Any

import pytest
import requests

from tests.sandbox_process import SandboxProcess

from .api import Api, document
from .people import act_as, alex_of
from .template_files import create_template

REQUEST = {"lockDurationInSeconds": "600", "lockedByApp": "Portal", "lockType": "edit"}


@pytest.fixture(params=["envelopes", "templates"])
def path(request: pytest.FixtureRequest, api: Api) -> str:
    """Of a draft or of a template: their locks are the same."""
    made = api.envelope(status="created") if request.param == "envelopes" else create_template(api)
    return f"/{request.param}/{made}"


def lock(api: Api, path: str, **changes: Any) -> dict[str, Any]:
    response = api.call("POST", f"{path}/lock", REQUEST | changes)
    assert response.status_code == 201, response.text
    data: dict[str, Any] = response.json()
    return data


def edit(lock_token: str, seconds: str = "600") -> dict[str, str]:
    return {"X-DocuSign-Edit": json.dumps({"LockToken": lock_token, "LockDurationInSeconds": seconds})}


def xml_edit(lock_token: str) -> dict[str, str]:
    text = f"<LockToken>{lock_token}</LockToken><LockDurationInSeconds>600</LockDurationInSeconds>"
    return {"X-DocuSign-Edit": f"<DocuSignEdit>{text}</DocuSignEdit>"}


def error_code(response: requests.Response) -> str:
    assert response.status_code in (400, 409), response.text
    code: str = response.json()["errorCode"]
    return code


def test_a_lock_tells_who_holds_it_and_until_when(api: Api, path: str) -> None:
    response = api.call("POST", f"{path}/lock", REQUEST)
    data = response.json()
    assert response.status_code == 201
    assert (data["lockDurationInSeconds"], data["lockedByApp"], data["lockType"]) == ("600", "Portal", "edit")
    assert data["lockedByUser"]["userId"] == api.sandbox.config["DOCUSIGN_USER_ID"]
    assert json.loads(response.headers["X-DocuSign-Edit"])["LockToken"] == data["lockToken"]


def test_its_holder_may_read_it_again(api: Api, path: str) -> None:
    data = lock(api, path)
    assert api.call("GET", f"{path}/lock").json() == data


@pytest.mark.parametrize("spelling", [edit, xml_edit])
def test_only_its_holder_may_change_anything(api: Api, path: str, spelling: Any) -> None:
    data = lock(api, path)
    change = {"emailSubject": "Changed"}
    assert error_code(api.call("PUT", path, change)) == "EDIT_LOCK_NOT_LOCK_OWNER"
    wrong = api.call("PUT", path, change, headers=spelling("44efc9e6-915e-4b1d-9b54-801410d6922d"))
    assert error_code(wrong) == "EDIT_LOCK_NOT_LOCK_OWNER"
    assert api.call("PUT", path, change, headers=spelling(data["lockToken"])).status_code == 200
    assert api.call("GET", path).json()["emailSubject"] == "Changed"


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [
        ("PUT", "/documents", {"documents": [document(2)]}),
        ("DELETE", "/documents", {"documents": [{"documentId": "1"}]}),
        ("PUT", "/recipients", {"signers": [{"recipientId": "1", "name": "New"}]}),
        ("POST", "/custom_fields", {"textCustomFields": [{"name": "a", "value": "b"}]}),
        ("PUT", "/notification", {"useAccountDefaults": "true"}),
        ("POST", "/recipients/1/tabs", {"signHereTabs": [{"anchorString": "/sn1/"}]}),
        ("PUT", "/workflow", {"workflowStatus": "in_progress"}),
    ],
)
def test_everything_that_changes_is_guarded(api: Api, path: str, method: str, tail: str, body: Any) -> None:
    lock(api, path)
    assert error_code(api.call(method, f"{path}{tail}", body)) == "EDIT_LOCK_NOT_LOCK_OWNER"


def test_a_second_lock_is_refused(api: Api, path: str) -> None:
    lock(api, path)
    assert error_code(api.call("POST", f"{path}/lock", REQUEST)) == "EDIT_LOCK_ENVELOPE_ALREADY_LOCKED"


def test_another_user_sees_no_token(api: Api, sandbox: SandboxProcess) -> None:
    path = f"/templates/{create_template(api, shared='true')}"
    lock(api, path)
    alex = act_as(sandbox, alex_of(api))
    assert error_code(alex.call("GET", f"{path}/lock")) == "EDIT_LOCK_NOT_LOCK_OWNER"
    assert "lockToken" not in alex.call("GET", path).text


def test_a_lock_ends_by_itself(api: Api, sandbox: SandboxProcess, path: str) -> None:
    lock(api, path)
    sandbox.advance(601)
    assert error_code(api.call("GET", f"{path}/lock")) == "EDIT_LOCK_ENVELOPE_NOT_LOCKED"
    assert api.call("PUT", path, {"emailSubject": "Free"}).status_code == 200


def test_work_under_the_lock_extends_it(api: Api, sandbox: SandboxProcess, path: str) -> None:
    data = lock(api, path)
    sandbox.advance(500)
    changed = api.call("PUT", path, {"emailSubject": "x"}, headers=edit(data["lockToken"], "900"))
    assert changed.status_code == 200
    sandbox.advance(800)
    assert api.call("GET", f"{path}/lock").json()["lockDurationInSeconds"] == "900"


def test_five_minutes_are_the_default_and_thirty_the_most(api: Api, path: str) -> None:
    data = lock(api, path, lockDurationInSeconds=None)
    assert data["lockDurationInSeconds"] == "300"
    longer = {"lockDurationInSeconds": "3600", "lockedByApp": "Other"}
    updated = api.call("PUT", f"{path}/lock", longer, headers=edit(data["lockToken"])).json()
    assert (updated["lockDurationInSeconds"], updated["lockedByApp"]) == ("1800", "Other")


def test_it_is_given_back_with_its_token(api: Api, path: str) -> None:
    data = lock(api, path)
    assert error_code(api.call("DELETE", f"{path}/lock")) == "EDIT_LOCK_NOT_LOCK_OWNER"
    assert api.call("DELETE", f"{path}/lock", headers=edit(data["lockToken"])).status_code == 200
    assert error_code(api.call("GET", f"{path}/lock")) == "EDIT_LOCK_ENVELOPE_NOT_LOCKED"
    assert error_code(api.call("DELETE", f"{path}/lock")) == "EDIT_LOCK_ENVELOPE_NOT_LOCKED"


def test_an_envelope_that_has_ended_cannot_be_locked(api: Api) -> None:
    envelope_id = api.envelope()
    api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "x"})
    response = api.call("POST", f"/envelopes/{envelope_id}/lock", REQUEST)
    assert error_code(response) == "EDIT_LOCK_INVALID_STATE_FOR_LOCK"


@pytest.mark.parametrize(
    "change", [{"lockDurationInSeconds": "0"}, {"lockDurationInSeconds": "x"}, {"lockType": "own"}]
)
def test_nonsense_is_refused(api: Api, path: str, change: dict[str, str]) -> None:
    response = api.call("POST", f"{path}/lock", REQUEST | change)
    assert error_code(response) == "INVALID_REQUEST_PARAMETER"


@pytest.mark.parametrize("header", ["{", "[]", '{"LockToken": {"a": 1}}', "<x/>", ""])
def test_a_broken_header_is_no_key(api: Api, path: str, header: str) -> None:
    lock(api, path)
    response = api.call("PUT", path, {"emailSubject": "x"}, headers={"X-DocuSign-Edit": header})
    assert error_code(response) == "EDIT_LOCK_NOT_LOCK_OWNER"
