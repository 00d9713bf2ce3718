"""The whole life of an envelope: sent, opened, signed, read back, downloaded (eg001 to eg007, eg039)."""

import io
from typing import Any
from zipfile import ZipFile

import docusign_esign as esign
import pytest

from sandbox.robot import Robot
from tests.pdf_files import text_of
from tests.sandbox_process import SandboxProcess

from .sdk import (
    RETURN_URL,
    Sdk,
    carbon_copy,
    definition,
    document,
    embedded,
    sign_here,
    signer,
    view_request,
)

FIELDS = "Name: /name/\nChoice: /choice/\nAgreed: /agreed/\nSign: /sn1/"


def mail_link(sandbox: SandboxProcess, email: str) -> str:
    """Of the button in the last email to this person."""
    link: str = sandbox.mails(to=email)[-1]["link"]
    return link


class TestEmbedded:
    def test_two_signers_one_after_the_other(self, sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
        """eg001, then eg004 to eg007. The copy follows at once; nobody embedded gets an email."""
        first, second = embedded(1), embedded(2)
        envelope_id = sdk.create(definition(first, second, copies=[carbon_copy(3)]))
        assert sdk.sign(envelope_id, first) == f"{RETURN_URL}?event=signing_complete"
        assert sdk.status(envelope_id) in ("sent", "delivered")
        sdk.sign(envelope_id, second)
        envelope = sdk.envelopes.get_envelope(envelope_id)
        assert (envelope.status, envelope.purge_state) == ("completed", "unpurged")
        recipients = sdk.envelopes.list_recipients(envelope_id)
        assert [person.status for person in recipients.signers] == ["completed", "completed"]
        assert (recipients.recipient_count, recipients.carbon_copies[0].status) == ("3", "completed")
        assert {mail["to"] for mail in tls_sandbox.mails(envelope_id=envelope_id)} & {
            first.email,
            second.email,
        } == set()

    def test_the_address_of_a_view_is_used_once(self, sdk: Sdk) -> None:
        person = embedded()
        envelope_id = sdk.create(definition(person))
        url = sdk.view_url(envelope_id, person)
        Robot().finish_later(url)
        assert Robot().finish_later(url) == f"{RETURN_URL}?event=ttl_expired"

    def test_declining_ends_the_envelope(self, sdk: Sdk) -> None:
        person = embedded()
        envelope_id = sdk.create(definition(person, signer(2)))
        assert Robot().decline(sdk.view_url(envelope_id, person), "Too dear.") == f"{RETURN_URL}?event=decline"
        assert sdk.status(envelope_id) == "declined"
        assert sdk.envelopes.list_recipients(envelope_id).signers[0].declined_reason == "Too dear."

    def test_a_focused_view_names_its_frames(self, sdk: Sdk) -> None:
        """eg044."""
        person = embedded()
        envelope_id = sdk.create(definition(person))
        url = sdk.view_url(
            envelope_id,
            person,
            frame_ancestors=["http://localhost:3000", "https://apps-d.docusign.com"],
            message_origins=["https://apps-d.docusign.com"],
        )
        assert Robot().sign(url, signature=person.name) == f"{RETURN_URL}?event=signing_complete"

    @pytest.mark.parametrize(
        ("changes", "error_code"),
        [
            ({"client_user_id": "2"}, "UNKNOWN_ENVELOPE_RECIPIENT"),
            ({"user_name": "Pat Development"}, "UNKNOWN_ENVELOPE_RECIPIENT"),
            ({"return_url": None}, "INVALID_REQUEST_PARAMETER"),
        ],
    )
    def test_a_view_for_nobody_is_refused(self, sdk: Sdk, changes: dict[str, Any], error_code: str) -> None:
        person = embedded()
        envelope_id = sdk.create(definition(person))
        with pytest.raises(esign.ApiException) as caught:
            sdk.view_url(envelope_id, person, **changes)
        assert (caught.value.status, error_code in caught.value.body.decode()) == (400, True)

    def test_nobody_signs_out_of_turn(self, sdk: Sdk) -> None:
        second = embedded(2)
        envelope_id = sdk.create(definition(embedded(1), second))
        with pytest.raises(esign.ApiException) as caught:
            sdk.view_url(envelope_id, second)
        assert "RECIPIENT_NOT_IN_SEQUENCE" in caught.value.body.decode()


def test_a_remote_signer_signs_from_the_email(sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
    """eg002: without a client_user_id; the copy comes by email when the signer has signed."""
    person = signer()
    envelope_id = sdk.create(definition(person, copies=[carbon_copy()]))
    Robot().sign(mail_link(tls_sandbox, person.email), signature=person.name)
    assert sdk.status(envelope_id) == "completed"
    assert mail_link(tls_sandbox, "copy@example.com")


def test_an_in_person_signer_is_opened_by_the_host(sdk: Sdk) -> None:
    """eg039: the host is the account's own user; the view is in their name."""
    host = sdk.client.get_user_info(sdk.client.default_headers["Authorization"].split()[1])
    person = esign.InPersonSigner(
        host_email=host.email,
        host_name=host.name,
        signer_email="ann@example.com",
        signer_name="Ann Bee",
        recipient_id="1",
        routing_order="1",
        tabs=esign.Tabs(sign_here_tabs=[sign_here()]),
    )
    recipients = esign.Recipients(in_person_signers=[person])
    envelope_id = sdk.create(definition(recipients=recipients))
    request = esign.RecipientViewRequest(
        authentication_method="none", email=host.email, user_name=host.name, return_url=RETURN_URL
    )
    url = sdk.envelopes.create_recipient_view(envelope_id, recipient_view_request=request).url
    assert Robot().sign(url, signature="Ann Bee") == f"{RETURN_URL}?event=signing_complete"
    assert sdk.status(envelope_id) == "completed"


class TestReadBack:
    @pytest.fixture
    def completed(self, sdk: Sdk) -> str:
        tabs = esign.Tabs(
            sign_here_tabs=[sign_here()],
            text_tabs=[esign.Text(anchor_string="/name/", tab_label="Nickname", value="Pat", required="true")],
            list_tabs=[
                esign.List(
                    anchor_string="/choice/",
                    tab_label="Colour",
                    list_items=[esign.ListItem(text="Red", value="red", selected="true")],
                )
            ],
            checkbox_tabs=[esign.Checkbox(anchor_string="/agreed/", tab_label="Agreed")],
        )
        person = embedded(tabs=tabs)
        fields = esign.CustomFields(text_custom_fields=[esign.TextCustomField(name="order", value="4711")])
        envelope_id = sdk.create(definition(person, documents=[document(1, FIELDS)], custom_fields=fields))
        sdk.sign(envelope_id, person)
        return envelope_id

    def test_the_list_of_changes(self, sdk: Sdk, completed: str) -> None:
        """eg003: since a moment, spelled as Python's isoformat does."""
        changes = sdk.envelopes.list_status_changes(from_date="2020-01-01T00:00:00.123456", include="recipients")
        assert [(each.envelope_id, each.status) for each in changes.envelopes] == [(completed, "completed")]
        assert (changes.result_set_size, changes.start_position, changes.end_position) == ("1", "0", "0")

    def test_one_by_custom_field(self, sdk: Sdk, completed: str) -> None:
        sdk.create(definition(status="created"))
        found = sdk.envelopes.list_status_changes(from_date="2020-01-01", custom_field="order=4711")
        assert [each.envelope_id for each in found.envelopes] == [completed]

    def test_the_status_of_several(self, sdk: Sdk, completed: str) -> None:
        request = esign.EnvelopeIdsRequest(envelope_ids=[completed])
        found = sdk.envelopes.list_status(envelope_ids="request_body", envelope_ids_request=request)
        assert [each.status for each in found.envelopes] == ["completed"]

    def test_an_envelope_with_everything(self, sdk: Sdk, completed: str) -> None:
        everything = "custom_fields,documents,attachments,extensions,folders,recipients,tabs,payment_tabs,workflow"
        envelope = sdk.envelopes.get_envelope(completed, include=everything)
        assert envelope.recipients.signers[0].tabs.text_tabs[0].tab_label == "Nickname"
        assert envelope.custom_fields.text_custom_fields[0].value == "4711"

    def test_the_tabs_values(self, sdk: Sdk, completed: str) -> None:
        tabs = sdk.envelopes.list_tabs(completed, "1")
        assert tabs.text_tabs[0].value == "Pat"
        assert tabs.checkbox_tabs[0].selected == "true"
        assert tabs.sign_here_tabs[0].status == "signed"

    def test_the_form_data(self, sdk: Sdk, completed: str) -> None:
        """eg015."""
        data = sdk.envelopes.get_form_data(completed)
        assert ("Nickname", "Pat") in [(each.name, each.value) for each in data.form_data]
        assert data.recipient_form_data[0].recipient_id == "1"

    def test_the_documents_and_their_bytes(self, sdk: Sdk, completed: str) -> None:
        """eg006, eg007."""
        listed = sdk.envelopes.list_documents(completed)
        assert listed.envelope_id == completed
        assert [each.document_id for each in listed.envelope_documents] == ["1", "certificate"]
        assert "Pat" in text_of(sdk.envelopes.get_document("1", completed))
        assert sdk.envelopes.get_document("combined", completed, certificate="true").startswith(b"%PDF")
        assert "Pat Developer" in text_of(sdk.envelopes.get_document("certificate", completed))

    def test_all_documents_in_an_archive_or_a_portfolio(self, sdk: Sdk, completed: str) -> None:
        archive = ZipFile(io.BytesIO(sdk.envelopes.get_document("archive", completed)))
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
        assert sdk.envelopes.get_document("portfolio", completed).startswith(b"%PDF")

    def test_a_picture_of_each_page(self, sdk: Sdk, completed: str) -> None:
        assert [page.sequence for page in sdk.envelopes.get_pages("1", completed).pages] == ["1"]
        assert sdk.envelopes.get_document_page_image("1", completed, "1").startswith(b"\x89PNG")

    def test_the_history(self, sdk: Sdk, completed: str) -> None:
        events = sdk.envelopes.list_audit_events(completed).audit_events
        actions = [field.value for event in events for field in event.event_fields if field.name == "Action"]
        assert [action for action in actions if action in ("Registered", "Opened", "Signed")][-1] == "Signed"

    def test_a_signer_who_is_done_may_look_again(self, sdk: Sdk, completed: str) -> None:
        person = sdk.envelopes.list_recipients(completed).signers[0]
        request = view_request(person)
        url = sdk.envelopes.create_recipient_view(completed, recipient_view_request=request).url
        assert url

    def test_the_disclosure_that_was_accepted(self, sdk: Sdk, completed: str) -> None:
        disclosure = sdk.envelopes.get_consumer_disclosure_default(completed, "1")
        assert disclosure.esign_text or disclosure.esign_agreement
