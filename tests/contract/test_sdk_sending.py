"""Envelopes to people who sign by email, as the official code examples define them (reference 9.2)."""

import json
from typing import Any

import docusign_esign as esign
import pytest
import requests

from tests.pdf_files import draw_pdf
from tests.sandbox_process import SandboxProcess
from tests.word_files import paragraph, word

from .sdk import (
    ORDER_FORM,
    Sdk,
    carbon_copy,
    definition,
    document,
    html_document,
    sign_here,
    signer,
    word_document,
)

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TWO_ANCHORS = esign.Tabs(sign_here_tabs=[sign_here("**signature_1**"), sign_here("/sn1/")])
SALARY = "Legal name: /legal/\nFamiliar name: /familiar/\nSalary: /salary/\nSignature: /sn1/"
ORDER = (
    "<html><body><table><tr><td>Harmonica /l1q/</td><td>/l1e/</td></tr><tr><td>Xylophone /l2q/</td><td>/l2e/</td></tr>"
    "</table><p>Total /l3t/</p><p>Agreed: /sn1/</p></body></html>"
)


def sign_here_tabs(sdk: Sdk, envelope_id: str, recipient_id: str = "1") -> list[Any]:
    tabs: list[Any] = sdk.envelopes.list_tabs(envelope_id, recipient_id).sign_here_tabs
    return tabs


def test_three_kinds_of_documents_and_a_copy(sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
    """eg002: HTML with one anchor, Word and PDF with another; the signer is told first."""
    documents = [html_document(1), word_document(2, "Charge at dawn.", "Sign: /sn1/"), document(3)]
    person = signer(tabs=TWO_ANCHORS)
    envelope_id = sdk.create(definition(person, copies=[carbon_copy()], documents=documents))
    assert [tab.document_id for tab in sign_here_tabs(sdk, envelope_id)] == ["1", "2", "3"]
    assert [mail["to"] for mail in tls_sandbox.mails(envelope_id=envelope_id)] == [person.email]


def test_raw_multipart_with_binary_documents(sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
    """eg010: not by the SDK. The parts have the disposition `file`, an unquoted name, a documentid (reference 2.3)."""
    envelope = {
        "emailSubject": "Please sign this document set",
        "documents": [
            {"name": "Order acknowledgement", "fileExtension": "html", "documentId": "1"},
            {"name": "Battle Plan", "fileExtension": "docx", "documentId": "2"},
            {"name": "Lorem Ipsum", "fileExtension": "pdf", "documentId": "3"},
        ],
        "recipients": {
            "signers": [
                {
                    "email": "signer1@example.com",
                    "name": "Pat Developer",
                    "recipientId": "1",
                    "routingOrder": "1",
                    "tabs": {
                        "signHereTabs": [
                            {"anchorString": "**signature_1**", "anchorYOffset": "10", "anchorUnits": "pixels"},
                            {"anchorString": "/sn1/", "anchorYOffset": "10", "anchorUnits": "pixels"},
                        ]
                    },
                }
            ],
            "carbonCopies": [
                {"email": "copy@example.com", "name": "Cee Copy", "recipientId": "2", "routingOrder": "2"}
            ],
        },
        "status": "sent",
    }
    pdf = draw_pdf()
    parts = [
        ("application/json", "form-data", json.dumps(envelope, indent=4).encode()),
        ("text/html", "file; filename=Order acknowledgement;documentid=1", ORDER_FORM.encode()),
        (DOCX_TYPE, 'file; filename="Battle Plan";documentid=2', word(paragraph("/sn1/"))),
        ("application/pdf", 'file; filename="Lorem Ipsum";documentid=3', pdf),
    ]
    boundary = "multipartboundary_multipartboundary"
    body = b"".join(
        f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for kind, disposition, content in parts
    )
    response = requests.post(
        f"{tls_sandbox.api_url}/envelopes",
        data=body + f"--{boundary}--\r\n".encode(),
        headers={
            "Authorization": sdk.client.default_headers["Authorization"].replace("Bearer", "bearer"),
            "Accept": "application/json",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        },
        timeout=30,
    )
    assert (response.status_code, response.json()["status"]) == (201, "sent")
    envelope_id = response.json()["envelopeId"]
    assert [tab.document_id for tab in sign_here_tabs(sdk, envelope_id)] == ["1", "2", "3"]
    assert sdk.envelopes.get_document("3", envelope_id).startswith(b"%PDF")


def test_an_order_form_with_formulas_and_payment(sdk: Sdk) -> None:
    """eg014: lists for quantities, formulas for prices, a hidden one for the payment."""
    place = {"anchor_units": "pixels", "anchor_y_offset": "-8", "anchor_x_offset": "105", "font": "helvetica"}
    items = [esign.ListItem(text=text, value=value) for text, value in (("none", "0"), ("1", "1"), ("2", "2"))]
    lists = [
        esign.List(anchor_string=f"/{label}/", list_items=items, required="true", tab_label=label, **place)
        for label in ("l1q", "l2q")
    ]
    formulas = [
        esign.FormulaTab(
            anchor_string=f"/{label}/",
            tab_label=label,
            formula=formula,
            round_decimal_places="0",
            required="true",
            locked="true",
            disable_auto_size="false",
            **place,
        )
        for label, formula in (("l1e", "[l1q] * 5"), ("l2e", "[l2q] * 150"), ("l3t", "[l1e] + [l2e]"))
    ]
    line = esign.PaymentLineItem(name="Harmonica", description="$5 each", amount_reference="l1e")
    payment = esign.FormulaTab(
        tab_label="payment",
        formula="([l1e] + [l2e]) * 100",
        round_decimal_places="0",
        payment_details=esign.PaymentDetails(
            gateway_account_id="g-1", currency_code="USD", gateway_name="stripe", line_items=[line]
        ),
        hidden="true",
        required="true",
        locked="true",
        document_id="1",
        page_number="1",
        x_position="0",
        y_position="0",
    )
    tabs = esign.Tabs(sign_here_tabs=[sign_here()], list_tabs=lists, formula_tabs=[*formulas, payment])
    documents = [html_document(1, ORDER)]
    envelope_id = sdk.create(definition(signer(tabs=tabs), copies=[carbon_copy()], documents=documents))
    kept = sdk.envelopes.list_tabs(envelope_id, "1")
    assert {tab.tab_label: tab.formula for tab in kept.formula_tabs}["l3t"] == "[l1e] + [l2e]"
    assert [item.text for item in kept.list_tabs[0].list_items] == ["none", "1", "2"]


def test_tab_values_and_a_custom_field(sdk: Sdk) -> None:
    """eg016, eg018: values given beforehand, one of them locked, and a figure kept beside the envelope."""
    place = {"anchor_units": "pixels", "anchor_y_offset": "-9", "anchor_x_offset": "5", "bold": "true"}
    texts = [
        esign.Text(anchor_string=f"/{name}/", tab_id=name, tab_label=label, value=value, locked=locked, **place)
        for name, label, value, locked in (
            ("legal", "Legal name", "Pat Developer", "false"),
            ("familiar", "Familiar name", "Pat", "false"),
            ("salary", "Salary", "$123000.00", "true"),
        )
    ]
    fields = esign.CustomFields(
        text_custom_fields=[esign.TextCustomField(name="salary", required="false", show="true", value="123000")]
    )
    person = signer(tabs=esign.Tabs(sign_here_tabs=[sign_here()], text_tabs=texts))
    envelope_id = sdk.create(definition(person, documents=[document(1, SALARY)], custom_fields=fields))
    kept = {tab.tab_label: (tab.value, tab.locked) for tab in sdk.envelopes.list_tabs(envelope_id, "1").text_tabs}
    assert kept["Salary"] == ("$123000.00", "true")
    assert kept["Familiar name"] == ("Pat", "false")
    (field,) = sdk.envelopes.list_custom_fields(envelope_id).text_custom_fields
    assert (field.name, field.value, field.show) == ("salary", "123000", "true")


def test_an_access_code(sdk: Sdk) -> None:
    """eg019: kept, and never told to whoever reads the recipients."""
    person = signer(access_code="NJ9Q8", role_name="", note="", status="created", delivery_method="email")
    envelope_id = sdk.create(definition(person))
    assert sdk.envelopes.list_recipients(envelope_id).signers[0].status == "sent"


@pytest.mark.parametrize(
    ("workflow_name", "options"),
    [
        (
            "Phone Authentication",
            [
                {
                    "name": "phone_number_list",
                    "valueType": "PhoneNumberList",
                    "phoneNumberList": [{"countryCode": "1", "code": "1", "number": "4155550101"}],
                }
            ],
        ),
        (
            "SMS for access & signatures",
            [
                {
                    "name": "phone_number_list",
                    "valueType": "PhoneNumberList",
                    "phoneNumberList": [{"countryCode": "1", "code": "1", "number": "4155550101"}],
                }
            ],
        ),
        ("DocuSign ID Verification", []),
    ],
)
def test_identity_verification(sdk: Sdk, workflow_name: str, options: list[dict[str, Any]]) -> None:
    """eg020, eg023, eg041: the account's workflows by name, then an envelope that asks for one."""
    workflows = sdk.accounts.get_account_identity_verification().identity_verification
    workflow_id = next(each.workflow_id for each in workflows if each.default_name == workflow_name)
    verification = {"workflowId": workflow_id, "steps": "null"}
    if options:
        verification |= {"inputOptions": options, "idCheckConfigurationName": ""}
    envelope_id = sdk.create(definition(signer(identity_verification=verification)))
    assert sdk.envelopes.list_recipients(envelope_id).signers[0].status == "sent"


def test_knowledge_based_authentication(sdk: Sdk) -> None:
    """eg022."""
    person = signer(id_check_configuration_name="ID Check $", require_id_lookup="true")
    envelope_id = sdk.create(definition(person))
    kept = sdk.envelopes.list_recipients(envelope_id).signers[0]
    assert (kept.id_check_configuration_name, kept.require_id_lookup) == ("ID Check $", "true")


def test_text_messages_instead_of_email(sdk: Sdk) -> None:
    """eg037: neither the signer nor the copy has an email address."""
    phone = esign.RecipientPhoneNumber(country_code="1", number="4155550101")
    person = signer(email=None, delivery_method="SMS", phone_number=phone)
    copy = carbon_copy(email=None, delivery_method="SMS", phone_number=phone)
    envelope_id = sdk.create(definition(person, copies=[copy]))
    kept = sdk.envelopes.list_recipients(envelope_id).signers[0]
    assert (kept.status, kept.phone_number.number) == ("sent", "4155550101")


def test_each_signer_sees_only_their_documents(sdk: Sdk) -> None:
    """eg040."""
    first = signer(1, excluded_documents=["2", "3"], role_name="Signer1")
    first.tabs = esign.Tabs(sign_here_tabs=[sign_here("**signature_1**", document_id="1", page_number="1")])
    second = signer(2, routing_order="1", excluded_documents=["1"], role_name="Signer2")
    second.tabs = esign.Tabs(sign_here_tabs=[sign_here("/sn1/", document_id="2")])
    documents = [html_document(1), document(2), document(3)]
    envelope = definition(first, second, copies=[carbon_copy(3)], documents=documents)
    envelope.enforce_signer_visibility = "true"
    envelope_id = sdk.create(envelope)
    assert {tab.document_id for tab in sign_here_tabs(sdk, envelope_id, "1")} == {"1"}
    visible = sdk.envelopes.get_recipient_document_visibility(envelope_id, "2").document_visibility
    assert {each.document_id: each.visible for each in visible} == {"1": "false", "2": "true", "3": "true"}


def test_a_brand_for_the_envelope(sdk: Sdk) -> None:
    """eg028, eg029."""
    brand = esign.Brand(brand_name="Example brand", default_brand_language="en")
    brand_id = sdk.accounts.create_brand(brand=brand).brands[0].brand_id
    assert brand_id in [each.brand_id for each in sdk.accounts.list_brands().brands]
    envelope_id = sdk.create(definition(brand_id=brand_id))
    assert sdk.envelopes.get_envelope(envelope_id).brand_id == brand_id
