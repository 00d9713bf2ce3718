"""Every address of the desk: strangers log in first, staff without permission see and post nothing."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client as Browser

from signing import errands
from signing.links import link_token_of
from signing.models import EnvelopeEvent, Errand, ErrandKind, OutgoingMail, SavedView
from tests.factories import make_sent, make_staff, recipient_of

pytestmark = pytest.mark.django_db

LOOKS = [
    "",
    "{pk}/change/",
    "{pk}/documents/1/",
    "{pk}/completed/combined/",
    "{pk}/zip/",
    "errands/{errand}/",
    "errands/{errand}/state/",
    "errands/{errand}/file/",
]
CHANGES = [
    "{pk}/take-back/",
    "{pk}/void/",
    "{pk}/signers/1/link/",
    "{pk}/signers/1/correct/",
    "{pk}/remind/",
    "{pk}/owner/",
    "{pk}/values/",
    "{pk}/duplicate/",
    "{pk}/repair/",
]
DEEDS = ["remind", "void", "ask"]
EXPORTS = ["csv", "xlsx", "zip"]


@pytest.fixture
def clerk(db: None) -> User:
    return make_staff("clerk", is_superuser=False)


@pytest.fixture
def clerks_browser(clerk: User) -> Browser:
    browser = Browser()
    browser.force_login(clerk)
    return browser


def filled(tail: str, asker: User) -> str:
    errand = errands.ask(asker, ErrandKind.CSV, filter={})
    return "/admin/signing/envelope/" + tail.format(pk=make_sent().pk, errand=errand.pk)


def allow(clerk: User, *names: str) -> None:
    clerk.user_permissions.add(
        *Permission.objects.filter(codename__in=("see_all", "add_errand", "add_savedview", *names))
    )


@pytest.mark.parametrize("tail", LOOKS)
def test_who_may_not_look_sees_nothing(clerks_browser: Browser, clerk: User, tail: str) -> None:
    """403 where one may not look at all, 404 where there would be nothing of theirs to see."""
    assert clerks_browser.get(filled(tail, clerk)).status_code in (403, 404)


@pytest.mark.parametrize("tail", [*CHANGES, "views/", "errands/{errand}/cancel/"])
def test_who_may_not_look_posts_nothing(clerks_browser: Browser, clerk: User, tail: str) -> None:
    assert clerks_browser.post(filled(tail, clerk), {"name": "x"}).status_code == 403
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("tail", [*LOOKS, *CHANGES, "bulk/", "views/"])
def test_strangers_are_sent_to_the_login(clerk: User, tail: str) -> None:
    method = "get" if tail in LOOKS else "post"
    response = getattr(Browser(), method)(filled(tail, clerk))
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


@pytest.mark.parametrize("tail", CHANGES)
def test_who_may_only_look_changes_nothing(clerks_browser: Browser, clerk: User, tail: str) -> None:
    allow(clerk, "view_envelope")
    address = filled(tail, clerk)
    before = EnvelopeEvent.objects.count()
    assert clerks_browser.post(address, {"reason": "x", "owner": clerk.pk}).status_code == 403
    assert EnvelopeEvent.objects.count() == before
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("tail", [tail for tail in CHANGES if tail != "{pk}/void/"])
def test_nothing_is_changed_by_looking(admin_browser: Browser, staff: User, tail: str) -> None:
    assert admin_browser.get(filled(tail, staff)).status_code == 405


@pytest.mark.parametrize("deed", [*DEEDS, *EXPORTS, "delete", ""])
def test_no_deed_for_many_without_permission(clerks_browser: Browser, deed: str) -> None:
    data = {"deed": deed, "selected": [make_sent().pk], "reason": "x"}
    assert clerks_browser.post("/admin/signing/envelope/many/", data).status_code == 403
    assert not Errand.objects.exists()


@pytest.mark.parametrize(("deed", "status"), [*((deed, 403) for deed in DEEDS), *((deed, 302) for deed in EXPORTS)])
def test_who_may_only_look_takes_away_and_changes_nothing(
    clerks_browser: Browser, clerk: User, deed: str, status: int
) -> None:
    allow(clerk, "view_envelope")
    data = {"deed": deed, "selected": [make_sent().pk], "reason": "x"}
    assert clerks_browser.post("/admin/signing/envelope/many/", data).status_code == status


def test_a_duplicate_needs_the_permission_to_add(clerks_browser: Browser, clerk: User) -> None:
    allow(clerk, "view_envelope", "change_envelope")
    assert clerks_browser.post(filled("{pk}/duplicate/", clerk)).status_code == 403


def test_the_pages_offer_only_what_is_allowed(clerks_browser: Browser, clerk: User) -> None:
    allow(clerk, "view_envelope")
    envelope = make_sent()
    record = clerks_browser.get(f"/admin/signing/envelope/{envelope.pk}/change/").content.decode()
    for words in (">Remind<", "Revoke link", "Correct", "Void this envelope", "Hand over", "Duplicate"):
        assert words not in record, words
    listed = clerks_browser.get("/admin/signing/envelope/").content.decode()
    for words in ('value="remind"', 'value="void"', "New envelope"):
        assert words not in listed, words
    assert 'value="csv"' in listed


def test_no_page_of_the_desk_shows_a_signing_link(admin_browser: Browser) -> None:
    envelope = make_sent()
    for address in ("/admin/", "/admin/signing/envelope/", f"/admin/signing/envelope/{envelope.pk}/change/"):
        assert link_token_of(recipient_of(envelope, 1)) not in admin_browser.get(address).content.decode()
