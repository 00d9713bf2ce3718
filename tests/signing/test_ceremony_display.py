"""How the ceremony opens: on Docusign's page, or by Docusign JS in a frame of ours where the browser can show one."""

from typing import Any

import pytest
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from signing import authoring
from signing.authoring import Presentation, SignerInput, TabInput
from signing.docusign.hosts import hosts_of
from signing.models import CeremonyDisplay, Recipient, TabKind, Verification
from tests.deeds import path_of, send
from tests.factories import make_draft, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"


@pytest.fixture(autouse=True)
def portal_over_https(settings: Settings) -> None:
    """Docusign lets only https origins frame it, but for the own machine (reference 3.1)."""
    settings.PORTAL_BASE_URL = "https://portal.test"


def sent(display: str = "", **draft: Any) -> Recipient:
    envelope = make_draft(**draft)
    authoring.save_presentation(envelope, Presentation(ceremony_display=display))
    return recipient_of(send(envelope), 1)


def start(recipient: Recipient, *, window: str = "wide", **headers: str) -> Any:
    return Browser(**headers).post(f"{path_of(recipient)}start/", {"window": window})  # type: ignore[arg-type]


@pytest.mark.parametrize(("display", "display_format"), [("iframe", "default"), ("focused", "focused")])
def test_a_frame_is_docusign_js_with_a_fresh_view(docusign: SandboxProcess, display: str, display_format: str) -> None:
    response = start(sent(display))
    page = response.content.decode()
    assert response.status_code == 200
    assert f'data-display-format="{display_format}"' in page
    assert f'data-view-url="{docusign.base_url}/Signing/' in page
    assert f'data-docusign-js="{docusign.base_url}/bundle.js"' in page


def test_without_a_word_from_sender_or_site_it_is_docusigns_own_page(docusign: SandboxProcess) -> None:
    assert start(sent()).status_code == 303


def test_the_site_has_a_default_that_an_envelope_may_leave(docusign: SandboxProcess, settings: Settings) -> None:
    settings.CEREMONY_DISPLAY = "focused"
    assert 'data-display-format="focused"' in start(sent()).content.decode()
    redirected = recipient_of(send(make_draft(subject="Other")), 1)
    redirected.envelope.ceremony_display = CeremonyDisplay.REDIRECT
    redirected.envelope.save()
    assert start(redirected).status_code == 303


@pytest.mark.parametrize(
    "browser",
    [
        {"window": ""},
        {"HTTP_USER_AGENT": IPHONE},
        {"HTTP_SEC_CH_UA_MOBILE": "?1"},
    ],
    ids=["narrow, or no JavaScript", "a phone by its name", "a phone by its own word"],
)
def test_phones_and_browsers_without_our_script_are_redirected(
    docusign: SandboxProcess, browser: dict[str, str]
) -> None:
    assert start(sent("focused"), **browser).status_code == 303


def test_a_signer_with_an_access_code_is_redirected(docusign: SandboxProcess) -> None:
    """`access_code_failed` is no event of Docusign JS (reference 3.2)."""
    tabs = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),)
    signer = SignerInput("Ann", "a@example.com", 1, tabs, verification=Verification.ACCESS_CODE, access_code="Blue")
    assert start(sent("focused", signers=[signer])).status_code == 303


def test_docusign_is_told_who_may_frame_and_listen(docusign: SandboxProcess) -> None:
    start(sent("focused"))
    (call,) = docusign.requests("POST", "/views/recipient")
    assert call["body"]["frameAncestors"] == ["https://portal.test", docusign.base_url]
    assert call["body"]["messageOrigins"] == [docusign.base_url]


def test_a_redirect_may_be_framed_by_nobody(docusign: SandboxProcess) -> None:
    start(sent())
    (call,) = docusign.requests("POST", "/views/recipient")
    assert "frameAncestors" not in call["body"]


def test_where_docusign_refuses_the_frame_the_full_page_opens_at_once(docusign: SandboxProcess) -> None:
    recipient = sent("focused")
    docusign.fail_next(path_contains="/views/recipient", status=400, errorCode="INVALID_REQUEST_PARAMETER")
    response = start(recipient)
    assert response.status_code == 303
    assert "frameAncestors" not in docusign.requests("POST", "/views/recipient")[-1]["body"]


def test_the_frames_page_allows_docusigns_hosts_and_nothing_else(docusign: SandboxProcess) -> None:
    policy = start(sent("focused"))["Content-Security-Policy"]
    assert f"script-src 'self' {docusign.base_url}/bundle.js;" in policy
    assert f"frame-src {docusign.base_url};" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_frames_page_is_kept_by_nobody(docusign: SandboxProcess) -> None:
    response = start(sent("focused"))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("oauth_base_url", "script", "app"),
    [
        ("https://account-d.docusign.com", "https://js-d.docusign.com/bundle.js", "https://apps-d.docusign.com"),
        ("https://account.docusign.com", "https://js.docusign.com/bundle.js", "https://apps.docusign.com"),
        ("http://127.0.0.1:9000/", "http://127.0.0.1:9000/bundle.js", "http://127.0.0.1:9000"),
    ],
)
def test_the_hosts_follow_from_the_environment(oauth_base_url: str, script: str, app: str) -> None:
    hosts = hosts_of(oauth_base_url)
    assert (hosts.docusign_js, hosts.signing_app) == (script, app)
    assert app in hosts.frames


def test_demo_and_production_do_not_mix() -> None:
    demo, production = hosts_of("https://account-d.docusign.com"), hosts_of("https://account.docusign.com")
    assert not set(demo.frames) & set(production.frames)


@pytest.mark.parametrize("address", ["/healthz", "/sign/nonsense/", "/no/such/page", "/webhooks/docusign/"])
def test_every_page_outside_the_admin_has_the_strict_policy(db: None, address: str) -> None:
    policy = Browser().get(address)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_admin_is_in_nobodys_frame(admin_browser: Browser) -> None:
    assert "frame-ancestors 'none'" in admin_browser.get("/admin/")["Content-Security-Policy"]
