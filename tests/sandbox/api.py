"""A plain client of the sandbox's API, independent of the portal's own."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import requests

from tests.pdf_files import draw_pdf
from tests.sandbox_process import SandboxProcess

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TIMEOUT_SECONDS = 30
RETURN_URL = "http://portal.test/back?x=1"


def claims(sandbox: SandboxProcess, **changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    data = {
        "iss": sandbox.config["DOCUSIGN_INTEGRATION_KEY"],
        "sub": sandbox.config["DOCUSIGN_USER_ID"],
        "aud": sandbox.base_url.removeprefix("http://"),
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(hours=1)).timestamp()),
        "scope": "signature impersonation",
    } | changes
    return {name: value for name, value in data.items() if value is not None}


def ask_for_token(
    sandbox: SandboxProcess, *, key: str = "", algorithm: str = "RS256", grant_type: str = GRANT_TYPE, **changes: Any
) -> requests.Response:
    assertion = jwt.encode(claims(sandbox, **changes), key or sandbox.private_key, algorithm=algorithm)
    form = {"grant_type": grant_type, "assertion": assertion}
    return requests.post(f"{sandbox.base_url}/oauth/token", data=form, timeout=TIMEOUT_SECONDS)


class Api:
    """Speaks to the service user's account with a valid token."""

    def __init__(self, sandbox: SandboxProcess, account_id: str = "") -> None:
        self.sandbox = sandbox
        own = f"{sandbox.base_url}/restapi/v2.1/accounts/{account_id}"
        self.url = own if account_id else sandbox.api_url
        self.access_token = ask_for_token(sandbox).json()["access_token"]

    def call(self, method: str, path: str, body: Any = None, **kwargs: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.access_token}"} | kwargs.pop("headers", {})
        url = path if path.startswith("http") else self.url + path
        return requests.request(method, url, json=body, headers=headers, timeout=TIMEOUT_SECONDS, **kwargs)

    def create(self, **changes: Any) -> requests.Response:
        return self.call("POST", "/envelopes", definition(**changes))

    def envelope(self, **changes: Any) -> str:
        response = self.create(**changes)
        assert response.status_code == 201, response.text
        envelope_id: str = response.json()["envelopeId"]
        return envelope_id

    def view(self, envelope_id: str, number: int = 1, **changes: Any) -> requests.Response:
        body = {
            "returnUrl": RETURN_URL,
            "authenticationMethod": "none",
            "email": f"s{number}@example.com",
            "userName": f"Signer {number}",
            "clientUserId": f"c{number}",
        } | changes
        body = {name: value for name, value in body.items() if value is not None}
        return self.call("POST", f"/envelopes/{envelope_id}/views/recipient", body)

    def view_url(self, envelope_id: str, number: int = 1, **changes: Any) -> str:
        response = self.view(envelope_id, number, **changes)
        assert response.status_code == 201, response.text
        url: str = response.json()["url"]
        return url

    def get(self, envelope_id: str, tail: str = "?include=recipients") -> dict[str, Any]:
        response = self.call("GET", f"/envelopes/{envelope_id}{tail}")
        assert response.status_code == 200, response.text
        data: dict[str, Any] = response.json()
        return data

    def states(self, envelope_id: str) -> tuple[str, list[str]]:
        data = self.get(envelope_id)
        return data["status"], [s["status"] for s in data["recipients"]["signers"]]


def document(number: int = 1, content: bytes | None = None, **changes: Any) -> dict[str, Any]:
    pdf = base64.b64encode(content or draw_pdf("Hello\n\n/sn1/\n\n/sn2/\n\n/sn3/")).decode()
    return {"documentId": str(number), "name": f"Doc {number}", "fileExtension": "pdf", "documentBase64": pdf} | changes


def signer(number: int = 1, order: int | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "recipientId": str(number),
        "routingOrder": str(order or number),
        "name": f"Signer {number}",
        "email": f"s{number}@example.com",
        "clientUserId": f"c{number}",
        "tabs": {"signHereTabs": [{"anchorString": f"/sn{number}/"}]},
    } | changes


def definition(**changes: Any) -> dict[str, Any]:
    data = {
        "status": "sent",
        "emailSubject": "Please sign",
        "documents": [document()],
        "recipients": {"signers": [signer(1), signer(2)]},
    } | changes
    return {name: value for name, value in data.items() if value is not None}
