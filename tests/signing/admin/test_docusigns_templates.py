"""Docusign's own templates: listed live, used with people of ours, signed to completion."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from signing import connection, polling, tasks
from signing.connection import connect
from signing.models import Envelope, EnvelopeStatus, Recipient, RecipientStatus
from tests.contract.specification import assert_matches
from tests.deeds import path_of, sign
from tests.factories import recipient_of
from tests.pdf_files import draw_pdf
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db
LIST = "/admin/signing/template/docusign/"
PEOPLE = {
    "subject": "Sale of a house",
    "message": "Please read",
    "name_1": "Ann Bee",
    "email_1": "ann@example.com",
    "name_2": "Carl Dee",
    "email_2": "carl@example.com",
}


def role(number: int, name: str, **more: Any) -> dict[str, Any]:
    tabs = {"signHereTabs": [{"anchorString": f"/sn{number}/"}]}
    return {"recipientId": str(number), "roleName": name, "routingOrder": str(number), "tabs": tabs} | more


def make_at_docusign(name: str = "Sale", **recipients: Any) -> str:
    """As somebody made it on Docusign's own pages: the portal never makes one."""
    definition = {
        "name": name,
        "description": "Of a house",
        "emailSubject": "Sale of a house",
        "documents": [{"documentId": "1", "name": "Sale", "documentBase64": base64.b64encode(draw_pdf()).decode()}],
        "recipients": recipients or {"signers": [role(1, "Buyer"), role(2, "Seller")]},
    }
    response = connect()._request("POST", "/templates", json=definition)
    return str(response.json()["templateId"])


def text_of(response: Any) -> str:
    return str(response.content.decode())


def use(browser: Browser, template_id: str, people: Mapping[str, str] = PEOPLE) -> Envelope:
    response = browser.post(f"{LIST}{template_id}/use/", people)
    assert response.status_code == 302, text_of(response)
    return Envelope.objects.exclude(docusign_template_id="").get()


def sent(envelope: Envelope) -> Envelope:
    tasks.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    return envelope


def test_the_list_is_docusigns(admin_browser: Browser, docusign: SandboxProcess) -> None:
    make_at_docusign("Sale")
    make_at_docusign("Lease")
    text = text_of(admin_browser.get(LIST))
    for fact in ("Sale", "Lease", "Of a house", "Buyer", "Seller"):
        assert fact in text
    found = text_of(admin_browser.get(LIST, {"q": "leas"}))
    assert "Lease" in found
    assert "<h2>Sale</h2>" not in found


def test_the_list_has_pages(admin_browser: Browser, docusign: SandboxProcess) -> None:
    for number in range(25):
        make_at_docusign(f"Template {number:02}")
    first, second = text_of(admin_browser.get(LIST)), text_of(admin_browser.get(LIST, {"page": "2"}))
    assert ("Template 00" in first, "Template 24" in first) == (True, False)
    assert ("Template 00" in second, "Template 24" in second) == (False, True)


def test_without_templates_it_says_so(admin_browser: Browser, docusign: SandboxProcess) -> None:
    assert "has no templates at Docusign" in text_of(admin_browser.get(LIST))


def test_trouble_at_docusign_is_told_calmly(admin_browser: Browser, docusign: SandboxProcess) -> None:
    connection.keep_fresh()
    docusign.fail_next(path_contains="/templates", status=503)
    assert "The list could not be fetched" in text_of(admin_browser.get(LIST))


def test_it_is_sent_and_signed_by_our_links(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = sent(use(admin_browser, make_at_docusign()))
    assert envelope.status == EnvelopeStatus.SENT
    sign(envelope, 1)
    sign(envelope, 2)
    assert envelope.status == EnvelopeStatus.COMPLETED
    tasks.fetch_documents(envelope.pk)
    assert envelope.completed_documents.count() == 2


def test_roles_are_all_that_is_told_to_docusign(
    admin_browser: Browser, docusign: SandboxProcess, specification: Path
) -> None:
    template_id = make_at_docusign()
    sent(use(admin_browser, template_id))
    (call,) = docusign.requests("POST", "/envelopes")
    assert_matches(specification, "envelopeDefinition", call["body"])
    ann = Recipient.objects.get(name="Ann Bee")
    assert call["body"]["templateId"] == template_id
    assert call["body"]["templateRoles"][0] == {
        "roleName": "Buyer",
        "name": "Ann Bee",
        "email": "ann@example.com",
        "clientUserId": ann.client_user_id,
    }
    assert {"documents", "recipients"} & set(call["body"]) == set()


def test_the_signers_page_does_without_documents_of_ours(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = sent(use(admin_browser, make_at_docusign()))
    text = text_of(Browser().get(path_of(recipient_of(envelope, 1))))
    assert "Review and sign" in text
    assert "documents" not in text.split('class="facts"')[1].split("</dl>")[0]


def test_news_finds_its_people_whatever_numbers_docusign_gave(admin_browser: Browser, docusign: SandboxProcess) -> None:
    """Recipient ids may be given anew; who is who, the clientUserId tells."""
    envelope = sent(use(admin_browser, make_at_docusign()))
    first, second = envelope.recipients.order_by("number")
    for recipient, number in ((first, 91), (second, 1), (first, 2)):
        Recipient.objects.filter(pk=recipient.pk).update(number=number)
    polling.refresh([envelope.pk])
    sign(envelope, 1)
    statuses = dict(envelope.recipients.values_list("name", "status"))
    assert statuses["Ann Bee"] == RecipientStatus.COMPLETED
    assert statuses["Carl Dee"] == RecipientStatus.SENT
    assert envelope.recipients.count() == 2
    assert envelope.drift == []


def test_copies_are_docusigns_to_deliver(admin_browser: Browser, docusign: SandboxProcess) -> None:
    copy = {"recipientId": "2", "roleName": "Notary", "routingOrder": "2"}
    template_id = make_at_docusign(signers=[role(1, "Buyer")], carbonCopies=[copy])
    envelope = sent(use(admin_browser, template_id))
    sign(envelope, 1)
    assert envelope.status == EnvelopeStatus.COMPLETED
    assert envelope.recipients.get(number=2).is_embedded is False
    assert docusign.mails(to="carl@example.com")


def test_everyone_needs_a_name_and_an_address(admin_browser: Browser, docusign: SandboxProcess) -> None:
    template_id = make_at_docusign()
    response = admin_browser.post(f"{LIST}{template_id}/use/", PEOPLE | {"email_2": ""})
    assert response.status_code == 422
    assert not Envelope.objects.exists()


def test_a_refused_one_can_be_mended_and_sent_again(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = use(admin_browser, make_at_docusign())
    docusign.fail_next(path_contains="/envelopes", status=400, error_code="INVALID_REQUEST_BODY")
    assert sent(envelope).status == EnvelopeStatus.DRAFT
    response = admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/change/", follow=True)
    assert "Docusign refused this envelope" in text_of(response)
    assert "carl@example.com" in text_of(response)
    admin_browser.post(f"{LIST}draft/{envelope.pk}/", PEOPLE | {"email_2": "cd@example.com"})
    assert sent(envelope).status == EnvelopeStatus.SENT
    assert envelope.recipients.get(number=2).email == "cd@example.com"


def test_an_unknown_template_leads_back_to_the_list(admin_browser: Browser, docusign: SandboxProcess) -> None:
    response = admin_browser.get(f"{LIST}{'1' * 8}-1111-1111-1111-{'1' * 12}/use/", follow=True)
    assert response.redirect_chain[0][0] == LIST
