"""Bulk send lists and what they are sent with."""

from typing import Any

import requests

from .api import Api, document

SIGNER = {
    "recipientId": "1",
    "roleName": "signer",
    "routingOrder": "1",
    "name": "Multi Bulk Recipient::signer",
    "email": "multiBulkRecipients-signer@docusign.com",
    "tabs": {
        "signHereTabs": [{"anchorString": "/sn1/"}],
        "textTabs": [
            {"documentId": "1", "pageNumber": "1", "xPosition": "100", "yPosition": "300", "tabLabel": "City"}
        ],
    },
}
COPY = {
    "recipientId": "2",
    "roleName": "cc",
    "routingOrder": "2",
    "name": "Multi Bulk Recipient::cc",
    "email": "multiBulkRecipients-cc@docusign.com",
}


def draft(api: Api, **changes: Any) -> str:
    body = {
        "status": "created",
        "emailSubject": "Please sign",
        "documents": [document()],
        "recipients": {"signers": [SIGNER], "carbonCopies": [COPY]},
    }
    response = api.call("POST", "/envelopes", body | changes)
    assert response.status_code == 201, response.text
    envelope_id: str = response.json()["envelopeId"]
    return envelope_id


def person(number: int = 1, role_name: str | None = "signer", **changes: Any) -> dict[str, Any]:
    data = {"roleName": role_name, "name": f"Person {number}", "email": f"p{number}@example.com"} | changes
    return {name: value for name, value in data.items() if value is not None}


def copy(number: int = 1, **changes: Any) -> dict[str, Any]:
    copied = person(number, "cc", name=f"Copied {number}", email=f"cc{number}@example.com")
    return {"recipients": [person(number), copied]} | changes


def bulk_list(*copies: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"name": "Spring", "bulkCopies": list(copies or (copy(1), copy(2)))} | changes


def create_list(api: Api, *copies: dict[str, Any]) -> str:
    response = api.call("POST", "/bulk_send_lists", bulk_list(*copies))
    assert response.status_code == 201, response.text
    list_id: str = response.json()["listId"]
    return list_id


def send(api: Api, list_id: str, source_id: str | None, **changes: Any) -> requests.Response:
    body = {"envelopeOrTemplateId": source_id, "batchName": "April"} | changes
    return api.call("POST", f"/bulk_send_lists/{list_id}/send", body)


def sent(api: Api, *copies: dict[str, Any], source_id: str = "") -> str:
    """The id of a batch all of whose copies are sent."""
    response = send(api, create_list(api, *copies), source_id or draft(api))
    assert response.status_code == 201, response.text
    api.sandbox.advance(60)
    batch_id: str = response.json()["batchId"]
    return batch_id


def batch(api: Api, batch_id: str, tail: str = "") -> dict[str, Any]:
    response = api.call("GET", f"/bulk_send_batch/{batch_id}{tail}")
    assert response.status_code == 200, response.text
    data: dict[str, Any] = response.json()
    return data


def counts(api: Api, batch_id: str) -> tuple[str, str, str]:
    """sent, queued, failed."""
    data = batch(api, batch_id)
    return data["sent"], data["queued"], data["failed"]


def envelopes(api: Api, batch_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = batch(api, batch_id, "/envelopes?include=recipients,tabs,custom_fields")["envelopes"]
    return found
