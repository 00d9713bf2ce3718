"""Docusign's own Python SDK as a client of the sandbox, and small pieces of what its official examples send."""

import base64
from functools import partial
from typing import Any

import docusign_esign as esign

from sandbox.robot import Robot
from tests.pdf_files import draw_pdf
from tests.sandbox_process import SandboxProcess
from tests.word_files import paragraph, word

SCOPES = ["signature", "impersonation"]
RETURN_URL = "http://localhost:3000/ds-return"
TEMPLATE_NAME = "Example Signer and CC template"
FOUR_THOUSAND_SECONDS = 4000  # longer than the documented hour, as the official examples ask for (reference 1.2)
ORDER_FORM = """<!DOCTYPE html><html><head><meta charset="UTF-8"></head><body style="font-family: sans-serif">
<h1 style="color: darkblue">World Wide Corp</h1><p>Ordered by Pat Developer</p>
<h3>Agreed: <span style="color: white">**signature_1**/</span></h3></body></html>"""


class ForAccount:
    """One of the SDK's API classes; the first argument of every call, the account, is given already."""

    def __init__(self, api: Any, account_id: str) -> None:
        self._api = api
        self._account_id = account_id

    def __getattr__(self, name: str) -> Any:
        return partial(getattr(self._api, name), self._account_id)


class Sdk:
    """A client that has its access token, with the API classes of one account."""

    def __init__(self, client: Any, account_id: str) -> None:
        self.client = client
        self.account_id = account_id
        self.accounts = ForAccount(esign.AccountsApi(client), account_id)
        self.bulk = ForAccount(esign.BulkEnvelopesApi(client), account_id)
        self.connect = ForAccount(esign.ConnectApi(client), account_id)
        self.custom_tabs = ForAccount(esign.CustomTabsApi(client), account_id)
        self.envelopes = ForAccount(esign.EnvelopesApi(client), account_id)
        self.folders = ForAccount(esign.FoldersApi(client), account_id)
        self.groups = ForAccount(esign.GroupsApi(client), account_id)
        self.power_forms = ForAccount(esign.PowerFormsApi(client), account_id)
        self.signing_groups = ForAccount(esign.SigningGroupsApi(client), account_id)
        self.templates = ForAccount(esign.TemplatesApi(client), account_id)
        self.users = ForAccount(esign.UsersApi(client), account_id)
        self.authentication = esign.AuthenticationApi(client)
        self.diagnostics = esign.DiagnosticsApi(client)

    def create(self, definition: Any) -> str:
        envelope_id: str = self.envelopes.create_envelope(envelope_definition=definition).envelope_id
        return envelope_id

    def status(self, envelope_id: str) -> str:
        status: str = self.envelopes.get_envelope(envelope_id).status
        return status

    def view_url(self, envelope_id: str, person: Any, **changes: Any) -> str:
        request = view_request(person, **changes)
        url: str = self.envelopes.create_recipient_view(envelope_id, recipient_view_request=request).url
        return url

    def sign(self, envelope_id: str, person: Any) -> str:
        """The embedded signer plays the whole ceremony; where the browser is sent afterwards."""
        return Robot().sign(self.view_url(envelope_id, person), signature=person.name)


def client_of(sandbox: SandboxProcess) -> Any:
    """Not logged in yet. OAuth is on the same host and port as the API."""
    return esign.ApiClient(host=f"{sandbox.base_url}/restapi", oauth_host_name=host_of(sandbox))


def host_of(sandbox: SandboxProcess) -> str:
    return sandbox.base_url.removeprefix("https://")


def grant(client: Any, sandbox: SandboxProcess, **changes: Any) -> Any:
    """By JWT Grant, for the service user; the client sends the access token from then on."""
    arguments = {
        "client_id": sandbox.config["DOCUSIGN_INTEGRATION_KEY"],
        "user_id": sandbox.config["DOCUSIGN_USER_ID"],
        "oauth_host_name": host_of(sandbox),
        "private_key_bytes": sandbox.private_key.encode(),
        "expires_in": FOUR_THOUSAND_SECONDS,
        "scopes": SCOPES,
    } | changes
    return client.request_jwt_user_token(**arguments)


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def document(document_id: int | str = 1, *pages: str, **changes: Any) -> Any:
    """A PDF with the anchors /sn1/ and /sn2/, or with the text given. Its id is a number, as in the examples."""
    content = draw_pdf(*pages)
    values = {"document_base64": base64_of(content), "name": "Lorem Ipsum", "file_extension": "pdf"}
    return esign.Document(**{**values, "document_id": document_id, **changes})


def html_document(document_id: int = 1, source: str = ORDER_FORM) -> Any:
    content = base64_of(source.encode())
    return document(document_id, document_base64=content, name="Order acknowledgement", file_extension="html")


def word_document(document_id: int, *paragraphs: str) -> Any:
    content = base64_of(word("".join(map(paragraph, paragraphs))))
    return document(document_id, document_base64=content, name="Battle Plan", file_extension="docx")


def sign_here(anchor: str = "/sn1/", **changes: Any) -> Any:
    offsets = {"anchor_units": "pixels", "anchor_y_offset": "10", "anchor_x_offset": "20"}
    return esign.SignHere(**{"anchor_string": anchor, **offsets, **changes})


def signer(number: int = 1, **changes: Any) -> Any:
    """A remote one: no client_user_id."""
    values = {
        "email": f"signer{number}@example.com",
        "name": f"Pat Developer {number}",
        "recipient_id": str(number),
        "routing_order": str(number),
        "tabs": esign.Tabs(sign_here_tabs=[sign_here(f"/sn{number}/")]),
    }
    return esign.Signer(**(values | changes))


def embedded(number: int = 1, **changes: Any) -> Any:
    return signer(number, **({"client_user_id": 1000 + number} | changes))


def carbon_copy(number: int = 2, **changes: Any) -> Any:
    values = {"email": "copy@example.com", "name": "Cee Copy", "recipient_id": number, "routing_order": number}
    return esign.CarbonCopy(**(values | changes))


def definition(*signers: Any, copies: Any = (), **changes: Any) -> Any:
    """To be sent at once; without signers, one embedded."""
    values = {
        "email_subject": "Please sign this document set",
        "documents": [document()],
        "recipients": esign.Recipients(signers=list(signers) or [embedded()], carbon_copies=list(copies)),
        "status": "sent",
    }
    return esign.EnvelopeDefinition(**(values | changes))


def view_request(person: Any, **changes: Any) -> Any:
    values = {
        "authentication_method": "none",
        "client_user_id": person.client_user_id,
        "recipient_id": person.recipient_id,
        "return_url": RETURN_URL,
        "user_name": person.name,
        "email": person.email,
    }
    return esign.RecipientViewRequest(**(values | changes))


def template(tabs: Any = None, **changes: Any) -> Any:
    """With the roles `signer`, who has the tabs, and `cc`."""
    signer_role = esign.Signer(role_name="signer", recipient_id="1", routing_order="1", tabs=tabs)
    copy_role = esign.CarbonCopy(role_name="cc", recipient_id="2", routing_order="2")
    values = {
        "documents": [document()],
        "email_subject": "Please sign this document",
        "recipients": esign.Recipients(signers=[signer_role], carbon_copies=[copy_role]),
        "description": "Example template created via the API",
        "name": TEMPLATE_NAME,
        "shared": "false",
        "status": "created",
    }
    return esign.EnvelopeTemplate(**(values | changes))
