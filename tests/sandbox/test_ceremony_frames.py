"""In a frame: who may show the ceremony, whom it speaks to, and the script of Docusign JS (reference 3.1, 3.5)."""

import json
from typing import Any

import pytest
import requests

from tests.sandbox_process import SandboxProcess

from .api import RETURN_URL, TIMEOUT_SECONDS, Api, signer
from .ceremony import Session

PORTAL = "https://portal.test"
SIGNING_APP = "https://apps-d.docusign.com"
STYLE = {
    "branding": {"primaryButton": {"backgroundColor": "#333", "color": "#fff"}},
    "signingNavigationButton": {"finishText": "You have finished", "position": "bottom-left"},
    "signingDeclineButton": {"show": True, "finishText": "Rather not"},
}


def page_of(api: Api, **view: Any) -> requests.Response:
    return requests.get(api.view_url(api.envelope(), **view), timeout=TIMEOUT_SECONDS)


def shown_by_docusign_js(url: str, display_format: str = "focused", style: Any = None) -> str:
    query = requests.models.PreparedRequest()
    query.prepare_url(url, {"displayFormat": display_format, "style": json.dumps(style or STYLE)})
    return str(query.url)


@pytest.mark.parametrize(
    ("view", "ancestors", "legacy"),
    [
        ({}, "'none'", "DENY"),
        ({"frameAncestors": [PORTAL, SIGNING_APP]}, f"'self' {PORTAL} {SIGNING_APP}", None),
        ({"xFrameOptions": "deny"}, "'none'", "DENY"),
        ({"xFrameOptions": "same_origin"}, "'self'", "SAMEORIGIN"),
        ({"xFrameOptions": "allow_from", "xFrameOptionsAllowFromUrl": f"{PORTAL}/page"}, PORTAL, None),
    ],
)
def test_only_who_was_named_may_frame_the_ceremony(
    api: Api, view: dict[str, Any], ancestors: str, legacy: str | None
) -> None:
    page = page_of(api, **view)
    assert page.headers["Content-Security-Policy"].endswith(f"frame-ancestors {ancestors}")
    assert page.headers.get("X-Frame-Options") == legacy


def test_the_last_page_may_be_framed_as_the_others(api: Api) -> None:
    url = shown_by_docusign_js(api.view_url(api.envelope(), frameAncestors=[PORTAL, SIGNING_APP]))
    requests.get(url, timeout=TIMEOUT_SECONDS)
    used = requests.get(url, allow_redirects=False, timeout=TIMEOUT_SECONDS)
    assert 'data-event="ttl_expired"' in used.text
    assert PORTAL in used.headers["Content-Security-Policy"]


def test_the_page_speaks_to_its_frame_only_where_message_origins_allow_it(api: Api) -> None:
    ancestors = [PORTAL, SIGNING_APP]
    assert 'data-listeners=""' in page_of(api, frameAncestors=ancestors).text
    page = page_of(api, frameAncestors=ancestors, messageOrigins=[SIGNING_APP])
    assert f'data-listeners="{PORTAL} {SIGNING_APP}"' in page.text


def test_focused_display_has_only_what_its_style_asks_for(api: Api) -> None:
    session = Session(shown_by_docusign_js(api.view_url(api.envelope())))
    page = session.page.text
    assert "Other actions" not in page
    assert 'style="--primary:#333;--on-primary:#fff"' in page
    assert "bar--bottom-left" in page
    assert ">You have finished<" in page
    assert ">Rather not<" in page


def test_default_display_is_the_whole_ceremony(api: Api) -> None:
    assert "Other actions" in Session(shown_by_docusign_js(api.view_url(api.envelope()), "default")).page.text


def test_a_colour_that_is_none_is_left_out(api: Api) -> None:
    style = {"branding": {"primaryButton": {"backgroundColor": "red;} body{display:none", "color": "white"}}}
    page = Session(shown_by_docusign_js(api.view_url(api.envelope()), style=style)).page.text
    assert 'style="--on-primary:white"' in page


def test_docusign_js_is_told_the_event_instead_of_being_redirected(api: Api) -> None:
    session = Session(shown_by_docusign_js(api.view_url(api.envelope())))
    answer = session.post("later")
    assert 'data-event="cancel"' in answer.text
    assert f'data-return-url="{RETURN_URL}&amp;event=cancel"' in answer.text


def test_without_tabs_agreeing_is_enough_in_focused_display(api: Api) -> None:
    """Click to Agree (reference 3.4)."""
    envelope_id = api.envelope(recipients={"signers": [signer(1, tabs={})]})
    session = Session(shown_by_docusign_js(api.view_url(envelope_id)))
    assert 'data-event="signing_complete"' in session.finish()[1]
    assert api.states(envelope_id) == ("completed", ["completed"])


def test_the_bundle_is_a_script_that_knows_the_integration_keys(sandbox: SandboxProcess) -> None:
    answer = requests.get(f"{sandbox.base_url}/bundle.js", timeout=TIMEOUT_SECONDS)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert sandbox.config["DOCUSIGN_INTEGRATION_KEY"] in answer.text
    assert "window.DocuSign" in answer.text
