"""Documents of an envelope that exists: added, replaced, taken out, looked at page by page."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from sandbox.robot import Robot
from tests.pdf_files import draw_pdf

from .api import Api, document, signer


@pytest.fixture
def draft(api: Api) -> str:
    return api.envelope(status="created")


def documents(api: Api, envelope_id: str) -> list[tuple[str, str]]:
    listed = api.get(envelope_id, "/documents")["envelopeDocuments"]
    return [(item["documentId"], item["name"]) for item in listed if item["type"] == "content"]


def test_a_document_is_added_and_another_replaced(api: Api, draft: str) -> None:
    body = {"documents": [document(1, name="New one"), document(2, name="Second")]}
    assert api.call("PUT", f"/envelopes/{draft}/documents", body).status_code == 200
    assert documents(api, draft) == [("1", "New one"), ("2", "Second")]


def test_raw_bytes_become_a_document_named_by_the_header(api: Api, draft: str) -> None:
    headers = {"Content-Type": "application/pdf", "Content-Disposition": 'file; filename="Lease.pdf"'}
    response = api.call("PUT", f"/envelopes/{draft}/documents/3", data=draw_pdf("x"), headers=headers)
    assert response.status_code == 200, response.text
    assert ("3", "Lease") in documents(api, draft)


def test_a_draft_has_no_certificate_yet(api: Api, draft: str) -> None:
    kinds = [shape["type"] for shape in api.get(draft, "/documents")["envelopeDocuments"]]
    api.call("PUT", f"/envelopes/{draft}", {"status": "sent"})
    assert [shape["type"] for shape in api.get(draft, "/documents")["envelopeDocuments"]] == [*kinds, "summary"]
    assert set(kinds) == {"content"}


def test_a_document_is_taken_out_of_a_draft(api: Api, draft: str) -> None:
    api.call("PUT", f"/envelopes/{draft}/documents", {"documents": [document(2)]})
    api.call("DELETE", f"/envelopes/{draft}/documents", {"documents": [{"documentId": "1"}]})
    assert [number for number, _ in documents(api, draft)] == ["2"]


def test_documents_stay_once_someone_has_signed(api: Api) -> None:
    envelope_id = api.envelope()
    Robot().sign(api.view_url(envelope_id, 1))
    response = api.call("PUT", f"/envelopes/{envelope_id}/documents", {"documents": [document(2)]})
    assert response.json()["errorCode"] == "DOCUMENT_UPLOAD_NOT_ALLOWED"


def test_pages_are_shown_as_pictures_of_the_size_asked_for(api: Api, draft: str) -> None:
    path = f"/envelopes/{draft}/documents/1/pages"
    (page,) = api.call("GET", path).json()["pages"]
    assert page["sequence"] == "1"
    assert page["mimeType"] == "image/png"
    content = api.call("GET", f"{path}/1/page_image?max_width=100").content
    assert Image.open(io.BytesIO(content)).width == 100


def test_a_page_is_turned_and_one_taken_out(api: Api, draft: str) -> None:
    body = {"documents": [document(1, content=draw_pdf("one", "two"))]}
    api.call("PUT", f"/envelopes/{draft}/documents", body)
    before = page_sizes(api, draft)
    api.call("PUT", f"/envelopes/{draft}/documents/1/pages/1/page_image", {"rotate": "left"})
    assert page_sizes(api, draft) == [tuple(reversed(before[0])), before[1]]
    api.call("DELETE", f"/envelopes/{draft}/documents/1/pages/1", {})
    assert page_sizes(api, draft) == [before[1]]


def page_sizes(api: Api, envelope_id: str) -> list[tuple[str, ...]]:
    first = api.get(envelope_id, "/documents")["envelopeDocuments"][0]
    return [(page["width"], page["height"]) for page in first["pages"]]


def test_the_archive_holds_every_document_and_the_certificate(api: Api) -> None:
    envelope_id = api.envelope(documents=[document(1, name="A/B"), document(2, name="C")])
    content = api.call("GET", f"/envelopes/{envelope_id}/documents/archive").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["1 A_B.pdf", "2 C.pdf", "Summary.pdf"]


def test_combined_is_all_documents_in_order_and_the_certificate_on_request(api: Api) -> None:
    envelope_id = api.envelope(documents=[document(1), document(2)])
    path = f"/envelopes/{envelope_id}/documents/combined"
    plain = PdfReader(io.BytesIO(api.call("GET", path).content))
    full = PdfReader(io.BytesIO(api.call("GET", f"{path}?certificate=true").content))
    assert len(plain.pages) == 2
    assert len(full.pages) > 2


def test_fields_of_a_document_are_kept(api: Api, draft: str) -> None:
    path = f"/envelopes/{draft}/documents/1/fields"
    api.call("POST", path, {"documentFields": [{"name": "kind", "value": "lease"}]})
    api.call("PUT", path, {"documentFields": [{"name": "kind", "value": "rent"}, {"name": "desk", "value": "4"}]})
    api.call("DELETE", path, {"documentFields": [{"name": "desk"}]})
    assert api.call("GET", path).json() == {"documentFields": [{"name": "kind", "value": "rent"}]}


@pytest.mark.parametrize("tail", ["", "/pages/1/tabs"])
def test_tabs_of_a_document_are_those_of_everyone(api: Api, draft: str, tail: str) -> None:
    data: dict[str, Any] = api.call("GET", f"/envelopes/{draft}/documents/1{tail or '/tabs'}").json()
    assert [tab["recipientId"] for tab in data["signHereTabs"]] == ["1", "2"]


def test_the_senders_own_tabs_stand_apart(api: Api, draft: str) -> None:
    place = {"pageNumber": "1", "documentId": "1", "xPosition": "50", "yPosition": "60", "tabLabel": "no", "value": "7"}
    added = api.call("POST", f"/envelopes/{draft}/documents/1/tabs", {"prefillTabs": {"textTabs": [place]}})
    assert added.status_code == 201, added.text
    tabs = api.call("GET", f"/envelopes/{draft}/documents/1/tabs").json()
    assert tabs["prefillTabs"]["textTabs"][0]["value"] == "7"


def test_a_signed_document_is_the_same_at_every_download(api: Api) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1)]})
    Robot().sign(api.view_url(envelope_id, 1))
    path = f"/envelopes/{envelope_id}/documents/1"
    assert api.call("GET", path).content == api.call("GET", path).content


def test_no_name_leads_out_of_the_folder_it_is_saved_in(api: Api) -> None:
    envelope_id = api.envelope(documents=[document(1, name="../../etc/passwd")])
    disposition = api.call("GET", f"/envelopes/{envelope_id}/documents/1").headers["Content-Disposition"]
    assert disposition == 'file; filename=".._.._etc_passwd.pdf"; documentid="1"'


@pytest.mark.parametrize(
    "content",
    [draw_pdf().replace(b"/MediaBox", b"/MediaXox"), draw_pdf("x", pagesize=(0.5, 0.5))],
    ids=["pages without a size", "pages too small"],
)
def test_what_could_not_be_completed_is_not_let_in(api: Api, content: bytes) -> None:
    refused = api.create(documents=[document(1, content)], recipients={"signers": [signer(1, tabs={})]})
    assert refused.json()["errorCode"] == "UNABLE_TO_LOAD_DOCUMENT"
