"""The REST API: shapes, states, and every refusal under its documented code."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.pdf_files import draw_pdf, encrypted_pdf
from tests.sandbox_process import SandboxProcess

from .api import TIMEOUT_SECONDS, Api, definition, document, signer

NOWHERE = "00000000-0000-0000-0000-000000000000"


def fixed(**changes: Any) -> list[dict[str, Any]]:
    tab = {"documentId": "1", "pageNumber": "1", "xPosition": "10", "yPosition": "10"} | changes
    return [signer(1, tabs={"signHereTabs": [tab]})]


def only(signers: list[dict[str, Any]]) -> dict[str, Any]:
    return {"recipients": {"signers": signers}}


def test_a_created_envelope_answers_as_docusign_does(api: Api) -> None:
    response = api.create()
    data = response.json()
    assert response.status_code == 201
    assert set(data) == {"envelopeId", "uri", "statusDateTime", "status"}
    assert data["uri"] == f"/envelopes/{data['envelopeId']}"
    assert data["statusDateTime"].endswith("0Z")


def test_every_response_carries_trace_token_and_rate_headers(api: Api) -> None:
    for response in (api.create(), api.call("GET", "/nowhere")):
        assert len(response.headers["X-DocuSign-TraceToken"]) == 36
        assert int(response.headers["X-RateLimit-Remaining"]) <= int(response.headers["X-RateLimit-Limit"])
        assert response.headers["X-BurstLimit-Remaining"].isdecimal()


def test_whoever_wants_to_know_the_time_spent_is_told(api: Api) -> None:
    response = api.call("GET", "?x=1", headers={"X-DocuSign-TimeTrack": "true"})
    assert re.fullmatch(r"REST0_Start,\S+;REST0_End,\S+", response.headers["X-DocuSign-TimeTrack"])


def test_without_documents_it_is_incomplete_whatever_its_tabs_look_for(api: Api) -> None:
    assert api.create(documents=None).json()["errorCode"] == "ENVELOPE_IS_INCOMPLETE"


def test_a_list_by_ids_needs_a_body(api: Api) -> None:
    url = f"{api.sandbox.api_url}/envelopes/status?envelope_ids=request_body"
    headers = {"Authorization": f"Bearer {api.access_token}"}
    assert requests.put(url, headers=headers, timeout=10).json()["errorCode"] == "INVALID_REQUEST_BODY"


def test_numbers_and_booleans_are_accepted_and_answered_as_strings(api: Api) -> None:
    people = [signer(1, recipientId=1, routingOrder=1, clientUserId=1000)]
    envelope_id = api.envelope(documents=[document(documentId=1)], **only(people))
    (answered,) = api.get(envelope_id)["recipients"]["signers"]
    assert (answered["recipientId"], answered["routingOrder"], answered["clientUserId"]) == ("1", "1", "1000")


def test_unknown_properties_are_ignored(api: Api) -> None:
    assert api.create(somethingNew={"deep": 1}).status_code == 201


def test_the_short_account_id_works_as_well(api: Api, sandbox: SandboxProcess) -> None:
    url = f"{sandbox.base_url}/restapi/v2.1/accounts/10000001/envelopes"
    assert api.call("POST", url, definition()).status_code == 201


@pytest.mark.parametrize(
    ("changes", "error_code"),
    [
        pytest.param({"status": "signed"}, "INVALID_REQUEST_PARAMETER", id="a status nobody can ask for"),
        pytest.param({"emailSubject": "x" * 101}, "INVALID_REQUEST_PARAMETER", id="subject too long"),
        pytest.param({"emailSubject": None}, "ENVELOPE_IS_INCOMPLETE", id="no subject"),
        pytest.param(
            {"documents": None, "recipients": {"signers": [signer(1, tabs={})]}},
            "ENVELOPE_IS_INCOMPLETE",
            id="no document",
        ),
        pytest.param({"recipients": None}, "ENVELOPE_IS_INCOMPLETE", id="no recipient"),
        pytest.param({"documents": [document(documentBase64="###")]}, "UNABLE_TO_LOAD_DOCUMENT", id="bad base64"),
        pytest.param({"documents": [document(content=b"hello")]}, "UNABLE_TO_LOAD_DOCUMENT", id="not a PDF"),
        pytest.param({"documents": [document(fileExtension="docx")]}, "UNABLE_TO_CONVERT_DOCUMENT", id="Word"),
        pytest.param(
            {"documents": [document(content=encrypted_pdf(user_password="x"))]},
            "UNSUPPORTED_PDF_CONTENT",
            id="password",
        ),
        pytest.param(
            {"documents": [document(content=encrypted_pdf(user_password=""))]},
            "UNSUPPORTED_PDF_CONTENT",
            id="owner password",
        ),
        pytest.param({"documents": [document(documentId="x")]}, "INVALID_REQUEST_PARAMETER", id="bad document id"),
        pytest.param({"documents": [document(), document()]}, "INVALID_REQUEST_PARAMETER", id="document id twice"),
        pytest.param({"documents": [document(order=-1)]}, "INVALID_REQUEST_PARAMETER", id="negative order"),
        pytest.param({"customFields": [1]}, "INVALID_REQUEST_BODY", id="custom fields not an object"),
        pytest.param(
            {"customFields": {"textCustomFields": "x"}}, "INVALID_REQUEST_BODY", id="custom fields not a list"
        ),
        pytest.param({"documents": "no"}, "INVALID_REQUEST_BODY", id="documents not a list"),
        pytest.param(only([signer(recipientId="")]), "INVALID_REQUEST_PARAMETER", id="no recipient id"),
        pytest.param(only([signer(), signer()]), "INVALID_REQUEST_PARAMETER", id="recipient id twice"),
        pytest.param(only([signer(email="nonsense")]), "INVALID_EMAIL_ADDRESS_FOR_RECIPIENT", id="bad email"),
        pytest.param(only([signer(name="")]), "INVALID_USERNAME_FOR_RECIPIENT", id="no name"),
        pytest.param(only([signer(1), signer(1, recipientId="2")]), "ENVELOPE_HAS_DUPLICATE_RECIPIENTS", id="twins"),
        pytest.param(
            only([signer(n, 1, tabs={}) for n in range(1, 102)]), "RECIPIENT_LIMIT_EXCEEDED", id="101 recipients"
        ),
        pytest.param(only([signer(9)]), "ANCHOR_TAB_STRING_NOT_FOUND", id="anchor not found"),
        pytest.param(only(fixed(documentId="7")), "TAB_REFERS_TO_MISSING_DOCUMENT", id="tab on no document"),
        pytest.param(only(fixed(pageNumber="2")), "TAB_PAGENUMBER_IS_NOT_IN_DOCUMENT", id="tab on no page"),
        pytest.param(only(fixed(xPosition="-1")), "INVALID_REQUEST_PARAMETER", id="negative position"),
        pytest.param(only(fixed(xPosition="9999")), "TAB_OUT_OF_BOUNDS", id="off the page"),
        pytest.param(only(fixed(yPosition="no")), "INVALID_REQUEST_PARAMETER", id="position not a number"),
        pytest.param(only([signer(tabs={"nonsenseTabs": [{}]})]), "INVALID_TAB_OPERATION", id="unknown tabs"),
    ],
)
def test_each_mistake_in_a_definition_has_its_code(api: Api, changes: dict[str, Any], error_code: str) -> None:
    response = api.create(**changes)
    assert response.status_code == 400
    assert response.json()["errorCode"] == error_code


def test_a_refused_envelope_leaves_nothing_behind(api: Api) -> None:
    api.create(transactionId="t-1", **only([signer(9)]))
    assert "envelopes" not in api.call("GET", "/envelopes?transaction_ids=t-1").json()


@pytest.mark.parametrize(
    ("headers", "status", "error_code"),
    [
        ({"Authorization": ""}, 401, "USER_AUTHENTICATION_FAILED"),
        ({"Authorization": "Basic abc"}, 401, "USER_AUTHENTICATION_FAILED"),
        ({"Authorization": "Bearer abc"}, 401, "USER_AUTHENTICATION_FAILED"),
    ],
)
def test_without_a_valid_token_nothing_works(api: Api, headers: dict[str, str], status: int, error_code: str) -> None:
    response = api.call("GET", "/envelopes?from_date=2026-01-01", headers=headers)
    assert (response.status_code, response.json()["errorCode"]) == (status, error_code)


def test_a_token_dies_after_an_hour(api: Api, sandbox: SandboxProcess) -> None:
    sandbox.advance(3601)
    assert api.create().json()["errorCode"] == "AUTHORIZATION_INVALID_TOKEN"


def test_another_account_is_no_ones_business(api: Api, sandbox: SandboxProcess) -> None:
    response = api.call("GET", f"{sandbox.base_url}/restapi/v2.1/accounts/{NOWHERE}/envelopes")
    assert (response.status_code, response.json()["errorCode"]) == (401, "USER_LACKS_MEMBERSHIP")


@pytest.mark.parametrize(
    ("method", "path", "status", "error_code"),
    [
        ("GET", f"/envelopes/{NOWHERE}", 404, "ENVELOPE_DOES_NOT_EXIST"),
        ("GET", "/envelopes/junk", 400, "INVALID_REQUEST_PARAMETER"),
        ("GET", "/nothing/here", 404, "RESOURCE_NOT_FOUND"),
        ("DELETE", "/envelopes", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/envelopes", 400, "INVALID_REQUEST_PARAMETER"),
        ("GET", "/envelopes?from_date=yesterday", 400, "INVALID_REQUEST_PARAMETER"),
        ("GET", "/envelopes?from_date=2026-01-01&count=0", 400, "INVALID_REQUEST_PARAMETER"),
        ("POST", "/envelopes", 400, "INVALID_REQUEST_BODY"),
    ],
)
def test_each_wrong_call_has_its_code(api: Api, method: str, path: str, status: int, error_code: str) -> None:
    response = api.call(method, path)
    assert (response.status_code, response.json()["errorCode"]) == (status, error_code)


def test_a_body_that_is_not_json_is_refused(api: Api, sandbox: SandboxProcess) -> None:
    headers = {"Authorization": f"Bearer {api.access_token}", "Content-Type": "application/json"}
    for body in (b"{", b"[]", b'"x"', b"\xff\xfe"):
        response = requests.post(f"{sandbox.api_url}/envelopes", data=body, headers=headers, timeout=TIMEOUT_SECONDS)
        assert response.json()["errorCode"] == "INVALID_REQUEST_BODY"


def test_a_draft_is_sent_later(api: Api) -> None:
    envelope_id = api.envelope(status="created")
    assert api.states(envelope_id) == ("created", ["created", "created"])
    assert api.call("PUT", f"/envelopes/{envelope_id}", {"status": "sent"}).status_code == 200
    assert api.states(envelope_id) == ("sent", ["sent", "created"])
    assert api.call("PUT", f"/envelopes/{envelope_id}", {"status": "sent"}).status_code == 200
    assert api.states(envelope_id) == ("sent", ["sent", "created"])


def test_voiding_needs_a_reason_and_an_envelope_on_its_way(api: Api) -> None:
    envelope_id = api.envelope()
    path = f"/envelopes/{envelope_id}"
    assert "voidedReason" in api.call("PUT", path, {"status": "voided"}).json()["message"]
    assert api.call("PUT", path, {"status": "voided", "voidedReason": "Wrong"}).status_code == 200
    assert api.get(envelope_id)["voidedReason"] == "Wrong"
    again = api.call("PUT", path, {"status": "voided", "voidedReason": "Again"})
    assert again.json()["errorCode"] == "ENVELOPE_CANNOT_VOID_INVALID_STATE"


def test_the_list_pages_and_filters(api: Api) -> None:
    ids = [api.envelope(emailSubject=f"Lease {n}") for n in range(3)]
    first = api.call("GET", "/envelopes?from_date=2020-01-01&count=2").json()
    assert (first["resultSetSize"], first["totalSetSize"], first["endPosition"]) == ("2", "3", "1")
    assert first["nextUri"]
    rest = api.call("GET", "/envelopes?from_date=2020-01-01&count=2&start_position=2").json()
    assert rest["nextUri"] == ""
    assert {e["envelopeId"] for e in first["envelopes"] + rest["envelopes"]} == set(ids)
    found = api.call("GET", "/envelopes?from_date=2020-01-01&search_text=Lease 1").json()
    assert [e["envelopeId"] for e in found["envelopes"]] == [ids[1]]
    assert "envelopes" not in api.call("GET", "/envelopes?from_date=2020-01-01&status=voided").json()


def test_envelopes_are_found_by_ids_and_by_transaction_ids_in_query_or_body(api: Api) -> None:
    envelope_id = api.envelope(transactionId="t-1")
    queries = [
        api.call("GET", f"/envelopes?envelope_ids={envelope_id}"),
        api.call("GET", "/envelopes?transaction_ids=t-1"),
        api.call("PUT", "/envelopes/status?envelope_ids=request_body", {"envelopeIds": [envelope_id]}),
        api.call("PUT", "/envelopes/status?transaction_ids=request_body", {"transactionIds": ["t-1"]}),
    ]
    for response in queries:
        assert [e["envelopeId"] for e in response.json()["envelopes"]] == [envelope_id]


def test_envelopes_are_found_by_a_custom_field(api: Api) -> None:
    """The second way to find an envelope after a lost answer (reference 2.7)."""
    fields = {"textCustomFields": [{"name": "portal_ref", "value": "r-1"}]}
    envelope_id = api.envelope(customFields=fields)
    api.envelope()
    found = api.call("GET", "/envelopes?from_date=2020-01-01&custom_field=portal_ref=r-1").json()
    assert [e["envelopeId"] for e in found["envelopes"]] == [envelope_id]
    assert "envelopes" not in api.call("GET", "/envelopes?from_date=2020-01-01&custom_field=portal_ref=r-2").json()


def test_dates_may_be_those_of_another_status(api: Api) -> None:
    api.envelope()
    query = "/envelopes?from_date=2020-01-01&from_to_status="
    assert api.call("GET", f"{query}sent").json()["totalSetSize"] == "1"
    assert api.call("GET", f"{query}voided").json()["totalSetSize"] == "0"
    assert api.call("GET", f"{query}nonsense").status_code == 400


def test_a_body_over_the_limit_is_refused(api: Api, sandbox: SandboxProcess) -> None:
    for content_type in ("application/json", "multipart/form-data; boundary=x"):
        headers = {"Authorization": f"Bearer {api.access_token}", "Content-Type": content_type}
        body = b"x" * 35_651_585
        response = requests.post(f"{sandbox.api_url}/envelopes", data=body, headers=headers, timeout=TIMEOUT_SECONDS)
        assert (response.status_code, response.json()["errorCode"]) == (400, "INVALID_REQUEST_BODY")


def test_a_transaction_id_is_a_look_up_key_and_no_lock(api: Api) -> None:
    assert api.envelope(transactionId="t-1") != api.envelope(transactionId="t-1")


def test_carbon_copies_are_done_when_their_turn_comes(api: Api) -> None:
    copy = {"recipientId": "9", "routingOrder": "1", "name": "Cc", "email": "cc@example.com"}
    envelope_id = api.envelope(recipients={"signers": [signer(1, 2)], "carbonCopies": [copy]})
    recipients = api.get(envelope_id)["recipients"]
    assert recipients["carbonCopies"][0]["status"] == "completed"
    assert recipients["signers"][0]["status"] == "sent"
    assert recipients["recipientCount"] == "2"


def test_documents_are_listed_and_served(api: Api) -> None:
    envelope_id = api.envelope(documents=[document(1), document(2, name="Annex")])
    listed = api.get(envelope_id, "/documents")["envelopeDocuments"]
    assert [d["documentId"] for d in listed] == ["1", "2", "certificate"]
    for name, kind in (("1", b"%PDF"), ("combined", b"%PDF"), ("certificate", b"%PDF"), ("archive", b"PK")):
        response = api.call("GET", f"/envelopes/{envelope_id}/documents/{name}")
        assert response.content.startswith(kind)
        assert f'documentid="{name}"' in response.headers["Content-Disposition"]
    missing = api.call("GET", f"/envelopes/{envelope_id}/documents/7")
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "DOCUMENT_DOES_NOT_EXIST")


def test_an_anchor_found_twice_makes_two_tabs(api: Api) -> None:
    pages = draw_pdf("one /sn1/", "two /SN1/")
    envelope_id = api.envelope(documents=[document(content=pages)], **only([signer(1)]))
    tabs = api.get(envelope_id, "/recipients/1/tabs")["signHereTabs"]
    assert [tab["pageNumber"] for tab in tabs] == ["1", "2"]


def test_an_anchor_may_be_allowed_to_be_absent(api: Api) -> None:
    tabs = {"signHereTabs": [{"anchorString": "/no/", "anchorIgnoreIfNotPresent": "true"}]}
    assert api.create(**only([signer(1, tabs=tabs)])).status_code == 201


def test_custom_fields_and_audit_events_are_given_back(api: Api) -> None:
    fields = {"textCustomFields": [{"name": "portal_ref", "value": "r-1", "show": "false"}]}
    envelope_id = api.envelope(customFields=fields)
    (field,) = api.get(envelope_id, "/custom_fields")["textCustomFields"]
    assert (field["name"], field["value"]) == ("portal_ref", "r-1")
    events = api.get(envelope_id, "/audit_events")["auditEvents"]
    actions = [f["value"] for e in events for f in e["eventFields"] if f["name"] == "Action"]
    assert actions == ["Registered", "Sent Invitations"]


def test_a_search_reaches_back_two_years(api: Api, sandbox: SandboxProcess) -> None:
    api.envelope(status="created")
    sandbox.advance(3 * 366 * 86_400)
    later = Api(sandbox)
    assert "envelopes" not in later.call("GET", "/envelopes?from_date=2020-01-01").json()
    until = datetime.now(UTC) + timedelta(days=1)
    found = later.call("GET", f"/envelopes?from_date=2020-01-01&to_date={until:%Y-%m-%dT%H:%M:%SZ}").json()
    assert len(found["envelopes"]) == 1
