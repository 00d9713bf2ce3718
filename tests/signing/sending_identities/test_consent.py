"""The way to a person's consent and back."""

import base64
import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from signing.docusign import code_grant
from signing.docusign.code_grant import challenge_of
from signing.models import (
    LossReason,
    PortalKind,
    SendingIdentity,
)
from signing.models.event import EnvelopeEvent
from tests.clock import travel
from tests.factories import make_staff
from tests.identities import (
    accept,
    connect,
    leave_for_docusign,
    query_of,
    user_guid,
)
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


def test_a_person_comes_back_from_docusign_connected(docusign: SandboxProcess, admin_browser: Browser) -> None:
    page = connect(admin_browser, user_guid(docusign))
    assert "you can send as Alex Sender now" in page.content.decode()
    identity = SendingIdentity.objects.get()
    assert (identity.name, identity.email, identity.account_id) == (
        "Alex Sender",
        "alex@sandbox.example",
        docusign.account_id,
    )
    told = EnvelopeEvent.objects.get(kind=PortalKind.IDENTITY_CONNECTED)
    assert (told.about, told.data["name"]) == (f"user:{identity.user_id}", "Alex Sender")


def test_the_consent_page_is_asked_with_a_state_and_an_s256_challenge(
    docusign: SandboxProcess, admin_browser: Browser
) -> None:
    query = query_of(leave_for_docusign(admin_browser))
    assert query["scope"] == "signature impersonation"
    assert query["redirect_uri"].endswith("/docusign/identity/")
    assert query["code_challenge_method"] == "S256"
    assert len(query["state"]) >= 40
    assert query["code_challenge"] not in str(admin_browser.session.items())


def test_no_code_and_no_token_is_kept(docusign: SandboxProcess, admin_browser: Browser) -> None:
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign))
    admin_browser.get(way_back)
    code = query_of(way_back)["code"]
    rows = [*SendingIdentity.objects.values(), *EnvelopeEvent.objects.values(), dict(admin_browser.session)]
    assert code not in str(rows)
    assert "refresh" not in str(rows)


@pytest.mark.parametrize("spoilt", ["state=forged", "state=", "nothing=1"])
def test_an_answer_with_another_state_is_refused(docusign: SandboxProcess, admin_browser: Browser, spoilt: str) -> None:
    query = query_of(accept(leave_for_docusign(admin_browser), user_guid(docusign)))
    page = admin_browser.get(f"/docusign/identity/?code={query['code']}&{spoilt}", follow=True)
    assert "belongs to no question of yours" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_an_answer_is_good_once(docusign: SandboxProcess, admin_browser: Browser) -> None:
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign))
    admin_browser.get(way_back)
    page = admin_browser.get(way_back, follow=True)
    assert "or was used already" in page.content.decode()


def test_an_answer_is_good_in_no_other_session(docusign: SandboxProcess, admin_browser: Browser, staff: User) -> None:
    """Somebody else's way back, put before me, would connect me with their user."""
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign))
    other = Browser()
    other.force_login(make_staff("eve"))
    page = other.get(way_back, follow=True)
    assert "belongs to no question of yours" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_an_answer_that_comes_too_late_is_refused(docusign: SandboxProcess, admin_browser: Browser) -> None:
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign))
    with travel(timedelta(minutes=16)):
        page = admin_browser.get(way_back, follow=True)
    assert "took too long" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_a_code_without_its_verifier_is_worth_nothing(
    docusign: SandboxProcess, admin_browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if somebody had carried a code of another sitting into mine: state alone would not tell."""
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign))
    session = admin_browser.session
    session["docusign_identity"] = session["docusign_identity"] | {"verifier": "x" * 64}
    session.save()
    page = admin_browser.get(way_back, follow=True)
    assert "did not confirm who gave consent" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_who_declines_stays_as_they_were(docusign: SandboxProcess, admin_browser: Browser) -> None:
    way_back = accept(leave_for_docusign(admin_browser), user_guid(docusign), decision="decline")
    page = admin_browser.get(way_back, follow=True)
    assert "You did not accept at Docusign" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_the_service_user_is_refused(docusign: SandboxProcess, admin_browser: Browser) -> None:
    page = connect(admin_browser, docusign.config["DOCUSIGN_USER_ID"])
    assert "own service account" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_a_user_of_another_account_is_refused(docusign: SandboxProcess, admin_browser: Browser) -> None:
    (account,) = docusign.seed(accounts=[{"accountName": "Elsewhere"}])["accounts"]
    membership = {"accountId": account["accountId"]}
    (zoe,) = docusign.seed(users=[{"userName": "Zoe", "email": "zoe@else.example", "memberships": [membership]}])[
        "users"
    ]
    page = connect(admin_browser, zoe["userId"])
    assert "does not belong to the organisation" in page.content.decode()
    assert not SendingIdentity.objects.exists()


def test_two_colleagues_cannot_connect_the_same_docusign_user(docusign: SandboxProcess, alex: SendingIdentity) -> None:
    browser = Browser()
    browser.force_login(make_staff("eve"))
    page = connect(browser, alex.docusign_user_id)
    assert "connected by a colleague already" in page.content.decode()
    assert SendingIdentity.objects.get() == alex


def test_connecting_another_user_ends_the_former_one(
    docusign: SandboxProcess, alex: SendingIdentity, admin_browser: Browser
) -> None:
    (bo,) = docusign.seed(users=[{"userName": "Bo Other", "email": "bo@sandbox.example"}])["users"]
    assert query_of(leave_for_docusign(admin_browser, other="1"))["prompt"] == "login"
    connect(admin_browser, bo["userId"], other="1")
    alex.refresh_from_db()
    assert alex.lost_reason == LossReason.DISCONNECTED
    assert SendingIdentity.objects.get(lost_at=None).name == "Bo Other"


def test_with_the_secret_and_without_pkce_it_works_too(
    docusign: SandboxProcess, admin_browser: Browser, settings: Settings
) -> None:
    settings.DOCUSIGN_PKCE, settings.DOCUSIGN_CLIENT_SECRET = False, docusign.config["DOCUSIGN_CLIENT_SECRET"]
    assert "code_challenge" not in query_of(leave_for_docusign(admin_browser))
    connect(admin_browser, user_guid(docusign))
    assert SendingIdentity.objects.exists()


def test_with_both_it_works_too(docusign: SandboxProcess, admin_browser: Browser, settings: Settings) -> None:
    settings.DOCUSIGN_CLIENT_SECRET = docusign.config["DOCUSIGN_CLIENT_SECRET"]
    connect(admin_browser, user_guid(docusign))
    assert SendingIdentity.objects.exists()


def test_the_challenge_is_the_verifiers_hash() -> None:
    request = code_grant.new_request("https://portal.example/docusign/identity/", uses_pkce=True)
    digest = hashlib.sha256(request.verifier.encode()).digest()
    assert challenge_of(request.verifier) == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert 43 <= len(request.verifier) <= 128
