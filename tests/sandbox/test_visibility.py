"""Document visibility: who is shown which documents."""

import io
from typing import Any

import pytest
import requests
from pypdf import PdfReader

from tests.pdf_files import draw_pdf
from tests.sandbox_process import SandboxProcess

from .api import TIMEOUT_SECONDS, Api, document, signer
from .people import act_as, alex_of

FIRST, SECOND, THIRD = "1", "2", "3"
ALEX = {"name": "Alex Example", "email": "alex@sandbox.example"}


def tab(document_id: str) -> dict[str, Any]:
    place = {"documentId": document_id, "pageNumber": "1", "xPosition": "100", "yPosition": "100"}
    return {"signHereTabs": [place]}


def three_documents() -> list[dict[str, Any]]:
    return [document(n, draw_pdf(f"This is number {n}")) for n in (1, 2, 3)]


def envelope(api: Api, *, is_enforced: bool = True, first: dict[str, Any] | None = None, **more: Any) -> str:
    """The first signer has a tab on the first document, the second on the second; nobody has one on the third."""
    signers = [signer(1, tabs=tab(FIRST), **(first or {})), signer(2, order=1, tabs=tab(SECOND))]
    return api.envelope(
        documents=three_documents(),
        enforceSignerVisibility=str(is_enforced).lower(),
        recipients={"signers": signers, **more},
    )


def shown_to(api: Api, envelope_id: str, number: int = 1) -> set[str]:
    """The documents whose pages are in the ceremony."""
    browser = requests.Session()
    page = browser.get(api.view_url(envelope_id, number), timeout=TIMEOUT_SECONDS)
    return {name for name in (FIRST, SECOND, THIRD) if f"/pages/{name}/1" in page.text}


def told(api: Api, envelope_id: str, recipient_id: str = "1") -> set[str]:
    rows = api.get(envelope_id, f"/recipients/{recipient_id}/document_visibility")["documentVisibility"]
    return {row["documentId"] for row in rows if row["visible"] == "true"}


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_signers_see_what_they_have_tabs_on_and_what_nobody_has(api: Api) -> None:
    envelope_id = envelope(api)
    assert shown_to(api, envelope_id, 1) == told(api, envelope_id, "1") == {FIRST, THIRD}
    assert shown_to(api, envelope_id, 2) == told(api, envelope_id, "2") == {SECOND, THIRD}


def test_without_enforcing_it_everything_is_seen(api: Api) -> None:
    envelope_id = envelope(api, is_enforced=False, first={"excludedDocuments": [THIRD]})
    assert shown_to(api, envelope_id) == told(api, envelope_id) == {FIRST, SECOND, THIRD}


def test_what_is_excluded_is_not_seen(api: Api) -> None:
    envelope_id = envelope(api, first={"excludedDocuments": [THIRD]})
    assert shown_to(api, envelope_id) == {FIRST}


def test_copies_see_all_but_what_is_excluded(api: Api) -> None:
    copy = {"recipientId": "3", "name": "Cee", "email": "cee@example.com", "excludedDocuments": [SECOND]}
    assert told(api, envelope(api, carbonCopies=[copy]), "3") == {FIRST, THIRD}


@pytest.mark.parametrize("tail", ["recipients/1/document_visibility", "recipients/document_visibility"])
def test_the_sender_hides_and_shows_again(api: Api, tail: str) -> None:
    envelope_id = envelope(api, is_enforced=False)
    for visible, expected in (("false", {FIRST, THIRD}), ("true", {FIRST, SECOND, THIRD})):
        row = {"documentId": SECOND, "recipientId": "1", "visible": visible}
        api.call("PUT", f"/envelopes/{envelope_id}/{tail}", {"documentVisibility": [row]})
        assert shown_to(api, envelope_id) == told(api, envelope_id) == expected


def test_hidden_pages_are_not_given_out(api: Api) -> None:
    envelope_id = envelope(api)
    browser = requests.Session()
    page = browser.get(api.view_url(envelope_id), timeout=TIMEOUT_SECONDS)
    assert browser.get(f"{page.url}/pages/1/1.webp", timeout=TIMEOUT_SECONDS).status_code == 200
    assert browser.get(f"{page.url}/pages/2/1.webp", timeout=TIMEOUT_SECONDS).status_code == 404


def test_the_sender_downloads_as_a_recipient(api: Api) -> None:
    envelope_id = envelope(api)
    path = f"/envelopes/{envelope_id}/documents"
    seen = text_of(api.call("GET", f"{path}/combined?recipient_id=1").content)
    assert ("number 1" in seen, "number 2" in seen, "number 3" in seen) == (True, False, True)
    assert api.call("GET", f"{path}/2?recipient_id=1").json()["errorCode"] == "DOCUMENT_DOES_NOT_EXIST"
    listed = api.call("GET", f"{path}?recipient_id=1").json()["envelopeDocuments"]
    assert [one["documentId"] for one in listed] == [FIRST, THIRD, "certificate"]
    assert "number 2" in text_of(api.call("GET", f"{path}/combined").content)


def test_a_recipient_with_a_login_downloads_their_own(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = envelope(api, first=ALEX)
    alex = act_as(sandbox, alex_of(api))
    path = f"/envelopes/{envelope_id}/documents"
    assert "number 2" not in text_of(alex.call("GET", f"{path}/combined").content)
    assert alex.call("GET", f"{path}/2").status_code == 404
    assert alex.call("GET", f"{path}/2/pages/1/page_image").status_code == 404
