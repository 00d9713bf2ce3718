"""What the sandbox answers is what Docusign's specification describes, and what Docusign's own client can read."""

from pathlib import Path

import docusign_esign
import pytest

from sandbox.robot import Robot
from tests.sandbox.api import Api, definition
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


def test_docusigns_own_client_reads_it_over_plain_http_too(api: Api, sandbox: SandboxProcess) -> None:
    """With a token we fetched: its OAuth insists on https."""
    client = docusign_esign.ApiClient(host=f"{sandbox.base_url}/restapi")
    client.set_default_header("Authorization", f"Bearer {api.access_token}")
    envelopes = docusign_esign.EnvelopesApi(client)
    created = envelopes.create_envelope(sandbox.account_id, envelope_definition=definition())
    assert envelopes.get_envelope(sandbox.account_id, created.envelope_id).status == "sent"
    client.rest_client.pool_manager.clear()
