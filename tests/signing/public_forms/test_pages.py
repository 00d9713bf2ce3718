"""Self-service forms: what anyone can do there, and what nobody can."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client as Browser
from django.utils import timezone

from sandbox.robot import Robot
from signing import form_codes, sending, tasks, templates
from signing.links import link_token_of
from signing.models import (
    EmailCode,
    Envelope,
    EnvelopeStatus,
    FormEntry,
    MailKind,
    OutgoingMail,
    Recipient,
    RecipientStatus,
    Verification,
)
from tests.clock import Clock
from tests.deeds import open_ceremony, path_of, sign
from tests.sandbox_process import SandboxProcess
from tests.signing.templates.making import make_form, make_template

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]
VIC = {"name": "Vic Tor", "email": "vic@example.com"}
FORM = "/forms/visitors/"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def begin(browser: Browser | None = None, **person: Any) -> Any:
    return (browser or Browser()).post(FORM, VIC | person)


def visitor() -> Recipient:
    return Recipient.objects.get(form_entry__email="vic@example.com")


def mailed_code() -> str:
    for entry_id in form_codes.due_entry_ids(timezone.now()):
        tasks.mail_form_code(entry_id)
    match = re.search(r"^ +(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert match
    return match[1]


def test_whoever_gives_name_and_email_lands_on_their_own_link() -> None:
    make_form()
    response = begin()
    assert response.status_code == 302
    assert response["Location"] == path_of(visitor())
    assert "The documents are being prepared" in text_of(Browser().get(response["Location"]))


def test_their_envelope_is_the_templates_in_the_owners_name() -> None:
    form = make_form()
    begin()
    envelope = visitor().envelope
    assert (envelope.template, envelope.template_version) == (form.template, 1)
    assert (envelope.created_by, envelope.status) == (form.created_by, EnvelopeStatus.SENDING)
    assert [r.name for r in envelope.recipients.all()] == ["Vic Tor", "Holly Host"]


def test_a_form_with_a_counter_signer_is_signed_to_completion(docusign: SandboxProcess) -> None:
    make_form()
    begin()
    envelope = visitor().envelope
    tasks.send_for_visitor(envelope.pk)
    envelope.refresh_from_db()
    assert "Review and sign" in text_of(Browser().get(path_of(visitor())))
    sign(envelope, 1)
    assert envelope.recipients.get(number=2).status == RecipientStatus.SENT
    sign(envelope, 2)
    assert envelope.status == EnvelopeStatus.COMPLETED


def test_nobody_waits_for_a_change_of_mind() -> None:
    make_form()
    begin()
    assert sending.due_for_sending(timezone.now()) == [visitor().envelope_id]


def test_no_get_begins_anything() -> None:
    form = make_form(verify_email=True)
    entry = FormEntry.objects.create(form=form, **VIC)
    for path in ("", "embed/", "mailed/", f"code/{entry.public_id}/"):
        for method in ("get", "head"):
            assert getattr(Browser(), method)(FORM + path).status_code == 200
    assert not Envelope.objects.exclude(status=EnvelopeStatus.TEMPLATE).exists()
    assert form_codes.due_entry_ids(timezone.now()) == []


@pytest.mark.parametrize(
    ("person", "problem"),
    [
        pytest.param({"name": " "}, "This field is required.", id="no name"),
        pytest.param({"email": "vic"}, "Enter a valid email address.", id="no address"),
        pytest.param({"email": "v" * 100 + "@example.com"}, "at most 100 characters", id="too long for Docusign"),
        pytest.param({"website": "http://spam.example"}, "Leave this empty", id="fills in everything"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(person: dict[str, Any], problem: str) -> None:
    form = make_form()
    response = begin(**person)
    assert response.status_code == 422
    assert problem in text_of(response)
    form.refresh_from_db()
    assert form.count == 0


def test_the_counter_signers_address_is_not_the_visitors_when_both_have_the_same_turn() -> None:
    template = make_template()
    template.content.recipients.update(routing_order=1)
    make_form(template)
    assert "belongs to somebody else who signs" in text_of(begin(email="HOLLY@northwind.example"))


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        pytest.param({"is_active": False}, "This is not open at the moment.", id="closed"),
        pytest.param({"open_from": HOUR}, "It opens on", id="early"),
        pytest.param({"open_until": -HOUR}, "The time for this is over.", id="over"),
        pytest.param({"max_count": 2, "count": 2}, "All places are taken.", id="full"),
    ],
)
def test_a_form_that_takes_nobody_says_why(columns: dict[str, Any], says: str) -> None:
    moments: dict[str, Any] = {n: timezone.now() + v if isinstance(v, timedelta) else v for n, v in columns.items()}
    make_form(**moments)
    for response in (Browser().get(FORM), begin()):
        assert says in text_of(response)
        assert 'name="email"' not in text_of(response)
    assert not FormEntry.objects.exists()


def test_a_form_whose_template_lost_its_open_role_takes_nobody(staff: Any) -> None:
    form = make_form()
    form.template.content.recipients.update(name="Ann", email="ann@example.com")
    assert "This is not open at the moment." in text_of(begin())


def test_a_form_of_an_archived_template_takes_nobody() -> None:
    form = make_form()
    templates.set_archived(form.template, is_archived=True)
    assert "This is not open at the moment." in text_of(begin())


def test_an_unknown_form_is_a_calm_page() -> None:
    response = Browser().get("/forms/nothing/")
    assert response.status_code == 404
    assert "There is no form at this address" in text_of(response)


def test_the_last_place_is_taken_once() -> None:
    make_form(max_count=1)
    begin()
    assert "All places are taken." in text_of(begin(email="second@example.com"))


# Coming back


def test_the_same_browser_goes_on_with_its_open_copy() -> None:
    make_form()
    browser = Browser()
    begin(browser)
    assert "You began with" in text_of(browser.get(FORM))
    assert browser.post(f"{FORM}continue/")["Location"] == path_of(visitor())
    assert begin(browser)["Location"] == path_of(visitor())
    assert FormEntry.objects.count() == 1


def test_a_stranger_who_knows_the_address_does_not_get_in() -> None:
    make_form()
    begin()
    stranger = Browser()
    response = begin(stranger, name="Somebody Else", email="VIC@example.com")
    assert response["Location"] == f"{FORM}mailed/"
    assert link_token_of(visitor()) not in text_of(stranger.get(response["Location"]))
    assert stranger.post(f"{FORM}continue/")["Location"] == FORM
    assert FormEntry.objects.count() == 1


def test_the_link_goes_to_the_address_on_file_then(docusign: SandboxProcess) -> None:
    make_form()
    begin()
    tasks.send_for_visitor(visitor().envelope_id)
    begin()
    row = OutgoingMail.objects.get(kind=MailKind.FRESH_LINK)
    tasks.deliver_mail(row.pk)
    assert row.to_email == "vic@example.com"
    assert "former link" not in str(mail.outbox[-1].body)
    assert link_token_of(visitor()) in str(mail.outbox[-1].body)


def test_that_mail_is_not_sent_again_and_again() -> None:
    make_form()
    for _ in range(4):
        begin()
    assert OutgoingMail.objects.filter(kind=MailKind.FRESH_LINK).count() == 1


def test_a_forged_cookie_is_none() -> None:
    make_form()
    begin()
    browser = Browser()
    browser.cookies["form_entry"] = str(FormEntry.objects.get().public_id)
    assert browser.post(f"{FORM}continue/")["Location"] == FORM


def signed_by_visitor() -> None:
    Recipient.objects.filter(pk=visitor().pk).update(status=RecipientStatus.COMPLETED)


def test_who_has_signed_may_begin_again() -> None:
    make_form()
    begin()
    signed_by_visitor()
    assert begin()["Location"].startswith("/sign/")
    assert FormEntry.objects.count() == 2


def test_who_has_signed_may_not_where_once_is_enough() -> None:
    make_form(one_per_email=True)
    begin()
    signed_by_visitor()
    assert begin()["Location"] == f"{FORM}mailed/"
    assert FormEntry.objects.count() == 1


def test_a_withdrawn_copy_frees_the_place() -> None:
    make_form(one_per_email=True)
    begin()
    Envelope.objects.filter(pk=visitor().envelope_id).update(
        status=EnvelopeStatus.VOIDED, docusign_id="11111111-2222-3333-4444-555555555555"
    )
    assert begin()["Location"].startswith("/sign/")


# With a code


def test_nothing_is_made_before_the_code_is_given() -> None:
    form = make_form(verify_email=True)
    response = begin()
    assert "/code/" in response["Location"]
    form.refresh_from_db()
    assert (form.count, FormEntry.objects.get().recipient) == (0, None)


def test_the_code_from_the_mailbox_leads_to_the_visitors_link(docusign: SandboxProcess) -> None:
    make_form(verify_email=True)
    browser = Browser()
    page = begin(browser)["Location"]
    response = browser.post(page, {"code": mailed_code()})
    assert response["Location"] == path_of(visitor())
    assert visitor().verification == Verification.EMAIL_CODE
    envelope = visitor().envelope
    tasks.send_for_visitor(envelope.pk)
    # The browser that gave it is not asked again; any other is.
    assert "First we send a code" not in text_of(browser.get(path_of(visitor())))
    assert "First we send a code" in text_of(Browser().get(path_of(visitor())))
    assert browser.post(f"{path_of(visitor())}start/").status_code == 303
    assert Browser().post(f"{path_of(visitor())}start/")["Location"].endswith("/code/")


def test_the_code_stands_in_the_certificate(docusign: SandboxProcess) -> None:
    make_form(make_template(), verify_email=True)
    browser = Browser()
    browser.post(begin(browser)["Location"], {"code": mailed_code()})
    envelope = visitor().envelope
    tasks.send_for_visitor(envelope.pk)
    Robot().sign(browser.post(f"{path_of(visitor())}start/")["Location"], signature="Vic Tor")
    (view,) = docusign.requests(path_contains="/views/recipient")
    proof = EmailCode.objects.get()
    assert view["body"]["authenticationMethod"] == "Email"
    assert view["body"]["assertionId"] == str(proof.assertion_id)


def test_the_right_code_may_be_given_twice() -> None:
    make_form(verify_email=True)
    browser = Browser()
    page, code = begin(browser)["Location"], mailed_code()
    assert browser.post(page, {"code": code})["Location"] == browser.post(page, {"code": code})["Location"]
    assert Recipient.objects.filter(form_entry__isnull=False).count() == 1


def test_who_shows_that_the_mailbox_is_theirs_goes_on_with_their_open_copy() -> None:
    make_form(verify_email=True)
    Browser().post(begin()["Location"], {"code": mailed_code()})
    again = Browser()
    response = again.post(begin(again)["Location"], {"code": mailed_code()})
    assert response["Location"] == path_of(visitor())


def test_a_code_dies_after_five_wrong_ones() -> None:
    make_form(verify_email=True)
    browser = Browser()
    page, code = begin(browser)["Location"], mailed_code()
    wrong = "000000" if code != "000000" else "111111"
    answers = [text_of(browser.post(page, {"code": wrong})) for _ in range(5)]
    assert "You can try 4 more times." in answers[0]
    assert "This code no longer works." in answers[-1]
    assert browser.post(page, {"code": code}).status_code == 422


def test_a_code_dies_after_ten_minutes(clock: Clock) -> None:
    make_form(verify_email=True)
    browser = Browser()
    page, code = begin(browser)["Location"], mailed_code()
    clock.advance(minutes=11)
    assert browser.post(page, {"code": code}).status_code == 422


def test_another_code_replaces_the_first(clock: Clock) -> None:
    make_form(verify_email=True)
    browser = Browser()
    page, first = begin(browser)["Location"], mailed_code()
    clock.advance(minutes=2)
    browser.post(f"{page}new/")
    second = mailed_code()
    if first != second:
        assert browser.post(page, {"code": first}).status_code == 422
    assert browser.post(page, {"code": second}).status_code == 302


def test_one_mailbox_gets_five_codes_an_hour() -> None:
    make_form(verify_email=True)
    assert [begin().status_code for _ in range(6)] == [302] * 5 + [429]


def test_a_code_that_did_not_leave_is_mailed_by_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    make_form(verify_email=True)
    begin()
    (entry_id,) = form_codes.due_entry_ids(timezone.now())
    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", _refuse)
    tasks.mail_form_code(entry_id)
    assert form_codes.due_entry_ids(timezone.now()) == [entry_id]
    monkeypatch.undo()
    assert mailed_code()
    assert form_codes.due_entry_ids(timezone.now()) == []


def _refuse(*args: object, **kwargs: object) -> int:
    raise ConnectionRefusedError


def test_entries_that_led_to_nothing_are_forgotten(clock: Clock) -> None:
    make_form(verify_email=True)
    begin()
    clock.advance(days=2)
    tasks.prune()
    assert not FormEntry.objects.exists()


# Limits, headers, language


def test_one_network_begins_sixty_an_hour() -> None:
    make_form()
    for number in range(60):
        assert begin(email=f"v{number}@example.com").status_code == 302
    assert begin(email="last@example.com").status_code == 429


def test_pages_are_not_stored_and_in_nobodys_frame() -> None:
    make_form(frame_origins="https://www.example.com")
    response = Browser().get(FORM)
    assert "no-store" in response["Cache-Control"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_the_embedded_page_may_be_framed_by_the_sites_of_the_form_alone() -> None:
    make_form(frame_origins="https://www.example.com\nhttps://example.org")
    response = Browser().get(f"{FORM}embed/")
    assert "frame-ancestors https://www.example.com https://example.org" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert '<base target="_top">' in text_of(response)


def test_without_sites_the_embedded_page_is_in_nobodys_frame() -> None:
    make_form()
    response = Browser().get(f"{FORM}embed/")
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_no_cookie_is_set_before_somebody_begins() -> None:
    make_form()
    assert not Browser().get(FORM).cookies


def test_the_form_speaks_its_own_language() -> None:
    make_form(language="ar")
    response = Browser().get(FORM)
    assert '<html lang="ar" dir="rtl">' in text_of(response)
    begin()
    assert visitor().language == "ar"


def test_the_page_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    make_form()
    with django_assert_max_num_queries(4):
        Browser().get(FORM)


def test_a_ceremony_opens_from_the_link_that_was_made_before_sending(docusign: SandboxProcess) -> None:
    make_form()
    location = begin()["Location"]
    tasks.send_for_visitor(visitor().envelope_id)
    assert path_of(visitor()) == location
    assert "/Signing/" in open_ceremony(visitor())
