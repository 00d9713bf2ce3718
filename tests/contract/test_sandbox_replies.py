"""What the sandbox answers is what Docusign's specification describes, and what Docusign's own client can read."""

from pathlib import Path
from typing import Any

import docusign_esign
import pytest

from sandbox.robot import Robot
from tests.sandbox.api import RETURN_URL, Api, definition, document, signer
from tests.sandbox_process import SandboxProcess

from .specification import assert_matches


@pytest.fixture
def api(sandbox: SandboxProcess) -> Api:
    return Api(sandbox)


@pytest.fixture
def completed(api: Api) -> str:
    envelope_id = api.envelope(
        customFields={"textCustomFields": [{"name": "a", "value": "b"}]}, transactionId="t-1", emailBlurb="Hello"
    )
    Robot().sign(api.view_url(envelope_id, 1))
    Robot().sign(api.view_url(envelope_id, 2))
    return envelope_id


@pytest.mark.parametrize(
    ("tail", "shape"),
    [
        ("?include=recipients,tabs,custom_fields,documents", "envelope"),
        ("/recipients?include_tabs=true", "recipients"),
        ("/recipients/1/tabs", "tabs"),
        ("/documents", "envelopeDocumentsResult"),
        ("/custom_fields", "customFieldsEnvelope"),
        ("/audit_events", "envelopeAuditEventResponse"),
    ],
)
def test_what_is_read_has_the_published_shape(
    api: Api, completed: str, specification: Path, tail: str, shape: str
) -> None:
    assert_matches(specification, shape, api.get(completed, tail))


def test_what_is_written_is_answered_in_the_published_shape(api: Api, specification: Path) -> None:
    created = api.create().json()
    assert_matches(specification, "envelopeSummary", created)
    path = f"/envelopes/{created['envelopeId']}"
    assert_matches(specification, "viewUrl", api.view(created["envelopeId"]).json())
    voided = api.call("PUT", path, {"status": "voided", "voidedReason": "x"}).json()
    assert_matches(specification, "envelopeUpdateSummary", voided)


@pytest.mark.parametrize("query", ["from_date=2020-01-01&include=recipients", "transaction_ids=t-1"])
def test_lists_have_the_published_shape(api: Api, completed: str, specification: Path, query: str) -> None:
    assert_matches(specification, "envelopesInformation", api.call("GET", f"/envelopes?{query}").json())


def test_errors_have_the_published_shape(api: Api, specification: Path) -> None:
    assert_matches(specification, "errorDetails", api.call("GET", "/envelopes").json())


class TestDocusignsOwnClient:
    """The official Python SDK, over plain HTTP with a token we fetched (its own OAuth insists on https)."""

    @pytest.fixture
    def sdk(self, api: Api) -> Any:
        client = docusign_esign.ApiClient()
        client.host = f"{api.sandbox.base_url}/restapi"
        client.set_default_header("Authorization", f"Bearer {api.access_token}")
        return docusign_esign.EnvelopesApi(client)

    def test_plays_the_life_of_an_envelope(self, sdk: Any, api: Api, sandbox: SandboxProcess) -> None:
        account_id = sandbox.account_id
        created = sdk.create_envelope(account_id, envelope_definition=definition(recipients={"signers": [signer(1)]}))
        assert created.status == "sent"
        request = docusign_esign.RecipientViewRequest(
            return_url=RETURN_URL,
            authentication_method="none",
            email="s1@example.com",
            user_name="Signer 1",
            client_user_id="c1",
        )
        view = sdk.create_recipient_view(account_id, created.envelope_id, recipient_view_request=request)
        Robot().sign(view.url)
        assert sdk.get_envelope(account_id, created.envelope_id).status == "completed"
        recipients = sdk.list_recipients(account_id, created.envelope_id)
        assert recipients.signers[0].status == "completed"
        documents = sdk.list_documents(account_id, created.envelope_id)
        assert [d.document_id for d in documents.envelope_documents] == ["1", "certificate"]
        content = sdk.get_document(account_id, "combined", created.envelope_id)
        assert bytes(content).startswith(b"%PDF")

    def test_builds_an_envelope_from_its_own_models(self, sdk: Any, sandbox: SandboxProcess) -> None:
        """As Docusign's example does: numbers for ids, anchors with offsets."""
        tab = docusign_esign.SignHere(
            anchor_string="/sn1/", anchor_units="pixels", anchor_y_offset="10", anchor_x_offset="20"
        )
        person = docusign_esign.Signer(
            email="s1@example.com", name="Signer 1", recipient_id=1, routing_order=1, client_user_id=1000
        )
        person.tabs = docusign_esign.Tabs(sign_here_tabs=[tab])
        envelope = docusign_esign.EnvelopeDefinition(
            email_subject="Please sign this document set",
            documents=[
                docusign_esign.Document(
                    document_base64=document()["documentBase64"], name="Example", file_extension="pdf", document_id=1
                )
            ],
            recipients=docusign_esign.Recipients(signers=[person]),
            status="sent",
        )
        created = sdk.create_envelope(sandbox.account_id, envelope_definition=envelope)
        listed = sdk.list_status_changes(sandbox.account_id, from_date="2020-01-01")
        assert [e.envelope_id for e in listed.envelopes] == [created.envelope_id]

    def test_hears_the_documented_error(self, sdk: Any, sandbox: SandboxProcess) -> None:
        with pytest.raises(docusign_esign.ApiException) as caught:
            sdk.get_envelope(sandbox.account_id, "00000000-0000-0000-0000-000000000000")
        assert caught.value.status == 404
        assert b"ENVELOPE_DOES_NOT_EXIST" in caught.value.body
