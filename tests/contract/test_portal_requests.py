"""What the portal sends is what Docusign's specification describes; nothing is specific to the sandbox."""

from pathlib import Path

import pytest

from signing import tasks, voiding
from signing.authoring import SignerInput, TabInput
from signing.bulk import batches
from signing.models import TabKind
from tests.bulk import make_checked, make_template
from tests.deeds import open_ceremony, send, sign
from tests.factories import CARL, recipient_of
from tests.sandbox_process import SandboxProcess

from .specification import assert_matches, query_parameters

pytestmark = pytest.mark.django_db
ACCOUNT = "/v2.1/accounts/{accountId}"
EVERY_KIND = SignerInput(
    "Ann Bee",
    "ann@example.com",
    1,
    tuple(
        TabInput(kind, document_number=1, page=1, x=50, y=50 * n, label=f"Field {n}", required=bool(n % 2))
        for n, kind in enumerate(TabKind, start=1)
    ),
)


def test_the_envelope_definition(docusign: SandboxProcess, specification: Path) -> None:
    send(signers=[EVERY_KIND, CARL], message="Please sign.")
    (call,) = docusign.requests("POST", "/envelopes")
    assert_matches(specification, "envelopeDefinition", call["body"])


def test_the_recipient_view_request(docusign: SandboxProcess, specification: Path) -> None:
    open_ceremony(recipient_of(send(), 1))
    (call,) = docusign.requests("POST", "/views/recipient")
    assert_matches(specification, "recipientViewRequest", call["body"])
    assert call["body"]["returnUrl"].startswith("http://portal.test/sign/")


def test_voiding(docusign: SandboxProcess, specification: Path) -> None:
    voiding.void(send(), reason="Wrong version")
    (call,) = docusign.requests("PUT")
    assert_matches(specification, "envelope", call["body"])


def test_every_query_parameter_is_one_of_the_specification(docusign: SandboxProcess, specification: Path) -> None:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.poll_envelopes()
    allowed = query_parameters(specification, f"{ACCOUNT}/envelopes", "get")
    calls = [c for c in docusign.requests("GET") if c["path"].endswith("/envelopes")]
    assert calls
    for call in calls:
        assert set(call["query"]) <= allowed


def test_a_journey_of_two_signers_takes_few_calls(docusign: SandboxProcess) -> None:
    """One create, a view and one batched look per signer, two documents: nothing per page view, no GET per envelope."""
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    calls = [(c["method"], c["path"].rpartition("/")[2]) for c in docusign.requests()]
    assert calls == [
        ("POST", "envelopes"),
        ("POST", "recipient"),
        ("GET", "envelopes"),
        ("POST", "recipient"),
        ("GET", "envelopes"),
        ("GET", "combined"),
        ("GET", "certificate"),
    ]


def test_bulk_send(docusign: SandboxProcess, specification: Path) -> None:
    batch = make_checked(template=make_template(message="Dear {{Name}}"), mode="docusign")
    batches.start(batch)
    tasks.drive_bulk_batch(batch.pk)
    bodies = {call["path"].rpartition("/")[2]: call["body"] for call in docusign.requests("POST")}
    assert_matches(specification, "envelopeDefinition", bodies["envelopes"])
    assert_matches(specification, "bulkSendingList", bodies["bulk_send_lists"])
    assert_matches(specification, "bulkSendRequest", bodies["test"])
    assert_matches(specification, "bulkSendRequest", bodies["send"])
