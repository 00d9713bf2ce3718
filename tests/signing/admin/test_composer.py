"""New envelope: what staff can compose, and what is refused at the field."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from signing import tasks
from signing.forms.rows import ROW_KINDS
from signing.models import Envelope, EnvelopeStatus
from tests.factories import make_draft
from tests.pdf_files import draw_pdf, encrypted_pdf, pdf_without_pages
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

ADD = "/admin/signing/envelope/add/"


def pdf(name: str = "Agreement.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if content is not None else draw_pdf(), "application/pdf")


def signer(name: str = "Ann Bee", email: str = "ann@example.com", routing_order: Any = 1) -> dict[str, Any]:
    return {"name": name, "email": email, "routing_order": routing_order}


def at_text(signer_index: int = 0, anchor: str = "/sn1/", **fields: Any) -> dict[str, Any]:
    return {
        "signer": signer_index,
        "kind": "sign_here",
        "placement": "anchor",
        "anchor": anchor,
        "required": "on",
    } | fields


def at_position(signer_index: int = 0, **fields: Any) -> dict[str, Any]:
    place = {"placement": "position", "document": 1, "page": 1, "x": 100, "y": 200}
    return at_text(signer_index, anchor="") | place | fields


def form(
    *,
    subject: str = "Lease",
    message: str = "",
    signers: list[dict[str, Any]] | None = None,
    tabs: list[dict[str, Any]] | None = None,
    uploads: list[SimpleUploadedFile] | None = None,
    **extra: Any,
) -> dict[str, Any]:
    signers = [signer()] if signers is None else signers
    tabs = [at_text()] if tabs is None else tabs
    data: dict[str, Any] = {"subject": subject, "message": message, **extra}
    for prefix, rows in (("signers", signers), ("tabs", tabs)):
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        for index, row in enumerate(rows):
            data |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    if uploads is None:
        uploads = [pdf()]
    if uploads:
        data["uploads"] = uploads
    return data


def post(browser: Browser, data: dict[str, Any], *, button: str = "_send", url: str = ADD) -> Any:
    return browser.post(url, data | {button: "1"})


def refused(browser: Browser, data: dict[str, Any], sentence: str) -> Envelope:
    """The page again with the sentence; nothing sent; the draft kept."""
    response = post(browser, data)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    envelope = Envelope.objects.get()
    assert envelope.status == EnvelopeStatus.DRAFT
    return envelope


def test_sending_claims_the_envelope_and_shows_its_record(admin_browser: Browser) -> None:
    response = admin_browser.post(ADD, form() | {"_send": "1"}, follow=True)
    envelope = Envelope.objects.get()
    assert envelope.status == EnvelopeStatus.SENDING
    assert "On its way" in response.content.decode()


def test_what_was_composed_reaches_docusign(admin_browser: Browser, docusign: SandboxProcess) -> None:
    data = form(
        subject="Lease 7",
        message="Please sign.",
        signers=[signer(), signer("Carl Dee", "carl@example.com", 2)],
        tabs=[at_text(0), at_position(1, kind="initial_here", x=10, y=20), at_text(1, "/sn2/")],
    )
    post(admin_browser, data)
    tasks.send_envelope(Envelope.objects.get().pk)
    (call,) = docusign.requests("POST", "/envelopes")
    assert call["status"] == 201
    assert call["body"]["emailSubject"] == "Lease 7"
    ann, carl = call["body"]["recipients"]["signers"]
    assert (ann["name"], ann["routingOrder"]) == ("Ann Bee", "1")
    assert set(carl["tabs"]) == {"initialHereTabs", "signHereTabs"}


def test_several_files_keep_their_order_and_names(admin_browser: Browser) -> None:
    post(admin_browser, form(uploads=[pdf("First.pdf"), pdf("Zweiter Vertrag (ü).PDF")]), button="_save")
    assert [d.name for d in Envelope.objects.get().documents.all()] == ["First", "Zweiter Vertrag (ü)"]


def test_a_draft_may_be_saved_unfinished(admin_browser: Browser) -> None:
    response = post(admin_browser, form(subject="", signers=[], tabs=[], uploads=[]), button="_save")
    assert response.status_code == 302
    assert Envelope.objects.get().status == EnvelopeStatus.DRAFT


def test_a_saved_draft_comes_back_as_it_was(admin_browser: Browser) -> None:
    data = form(tabs=[at_text(), at_position(kind="text", label="Job title", x=33, y=44)])
    post(admin_browser, data, button="_save")
    page = admin_browser.get(f"/admin/signing/envelope/{Envelope.objects.get().pk}/change/").content.decode()
    for value in ('value="Lease"', 'value="Ann Bee"', 'value="/sn1/"', 'value="33"', 'value="Job title"'):
        assert value in page


def test_a_blank_signer_row_is_ignored_when_saving(admin_browser: Browser) -> None:
    post(admin_browser, form(signers=[signer(), signer("", "", 1)]), button="_save")
    assert Envelope.objects.get().recipients.count() == 1


def test_a_removed_signer_and_their_fields_are_gone(admin_browser: Browser) -> None:
    removed = signer("Gone", "gone@example.com") | {"DELETE": "on"}
    post(admin_browser, form(signers=[removed, signer()], tabs=[at_text(0), at_text(1)]), button="_save")
    (recipient,) = Envelope.objects.get().recipients.all()
    assert recipient.name == "Ann Bee"
    assert recipient.tabs.count() == 1


def test_documents_can_be_removed_from_a_draft(admin_browser: Browser) -> None:
    envelope = make_draft()
    url = f"/admin/signing/envelope/{envelope.pk}/change/"
    post(admin_browser, form(uploads=[], tabs=[], remove="1"), button="_save", url=url)
    assert not envelope.documents.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"hello", "This is not a PDF."),
        (draw_pdf()[:-300], "This PDF is incomplete"),
        (encrypted_pdf(user_password="x"), "protected by a password"),
        (pdf_without_pages(), "has no pages"),
        (b"", "This file is empty."),
    ],
)
def test_a_bad_file_is_refused_at_the_field(admin_browser: Browser, content: bytes, sentence: str) -> None:
    refused(admin_browser, form(uploads=[pdf("Bad.pdf", content)]), sentence)


def test_a_bad_file_does_not_lose_the_good_ones(admin_browser: Browser) -> None:
    envelope = refused(admin_browser, form(uploads=[pdf("Good.pdf"), pdf("Bad.pdf", b"x")]), "Bad.pdf: This is not")
    assert [d.name for d in envelope.documents.all()] == ["Good"]


@pytest.mark.parametrize("button", ["_send", "_save"])
def test_a_bad_file_does_not_lose_the_rest_of_the_draft(admin_browser: Browser, button: str) -> None:
    post(admin_browser, form(subject="Kept", uploads=[pdf("Bad.pdf", b"x")]), button=button)
    envelope = Envelope.objects.get()
    assert envelope.subject == "Kept"
    assert envelope.recipients.get().email == "ann@example.com"


def test_a_file_over_the_limit_is_refused(admin_browser: Browser, settings: Settings) -> None:
    settings.DOCUMENT_MAX_BYTES = 1000
    refused(admin_browser, form(), "This file is larger than 1000")


def test_files_over_the_total_are_refused(admin_browser: Browser, settings: Settings) -> None:
    settings.ENVELOPE_MAX_BYTES = len(draw_pdf()) + 10
    envelope = refused(admin_browser, form(uploads=[pdf("A.pdf"), pdf("B.pdf")]), "B.pdf: Together the files")
    assert envelope.documents.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"subject": ""}, "Signers need a subject.", id="no subject"),
        pytest.param({"subject": "x" * 101}, "at most 100 characters", id="subject too long"),
        pytest.param({"uploads": []}, "Add at least one PDF.", id="no document"),
        pytest.param({"signers": [], "tabs": []}, "Add at least one signer.", id="no signer"),
        pytest.param({"signers": [signer(email="nonsense")]}, "Enter a valid email address.", id="bad email"),
        pytest.param({"signers": [signer(name="")]}, "This field is required.", id="no name"),
        pytest.param({"signers": [signer(routing_order=0)]}, "greater than or equal to 1", id="order zero"),
        pytest.param(
            {"signers": [signer(), signer("Other", "ANN@example.com")], "tabs": [at_text(0), at_text(1)]},
            "already listed with the same order",
            id="same email and order twice",
        ),
        pytest.param({"tabs": []}, "Give this signer a place to sign", id="nowhere to sign"),
        pytest.param(
            {"tabs": [at_text(kind="date_signed")]}, "Give this signer a place to sign", id="only a date, no signature"
        ),
        pytest.param({"tabs": [at_text(anchor="/nowhere/")]}, "in none of the documents", id="anchor not in the PDF"),
        pytest.param({"tabs": [at_text(anchor="")]}, "Enter a text that stands in the document", id="no anchor"),
        pytest.param({"tabs": [at_position(page=2)]}, "The document has 1 page(s).", id="page that is not there"),
        pytest.param({"tabs": [at_position(x=596)]}, "Off the page", id="off the right edge"),
        pytest.param({"tabs": [at_position(y=9000)]}, "Off the page", id="below the page"),
        pytest.param({"tabs": [at_position(x="")]}, "Needed.", id="no x"),
        pytest.param({"tabs": [at_position(document=7)]}, "Select a valid choice", id="document that is not there"),
    ],
)
def test_what_docusign_would_refuse_is_refused_at_the_field_first(
    admin_browser: Browser, changes: dict[str, Any], sentence: str
) -> None:
    refused(admin_browser, form(**changes), sentence)


def test_the_same_person_may_sign_twice_in_different_orders(admin_browser: Browser) -> None:
    data = form(signers=[signer(), signer(routing_order=2)], tabs=[at_text(0), at_text(1, "/sn2/")])
    assert post(admin_browser, data).status_code == 302


def test_what_is_well_formed_is_kept_although_sending_was_refused(admin_browser: Browser) -> None:
    envelope = refused(admin_browser, form(tabs=[]), "a place to sign")
    assert envelope.subject == "Lease"
    assert envelope.recipients.get().email == "ann@example.com"


def test_the_refused_page_goes_on_with_the_same_draft(admin_browser: Browser) -> None:
    response = post(admin_browser, form(tabs=[]))
    envelope = Envelope.objects.get()
    assert f'action="{reverse("admin:signing_envelope_change", args=[envelope.pk])}"' in response.content.decode()


def test_a_refusal_by_docusign_is_shown_on_the_draft(admin_browser: Browser, docusign: SandboxProcess) -> None:
    docusign.fail_next(method="POST", path_contains="/envelopes", errorCode="ENVELOPE_ALLOWANCE_EXCEEDED", status=400)
    post(admin_browser, form())
    envelope = Envelope.objects.get()
    tasks.send_envelope(envelope.pk)
    page = admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/change/").content.decode()
    assert "has used up its envelope allowance" in page
    assert "ENVELOPE_ALLOWANCE_EXCEEDED" in page
    assert docusign.requests("POST", "/envelopes")[0]["trace_token"] in page


def test_a_page_left_open_cannot_change_what_was_sent(admin_browser: Browser) -> None:
    envelope = make_draft()
    url = f"/admin/signing/envelope/{envelope.pk}/change/"
    Envelope.objects.filter(pk=envelope.pk).update(status=EnvelopeStatus.SENDING)
    response = admin_browser.post(url, form(subject="Changed") | {"_save": "1"}, follow=True)
    envelope.refresh_from_db()
    assert envelope.subject == "Consulting agreement"
    assert "sent meanwhile" in response.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"signers-TOTAL_FORMS": "x", "tabs-TOTAL_FORMS": "-1"},
        form(uploads=[]) | {"tabs-0-signer": "99"},
        form(uploads=[]) | {"tabs-0-signer": "junk"},
        form(uploads=[]) | {"signers-TOTAL_FORMS": "100000"},
        form(uploads=[]) | {"remove": ["x", "-1", "999999999999999999999"]},
    ],
)
def test_a_mangled_form_never_crashes(admin_browser: Browser, data: dict[str, Any]) -> None:
    assert post(admin_browser, data).status_code in (302, 422)


def test_every_kind_of_field_can_be_composed(admin_browser: Browser, docusign: SandboxProcess) -> None:
    tabs = [at_position(kind=kind, x=50, y=60 + 40 * n) for n, kind in enumerate(ROW_KINDS)]
    post(admin_browser, form(tabs=tabs))
    tasks.send_envelope(Envelope.objects.get().pk)
    assert docusign.requests("POST", "/envelopes")[0]["status"] == 201


def test_what_signers_see_is_kept_with_the_draft(admin_browser: Browser) -> None:
    choices: dict[str, Any] = {
        "summary": "We lend you the car.",
        "ceremony_display": "focused",
        "allows_hand_over": "on",
    }
    post(admin_browser, form(**choices), button="_save")
    envelope = Envelope.objects.get()
    assert (envelope.summary, envelope.ceremony_display) == ("We lend you the car.", "focused")
    assert envelope.allows_hand_over
    page = admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/change/").content.decode()
    assert "We lend you the car." in page
    assert '<option value="focused" selected>' in page


def test_a_way_of_showing_that_does_not_exist_is_refused(admin_browser: Browser) -> None:
    refused(admin_browser, form(ceremony_display="hologram"), "is not one of the available choices")


@pytest.mark.parametrize("how", ["", "access_code", "email_code"])
def test_each_signer_can_be_asked_who_they_are(admin_browser: Browser, how: str) -> None:
    row = signer() | {"verification": how, "access_code": "Blue 42"}
    post(admin_browser, form(signers=[row]), button="_save")
    envelope = Envelope.objects.get()
    recipient = envelope.recipients.get()
    assert recipient.verification == (how or "none")
    page = admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/change/").content.decode()
    assert ("Blue 42" in page) == (how == "access_code")


def test_an_access_code_has_to_be_given(admin_browser: Browser) -> None:
    refused(admin_browser, form(signers=[signer() | {"verification": "access_code"}]), "Enter the code, and tell it")
