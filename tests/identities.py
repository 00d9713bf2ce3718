"""Staff who connect their own Docusign user: through the pages of both, as in life."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import requests
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from signing.models import SendingIdentity

from .sandbox_process import SandboxProcess

ALEX = "alex@sandbox.example"  # an ordinary member of the sandbox's account from the start


def user_guid(sandbox: SandboxProcess, email: str = ALEX) -> str:
    """Of a member, as the service account sees them."""
    users = requests.get(
        f"{sandbox.api_url}/users", params={"email": email}, headers=as_service(sandbox), timeout=10
    ).json()["users"]
    return str(users[0]["userId"])


def as_service(sandbox: SandboxProcess) -> dict[str, str]:
    from signing.connection import shared_grants

    return {"Authorization": f"Bearer {shared_grants().current()}"}


def leave_for_docusign(browser: Browser, **posted: str) -> str:
    """Press "Connect my Docusign user"; where the page leads."""
    page = browser.post(reverse("admin:signing_sendingidentity_connect"), posted)
    assert page.status_code == 200, page
    match = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    assert match
    return unescape(match[1])


def accept(url: str, user: str, decision: str = "accept") -> str:
    """What the person does at Docusign; where it sends them back, without the host."""
    answer = requests.post(url, data={"user": user, "decision": decision}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def connect(browser: Browser, user: str, **posted: str) -> HttpResponse:
    """All the way, and back on a page of the portal."""
    return browser.get(accept(leave_for_docusign(browser, **posted), user), follow=True)  # type: ignore[return-value]


def connected(staff: User, sandbox: SandboxProcess, email: str = ALEX) -> SendingIdentity:
    browser = Browser()
    browser.force_login(staff)
    connect(browser, user_guid(sandbox, email))
    return SendingIdentity.objects.get(user=staff, lost_at=None)


def withdraw_consent(sandbox: SandboxProcess, user: str) -> None:
    """At Docusign, under Connected Apps."""
    sandbox.control("POST", "consent", {"granted": False, "userId": user})


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
