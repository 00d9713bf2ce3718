"""Who is given a recipient view, and who is not."""

from typing import Any

import pytest

from tests.sandbox_process import SandboxProcess

from .api import RETURN_URL, Api


@pytest.mark.parametrize(
    ("changes", "error_code"),
    [
        ({"clientUserId": "other"}, "UNKNOWN_ENVELOPE_RECIPIENT"),
        ({"clientUserId": None}, "UNKNOWN_ENVELOPE_RECIPIENT"),
        ({"userName": "Signer One"}, "UNKNOWN_ENVELOPE_RECIPIENT"),
        ({"email": "other@example.com"}, "UNKNOWN_ENVELOPE_RECIPIENT"),
        ({"recipientId": "2"}, "UNKNOWN_ENVELOPE_RECIPIENT"),
        ({"returnUrl": None}, "INVALID_REQUEST_PARAMETER"),
        ({"authenticationMethod": None}, "INVALID_REQUEST_PARAMETER"),
        ({"authenticationMethod": "guess"}, "INVALID_REQUEST_PARAMETER"),
        ({"returnUrl": "javascript:alert(1)"}, "INVALID_REQUEST_PARAMETER"),
        ({"frameAncestors": True}, "INVALID_REQUEST_PARAMETER"),
        ({"frameAncestors": ["https://a.example; script-src *"]}, "INVALID_REQUEST_PARAMETER"),
        ({"frameAncestors": ["https://a.example/path"]}, "INVALID_REQUEST_PARAMETER"),
        ({"frameAncestors": ["http://a.example"]}, "INVALID_REQUEST_PARAMETER"),
        ({"email": None}, "INVALID_REQUEST_PARAMETER"),
        ({"userName": None}, "INVALID_REQUEST_PARAMETER"),
    ],
)
def test_a_view_for_a_mismatch_is_refused(api: Api, changes: dict[str, Any], error_code: str) -> None:
    response = api.view(api.envelope(), **changes)
    assert (response.status_code, response.json()["errorCode"]) == (400, error_code)


def test_a_view_out_of_turn_is_refused(api: Api) -> None:
    assert api.view(api.envelope(), 2).json()["errorCode"] == "RECIPIENT_NOT_IN_SEQUENCE"


@pytest.mark.parametrize("status", ["created", "voided"])
def test_a_view_of_a_draft_or_voided_envelope_is_refused(api: Api, status: str) -> None:
    envelope_id = api.envelope(status="created" if status == "created" else "sent")
    if status == "voided":
        api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "x"})
    assert api.view(envelope_id).json()["errorCode"] == "ENVELOPE_INVALID_STATUS"


def test_a_view_is_given_to_who_matches(api: Api, sandbox: SandboxProcess) -> None:
    assert api.view_url(api.envelope(), returnUrl=RETURN_URL).startswith(f"{sandbox.base_url}/Signing/MTRedeem/v1/")
