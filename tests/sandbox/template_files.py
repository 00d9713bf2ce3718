"""Templates for tests, and what is made of them."""

from typing import Any

from .api import Api, document

SIGNER = {
    "recipientId": "1",
    "roleName": "Buyer",
    "routingOrder": "1",
    "tabs": {
        "signHereTabs": [{"anchorString": "/sn1/"}],
        "textTabs": [
            {
                "documentId": "1",
                "pageNumber": "1",
                "xPosition": "100",
                "yPosition": "300",
                "tabLabel": "City",
                "value": "Rome",
                "locked": "true",
                "required": "true",
            }
        ],
    },
}
COPY = {"recipientId": "2", "roleName": "Witness", "routingOrder": "2"}


def template(**changes: Any) -> dict[str, Any]:
    data = {
        "name": "Sale",
        "description": "Of a house",
        "emailSubject": "Sale of a house",
        "emailBlurb": "Please read",
        "documents": [document()],
        "recipients": {"signers": [SIGNER], "carbonCopies": [COPY]},
    }
    return data | changes


def create_template(api: Api, **changes: Any) -> str:
    response = api.call("POST", "/templates", template(**changes))
    assert response.status_code == 201, response.text
    template_id: str = response.json()["templateId"]
    return template_id


def role(role_name: str = "Buyer", **changes: Any) -> dict[str, Any]:
    person = {"roleName": role_name, "name": "Ann Bee", "email": "ann@example.com", "clientUserId": "c1"}
    return {name: value for name, value in (person | changes).items() if value is not None}


def from_template(template_id: str, *roles: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"templateId": template_id, "templateRoles": list(roles) or [role()], "status": "sent"} | changes


def made(api: Api, definition: dict[str, Any], query: str = "") -> dict[str, Any]:
    """The envelope with everything in it."""
    response = api.call("POST", f"/envelopes{query}", definition)
    assert response.status_code == 201, response.text
    return api.get(response.json()["envelopeId"], "?include=recipients,tabs,documents,custom_fields,workflow")
