"""Every documented refusal: its errorCode, its status, and the words Docusign uses (reference 3.3, 5.3)."""

from typing import Any

import pytest

from tests.pdf_files import encrypted_pdf

from .api import Api, definition, document, signer

UNKNOWN_GUID = "00000000-0000-4000-8000-000000000000"


def with_signer(**changes: Any) -> dict[str, Any]:
    return definition(recipients={"signers": [signer(1, **changes)]})


def with_tab(group: str = "signHereTabs", **tab: Any) -> dict[str, Any]:
    return with_signer(tabs={group: [tab]})


def fixed(**changes: Any) -> dict[str, Any]:
    return {"documentId": "1", "pageNumber": "1", "xPosition": "100", "yPosition": "100"} | changes


REFUSED_DEFINITIONS = {
    "no subject": (definition(emailSubject=""), "ENVELOPE_IS_INCOMPLETE", "Complete Envelope Requires Documents"),
    "no documents": (
        definition(documents=[], recipients={"signers": [signer(1, tabs={})]}),
        "ENVELOPE_IS_INCOMPLETE",
        "",
    ),
    "no recipients": (definition(recipients={}), "ENVELOPE_IS_INCOMPLETE", ""),
    "a subject over 100 characters": (definition(emailSubject="x" * 101), "INVALID_REQUEST_PARAMETER", "100"),
    "an unknown status": (definition(status="posted"), "INVALID_REQUEST_PARAMETER", "status"),
    "no recipientId": (
        with_signer(recipientId=""),
        "INVALID_REQUEST_PARAMETER",
        "'recipientId' not set for recipient.",
    ),
    "the same recipientId twice": (
        definition(recipients={"signers": [signer(1), signer(2, recipientId="1")]}),
        "INVALID_REQUEST_PARAMETER",
        "recipientId",
    ),
    "a malformed recipientId": (with_signer(recipientId="one"), "INVALID_RECIPIENT_ID", ""),
    "no name": (with_signer(name=""), "INVALID_USERNAME_FOR_RECIPIENT", "1"),
    "a name over 100 characters": (with_signer(name="n" * 101), "INVALID_USERNAME_FOR_RECIPIENT", "1"),
    "an invalid email": (
        with_signer(email="nobody"),
        "INVALID_EMAIL_ADDRESS_FOR_RECIPIENT",
        "The email address for the recipient is invalid. The recipient Id follows. Recipient Id: 1",
    ),
    "the same person twice": (
        definition(recipients={"signers": [signer(1), signer(1, recipientId="2")]}),
        "ENVELOPE_HAS_DUPLICATE_RECIPIENTS",
        "",
    ),
    "over 100 recipients": (
        definition(recipients={"signers": [signer(n, tabs={}) for n in range(1, 102)]}),
        "RECIPIENT_LIMIT_EXCEEDED",
        "",
    ),
    "an unknown kind of recipient": (definition(recipients={"wizards": [signer(1)]}), "INVALID_RECIPIENT_TYPE", ""),
    "a host who is no member": (
        definition(
            recipients={
                "inPersonSigners": [
                    {"recipientId": "1", "hostName": "X", "hostEmail": "x@example.com", "signerName": "Y"}
                ]
            }
        ),
        "USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT",
        "",
    ),
    "an access code over 50 characters": (with_signer(accessCode="1" * 51), "INVALID_REQUEST_PARAMETER", "accessCode"),
    "a note over 1,000 characters": (with_signer(note="n" * 1001), "INVALID_REQUEST_PARAMETER", "note"),
    "an absent anchor": (with_tab(anchorString="/nowhere/"), "ANCHOR_TAB_STRING_NOT_FOUND", "/nowhere/"),
    "an unknown unit": (
        with_tab(anchorString="/sn1/", anchorUnits="parsecs"),
        "INVALID_REQUEST_PARAMETER",
        "anchorUnits",
    ),
    "a negative place": (
        with_tab(**fixed(xPosition="-1")),
        "INVALID_REQUEST_PARAMETER",
        "Invalid value for xPosition, must be greater than or equal to 0.",
    ),
    "a place off the page": (with_tab(**fixed(xPosition="5000")), "TAB_OUT_OF_BOUNDS", ""),
    "an anchor's offset off the page": (
        with_tab(anchorString="/sn1/", anchorXOffset="5000"),
        "TAB_OUT_OF_BOUNDS",
        "",
    ),
    "a page that is not there": (with_tab(**fixed(pageNumber="9")), "TAB_PAGENUMBER_IS_NOT_IN_DOCUMENT", ""),
    "a document that is not there": (with_tab(**fixed(documentId="9")), "TAB_REFERS_TO_MISSING_DOCUMENT", ""),
    "an unknown kind of tab": (with_tab("wandTabs", **fixed()), "INVALID_TAB_OPERATION", "wandTabs"),
    "invalid base64": (definition(documents=[document(documentBase64="%%%")]), "UNABLE_TO_LOAD_DOCUMENT", ""),
    "an empty document": (definition(documents=[document(documentBase64="")]), "UNABLE_TO_LOAD_DOCUMENT", ""),
    "a broken PDF": (
        definition(documents=[document(content=b"%PDF-1.7 no more of it")]),
        "UNABLE_TO_LOAD_DOCUMENT",
        "",
    ),
    "an unknown file type": (
        definition(documents=[document(fileExtension="exe")]),
        "UNABLE_TO_CONVERT_DOCUMENT",
        "System was unable to convert this document to a PDF.",
    ),
    "documentId 0": (definition(documents=[document(documentId="0")]), "INVALID_REQUEST_PARAMETER", "documentId"),
    "the same documentId twice": (
        definition(documents=[document(1), document(1)]),
        "INVALID_REQUEST_PARAMETER",
        "documentId",
    ),
    "a template that is not there": (
        definition(templateId=UNKNOWN_GUID, documents=None, recipients=None),
        "TEMPLATE_ID_INVALID",
        "",
    ),
    "recipients that are no list": (definition(recipients={"signers": "Ann"}), "INVALID_REQUEST_BODY", "signers"),
    "an expiry of 1,000 days": (
        definition(notification={"expirations": {"expireAfter": "1000"}}),
        "INVALID_REQUEST_PARAMETER",
        "expireAfter",
    ),
}


@pytest.mark.parametrize(("body", "error_code", "words"), REFUSED_DEFINITIONS.values(), ids=REFUSED_DEFINITIONS)
def test_a_definition_is_refused_and_leaves_nothing_behind(
    api: Api, body: dict[str, Any], error_code: str, words: str
) -> None:
    response = api.call("POST", "/envelopes", body)
    assert (response.status_code, response.json()["errorCode"]) == (400, error_code), response.text
    assert words in response.json()["message"]
    assert api.call("GET", "/envelopes?from_date=2020-01-01").json()["totalSetSize"] == "0"


@pytest.fixture
def sent(api: Api) -> str:
    return api.envelope()


@pytest.mark.parametrize(
    ("method", "tail", "body", "status", "error_code"),
    [
        ("GET", "/envelopes/no-guid", None, 400, "INVALID_REQUEST_PARAMETER"),
        ("GET", f"/envelopes/{UNKNOWN_GUID}", None, 404, "ENVELOPE_DOES_NOT_EXIST"),
        ("GET", "/nothing/here", None, 404, "RESOURCE_NOT_FOUND"),
        ("PATCH", "/envelopes", {}, 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/envelopes", None, 400, "INVALID_REQUEST_PARAMETER"),
        ("GET", "/envelopes?from_date=yesterday", None, 400, "INVALID_REQUEST_PARAMETER"),
        ("GET", "/envelopes?from_date=2020-01-01&count=0", None, 400, "INVALID_REQUEST_PARAMETER"),
        ("PUT", "/envelopes/status?envelope_ids=request_body", {}, 400, "INVALID_REQUEST_BODY"),
        ("PUT", "{envelope}", {"status": "voided"}, 400, "INVALID_REQUEST_PARAMETER"),
        ("PUT", "{envelope}", {"status": "gone"}, 400, "INVALID_REQUEST_PARAMETER"),
        ("PUT", "{envelope}", {"purgeState": "documents_queued"}, 400, "ENVELOPE_INVALID_STATUS"),
        ("PUT", "{envelope}/recipients", {"signers": [{"recipientId": "9"}]}, 400, "UNKNOWN_ENVELOPE_RECIPIENT"),
        ("DELETE", "{envelope}/recipients/9", {}, 400, "UNKNOWN_ENVELOPE_RECIPIENT"),
        ("GET", "{envelope}/recipients/9/tabs", None, 400, "UNKNOWN_ENVELOPE_RECIPIENT"),
        ("GET", "{envelope}/documents/9", None, 404, "DOCUMENT_DOES_NOT_EXIST"),
        ("DELETE", "{envelope}/documents", None, 400, "INVALID_REQUEST_BODY"),
        ("GET", "{envelope}/documents/1/pages/9/page_image", None, 404, "PAGE_IMAGE_NOT_FOUND"),
        ("GET", "{envelope}/documents/1/pages/1/page_image?dpi=0", None, 400, "INVALID_REQUEST_PARAMETER"),
        ("GET", "{envelope}/attachments/9", None, 400, "INVALID_REQUEST_PARAMETER"),
        ("POST", "{envelope}/views/sender", {"returnUrl": "https://a.example/"}, 400, "ENVELOPE_INVALID_STATUS"),
        ("DELETE", "{envelope}/lock", {}, 400, "EDIT_LOCK_ENVELOPE_NOT_LOCKED"),
        ("GET", f"/templates/{UNKNOWN_GUID}", None, 400, "TEMPLATE_ID_INVALID"),
        ("GET", f"/bulk_send_lists/{UNKNOWN_GUID}", None, 400, "BULK_SEND_LIST_NOT_FOUND"),
        ("GET", f"/bulk_send_batch/{UNKNOWN_GUID}", None, 400, "BULK_SEND_BATCH_DOES_NOT_EXIST"),
        ("GET", "/connect/99999999", None, 400, "INVALID_REQUEST_PARAMETER"),
    ],
)
def test_a_call_is_refused(
    api: Api, sent: str, method: str, tail: str, body: Any, status: int, error_code: str
) -> None:
    response = api.call(method, tail.replace("{envelope}", f"/envelopes/{sent}"), body)
    assert (response.status_code, response.json()["errorCode"]) == (status, error_code), response.text


@pytest.mark.parametrize(
    ("account", "status", "error_code"),
    [(UNKNOWN_GUID, 401, "USER_LACKS_MEMBERSHIP"), ("999", 401, "USER_LACKS_MEMBERSHIP")],
)
def test_another_account_is_refused(api: Api, account: str, status: int, error_code: str) -> None:
    url = api.sandbox.api_url.replace(api.sandbox.account_id, account)
    response = api.call("GET", f"{url}/envelopes?from_date=2020-01-01")
    assert (response.status_code, response.json()["errorCode"]) == (status, error_code)


def test_an_expired_access_token_is_refused(api: Api) -> None:
    api.sandbox.advance(3601)
    response = api.call("GET", "/envelopes?from_date=2020-01-01")
    assert (response.status_code, response.json()["errorCode"]) == (401, "AUTHORIZATION_INVALID_TOKEN")
    assert response.json()["message"] == "The access token provided is expired, revoked or malformed."


def test_a_void_comes_too_late_for_an_ended_envelope(api: Api, sent: str) -> None:
    void = {"status": "voided", "voidedReason": "Never mind"}
    assert api.call("PUT", f"/envelopes/{sent}", void).status_code == 200
    response = api.call("PUT", f"/envelopes/{sent}", void)
    assert (response.status_code, response.json()["errorCode"]) == (400, "ENVELOPE_CANNOT_VOID_INVALID_STATE")


def test_a_signer_out_of_turn_gets_no_view(api: Api, sent: str) -> None:
    response = api.view(sent, 2)
    assert (response.status_code, response.json()["errorCode"]) == (400, "RECIPIENT_NOT_IN_SEQUENCE")


def test_an_envelope_polled_too_often_is_refused(api: Api, sent: str) -> None:
    api.sandbox.set_limits(hourly=10**6, burst=10**6, envelope_hourly=3, envelope_burst=100)
    codes = [api.call("GET", f"/envelopes/{sent}").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = api.call("GET", f"/envelopes/{sent}/recipients")
    assert refused.json()["errorCode"] == "HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED"


def test_an_encrypted_pdf_is_refused(api: Api) -> None:
    response = api.create(documents=[document(content=encrypted_pdf(user_password=""))])
    assert (response.status_code, response.json()["errorCode"]) == (400, "UNSUPPORTED_PDF_CONTENT")
