"""What Docusign's other SDKs (C#, Java, PHP, Ruby) and their examples do differently from its Python one."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.sandbox_process import SandboxProcess

from .api import Api, ask_for_token, document, signer
from .people import only


@pytest.mark.parametrize(
    "pattern",
    [
        "%Y/%m/%d",
        "%m/%d/%Y",
        "%Y-%m-%d",
        "%Y/%m/%d %H:%M:%S",
        "%b %d, %Y",
        "%d %B %Y",
        "%a, %d %b %Y %H:%M:%S GMT",
        "%Y-%m-%dT%H:%M:%S.0000000Z",
    ],
)
def test_dates_are_read_as_dot_net_reads_them(api: Api, pattern: str) -> None:
    api.envelope()
    day = datetime.now(UTC) - timedelta(days=30)
    found = api.call("GET", "/envelopes", params={"from_date": day.strftime(pattern)}).json()
    assert len(found["envelopes"]) == 1


def test_an_empty_definition_is_a_draft(api: Api) -> None:
    made = api.call("POST", "/envelopes", {})
    assert (made.status_code, made.json()["status"]) == (201, "created")
    assert "X-RateLimit-Remaining" in made.headers
    empty = requests.post(f"{api.url}/envelopes", headers={"Authorization": f"Bearer {api.access_token}"}, timeout=30)
    assert empty.json()["errorCode"] == "INVALID_REQUEST_BODY"


def test_sending_what_is_sent_changes_the_rest(api: Api) -> None:
    envelope_id = api.envelope()
    body = {"envelopeId": envelope_id, "emailSubject": "New", "emailBlurb": "Newer", "status": "sent"}
    assert api.call("PUT", f"/envelopes/{envelope_id}", body).status_code == 200
    data = api.get(envelope_id)
    assert (data["emailSubject"], data["emailBlurb"], data["status"]) == ("New", "Newer", "sent")


def test_what_has_ended_is_not_sent_again(api: Api) -> None:
    envelope_id = api.envelope()
    api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "x"})
    again = api.call("PUT", f"/envelopes/{envelope_id}", {"status": "sent"})
    assert again.json()["errorCode"] == "ENVELOPE_INVALID_STATUS"


def test_a_tab_added_without_a_place_stands_on_the_first_document(api: Api) -> None:
    path = f"/envelopes/{api.envelope()}/recipients/1/tabs"
    tab = {"status": "created", "anchorXOffset": "10", "anchorYOffset": "5", "tabLabel": "new approve tab"}
    added = only(api.call("POST", path, {"approveTabs": [tab]}).json()["approveTabs"])
    assert (added["tabLabel"], added["documentId"], added["pageNumber"]) == ("new approve tab", "1", "1")


def test_a_folders_items_are_listed_unless_they_are_not_wanted(api: Api) -> None:
    envelope_id = api.envelope()
    api.call("PUT", "/folders/draft", {"envelopeIds": [envelope_id], "fromFolderId": "sentitems"})
    folder = only(api.call("GET", "/folders/draft").json()["folders"])
    assert [item["envelopeId"] for item in folder["folderItems"]] == [envelope_id]
    assert "folderItems" not in only(api.call("GET", "/folders/draft?include_items=false").json()["folders"])


def test_a_pdf_that_is_named_otherwise_is_still_a_pdf(api: Api) -> None:
    item = {name: value for name, value in document(name="SignTest1.docx").items() if name != "fileExtension"}
    assert api.create(documents=[item]).status_code == 201


def test_the_account_has_a_billing_profile(api: Api) -> None:
    assert api.call("GET", "").json()["billingProfile"]


def test_errors_of_oauth_are_written_without_spaces(sandbox: SandboxProcess) -> None:
    refused = ask_for_token(sandbox, aud="https://account-d.docusign.com/")
    assert refused.text == '{"error":"invalid_grant","error_description":"no_valid_keys_or_signatures"}'


def test_a_recipient_is_replaced_whole(api: Api) -> None:
    """The C# SDK sends everything it knows of a signer, with its tabs, and says how it is delivered."""
    envelope_id = api.envelope(recipients={"signers": [signer()]})
    place = {"documentId": "1", "pageNumber": "1", "recipientId": "1", "xPosition": "75", "yPosition": "572"}
    changed = {
        "recipientId": "1",
        "routingOrder": "1",
        "name": "Test name",
        "email": "test@test.com",
        "status": "created",
        "deliveryMethod": "Email",
        "tabs": {"signHereTabs": [place]},
    }
    answer = api.call("PUT", f"/envelopes/{envelope_id}/recipients", {"signers": [changed]}).json()
    assert "errorDetails" not in only(answer["recipientUpdateResults"])
    found = only(api.get(envelope_id)["recipients"]["signers"])
    assert (found["name"], found["email"], found["status"]) == ("Test name", "test@test.com", "sent")
