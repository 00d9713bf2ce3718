"""One draft or template, many copies, by the official SDK (eg031; reference 6)."""

from typing import Any

import docusign_esign as esign
import pytest

from tests.sandbox_process import SandboxProcess

from .sdk import Sdk, document, sign_here

PEOPLE = [
    ("Ann Bee", "ann@example.com", "Cee Dee", "cee@example.com"),
    ("Eve Fox", "eve@example.com", "Gus", "gus@example.com"),
]


def placeholder(kind: Any, role_name: str, **changes: Any) -> Any:
    values = {
        "name": f"Multi Bulk Recipient::{role_name}",
        "email": f"multiBulkRecipients-{role_name}@docusign.com",
        "role_name": role_name,
        "note": "",
        "status": "created",
        "delivery_method": "email",
    }
    return kind(**(values | changes))


@pytest.fixture
def draft(sdk: Sdk) -> str:
    tabs = esign.Tabs(sign_here_tabs=[sign_here(tab_label="RecipentTab")])
    signer = placeholder(esign.Signer, "signer", routing_order="1", recipient_id="2", tabs=tabs)
    copy = placeholder(esign.Signer, "cc", routing_order="2", recipient_id="1")  # among the copies, as the example does
    return sdk.create(
        esign.EnvelopeDefinition(
            email_subject="Please Sign",
            documents=[document(2)],
            status="created",
            envelope_id_stamping="true",
            recipients=esign.Recipients(signers=[signer], carbon_copies=[copy]),
        )
    )


@pytest.fixture
def list_id(sdk: Sdk) -> str:
    copies = [
        esign.BulkSendingCopy(
            recipients=[
                esign.BulkSendingCopyRecipient(role_name="signer", tabs=[], name=name, email=email),
                esign.BulkSendingCopyRecipient(role_name="cc", tabs=[], name=cc_name, email=cc_email),
            ],
            custom_fields=[],
        )
        for name, email, cc_name, cc_email in PEOPLE
    ]
    wanted = esign.BulkSendingList(name="sample", bulk_copies=copies)
    list_id: str = sdk.bulk.create_bulk_send_list(bulk_sending_list=wanted).list_id
    return list_id


def send(sdk: Sdk, list_id: str, draft: str, sandbox: SandboxProcess) -> str:
    request = esign.BulkSendRequest(envelope_or_template_id=draft)
    queued = sdk.bulk.create_bulk_send_request(list_id, bulk_send_request=request)
    assert queued.batch_size == str(len(PEOPLE))
    sandbox.deliver()
    batch_id: str = queued.batch_id
    return batch_id


def test_every_copy_becomes_an_envelope(sdk: Sdk, draft: str, list_id: str, tls_sandbox: SandboxProcess) -> None:
    """eg031, with its custom field that ties the draft to its list."""
    field = esign.TextCustomField(name="mailingListId", required="false", show="false", value=list_id)
    fields = esign.CustomFields(list_custom_fields=[], text_custom_fields=[field])
    sdk.envelopes.create_custom_fields(draft, custom_fields=fields)
    batch_id = send(sdk, list_id, draft, tls_sandbox)
    batch = sdk.bulk.get_bulk_send_batch_status(batch_id)
    assert (batch.sent, batch.queued, batch.failed) == ("2", "0", "0")
    made = sdk.bulk.get_bulk_send_batch_envelopes(batch_id, include="recipients")
    assert {each.recipients.signers[0].email for each in made.envelopes} == {"ann@example.com", "eve@example.com"}
    assert {each.recipients.carbon_copies[0].email for each in made.envelopes} == {"cee@example.com", "gus@example.com"}


def test_a_list_is_tested_first(sdk: Sdk, draft: str, list_id: str) -> None:
    request = esign.BulkSendRequest(envelope_or_template_id=draft)
    tested = sdk.bulk.create_bulk_send_test_request(list_id, bulk_send_request=request)
    assert tested.can_be_sent
    nobody = esign.BulkSendingList(name="empty", bulk_copies=[])
    empty_id = sdk.bulk.create_bulk_send_list(bulk_sending_list=nobody).list_id
    refused = sdk.bulk.create_bulk_send_test_request(empty_id, bulk_send_request=request)
    assert "BULK_SEND_ENVELOPE_LIST_CONTAINS_NO_COPIES" in refused.validation_errors


def test_a_list_is_read_renamed_and_deleted(sdk: Sdk, list_id: str) -> None:
    kept = sdk.bulk.get_bulk_send_list(list_id)
    assert [copy.recipients[0].email for copy in kept.bulk_copies] == ["ann@example.com", "eve@example.com"]
    kept.name = "better"
    assert sdk.bulk.update_bulk_send_list(list_id, bulk_sending_list=kept).name == "better"
    assert [each.name for each in sdk.bulk.get_bulk_send_lists().bulk_list_summaries] == ["better"]
    sdk.bulk.delete_bulk_send_list(list_id)
    assert not sdk.bulk.get_bulk_send_lists().bulk_list_summaries


def test_a_batch_is_found_renamed_and_voided(sdk: Sdk, draft: str, list_id: str, tls_sandbox: SandboxProcess) -> None:
    batch_id = send(sdk, list_id, draft, tls_sandbox)
    sdk.bulk.update_bulk_send_batch_status(
        batch_id, bulk_send_batch_request=esign.BulkSendBatchRequest(batch_name="May")
    )
    found = sdk.bulk.get_bulk_send_batches(batch_ids=batch_id, count="10")
    assert [each.batch_name for each in found.bulk_batch_summaries] == ["May"]
    reason = esign.BulkSendBatchActionRequest(action="void", void_reason="Wrong month")
    sdk.bulk.update_bulk_send_batch_action("void", batch_id, bulk_send_batch_action_request=reason)
    tls_sandbox.deliver()
    made = sdk.bulk.get_bulk_send_batch_envelopes(batch_id)
    assert {each.status for each in made.envelopes} == {"voided"}
