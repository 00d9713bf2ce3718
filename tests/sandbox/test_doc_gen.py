"""Word documents whose sender fields are filled before anyone signs."""

from typing import Any

import pytest

from tests.pdf_files import text_of
from tests.word_files import paragraph, word

from .api import Api, document, signer

CUT_INTO_RUNS = "<w:p><w:r><w:t>Dear {{Na</w:t></w:r><w:r><w:t>me}}!</w:t></w:r></w:p>"


def draft(api: Api, body: str = CUT_INTO_RUNS) -> str:
    documents = [document(content=word(body), fileExtension="docx")]
    people = {"signers": [signer(1, tabs={})]}
    return api.envelope(documents=documents, recipients=people, status="created")


def fields(api: Api, envelope_id: str) -> dict[str, Any]:
    return api.get(envelope_id, "/docGenFormFields")


def fill(api: Api, envelope_id: str, query: str = "", **changes: Any) -> Any:
    values = [{"name": "Name", "value": "<Ann>"}]
    item = {"documentId": fields(api, envelope_id)["docGenFormFields"][0]["documentId"], "docGenFormFieldList": values}
    body = {"docGenFormFields": [item | changes]}
    return api.call("PUT", f"/envelopes/{envelope_id}/docGenFormFields{query}", body)


def printed(api: Api, envelope_id: str) -> str:
    return text_of(api.call("GET", f"/envelopes/{envelope_id}/documents/1").content)


def test_a_field_that_word_cut_into_runs_is_found_and_filled(api: Api) -> None:
    envelope_id = draft(api)
    (found,) = fields(api, envelope_id)["docGenFormFields"]
    assert [each["name"] for each in found["docGenFormFieldList"]] == ["Name"]
    assert fill(api, envelope_id).status_code == 200
    assert "Dear <Ann>!" in printed(api, envelope_id)
    assert fields(api, envelope_id)["docGenFormFields"][0]["docGenFormFieldList"][0]["value"] == "<Ann>"


def test_values_can_be_kept_for_later(api: Api) -> None:
    envelope_id = draft(api)
    fill(api, envelope_id, "?update_docgen_formfields_only=true")
    assert "{{Name}}" in printed(api, envelope_id)


def test_without_fields_there_is_nothing_to_tell(api: Api) -> None:
    assert fields(api, draft(api, paragraph("Dear Ann"))) == {}
    assert fields(api, api.envelope(status="created")) == {}


@pytest.mark.parametrize(
    ("state", "changes", "error_code"),
    [
        ("created", {"documentId": "00000000-0000-0000-0000-000000000000"}, "DOCUMENT_DOES_NOT_EXIST"),
        ("created", {"docGenFormFieldList": "Name"}, "INVALID_REQUEST_BODY"),
        ("sent", {}, "ENVELOPE_INVALID_STATUS"),
    ],
)
def test_it_is_refused(api: Api, state: str, changes: dict[str, Any], error_code: str) -> None:
    envelope_id = draft(api)
    if state == "sent":
        api.call("PUT", f"/envelopes/{envelope_id}", {"status": "sent"})
    assert fill(api, envelope_id, **changes).json()["errorCode"] == error_code
