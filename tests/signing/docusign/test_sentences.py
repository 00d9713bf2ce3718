"""Every documented error has a plain sentence. The tables: reference 1.4 and 1.6 (OAuth), 3.3, 5.1 and 5.3 (API)."""

import re

import pytest
import requests
import responses

from signing.docusign import DocusignConfig, DocusignError
from signing.docusign.answers import error_of
from signing.docusign.auth import request_access_token
from tests.conftest import SHARED
from tests.keys import private_pem, rsa_key

REFERENCE = SHARED / "docusign" / "reference.md"
HOST = "https://account-d.docusign.com"

# status, `error`, `error_description` → words of the sentence
GRANTS = [
    (400, "consent_required", "", "consent link"),
    (400, "invalid_grant", "no_valid_keys_or_signatures", "private key does not belong to the integration key"),
    (400, "invalid_grant", "issuer_not_found", "integration key does not exist"),
    (400, "invalid_grant", "user_not_found", "never an email"),
    (400, "invalid_grant", "invalid_subject", "never an email"),
    (400, "invalid_grant", "expired_grant", "clock of this server"),
    (400, "invalid_grant", "unsupported_grant_type", "did not understand the token request"),
    (400, "invalid_grant", "", "did not understand the token request"),
    (400, "invalid_request", "", "did not understand the token request"),
    (400, "invalid_client", "", "DOCUSIGN_INTEGRATION_KEY"),
    (400, "invalid_scope", "", "signature and impersonation"),
    (401, "invalid_token", "", "access token"),
    (401, "internal_server_error", "", "could not be reached"),
    (400, "access_denied", "", "consent page"),
    (429, "too_many_requests", "", "slow down"),
    (503, "", "", "could not be reached"),
]

CODES = """
ACCOUNT_DOES_NOT_EXIST_IN_SYSTEM ACCOUNT_LACKS_PERMISSIONS ACCOUNT_NOT_AUTHORIZED_FOR_ENVELOPE
ACT_ON_BEHALF_USER_NOT_ALLOWED ANCHOR_TAB_STRING_NOT_FOUND API_REQUEST_IS_THROTTLED AUTHORIZATION_INVALID_SCOPE
AUTHORIZATION_INVALID_TOKEN BURST_APIINVOCATION_ENVELOPE_LIMIT_EXCEEDED BURST_APIINVOCATION_LIMIT_EXCEEDED
BURST_ENVELOPE_POLLING_LIMIT_EXCEEDED DOCUMENT_DOES_NOT_EXIST DOCUMENT_LIMIT_EXCEEDED DOCUMENT_UPLOAD_NOT_ALLOWED
EDIT_LOCK_ENVELOPE_ALREADY_LOCKED EDIT_LOCK_ENVELOPE_NOT_LOCKED EDIT_LOCK_INVALID_STATE_FOR_LOCK
EDIT_LOCK_NOT_LOCK_OWNER ENVELOPE_ALLOWANCE_EXCEEDED ENVELOPE_CANNOT_VOID_INVALID_STATE ENVELOPE_DOES_NOT_EXIST
ENVELOPE_HAS_DUPLICATE_RECIPIENTS ENVELOPE_INVALID_STATUS ENVELOPE_IS_INCOMPLETE ENVELOPE_NOT_IN_FOLDER
ENVELOPE_SEND_LIMIT_EXCEEDED HOURLY_APIINVOCATION_ENVELOPE_LIMIT_EXCEEDED HOURLY_APIINVOCATION_LIMIT_EXCEEDED
HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED INVALID_CAPTIVE_RECIPIENT_OPERATION INVALID_DOCUMENT_TYPE
INVALID_EMAIL_ADDRESS_FOR_RECIPIENT INVALID_RECIPIENT_ID INVALID_RECIPIENT_TYPE INVALID_REQUEST_BODY
INVALID_REQUEST_PARAMETER INVALID_TAB_OPERATION INVALID_USERID INVALID_USERNAME_FOR_RECIPIENT
ONESIGNALLSIGN_NOT_SATISFIED PAGE_IMAGE_NOT_FOUND PARTNER_AUTHENTICATION_FAILED PLAN_ITEM_NOT_ENABLED
RECIPIENT_LIMIT_EXCEEDED RECIPIENT_NOT_IN_SEQUENCE RECIPIENT_UPDATE_FAILED RESOURCE_NOT_FOUND
SIGNATURE_PROVIDER_INVALID_NAME TAB_OUT_OF_BOUNDS TAB_PAGENUMBER_IS_NOT_IN_DOCUMENT TAB_REFERS_TO_MISSING_DOCUMENT
TAB_REFERS_TO_MISSING_RECIPIENT TEMPLATE_ID_INVALID UNABLE_TO_CONVERT_DOCUMENT UNABLE_TO_LOAD_DOCUMENT
UNKNOWN_ENVELOPE_RECIPIENT UNSPECIFIED_ERROR UNSUPPORTED_PDF_CONTENT USER_ALREADY_EXISTS_IN_ACCOUNT
USER_AUTHENTICATION_FAILED USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT USER_DOES_NOT_EXIST_IN_SYSTEM
USER_LACKS_MEMBERSHIP USER_LACKS_PERMISSIONS USER_NOT_ACCOUNT_ADMIN USER_NOT_ENVELOPE_SENDER_OR_RECIPIENT
USER_NOT_FOUND
""".split()


def refusal_of_a_grant(status: int, error: str, description: str) -> DocusignError:
    config = DocusignConfig("ik", "user", private_pem(rsa_key()), HOST)
    body = {"error": error} | ({"error_description": description} if description else {})
    with responses.RequestsMock() as wire:
        wire.post(f"{HOST}/oauth/token", status=status, json=body if error else {})
        with pytest.raises(DocusignError) as refused:
            request_access_token(requests.Session(), config)
    return refused.value


@pytest.mark.parametrize(("status", "error", "description", "words"), GRANTS)
def test_every_documented_error_of_oauth_has_its_sentence(
    status: int, error: str, description: str, words: str
) -> None:
    sentence = refusal_of_a_grant(status, error, description).staff_message
    assert words in sentence
    assert description not in sentence or not description


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429])
@pytest.mark.parametrize("code", CODES)
def test_every_documented_error_of_the_api_has_its_sentence_in_whatever_status_it_comes(code: str, status: int) -> None:
    answer = requests.Response()
    answer.status_code = status
    answer._content = f'{{"errorCode": "{code.lower()}", "message": "Said by Docusign."}}'.encode()
    sentence = error_of(answer).staff_message
    assert not sentence.startswith("Docusign answered")
    assert code not in sentence.upper()
    assert sentence.endswith(".")


def test_the_table_holds_every_code_of_the_reference() -> None:
    if not REFERENCE.exists():
        pytest.skip("the reference is not beside this checkout")
    text = REFERENCE.read_text()
    parts = [re.split(r"\n##+ ", text.split(f"\n### {number} ")[1])[0] for number in ("3.3", "5.1", "5.3")]
    codes = {code for part in parts for code in re.findall(r"\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b", part)}
    assert codes - set(CODES) == set()


def test_what_docusign_names_as_wrong_is_passed_on() -> None:
    answer = requests.Response()
    answer.status_code = 400
    answer._content = b'{"errorCode": "INVALID_REQUEST_PARAMETER", "message": "Invalid value for xPosition."}'
    assert "Invalid value for xPosition." in error_of(answer).staff_message
