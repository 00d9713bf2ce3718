"""The staff's pages: list, record, downloads, void, outbox, dashboard, permissions."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from signing import notifications, tasks
from signing.links import link_url
from signing.models import Envelope, MailState, OutgoingMail
from tests.deeds import send, sign
from tests.factories import make_draft, make_sent, make_staff, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


def page(browser: Browser, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_the_list_shows_each_signer_with_their_state(admin_browser: Browser) -> None:
    make_sent()
    text = page(admin_browser, "/admin/signing/envelope/")
    for fact in ("Consulting agreement", "Ann Bee", "waiting a moment, not opened", "Carl Dee", "not yet their turn"):
        assert fact in text


def test_the_list_takes_the_same_number_of_queries_for_many_envelopes(
    admin_browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        make_draft()
    with django_assert_max_num_queries(14):
        page(admin_browser, "/admin/signing/envelope/")


@pytest.mark.parametrize(
    "text", ["Consulting", "carl@example.com", "Agreement", "11111111-2222-3333-4444-555555555555"]
)
def test_search_finds_by_subject_person_document_and_docusign_id(admin_browser: Browser, text: str) -> None:
    make_sent()
    assert "Ann Bee" in page(admin_browser, f"/admin/signing/envelope/?q={text}")


def test_a_completed_envelope_offers_its_documents_with_their_hashes(
    admin_browser: Browser, docusign: SandboxProcess
) -> None:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    text = page(admin_browser, f"/admin/signing/envelope/{envelope.pk}/change/")
    for completed in envelope.completed_documents.all():
        assert completed.sha256 in text
        response = admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/completed/{completed.kind}/")
        assert response["Content-Disposition"].startswith("attachment")
        assert b"".join(response.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_the_original_can_be_downloaded(admin_browser: Browser) -> None:
    envelope = make_sent()
    response = admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/documents/1/")
    assert response["Content-Disposition"] == 'attachment; filename="Agreement.pdf"'
    assert b"".join(response.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_voiding_asks_for_a_reason(admin_browser: Browser) -> None:
    envelope = make_sent()
    text = admin_browser.post(f"/admin/signing/envelope/{envelope.pk}/void/", {"reason": " "}).content.decode()
    assert "This field is required." in text


def test_voiding_ends_the_envelope_and_tells_the_signers(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = send()
    url = f"/admin/signing/envelope/{envelope.pk}/void/"
    text = admin_browser.post(url, {"reason": "Wrong version"}, follow=True).content.decode()
    assert "The envelope is void." in text
    assert OutgoingMail.objects.filter(envelope=envelope, kind="voided").count() == 1


def test_a_void_that_docusign_refuses_says_so(admin_browser: Browser, docusign: SandboxProcess) -> None:
    envelope = send()
    docusign.fail_next(method="PUT", errorCode="ENVELOPE_CANNOT_VOID_INVALID_STATE")
    url = f"/admin/signing/envelope/{envelope.pk}/void/"
    text = admin_browser.post(url, {"reason": "Too late"}, follow=True).content.decode()
    assert "can no longer be voided" in text


def test_only_drafts_can_be_deleted(admin_browser: Browser) -> None:
    sent, draft = make_sent(), make_draft()
    assert admin_browser.post(f"/admin/signing/envelope/{sent.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_browser.post(f"/admin/signing/envelope/{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Envelope.objects.all()) == [sent]


def test_staff_see_the_mail_but_not_its_signing_link(admin_browser: Browser) -> None:
    envelope = make_sent()
    notifications.queue_due(envelope)
    text = page(admin_browser, f"/admin/signing/outgoingmail/{OutgoingMail.objects.get().pk}/change/")
    assert "asks you to sign" in text
    assert link_url(recipient_of(envelope, 1)) not in text


def test_in_the_demo_the_mails_link_can_be_followed(admin_browser: Browser, settings: Settings) -> None:
    settings.MAIL_PREVIEW = True
    envelope = make_sent()
    notifications.queue_due(envelope)
    text = page(admin_browser, f"/admin/signing/outgoingmail/{OutgoingMail.objects.get().pk}/change/")
    assert link_url(recipient_of(envelope, 1)) in text


def test_a_failed_mail_is_sent_again_by_a_click(admin_browser: Browser) -> None:
    notifications.queue_due(make_sent())
    OutgoingMail.objects.update(state=MailState.FAILED, error="no route")
    assert "1 mail could not be sent" in page(admin_browser, "/admin/")
    admin_browser.post(f"/admin/signing/outgoingmail/{OutgoingMail.objects.get().pk}/send-again/")
    assert OutgoingMail.objects.get().state == MailState.QUEUED


def test_looking_at_the_outbox_sends_nothing(admin_browser: Browser) -> None:
    notifications.queue_due(make_sent())
    pk = OutgoingMail.objects.get().pk
    assert admin_browser.get(f"/admin/signing/outgoingmail/{pk}/send-again/").status_code == 405


def test_the_dashboard_says_when_the_portal_is_not_connected(admin_browser: Browser) -> None:
    assert "The portal is not connected to Docusign yet" in page(admin_browser, "/admin/")


def test_the_dashboard_counts_and_lists(admin_browser: Browser) -> None:
    make_sent()
    text = page(admin_browser, "/admin/")
    assert "Waiting for signers" in text
    assert "Consulting agreement" in text


def test_each_number_of_the_dashboard_leads_to_what_it_counted(admin_browser: Browser) -> None:
    make_sent()
    make_draft(subject="Only a draft")
    links = re.findall(r'class="sp-tile" href="([^"]+)"', page(admin_browser, "/admin/"))
    assert len(links) == 4
    waiting, drafts = page(admin_browser, links[0]), page(admin_browser, links[2])
    assert "Consulting agreement" in waiting
    assert "Only a draft" not in waiting
    assert "Only a draft" in drafts
    assert "Consulting agreement" not in drafts


@pytest.fixture
def clerk(db: None) -> User:
    """Staff without any permission, from whom nothing is hidden but that."""
    user = make_staff("clerk", is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="see_all"))
    return user


STAFF_ADDRESSES = [
    ("get", "/admin/signing/envelope/"),
    ("get", "/admin/signing/envelope/add/"),
    ("post", "/admin/signing/envelope/add/"),
    ("get", "/admin/signing/envelope/{pk}/change/"),
    ("post", "/admin/signing/envelope/{pk}/change/"),
    ("get", "/admin/signing/envelope/{pk}/documents/1/"),
    ("get", "/admin/signing/envelope/{pk}/completed/combined/"),
    ("post", "/admin/signing/envelope/{pk}/void/"),
    ("get", "/admin/signing/envelope/{pk}/delete/"),
    ("get", "/admin/signing/envelope/{pk}/history/"),
    ("get", "/admin/signing/outgoingmail/"),
    ("get", "/admin/signing/outgoingmail/{mail_pk}/change/"),
    ("post", "/admin/signing/outgoingmail/{mail_pk}/send-again/"),
]


@pytest.mark.parametrize(("method", "url"), STAFF_ADDRESSES)
def test_staff_without_permission_can_neither_see_nor_post(clerk: User, method: str, url: str) -> None:
    envelope = make_sent()
    notifications.queue_due(envelope)
    browser = Browser()
    browser.force_login(clerk)
    address = url.format(pk=envelope.pk, mail_pk=OutgoingMail.objects.get().pk)
    assert getattr(browser, method)(address).status_code == 403


@pytest.mark.parametrize(("method", "url"), STAFF_ADDRESSES)
def test_strangers_are_sent_to_the_login(method: str, url: str) -> None:
    response = getattr(Browser(), method)(url.format(pk=1, mail_pk=1))
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


def test_staff_who_may_only_look_cannot_change_a_draft(clerk: User) -> None:
    clerk.user_permissions.add(*Permission.objects.filter(codename__in=("see_all", "view_envelope")))
    envelope = make_draft()
    browser = Browser()
    browser.force_login(clerk)
    assert "<form" not in page(browser, f"/admin/signing/envelope/{envelope.pk}/change/").split("<h1")[1]
    browser.post(f"/admin/signing/envelope/{envelope.pk}/change/", {"subject": "Mine now", "_save": "1"})
    envelope.refresh_from_db()
    assert envelope.subject == "Consulting agreement"


@pytest.mark.parametrize("url", ["/admin/signing/envelope/999/change/", "/admin/signing/envelope/junk/change/"])
def test_an_envelope_that_is_not_there_is_a_404(admin_browser: Browser, url: str) -> None:
    assert admin_browser.get(url).status_code == 404


def change_link(browser: Browser, envelope: Envelope, button: str) -> str:
    address = f"/admin/signing/envelope/{envelope.pk}/signers/1/link/"
    return browser.post(address, {button: "1"}, follow=True).content.decode()


def test_staff_send_a_signer_another_link_without_seeing_it(admin_browser: Browser) -> None:
    envelope = make_sent()
    old = link_url(recipient_of(envelope, 1))
    text = change_link(admin_browser, envelope, "replace")
    new = link_url(recipient_of(envelope, 1))
    assert "A new link is on its way to Ann Bee" in text
    assert new != old
    assert new not in text
    assert old not in text
    assert OutgoingMail.objects.filter(kind="fresh_link", to_email="ann@example.com").count() == 1


def test_staff_take_a_link_back_and_give_another(admin_browser: Browser) -> None:
    envelope = make_sent()
    assert "revoked" in change_link(admin_browser, envelope, "revoke")
    assert recipient_of(envelope, 1).link_revoked_at is not None
    change_link(admin_browser, envelope, "replace")
    assert recipient_of(envelope, 1).link_revoked_at is None


def test_a_draft_has_no_links_to_change(admin_browser: Browser) -> None:
    envelope = make_draft()
    assert "Ann Bee has no link of ours." in change_link(admin_browser, envelope, "replace")
    assert not OutgoingMail.objects.exists()


def test_who_may_only_look_changes_no_link() -> None:
    envelope = make_sent()
    viewer = make_staff("vera", is_superuser=False)
    viewer.user_permissions.add(*Permission.objects.filter(codename__in=("see_all", "view_envelope")))
    browser = Browser()
    browser.force_login(viewer)
    assert browser.post(f"/admin/signing/envelope/{envelope.pk}/signers/1/link/", {"revoke": "1"}).status_code == 403
    assert "Send a new link" not in page(browser, f"/admin/signing/envelope/{envelope.pk}/change/")
