"""EnvelopeAttachments: files that go with an envelope."""

import base64
from typing import Any

import pytest

from .api import Api
from .people import only


def attachment(number: int = 1, text: str = "secret", **changes: Any) -> dict[str, str]:
    data = base64.b64encode(text.encode()).decode()
    return {"attachmentId": str(number), "name": f"a{number}.json", "label": "Data", "data": data} | changes


def listed(api: Api, envelope_id: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = api.get(envelope_id, "/attachments")["attachments"]
    return found


def test_an_envelope_is_made_with_attachments(api: Api) -> None:
    envelope_id = api.envelope(attachments=[attachment()])
    found = only(listed(api, envelope_id))
    assert (found["attachmentId"], found["name"], found["accessControl"]) == ("1", "a1.json", "sender")
    assert only(api.get(envelope_id, "?include=attachments")["envelopeAttachments"])["label"] == "Data"
    assert api.call("GET", f"/envelopes/{envelope_id}/attachments/1").content == b"secret"


def test_attachments_are_added_and_replaced(api: Api) -> None:
    path = f"/envelopes/{api.envelope()}/attachments"
    assert api.call("PUT", path, {"attachments": [attachment(1), attachment(2)]}).status_code == 200
    api.call("PUT", f"{path}/2", attachment(9, "newer"))
    assert [one["attachmentId"] for one in api.call("GET", path).json()["attachments"]] == ["1", "2"]
    assert api.call("GET", f"{path}/2").content == b"newer"


def test_attachments_are_deleted_by_their_ids(api: Api) -> None:
    envelope_id = api.envelope(attachments=[attachment(1), attachment(2)])
    body = {"attachments": [{"attachmentId": "1"}, {"attachmentId": "7"}]}
    gone = api.call("DELETE", f"/envelopes/{envelope_id}/attachments", body).json()["attachments"]
    assert gone[0]["attachmentId"] == "1"
    assert gone[1]["errorDetails"]["errorCode"] == "INVALID_REQUEST_PARAMETER"
    assert only(listed(api, envelope_id))["attachmentId"] == "2"


def test_a_template_hands_its_attachments_on(api: Api) -> None:
    template = {"name": "With data", "attachments": [attachment()], "emailSubject": "x"}
    template_id = api.call("POST", "/templates", template).json()["templateId"]
    made = api.call("POST", "/envelopes", {"templateId": template_id, "status": "created"}).json()
    assert api.call("GET", f"/envelopes/{made['envelopeId']}/attachments/1").content == b"secret"


def test_a_voided_envelope_takes_none(api: Api) -> None:
    envelope_id = api.envelope()
    api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "x"})
    refused = api.call("PUT", f"/envelopes/{envelope_id}/attachments", {"attachments": [attachment()]})
    assert refused.json()["errorCode"] == "ENVELOPE_INVALID_STATUS"


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": "***"},
        {"data": ""},
        {"data": None, "remoteUrl": "https://example.com/x"},
        {"accessControl": "everyone"},
        {"data": None, "_path": "../sandbox.sqlite3"},
    ],
)
def test_what_cannot_be_attached_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    assert api.create(attachments=[attachment(**wrong)]).status_code == 400
