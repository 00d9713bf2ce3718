"""Templates: made, changed, used, and laid together with documents (eg008, eg009, eg013, eg017, eg030, eg042)."""

from typing import Any

import docusign_esign as esign
import pytest

from tests.pdf_files import text_of
from tests.sandbox_process import SandboxProcess

from .sdk import RETURN_URL, TEMPLATE_NAME, Sdk, html_document, sign_here, template, word_document

PLACE = {"document_id": "1", "page_number": "1"}
COLOURS = [esign.ListItem(text=name, value=name.lower()) for name in ("Red", "Green", "Blue")]
ANN = {"name": "Ann Bee", "email": "ann@example.com"}
CEE = {"name": "Cee Dee", "email": "cee@example.com"}


def fields() -> Any:
    """One of each kind that eg008 places: at fixed positions, with labels to fill them by."""
    return esign.Tabs(
        sign_here_tabs=[esign.SignHere(x_position="191", y_position="148", **PLACE)],
        checkbox_tabs=[
            esign.Checkbox(x_position="75", y_position="417", tab_label="ckAuthorization", **PLACE),
            esign.Checkbox(x_position="75", y_position="447", tab_label="ckAgreement", **PLACE),
        ],
        list_tabs=[
            esign.List(
                x_position="142", y_position="291", tab_label="list", required="false", list_items=COLOURS, **PLACE
            )
        ],
        number_tabs=[
            esign.Number(x_position="163", y_position="260", tab_label="numbersOnly", required="false", **PLACE)
        ],
        radio_group_tabs=[
            esign.RadioGroup(
                document_id="1",
                group_name="radio1",
                radios=[
                    esign.Radio(page_number="1", x_position=x, y_position="384", value=value, required="false")
                    for x, value in (("142", "white"), ("74", "red"))
                ],
            )
        ],
        text_tabs=[esign.Text(x_position="153", y_position="230", tab_label="text", required="false", **PLACE)],
    )


def role(role_name: str, person: dict[str, str], **changes: Any) -> Any:
    return esign.TemplateRole(role_name=role_name, **person, **changes)


@pytest.fixture
def template_id(sdk: Sdk) -> str:
    made = sdk.templates.create_template(envelope_template=template(fields()))
    assert made.name == TEMPLATE_NAME
    template_id: str = made.template_id
    return template_id


class TestUse:
    def test_roles_become_people(self, sdk: Sdk, template_id: str) -> None:
        """eg009."""
        definition = esign.EnvelopeDefinition(
            status="sent", template_id=template_id, template_roles=[role("signer", ANN), role("cc", CEE)]
        )
        envelope_id = sdk.create(definition)
        recipients = sdk.envelopes.list_recipients(envelope_id, include_tabs="true")
        assert (recipients.signers[0].email, recipients.carbon_copies[0].email) == (ANN["email"], CEE["email"])
        assert len(recipients.signers[0].tabs.checkbox_tabs) == 2
        assert [each.template_id for each in sdk.envelopes.list_templates(envelope_id).templates] == [template_id]

    def test_an_embedded_role_signs_with_values_given_beforehand(self, sdk: Sdk, template_id: str) -> None:
        """eg017: by label, by the radios' value; one field more than the template has; then the ceremony."""
        tabs = esign.Tabs(
            list_tabs=[esign.List(value="green", tab_label="list", **PLACE)],
            checkbox_tabs=[esign.Checkbox(tab_label="ckAuthorization", selected="true")],
            radio_group_tabs=[
                esign.RadioGroup(group_name="radio1", radios=[esign.Radio(value="white", selected="true")])
            ],
            text_tabs=[
                esign.Text(tab_label="text", value="Jabberywocky!"),
                esign.Text(
                    tab_label="added text field",
                    value="Ann",
                    x_position="280",
                    y_position="172",
                    required="false",
                    tab_id="name",
                    **PLACE,
                ),
            ],
        )
        fields = esign.CustomFields(
            text_custom_fields=[esign.TextCustomField(name="app metadata item", value="1234567")]
        )
        definition = esign.EnvelopeDefinition(
            email_subject="Please sign this document sent from the Python SDK",
            template_id=template_id,
            template_roles=[role("signer", ANN, client_user_id=1000, tabs=tabs), role("cc", CEE)],
            custom_fields=fields,
            status="sent",
        )
        envelope_id = sdk.create(definition)
        sdk.sign(envelope_id, esign.Signer(recipient_id="1", client_user_id=1000, **ANN))
        kept = sdk.envelopes.list_tabs(envelope_id, "1")
        assert {tab.tab_label: tab.value for tab in kept.text_tabs} == {
            "text": "Jabberywocky!",
            "added text field": "Ann",
        }
        assert kept.list_tabs[0].value == "green"
        assert {radio.value: radio.selected for radio in kept.radio_group_tabs[0].radios}["white"] == "true"
        assert sdk.status(envelope_id) == "completed"

    def test_composites_add_a_document(self, sdk: Sdk, template_id: str) -> None:
        """eg013: the server's template with its roles filled inline; then an HTML document of its own."""
        signer = esign.Signer(role_name="signer", recipient_id="1", client_user_id=1000, **ANN)
        copy = esign.CarbonCopy(role_name="cc", recipient_id="2", **CEE)
        people = esign.Recipients(carbon_copies=[copy], signers=[signer])
        first = esign.CompositeTemplate(
            composite_template_id="1",
            server_templates=[esign.ServerTemplate(sequence="1", template_id=template_id)],
            inline_templates=[esign.InlineTemplate(sequence="2", recipients=people)],
        )
        with_tab = esign.Signer(role_name="signer", recipient_id="1", client_user_id=1000, **ANN)
        with_tab.tabs = esign.Tabs(sign_here_tabs=[sign_here("**signature_1**")])
        people_of_appendix = esign.Recipients(carbon_copies=[copy], signers=[with_tab])
        second = esign.CompositeTemplate(
            composite_template_id="2",
            inline_templates=[esign.InlineTemplate(sequence="1", recipients=people_of_appendix)],
            document=html_document(1),
        )
        envelope_id = sdk.create(esign.EnvelopeDefinition(status="sent", composite_templates=[first, second]))
        documents = sdk.envelopes.list_documents(envelope_id).envelope_documents
        assert [each.name for each in documents if each.type == "content"] == ["Lorem Ipsum", "Order acknowledgement"]
        recipients = sdk.envelopes.list_recipients(envelope_id, include_tabs="true")
        assert recipients.recipient_count == "2"
        assert len(recipients.signers[0].tabs.sign_here_tabs) == 2
        sdk.sign(envelope_id, recipients.signers[0])
        assert sdk.status(envelope_id) == "completed"

    def test_a_brand_goes_with_it(self, sdk: Sdk, template_id: str) -> None:
        """eg030."""
        brand = sdk.accounts.create_brand(brand=esign.Brand(brand_name="Example brand", default_brand_language="en"))
        brand_id = brand.brands[0].brand_id
        definition = esign.EnvelopeDefinition(
            template_id=template_id, template_roles=[role("signer", ANN)], brand_id=brand_id, status="sent"
        )
        assert sdk.envelopes.get_envelope(sdk.create(definition)).brand_id == brand_id

    def test_it_can_be_laid_over_a_draft(self, sdk: Sdk, template_id: str) -> None:
        draft = sdk.create(esign.EnvelopeDefinition(email_subject="Empty", status="created"))
        wanted = esign.DocumentTemplateList(document_templates=[esign.DocumentTemplate(template_id=template_id)])
        sdk.envelopes.apply_template(draft, document_template_list=wanted)
        names = [each.name for each in sdk.envelopes.list_documents(draft).envelope_documents]
        assert "Lorem Ipsum" in names

    def test_an_unknown_one_is_refused(self, sdk: Sdk) -> None:
        definition = esign.EnvelopeDefinition(template_id="00000000-0000-0000-0000-000000000000", status="sent")
        with pytest.raises(esign.ApiException) as caught:
            sdk.create(definition)
        assert "TEMPLATE_ID_INVALID" in caught.value.body.decode()


class TestKeep:
    def test_it_is_found_by_its_name(self, sdk: Sdk, template_id: str) -> None:
        """eg008 looks before it creates."""
        found = sdk.templates.list_templates(search_text=TEMPLATE_NAME)
        assert (int(found.result_set_size), found.envelope_templates[0].template_id) == (1, template_id)
        assert int(sdk.templates.list_templates(search_text="No such thing").result_set_size) == 0

    def test_it_is_read_with_everything(self, sdk: Sdk, template_id: str) -> None:
        kept = sdk.templates.get(template_id)
        assert (kept.uri, kept.name, kept.email_subject) == (
            f"/templates/{template_id}",
            TEMPLATE_NAME,
            "Please sign this document",
        )
        assert kept.recipients.signers[0].role_name == "signer"
        assert kept.documents[0].name == "Lorem Ipsum"

    def test_its_documents_and_their_tabs(self, sdk: Sdk, template_id: str) -> None:
        listed = sdk.templates.list_documents(template_id)
        assert [each.document_id for each in listed.template_documents] == ["1"]
        assert len(sdk.templates.get_document_tabs("1", template_id).checkbox_tabs) == 2
        assert sdk.templates.get_document("1", template_id).startswith(b"%PDF")

    def test_it_is_renamed_and_binned(self, sdk: Sdk, template_id: str) -> None:
        sdk.templates.update(template_id, envelope_template=esign.EnvelopeTemplate(name="Better", shared="true"))
        assert (sdk.templates.get(template_id).name, sdk.templates.get(template_id).shared) == ("Better", "true")
        sdk.folders.move_envelopes("recyclebin", folders_request=esign.FoldersRequest(envelope_ids=[template_id]))
        assert not sdk.templates.list_templates(search_text="Better").envelope_templates

    def test_its_roles_change(self, sdk: Sdk, template_id: str) -> None:
        more = esign.TemplateRecipients(
            signers=[esign.Signer(role_name="witness", recipient_id="3", routing_order="3")]
        )
        sdk.templates.create_recipients(template_id, template_recipients=more)
        renamed = esign.TemplateRecipients(signers=[esign.Signer(role_name="approver", recipient_id="3")])
        sdk.templates.update_recipients(template_id, template_recipients=renamed)
        assert sdk.templates.list_recipients(template_id).signers[1].role_name == "approver"
        sdk.templates.delete_recipient("3", template_id)
        assert len(sdk.templates.list_recipients(template_id).signers) == 1

    def test_its_custom_fields_and_notification(self, sdk: Sdk, template_id: str) -> None:
        fields = esign.TemplateCustomFields(text_custom_fields=[esign.TextCustomField(name="shelf", value="4")])
        sdk.templates.create_custom_fields(template_id, template_custom_fields=fields)
        assert sdk.templates.list_custom_fields(template_id).text_custom_fields[0].value == "4"
        assert sdk.templates.get_notification_settings(template_id).expirations.expire_after == "120"

    def test_its_edit_view(self, sdk: Sdk, template_id: str, tls_sandbox: SandboxProcess) -> None:
        request = esign.TemplateViewRequest(return_url=RETURN_URL)
        url = sdk.templates.create_edit_view(template_id, template_view_request=request).url
        assert url.startswith(tls_sandbox.base_url)


def test_document_generation(sdk: Sdk) -> None:
    """eg042: a template without documents gets one, and tabs; a draft made of it gets its fields filled and is sent."""
    people = esign.Recipients(signers=[esign.Signer(role_name="signer", recipient_id="1", routing_order="1")])
    template_id = sdk.templates.create_template(
        envelope_template=template(documents=None, recipients=people)
    ).template_id
    letter = word_document(1, "Dear {{Candidate_Name}},", "you begin on {{Start_Date}}.", "Employee Signature")
    letter.order = letter.pages = 1
    definition = esign.EnvelopeDefinition(documents=[letter])
    sdk.templates.update_document("1", template_id, envelope_definition=definition)
    tabs = esign.TemplateTabs(sign_here_tabs=[sign_here("Employee Signature", anchor_y_offset="-22")])
    sdk.templates.create_tabs("1", template_id, template_tabs=tabs)
    draft = sdk.create(
        esign.EnvelopeDefinition(template_roles=[role("signer", ANN)], status="created", template_id=template_id)
    )
    (found,) = sdk.envelopes.get_envelope_doc_gen_form_fields(draft).doc_gen_form_fields
    assert [each.name for each in found.doc_gen_form_field_list] == ["Candidate_Name", "Start_Date"]
    values = [
        esign.DocGenFormField(name="Candidate_Name", value="Ann & Bee"),
        esign.DocGenFormField(name="Start_Date", value="1 May"),
    ]
    given = esign.DocGenFormFields(document_id=found.document_id, doc_gen_form_field_list=values)
    request = esign.DocGenFormFieldRequest(doc_gen_form_fields=[given])
    sdk.envelopes.update_envelope_doc_gen_form_fields(draft, doc_gen_form_field_request=request)
    sdk.envelopes.update(draft, envelope=esign.Envelope(status="sent"))
    assert "Dear Ann & Bee, you begin on 1 May." in " ".join(text_of(sdk.envelopes.get_document("1", draft)).split())
    assert len(sdk.envelopes.list_tabs(draft, "1").sign_here_tabs) == 1
