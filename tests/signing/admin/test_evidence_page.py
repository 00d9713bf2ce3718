"""The auditor's page, and what a record says of its chain."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from signing import anchoring, auditing, events
from signing.models import EventKind, PortalKind, append_only
from tests.factories import make_sent, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/signing/envelopeevent/"


def text_of(browser: Browser, address: str = PAGE) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_what_changed_who_did_it_and_the_anchor(admin_browser: Browser) -> None:
    group = Group.objects.create(name="Helpers")
    admin_browser.post(reverse("admin:auth_group_change", args=[group.pk]), {"name": "Helping hands"})
    (anchor,) = anchoring.write_anchors()
    auditing.look_through()
    text = text_of(admin_browser)
    assert "Helpers → Helping hands" in text
    assert "Dana Field" in text
    assert anchor.hash in text
    assert "All is as it was written." in text


def test_it_is_filtered_by_kind_and_by_what_it_is_about(admin_browser: Browser) -> None:
    events.record_portal(PortalKind.ARCHIVED, about="template:1", name="Lease of the archive")
    events.record_portal(PortalKind.DELETED, about="group:1", name="Helpers")
    assert "Helpers" not in text_of(admin_browser, f"{PAGE}?kind=archived")
    assert "Lease of the archive" not in text_of(admin_browser, f"{PAGE}?about_what=group")
    assert "Lease of the archive" in text_of(admin_browser, f"{PAGE}?q=template:1")


def test_what_was_touched_is_named_there(admin_browser: Browser) -> None:
    envelope = make_sent()
    with append_only.suspended(connection):
        envelope.events.update(kind=EventKind.SENT)
    auditing.look_through()
    assert f"envelope:{envelope.pk}, event 1: changed" in text_of(admin_browser)
    record = text_of(admin_browser, reverse("admin:signing_envelope_change", args=[envelope.pk]))
    assert "This timeline is not what was written" in record


def test_a_record_says_that_its_chain_holds(admin_browser: Browser) -> None:
    envelope = make_sent()
    events.record(envelope.pk, EventKind.DOWNLOADED, what="zip")
    record = text_of(admin_browser, reverse("admin:signing_envelope_change", args=[envelope.pk]))
    assert "2 events, each hashed over the one before" in record


def test_without_the_permission_there_is_no_page() -> None:
    browser = Browser()
    browser.force_login(make_staff("robin", is_superuser=False))
    assert browser.get(PAGE).status_code == 403


def test_nobody_can_add_change_or_delete_there(admin_browser: Browser) -> None:
    events.record_portal(PortalKind.ARCHIVED, about="template:1")
    for tail in ("add/", "1/delete/"):
        assert admin_browser.get(PAGE + tail).status_code in (302, 403)
    assert 'name="action"' not in text_of(admin_browser)
