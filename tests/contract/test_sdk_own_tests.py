"""What the SDK's own tests call and assert, in our words (reference 9.1). What other rooms test is not repeated."""

from collections.abc import Iterator
from typing import Any

import docusign_esign as esign
import pytest

from .sdk import Sdk, carbon_copy, definition, document, embedded, signer

ROLE, MANAGER = "Needs to sign", "Manager"
PAT = {"name": "Pat Developer", "email": "pat@example.com"}


def fixed(**changes: Any) -> Any:
    values = {"document_id": "1", "page_number": "1", "recipient_id": "1", "x_position": "100", "y_position": "100"}
    return esign.SignHere(**(values | {"scale_value": "0.5"} | changes))


@pytest.fixture
def template_id(sdk: Sdk) -> str:
    """As the tests expect to find it in the account: two roles, the manager's with a list."""
    choices = [esign.ListItem(text=name, value=name) for name in ("one", "two")]
    choice = esign.List(document_id="1", page_number="1", x_position="50", y_position="300", list_items=choices)
    first = esign.Signer(role_name=ROLE, recipient_id="1", tabs=esign.Tabs(sign_here_tabs=[fixed()]))
    manager = esign.Signer(role_name=MANAGER, recipient_id="2", tabs=esign.Tabs(list_tabs=[choice]))
    recipients = esign.Recipients(signers=[manager, first])
    template = esign.EnvelopeTemplate(
        name="myTemplate", email_subject="Please sign", documents=[document()], recipients=recipients
    )
    template_id: str = sdk.templates.create_template(envelope_template=template).template_id
    return template_id


def from_template(sdk: Sdk, template_id: str, role_name: str) -> Any:
    role = esign.TemplateRole(role_name=role_name, **PAT)
    wanted = esign.EnvelopeDefinition(
        email_subject="Please Sign my Python SDK Envelope",
        email_blurb="Hello, Please sign my Python SDK Envelope.",
        template_id=template_id,
        template_roles=[role],
        status="sent",
    )
    return sdk.envelopes.create_envelope(envelope_definition=wanted)


class TestEnvelopes:
    def test_from_a_template(self, sdk: Sdk, template_id: str) -> None:
        made = from_template(sdk, template_id, ROLE)
        assert (bool(made.envelope_id), made.status) == (True, "sent")

    def test_from_a_document_without_a_file_extension(self, sdk: Sdk) -> None:
        """PDF is what is meant; the recipient has no routing order."""
        pdf = document("1", name="TestFile.pdf", file_extension=None)
        person = signer(routing_order=None, tabs=esign.Tabs(sign_here_tabs=[fixed()]))
        made = sdk.envelopes.create_envelope(envelope_definition=definition(person, documents=[pdf]))
        assert (bool(made.envelope_id), made.status) == (True, "sent")

    def test_a_managers_list(self, sdk: Sdk, template_id: str) -> None:
        made = from_template(sdk, template_id, MANAGER)
        people = sdk.envelopes.list_recipients(made.envelope_id).signers
        assert sdk.envelopes.list_tabs(made.envelope_id, people[0].recipient_id).list_tabs is not None

    def test_resending_one_recipient(self, sdk: Sdk, template_id: str) -> None:
        """With tabs and a client_user_id in the update, as the test has it; success says nothing of errors."""
        made = from_template(sdk, template_id, ROLE)
        person = esign.Signer(recipient_id="1", client_user_id="2939", tabs=esign.Tabs(sign_here_tabs=[fixed()]), **PAT)
        answer = sdk.envelopes.update_recipients(
            made.envelope_id, recipients=esign.Recipients(signers=[person]), resend_envelope="true"
        )
        assert answer.recipient_update_results[0].error_details is None

    def test_form_data_has_some_of_the_senders(self, sdk: Sdk, template_id: str) -> None:
        made = from_template(sdk, template_id, ROLE)
        data = sdk.envelopes.get_form_data(made.envelope_id)
        assert data.prefill_form_data.form_data[0].name is not None

    def test_a_text_tab_and_the_combined_document(self, sdk: Sdk) -> None:
        text = esign.Text(document_id="1", page_number="1", recipient_id="1", x_position="100", y_position="100")
        envelope_id = sdk.create(definition(embedded(tabs=esign.Tabs(text_tabs=[text]))))
        assert len(sdk.envelopes.get_document("combined", envelope_id)) > 0


def test_login_information_leads_to_the_same_host(sdk: Sdk) -> None:
    information = sdk.authentication.login(api_password="true", include_account_id_guid="true")
    account = information.login_accounts[0]
    assert account.account_id
    base_url, _ = account.base_url.split("/v2")
    assert base_url == sdk.client.host
    assert sdk.envelopes.list_status_changes(from_date="2020-01-01").result_set_size == "0"


class TestFolders:
    def move(self, sdk: Sdk, envelope_id: str, to: str, **origin: str) -> Any:
        request = esign.FoldersRequest(envelope_ids=[envelope_id], **origin)
        return sdk.folders.move_envelopes(to, folders_request=request)

    def items(self, sdk: Sdk, folder_id: str) -> list[str]:
        found = sdk.folders.list_items(folder_id, include_items="true")
        return [item.envelope_id for folder in found.folders for item in folder.folder_items or []]

    def test_a_sent_envelope_is_moved_to_the_drafts(self, sdk: Sdk) -> None:
        envelope_id = sdk.create(definition(signer()))
        self.move(sdk, envelope_id, "draft", from_folder_id="sentitems")
        assert envelope_id in self.items(sdk, "draft")

    def test_a_deleted_envelope_is_restored(self, sdk: Sdk) -> None:
        """eg045: deleting one that is out voids it; then from the bin into a folder found by its name."""
        envelope_id = sdk.create(definition(signer()))
        self.move(sdk, envelope_id, "recyclebin")
        assert sdk.status(envelope_id) == "voided"
        folders = {folder.type: folder.folder_id for folder in sdk.folders.list().folders}
        self.move(sdk, envelope_id, folders["sentitems"], from_folder_id="recyclebin")
        assert envelope_id in self.items(sdk, "sentitems")

    def test_a_search_folder(self, sdk: Sdk) -> None:
        envelope_id = sdk.create(definition(signer()))
        found = sdk.folders.search("out_for_signature", all="true")
        assert envelope_id in [item.envelope_id for item in found.folder_items]


class TestDiagnostics:
    @pytest.fixture(autouse=True)
    def logging(self, sdk: Sdk) -> Iterator[None]:
        self.switch(sdk, "true")
        yield
        self.switch(sdk, "false")

    def switch(self, sdk: Sdk, state: str) -> None:
        wanted = esign.DiagnosticsSettingsInformation(api_request_logging=state)
        sdk.diagnostics.update_request_log_settings(diagnostics_settings_information=wanted)

    def test_a_call_can_be_read_again(self, sdk: Sdk) -> None:
        sdk.create(definition())
        logs = sdk.diagnostics.list_request_logs().api_request_logs
        assert len(sdk.diagnostics.get_request_log(logs[0].request_log_id)) > 0
        sdk.diagnostics.delete_request_logs()

    def test_the_service_tells_its_versions(self, sdk: Sdk) -> None:
        versions = [each.version for each in sdk.diagnostics.get_service().service_versions]
        assert "v2.1" in versions
        assert sdk.diagnostics.get_resources().resources


def test_everybody_in_one_envelope(sdk: Sdk) -> None:
    """All the kinds of recipients that Java's and Node's tests add, read back by their arrays."""
    people = esign.Recipients(
        signers=[signer(1)],
        carbon_copies=[carbon_copy(2)],
        certified_deliveries=[esign.CertifiedDelivery(recipient_id="3", name="Dee", email="dee@example.com")],
        agents=[esign.Agent(recipient_id="4", name="Eve", email="eve@example.com", routing_order="2")],
        editors=[esign.Editor(recipient_id="5", name="Fay", email="fay@example.com", routing_order="3")],
        intermediaries=[esign.Intermediary(recipient_id="6", name="Gus", email="gus@example.com", routing_order="4")],
    )
    kept = sdk.envelopes.list_recipients(sdk.create(definition(recipients=people)))
    assert kept.recipient_count == "6"
    assert [each[0].recipient_id for each in (kept.agents, kept.editors, kept.intermediaries)] == ["4", "5", "6"]
