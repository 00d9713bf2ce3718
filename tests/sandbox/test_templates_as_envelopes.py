"""What can be done to an envelope's parts can be done to a template's, by the same rules."""

import base64
from typing import Any

import pytest

from tests.pdf_files import draw_pdf

from .api import Api, document
from .template_files import SIGNER, create_template


@pytest.fixture
def path(api: Api) -> str:
    content = draw_pdf("/sn1/", "two")
    fields = {"textCustomFields": [{"name": "case", "value": "1"}]}
    recipients = {"signers": [SIGNER, {"recipientId": "2", "roleName": "Other", "tabs": {}}]}
    documents = [document(1, content=content), document(2, content=content)]
    template_id = create_template(api, documents=documents, customFields=fields, recipients=recipients)
    return f"/templates/{template_id}"


def call(api: Api, method: str, url: str, body: Any = None) -> Any:
    response = api.call(method, url, body)
    assert response.status_code in (200, 201), response.text
    return response.json() if "json" in response.headers["Content-Type"] and response.content else response.content


def test_custom_fields(api: Api, path: str) -> None:
    (field,) = call(api, "GET", f"{path}/custom_fields")["textCustomFields"]
    named = {"fieldId": field["fieldId"]}
    call(api, "PUT", f"{path}/custom_fields", {"textCustomFields": [named | {"value": "2"}]})
    assert call(api, "GET", f"{path}/custom_fields")["textCustomFields"][0]["value"] == "2"
    call(api, "DELETE", f"{path}/custom_fields", {"textCustomFields": [named]})
    assert call(api, "GET", f"{path}/custom_fields")["textCustomFields"] == []


def test_notification(api: Api, path: str) -> None:
    call(api, "PUT", f"{path}/notification", {"expirations": {"expireAfter": "9"}})
    assert call(api, "GET", f"{path}/notification")["expirations"]["expireAfter"] == "9"


def test_documents_and_their_fields(api: Api, path: str) -> None:
    fields = f"{path}/documents/1/fields"
    call(api, "POST", fields, {"documentFields": [{"name": "kind", "value": "lease"}]})
    call(api, "PUT", fields, {"documentFields": [{"name": "kind", "value": "rent"}]})
    assert call(api, "GET", fields) == {"documentFields": [{"name": "kind", "value": "rent"}]}
    assert call(api, "DELETE", fields, {"documentFields": [{"name": "kind"}]}) == {"documentFields": []}
    left = call(api, "DELETE", f"{path}/documents", {"documents": [{"documentId": "2"}]})
    assert [item["documentId"] for item in left["templateDocuments"]] == ["1"]


def test_pages(api: Api, path: str) -> None:
    pages = f"{path}/documents/1/pages"
    first, second = call(api, "GET", pages)["pages"]
    assert base64.b64decode(first["imageBytes"]).startswith(b"\x89PNG")
    assert call(api, "GET", f"{pages}/2/page_image").startswith(b"\x89PNG")
    call(api, "PUT", f"{pages}/2/page_image", {"rotate": "right"})
    turned = call(api, "GET", pages)["pages"][1]
    assert (turned["width"], turned["height"]) == (second["height"], second["width"])
    call(api, "DELETE", f"{pages}/2", {})
    assert len(call(api, "GET", pages)["pages"]) == 1


def test_tabs(api: Api, path: str) -> None:
    tabs = f"{path}/recipients/1/tabs"
    (text,) = call(api, "GET", tabs)["textTabs"]
    call(api, "PUT", tabs, {"textTabs": [{"tabId": text["tabId"], "value": "Oslo"}]})
    assert call(api, "GET", f"{path}/documents/1/pages/1/tabs")["textTabs"][0]["value"] == "Oslo"
    call(api, "DELETE", tabs, {"textTabs": [{"tabId": text["tabId"]}]})
    assert "textTabs" not in call(api, "GET", tabs)
    place = {"documentId": "1", "pageNumber": "1", "xPosition": "50", "yPosition": "60", "value": "7"}
    call(api, "POST", f"{path}/documents/1/tabs", {"prefillTabs": {"textTabs": [place]}})
    assert call(api, "GET", f"{path}/documents/1/tabs")["prefillTabs"]["textTabs"][0]["value"] == "7"


def test_recipients_are_taken_out(api: Api, path: str) -> None:
    call(api, "DELETE", f"{path}/recipients", {"signers": [{"recipientId": "2"}]})
    assert [s["recipientId"] for s in call(api, "GET", f"{path}/recipients")["signers"]] == ["1"]


@pytest.mark.parametrize("tail", ["/recipients/1/document_visibility", "/recipients/document_visibility"])
def test_document_visibility(api: Api, path: str, tail: str) -> None:
    hidden = {"documentId": "2", "recipientId": "1", "visible": "false"}
    call(api, "PUT", path + tail, {"documentVisibility": [hidden]})
    found = call(api, "GET", f"{path}/recipients/1/document_visibility")["documentVisibility"]
    assert [(item["documentId"], item["visible"]) for item in found] == [("1", "true"), ("2", "false")]


def test_preview(api: Api, path: str) -> None:
    body = {"returnUrl": "https://portal.example/back"}
    assert "/Signing/" in call(api, "POST", f"{path}/views/recipient_preview", body)["url"]


def test_workflow(api: Api, path: str) -> None:
    steps = f"{path}/workflow/steps"
    step = call(api, "POST", steps, {"action": "pause_before", "itemId": "2", "triggerOnItem": "routing_order"})
    one = f"{steps}/{step['workflowStepId']}"
    rules = {"rules": [{"delay": "1.00:00:00"}]}
    call(api, "PUT", one, {"action": "pause_before", "itemId": "3", "triggerOnItem": "routing_order"})
    assert call(api, "GET", one)["itemId"] == "3"
    call(api, "PUT", f"{one}/delayedRouting", rules)
    assert call(api, "GET", f"{one}/delayedRouting")["rules"][0]["delay"] == "1.00:00:00"
    call(api, "DELETE", f"{one}/delayedRouting", {})
    call(api, "PUT", f"{path}/workflow/scheduledSending", rules)
    assert call(api, "GET", f"{path}/workflow/scheduledSending")["rules"][0]["delay"] == "1.00:00:00"
    call(api, "DELETE", f"{path}/workflow/scheduledSending", {})
    call(api, "DELETE", one, {})
    assert call(api, "GET", f"{path}/workflow").get("workflowSteps", []) == []
    call(api, "PUT", f"{path}/workflow", {"workflowSteps": [{"action": "pause_before", "itemId": "2"}]})
    assert len(call(api, "GET", f"{path}/workflow")["workflowSteps"]) == 1
    call(api, "DELETE", f"{path}/workflow", {})
