"""The doors of keeping: who may hold, ask, decide, and what the pages say."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing.models import Envelope, PurgeRequest, RetentionRule, Template
from signing.privacy import retention
from tests.factories import make_draft, make_sent, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]


@pytest.fixture
def envelope(staff: User) -> Envelope:
    return make_sent(
        status="completed",
        recipient_statuses=("completed", "completed"),
        completed_at=timezone.now() - timedelta(days=40),
        documents_stored_at=timezone.now(),
    )


def browser_of(username: str, *permissions: str) -> Browser:
    user = make_staff(username, is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=("see_all", *permissions)))
    browser = Browser()
    browser.force_login(User.objects.get(pk=user.pk))
    return browser


def post(browser: Browser, name: str, envelope: Envelope, **data: str) -> int:
    return browser.post(reverse(f"admin:signing_envelope_{name}", args=[envelope.pk]), data).status_code


def test_only_who_may_hold_holds(envelope: Envelope) -> None:
    assert post(browser_of("vera", "view_envelope", "change_envelope"), "hold", envelope, reason="x") == 403
    assert post(browser_of("helen", "view_envelope", "hold"), "hold", envelope, reason="A claim") == 302
    envelope.refresh_from_db()
    assert envelope.hold_reason == "A claim"


def test_a_hold_needs_a_reason(envelope: Envelope, admin_browser: Browser) -> None:
    post(admin_browser, "hold", envelope, reason=" ")
    envelope.refresh_from_db()
    assert not envelope.is_on_hold


def test_record_and_list_show_the_hold_and_who_set_it(envelope: Envelope, admin_browser: Browser) -> None:
    post(admin_browser, "hold", envelope, reason="A claim was filed")
    record = admin_browser.get(reverse("admin:signing_envelope_change", args=[envelope.pk])).content.decode()
    assert "A claim was filed" in record
    assert "Dana Field" in record
    assert "Legal hold" in admin_browser.get(reverse("admin:signing_envelope_changelist")).content.decode()


def test_a_draft_on_hold_cannot_be_thrown_away(admin_browser: Browser) -> None:
    draft = make_draft()
    post(admin_browser, "hold", draft, reason="Evidence")
    address = reverse("admin:signing_envelope_delete", args=[draft.pk])
    assert admin_browser.post(address, {"post": "yes"}).status_code == 403


def test_the_record_says_when_it_goes_and_by_which_rule(
    envelope: Envelope, admin_browser: Browser, settings: Settings
) -> None:
    settings.RETAIN_DAYS = 60
    page = admin_browser.get(reverse("admin:signing_envelope_change", args=[envelope.pk])).content.decode()
    assert "the rule deletes the documents" in page


def test_a_record_whose_documents_are_deleted_says_so_and_does_not_wait_for_them(
    envelope: Envelope, admin_browser: Browser, settings: Settings
) -> None:
    settings.RETAIN_DAYS, settings.RETAIN_SCOPE = 30, "everything"
    retention.apply_due(timezone.now())
    page = admin_browser.get(reverse("admin:signing_envelope_change", args=[envelope.pk])).content.decode()
    assert "Their hashes stand on the timeline" in page
    assert 'http-equiv="refresh"' not in page
    assert "Ann Bee" not in page


def test_one_person_asks_and_another_decides(envelope: Envelope) -> None:
    asker = browser_of("asta", "view_envelope", "change_envelope", "approve_purge")
    post(asker, "purge", envelope, purge_state="documents_queued", reason="Contract over")
    request = PurgeRequest.objects.get()
    decision = {"request": str(request.pk), "decision": "approve"}
    asker.post(reverse("admin:signing_purges"), decision)
    request.refresh_from_db()
    assert request.state == "asked"
    assert browser_of("vera", "view_envelope").post(reverse("admin:signing_purges"), decision).status_code == 403
    browser_of("bert", "approve_purge").post(reverse("admin:signing_purges"), decision)
    request.refresh_from_db()
    assert (request.state, request.decided_by and request.decided_by.username) == ("approved", "bert")


def test_the_page_of_keeping_lists_rules_holds_and_what_is_due(
    envelope: Envelope, admin_browser: Browser, settings: Settings
) -> None:
    settings.RETAIN_DAYS = 30
    held = make_sent(docusign_id="22222222-2222-3333-4444-555555555555")
    post(admin_browser, "hold", held, reason="A claim was filed")
    page = admin_browser.get(reverse("admin:signing_keeping")).content.decode()
    assert "30 days after the end: delete the documents" in page
    assert f"#{envelope.pk}" in page
    assert "A claim was filed" in page


def test_the_page_of_keeping_is_not_for_everybody(db: None) -> None:
    assert browser_of("vera", "view_envelope").get(reverse("admin:signing_keeping")).status_code == 403


def test_a_template_gets_a_rule_and_loses_it_again(admin_browser: Browser) -> None:
    template = Template.objects.create(name="Loan", content=make_draft(), created_by=User.objects.get())
    address = reverse("admin:signing_template_retention", args=[template.pk])
    admin_browser.post(address, {"own": "on", "days": "365", "scope": "everything", "purge_state": ""})
    assert RetentionRule.objects.get().days == 365
    page = admin_browser.get(reverse("admin:signing_template_change", args=[template.pk])).content.decode()
    assert "365 days after its end" in page
    admin_browser.post(address, {"days": "", "scope": "documents", "purge_state": ""})
    assert not RetentionRule.objects.exists()


def test_who_may_change_a_template_may_not_change_how_long_it_is_kept(db: None) -> None:
    template = Template.objects.create(name="Loan", content=make_draft(), created_by=make_staff("lena"))
    browser = browser_of("tim", "view_template", "change_template")
    address = reverse("admin:signing_template_retention", args=[template.pk])
    assert browser.post(address, {"own": "on", "days": "1", "scope": "everything"}).status_code == 403
