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


def test_a_dynamic_table_has_as_many_rows_as_are_given(api: Api) -> None:
    cells = [f"<w:tc>{paragraph(text)}</w:tc>" for text in ("{{#Package}}{{Part}}", "{{Details}}{{/Package}}")]
    envelope_id = draft(api, f"<w:tbl><w:tr>{''.join(cells)}</w:tr></w:tbl>")
    rows = [("Salary", "$9"), ("Bonus", "20%"), ("RSUs", "7")]
    row_values = [
        {"docGenFormFieldList": [{"name": "Part", "value": part}, {"name": "Details", "value": details}]}
        for part, details in rows
    ]
    table = {"name": "Package", "type": "TableRow", "rowValues": row_values}
    assert fill(api, envelope_id, docGenFormFieldList=[table]).status_code == 200
    text = printed(api, envelope_id)
    assert all(part in text and details in text for part, details in rows)
    assert "{{" not in text
    (found,) = fields(api, envelope_id)["docGenFormFields"]
    assert found["docGenFormFieldList"][-1]["rowValues"] == row_values


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
