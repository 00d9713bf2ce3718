"""The last step of composing: settings, what is found, and Send."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from signing import authoring, tasks, templates
from signing.authoring import SignerInput, TabInput
from signing.models import Envelope, EnvelopeStatus, RecipientKind, TabKind
from tests.composing import change_url, first_step, person_rows, post, review_url, settings_step
from tests.factories import ANN, make_draft
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


def page_of(browser: Browser, envelope: Envelope) -> str:
    response = browser.get(review_url(envelope))
    assert response.status_code == 200
    return str(response.content.decode())


def test_sending_claims_the_envelope_and_shows_its_record(admin_browser: Browser) -> None:
    envelope = make_draft()
    response = post(admin_browser, settings_step(), button="_send", url=review_url(envelope), follow=True)
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENDING
    assert "On its way" in response.content.decode()


def test_what_was_composed_reaches_docusign(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = make_draft()
    post(admin_browser, settings_step(subject="Lease 7"), button="_send", url=review_url(envelope))
    tasks.send_envelope(envelope.pk)
    (call,) = docusign.requests("POST", "/envelopes")
    assert (call["status"], call["body"]["emailSubject"]) == (201, "Lease 7")
    assert [signer["name"] for signer in call["body"]["recipients"]["signers"]] == ["Ann Bee", "Carl Dee"]


def test_errors_block_and_each_leads_to_its_place(admin_browser: Browser) -> None:
    envelope = make_draft(signers=[SignerInput("Ann", "", 1, (TabInput(TabKind.SIGN_HERE, anchor="/nowhere/"),))])
    response = post(admin_browser, settings_step(), button="_send", url=review_url(envelope))
    page = response.content.decode()
    envelope.refresh_from_db()
    tab = envelope.recipients.get().tabs.get()
    assert (response.status_code, envelope.status) == (422, EnvelopeStatus.DRAFT)
    assert f'href="{change_url(envelope)}#recipient-1">Ann has no email address.' in page
    assert f'/fields/#tab-{tab.pk}">“/nowhere/” is in none of the documents' in page


def test_warnings_do_not_block(admin_browser: Browser) -> None:
    tabs = tuple(TabInput(TabKind.SIGN_HERE, document_number=1, page=1, x=50, y=y) for y in (60, 70))
    envelope = make_draft(signers=[SignerInput("Ann", "ann@example.com", 1, tabs)])
    assert "lie upon each other" in page_of(admin_browser, envelope)
    assert post(admin_browser, settings_step(), button="_send", url=review_url(envelope)).status_code == 302


def test_a_subject_is_needed(admin_browser: Browser) -> None:
    envelope = make_draft()
    response = post(admin_browser, settings_step(subject=""), button="_send", url=review_url(envelope))
    assert response.status_code == 422
    assert "The mail needs a subject." in response.content.decode()


def test_everything_is_shown_at_a_glance(admin_browser: Browser) -> None:
    copy = SignerInput("Otto", "otto@example.com", 3, kind=RecipientKind.CARBON_COPY, private_message="For your files")
    envelope = make_draft(signers=[ANN, copy], message="Hello all")
    page = page_of(admin_browser, envelope)
    for text in ("Agreement", "Ann Bee", "Receives a copy", "For your files", "Hello all", "Everything is in place"):
        assert text in page
    assert f"/admin/signing/envelope/{envelope.pk}/fields/?as=1" in page


def test_an_empty_draft_says_what_is_missing(admin_browser: Browser, staff: User) -> None:
    page = page_of(admin_browser, authoring.create_draft(staff))
    for text in ("Add at least one document.", "Add at least one person who signs.", "The mail needs a subject."):
        assert text in page


def test_what_signers_see_is_kept_with_the_draft(admin_browser: Browser) -> None:
    envelope = make_draft()
    choices: dict[str, Any] = {"summary": "We lend you the car.", "ceremony_display": "focused"}
    post(admin_browser, settings_step(**choices, allows_hand_over="on"), url=review_url(envelope))
    envelope.refresh_from_db()
    assert (envelope.summary, envelope.ceremony_display) == ("We lend you the car.", "focused")
    assert envelope.allows_hand_over
    page = page_of(admin_browser, envelope)
    assert "We lend you the car." in page
    assert '<option value="focused" selected>' in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"subject": "x" * 101}, "at most 100 characters"),
        ({"ceremony_display": "hologram"}, "is not one of the available choices"),
        ({"expire_after_days": 1000}, "less than or equal to 999"),
    ],
)
def test_what_is_not_well_formed_is_said_and_the_rest_is_kept(
    admin_browser: Browser, changes: dict[str, Any], sentence: str
) -> None:
    envelope = make_draft()
    data = settings_step(message="Kept") | changes
    response = post(admin_browser, data, button="_send", url=review_url(envelope))
    envelope.refresh_from_db()
    assert (response.status_code, envelope.message, envelope.status) == (422, "Kept", EnvelopeStatus.DRAFT)
    assert sentence in response.content.decode()


def test_a_refusal_by_docusign_is_shown_on_the_draft(admin_browser: Browser, docusign: SandboxProcess) -> None:
    docusign.fail_next(method="POST", path_contains="/envelopes", errorCode="ENVELOPE_ALLOWANCE_EXCEEDED", status=400)
    envelope = make_draft()
    post(admin_browser, settings_step(), button="_send", url=review_url(envelope))
    tasks.send_envelope(envelope.pk)
    for address in (change_url(envelope), review_url(envelope)):
        page = admin_browser.get(address).content.decode()
        assert "has used up its envelope allowance" in page
        assert "ENVELOPE_ALLOWANCE_EXCEEDED" in page
        assert docusign.requests("POST", "/envelopes")[0]["trace_token"] in page


def test_a_template_is_composed_on_the_same_pages_and_never_sent(admin_browser: Browser, staff: User) -> None:
    content = templates.create(staff, name="Lease template").content
    page = admin_browser.get(change_url(content)).content.decode()
    assert "Lease template" in page
    assert 'name="recipients-0-role_name"' in page
    role = {"role_name": "Tenant", "name": "", "email": "", "routing_order": 1}
    assert post(admin_browser, first_step(role), url=change_url(content)).status_code == 302
    assert content.recipients.get().role_name == "Tenant"
    assert 'name="_send"' not in page_of(admin_browser, content)
    post(admin_browser, settings_step(), button="_send", url=review_url(content))
    content.refresh_from_db()
    assert content.status == EnvelopeStatus.TEMPLATE


def test_the_page_takes_the_same_queries_however_many_people_there_are(
    admin_browser: Browser, django_assert_max_num_queries: Any
) -> None:
    tabs = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),)
    envelope = make_draft(signers=[SignerInput(f"P {n}", f"p{n}@example.com", 1, tabs) for n in range(30)])
    assert len(person_rows(envelope)) == 30
    page_of(admin_browser, envelope)  # the texts are known now
    with django_assert_max_num_queries(20):
        page_of(admin_browser, envelope)
