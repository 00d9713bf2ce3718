"""Recipients changed after the envelope exists, and envelopes that come as multipart."""

import json
from typing import Any

import pytest
import requests

from sandbox.robot import Robot
from tests.pdf_files import draw_pdf, text_of

from .api import TIMEOUT_SECONDS, Api, definition, signer


def test_a_corrected_recipient_is_matched_by_the_new_name_only(api: Api) -> None:
    envelope_id = api.envelope()
    body = {"signers": [{"recipientId": "1", "name": "Signer One", "email": "one@example.com"}]}
    response = api.call("PUT", f"/envelopes/{envelope_id}/recipients", body)
    (result,) = response.json()["recipientUpdateResults"]
    assert result["recipientId"] == "1"
    assert "errorDetails" not in result  # the official SDK's test asserts that it is None
    assert api.view(envelope_id).json()["errorCode"] == "UNKNOWN_ENVELOPE_RECIPIENT"
    assert api.view(envelope_id, userName="Signer One", email="one@example.com").status_code == 201


def test_an_earlier_routing_order_makes_it_the_recipients_turn(api: Api) -> None:
    envelope_id = api.envelope()
    api.call("PUT", f"/envelopes/{envelope_id}/recipients", {"signers": [{"recipientId": "2", "routingOrder": "1"}]})
    assert api.states(envelope_id) == ("sent", ["sent", "sent"])


def test_who_has_signed_cannot_be_corrected(api: Api) -> None:
    envelope_id = api.envelope()
    Robot().sign(api.view_url(envelope_id))
    body = {"signers": [{"recipientId": "1", "name": "Too Late"}]}
    (result,) = api.call("PUT", f"/envelopes/{envelope_id}/recipients", body).json()["recipientUpdateResults"]
    assert result["errorDetails"]["errorCode"] == "RECIPIENT_UPDATE_FAILED"


def test_a_finished_envelope_cannot_be_corrected(api: Api) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1)]})
    Robot().sign(api.view_url(envelope_id))
    for method in ("PUT", "POST", "DELETE"):
        response = api.call(method, f"/envelopes/{envelope_id}/recipients", {"signers": [signer(2)]})
        assert response.json()["errorCode"] == "ENVELOPE_INVALID_STATUS"


def test_an_added_recipient_gets_their_turn(api: Api) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1)]})
    response = api.call("POST", f"/envelopes/{envelope_id}/recipients", {"signers": [signer(2)]})
    assert response.status_code == 201
    Robot().sign(api.view_url(envelope_id, 1))
    assert api.states(envelope_id) == ("sent", ["completed", "sent"])


def test_a_deleted_recipient_no_longer_holds_up_the_others(api: Api) -> None:
    envelope_id = api.envelope()
    assert api.call("DELETE", f"/envelopes/{envelope_id}/recipients/1", {}).status_code == 200
    assert api.states(envelope_id) == ("sent", ["sent"])
    gone = api.call("DELETE", f"/envelopes/{envelope_id}/recipients/1", {})
    assert gone.json()["errorCode"] == "UNKNOWN_ENVELOPE_RECIPIENT"


@pytest.mark.parametrize(("tail", "body"), [("/2", {}), ("", {"signers": [{"recipientId": "2"}]})], ids=["one", "many"])
def test_deleting_answers_with_those_gone(api: Api, tail: str, body: dict[str, Any]) -> None:
    envelope_id = api.envelope(status="created")
    answer = api.call("DELETE", f"/envelopes/{envelope_id}/recipients{tail}", body).json()
    assert [(s["recipientId"], s["status"]) for s in answer["signers"]] == [("2", "deleted")]
    assert answer["recipientCount"] == "1"


def test_correcting_a_draft_adds_whom_it_does_not_know(api: Api) -> None:
    envelope_id = api.envelope(status="created", recipients={"signers": [signer(1)]})
    body = {"signers": [signer(1, name="Renamed"), signer(2)]}
    results = api.call("PUT", f"/envelopes/{envelope_id}/recipients", body).json()["recipientUpdateResults"]
    assert [result["recipientId"] for result in results] == ["1", "2"]
    signers = api.get(envelope_id, "/recipients?include_tabs=true")["signers"]
    assert [s["name"] for s in signers] == ["Renamed", "Signer 2"]
    assert len(signers[1]["tabs"]["signHereTabs"]) == 1


@pytest.mark.parametrize(
    ("item", "error_code"),
    [
        ({"recipientId": "9", "name": "Nobody"}, "UNKNOWN_ENVELOPE_RECIPIENT"),
        ({"recipientId": "1", "email": "nonsense"}, "INVALID_EMAIL_ADDRESS_FOR_RECIPIENT"),
    ],
)
def test_a_wrong_correction_has_its_code(api: Api, item: dict[str, Any], error_code: str) -> None:
    response = api.call("PUT", f"/envelopes/{api.envelope()}/recipients", {"signers": [item]})
    assert response.json()["errorCode"] == error_code


def post_multipart(api: Api, body: dict[str, Any], *documents: tuple[int, bytes]) -> requests.Response:
    """Byte for byte as Docusign's own example eg010 builds it, with its odd disposition."""
    boundary = "multipartboundary_multipartboundary"
    parts = [
        b"Content-Type: application/json\r\nContent-Disposition: form-data\r\n\r\n" + json.dumps(body).encode(),
        *(
            b"Content-Type: application/pdf\r\nContent-Disposition: file; "
            + f'filename="Doc {number}";documentid={number}\r\n\r\n'.encode()
            + content
            for number, content in documents
        ),
    ]
    payload = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{boundary}--".encode()
    headers = {
        "Authorization": f"Bearer {api.access_token}",
        "Content-Type": f"multipart/form-data; boundary={boundary}",
    }
    url = f"{api.sandbox.api_url}/envelopes"
    return requests.post(url, data=payload, headers=headers, timeout=TIMEOUT_SECONDS)


def test_a_multipart_envelope_keeps_the_documents_bytes(api: Api) -> None:
    documents = [{"documentId": str(n), "name": f"Doc {n}", "fileExtension": "pdf"} for n in (1, 2)]
    body = definition(documents=documents, recipients={"signers": [signer(1)]})
    first, second = draw_pdf("First /sn1/"), draw_pdf("Second")
    response = post_multipart(api, body, (2, second), (1, first))
    assert response.status_code == 201, response.text
    envelope_id = response.json()["envelopeId"]
    for number, word in (("1", "First"), ("2", "Second")):
        assert word in text_of(api.call("GET", f"/envelopes/{envelope_id}/documents/{number}").content)


@pytest.mark.parametrize("body", [b"", b"--x--", b"junk", b"--x\r\n\r\n\r\n--x--"])
def test_a_mangled_multipart_body_is_refused(api: Api, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {api.access_token}", "Content-Type": "multipart/form-data; boundary=x"}
    url = f"{api.sandbox.api_url}/envelopes"
    response = requests.post(url, data=body, headers=headers, timeout=TIMEOUT_SECONDS)
    assert response.json()["errorCode"] == "INVALID_REQUEST_BODY"
