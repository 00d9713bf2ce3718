"""Connect Docusign in the admin: who may, what it shows, and the way to consent and back."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.auth.models import Permission, User
from django.core import mail as django_mail
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from signing import doctor
from signing.models import EnvelopeEvent, PortalKind
from tests.deeds import send
from tests.factories import make_staff
from tests.sandbox_process import SandboxProcess

PAGE = "/admin/docusign/"


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def connector(db: None) -> Browser:
    """Somebody who may manage the connection and nothing else."""
    user = make_staff("connie", is_superuser=False, email="connie@example.com")
    user.user_permissions.add(Permission.objects.get(codename="manage_connection"))
    return browser_of(user)


def examined(browser: Browser, group: str) -> str:
    return unescape(browser.post(f"{PAGE}group/{group}/").content.decode())


def to_docusign(browser: Browser, whom: str = "user") -> str:
    return str(browser.get(f"{PAGE}consent/{whom}/")["Location"])


def decide(link: str, sandbox: SandboxProcess, decision: str) -> str:
    """What a person does on the consent page; the address to which it sends them back."""
    answer = requests.post(
        link,
        data={"user": sandbox.config["DOCUSIGN_USER_ID"], "decision": decision},
        timeout=10,
        allow_redirects=False,
    )
    return answer.headers["Location"]


def follow(browser: Browser, address: str) -> str:
    """Back at our page; what it says."""
    parts = urlsplit(address)
    response = browser.get(f"{parts.path}?{parts.query}", follow=True)
    assert response.redirect_chain[-1][0] == PAGE
    return unescape(response.content.decode())


@pytest.mark.django_db
def test_it_is_for_those_alone_who_may_manage_the_connection() -> None:
    outsider = browser_of(make_staff("sam", is_superuser=False))
    addresses = [PAGE, f"{PAGE}consent/user/"]
    assert [outsider.get(address).status_code for address in addresses] == [403, 403]
    assert outsider.post(f"{PAGE}group/docusign/").status_code == 403
    assert outsider.post(f"{PAGE}test-mail/").status_code == 403
    assert Browser().get(PAGE).status_code == 302


def test_looking_at_the_page_calls_nobody(connector: Browser, sandbox: SandboxProcess) -> None:
    html = connector.get(PAGE).content.decode()
    for check in doctor.CHECKS:
        assert f"<h3>{check.title}" in html
    assert re.findall(r'hx-post="/admin/docusign/group/(\w+)/"', html) == list(doctor.GROUPS)
    assert sandbox.requests() == []


def test_each_group_tells_its_findings(connector: Browser, portal: SandboxProcess) -> None:
    assert "Signing Service, signing-service@sandbox.example" in examined(connector, "docusign")
    assert "leads to this portal" in examined(connector, "reaching")
    assert "lets the portal in" in examined(connector, "mail")
    assert "up to date" in examined(connector, "house")
    assert connector.post(f"{PAGE}group/nothing/").status_code == 404


def test_without_scripts_everything_comes_at_once(connector: Browser, portal: SandboxProcess) -> None:
    html = connector.get(f"{PAGE}?now=1").content.decode()
    assert "hx-post" not in html
    assert html.count("sp-doctor-row--ok") >= 15


def test_a_portal_without_consent_is_guided_to_it_and_then_sends(connector: Browser, portal: SandboxProcess) -> None:
    portal.revoke_consent()
    html = examined(connector, "docusign")
    assert "has not allowed the portal" in html
    assert f'href="{PAGE}consent/user/"' in html

    link = to_docusign(connector)
    assert parse_qs(urlsplit(link).query)["scope"] == ["signature impersonation"]
    assert "The checks below say" in follow(connector, decide(link, portal, "accept"))
    assert "Given: the portal may act" in examined(connector, "docusign")
    assert send().status == "sent"


def test_an_administrators_consent_for_everyone_serves_as_well(connector: Browser, portal: SandboxProcess) -> None:
    portal.revoke_consent()
    link = to_docusign(connector, "everyone")
    query = parse_qs(urlsplit(link).query)
    assert (query["scope"], query["admin_consent_scope"]) == (["openid"], ["signature impersonation"])
    follow(connector, decide(link, portal, "accept"))
    assert send().status == "sent"


def test_who_says_no_on_the_consent_page_is_told_what_that_means(connector: Browser, portal: SandboxProcess) -> None:
    portal.revoke_consent()
    html = follow(connector, decide(to_docusign(connector), portal, "decline"))
    assert "Consent was not given: the user said no" in html


def test_an_answer_that_was_not_begun_here_changes_nothing(connector: Browser, portal: SandboxProcess) -> None:
    to_docusign(connector)
    html = follow(connector, "http://portal.test/docusign/consent/?code=x&state=forged")
    assert "nothing was taken from it" in html


@pytest.mark.parametrize(("decision", "answer"), [("accept", "accepted"), ("decline", "access_denied")])
def test_who_came_back_from_the_consent_page_is_on_record(
    connector: Browser, portal: SandboxProcess, decision: str, answer: str
) -> None:
    portal.revoke_consent()
    follow(connector, decide(to_docusign(connector), portal, decision))
    event = EnvelopeEvent.objects.get(kind=PortalKind.CONSENT_ANSWERED)
    assert (event.about, event.data, event.user and event.user.username) == ("docusign", {"answer": answer}, "connie")


def test_a_state_is_good_once(connector: Browser, portal: SandboxProcess) -> None:
    back = decide(to_docusign(connector), portal, "accept")
    assert "You are back" in follow(connector, back)
    assert "nothing was taken from it" in follow(connector, back)


def test_a_link_that_was_passed_on_comes_back_without_a_state(connector: Browser, portal: SandboxProcess) -> None:
    assert "You are back" in follow(connector, "http://portal.test/docusign/consent/?code=x")


@pytest.mark.django_db
def test_without_settings_there_is_no_consent_page_to_go_to(connector: Browser, settings: Settings) -> None:
    settings.DOCUSIGN_INTEGRATION_KEY = ""
    response = connector.get(f"{PAGE}consent/user/", follow=True)
    assert "DOCUSIGN_INTEGRATION_KEY" in response.content.decode()


@pytest.mark.django_db
def test_a_test_mail_goes_to_oneself(connector: Browser) -> None:
    response = connector.post(f"{PAGE}test-mail/", follow=True)
    assert "has left" in response.content.decode()
    assert [message.to for message in django_mail.outbox] == [["connie@example.com"]]


@pytest.mark.django_db
def test_who_has_no_address_is_told_so(settings: Settings) -> None:
    browser = browser_of(make_staff("noah", email=""))
    assert "has no email address" in browser.post(f"{PAGE}test-mail/", follow=True).content.decode()


@pytest.mark.django_db
def test_a_test_mail_that_does_not_leave_says_why(connector: Browser, settings: Settings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )
    assert "did not leave" in connector.post(f"{PAGE}test-mail/", follow=True).content.decode()


def test_the_sidebar_leads_there(connector: Browser, connected: None) -> None:
    assert f'href="{PAGE}"' in connector.get("/admin/").content.decode()
    outsider = browser_of(make_staff("sam", is_superuser=False))
    assert f'href="{PAGE}"' not in outsider.get("/admin/").content.decode()
