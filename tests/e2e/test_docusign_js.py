"""Docusign JS in a host page of another origin: frame, events, and what is refused (reference 3.5)."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.sandbox.api import RETURN_URL, Api, signer
from tests.sandbox_process import SandboxProcess

from .pages import Photographer

pytestmark = pytest.mark.e2e

STYLE = {
    "branding": {"primaryButton": {"backgroundColor": "#333333", "color": "#ffffff"}},
    "signingNavigationButton": {"finishText": "You have finished", "position": "bottom-center"},
}
START = """async ({ key, options }) => {
  window.events = [];
  const docusign = await window.DocuSign.loadDocuSign(key);
  const signing = docusign.signing(options);
  signing.on("ready", (event) => window.events.push(event));
  signing.on("sessionEnd", (event) => window.events.push(event));
  signing.mount("#signing");
}"""


# Not `wait_for_function`: it needs `eval`, which the page's policy forbids.
LISTEN = """(count) => new Promise((resolve, reject) => {
  const look = () => (window.events.length >= count ? resolve(window.events) : setTimeout(look, 20));
  setTimeout(() => reject(new Error(`only ${JSON.stringify(window.events)}`)), 15_000);
  look();
})"""


class Host:
    """Somebody's web page that loads the bundle."""

    def __init__(self, page: Page, origin: str, sandbox: SandboxProcess) -> None:
        self.page = page
        self.origin = origin
        self.key = sandbox.config["DOCUSIGN_INTEGRATION_KEY"]

    def start(self, url: str, display_format: str = "focused", **options: Any) -> FrameLocator:
        self.run(START, {"url": url, "displayFormat": display_format, "style": STYLE} | options)
        return self.page.frame_locator("iframe")

    def run(self, script: str, options: dict[str, Any]) -> Any:
        return self.page.evaluate(script, {"key": self.key, "options": options})

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = self.page.evaluate(LISTEN, count)
        return events


class _Page(BaseHTTPRequestHandler):
    html = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        # What Docusign asks of a host page, and no more.
        sandbox = self.html.partition('src="')[2].partition("/bundle.js")[0]
        policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {sandbox}; frame-src {sandbox}"
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(self.html.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def api(sandbox: SandboxProcess) -> Api:
    return Api(sandbox)


@pytest.fixture
def host(sandbox: SandboxProcess, browser: Browser) -> Iterator[Host]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    Thread(target=server.serve_forever, daemon=True).start()
    style = "<style>#signing { width: 100%; height: 640px }</style>"
    script = f'<script src="{sandbox.base_url}/bundle.js"></script>'
    _Page.html = f"<!doctype html><title>A shop</title>{style}<h1>A shop</h1><div id=signing></div>{script}"
    page = browser.new_context(viewport={"width": 1100, "height": 800}).new_page()
    origin = f"http://localhost:{server.server_port}"
    page.goto(f"{origin}/")
    yield Host(page, origin, sandbox)
    page.context.close()
    server.shutdown()
    server.server_close()


def view_url(api: Api, host: Host, **changes: Any) -> str:
    envelope_id = api.envelope(recipients={"signers": [signer(1)]})
    sandbox = api.sandbox.base_url
    framing = {"frameAncestors": [host.origin, sandbox], "messageOrigins": [sandbox]}
    return api.view_url(envelope_id, **(framing | changes))


def sign(frame: FrameLocator, finish: str) -> None:
    frame.get_by_label("I agree to use electronic records and signatures").check()
    frame.get_by_role("button", name="Continue").click()
    frame.get_by_role("button", name="Signature, required").click()
    frame.get_by_role("button", name="Adopt and sign").click()
    frame.get_by_role("button", name=finish).click()


@pytest.mark.parametrize(("display_format", "has_menu"), [("focused", False), ("default", True)])
def test_a_signing_is_ready_and_ends(api: Api, host: Host, display_format: str, has_menu: bool) -> None:
    frame = host.start(view_url(api, host), display_format)
    assert host.wait_for(1) == [{"type": "ready"}]
    assert (frame.get_by_text("Other actions", exact=True).count() == 1) is has_menu
    Photographer(f"docusign-js-{display_format}").take(host.page, "mounted")
    sign(frame, "You have finished")
    end = {
        "type": "sessionEnd",
        "sessionEndType": "signing_complete",
        "returnUrl": f"{RETURN_URL}&event=signing_complete",
    }
    assert host.wait_for(2) == [{"type": "ready"}, end]
    expect(host.page.locator("iframe")).to_have_count(0)


def test_the_primary_button_has_the_hosts_colours(api: Api, host: Host) -> None:
    button = host.start(view_url(api, host)).get_by_role("button", name="Continue")
    host.wait_for(1)
    button.evaluate("node => node.disabled = false")
    assert button.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(51, 51, 51)"


def test_declining_is_offered_where_the_style_says_so(api: Api, host: Host) -> None:
    style = {"signingDeclineButton": {"show": True, "finishText": "Rather not"}}
    frame = host.start(view_url(api, host), style=style)
    frame.get_by_role("button", name="Rather not").click()
    frame.get_by_label("Your reason").fill("No")
    frame.get_by_role("button", name="Decline", exact=True).click()
    assert host.wait_for(2)[1]["sessionEndType"] == "decline"


def test_a_used_url_ends_at_once(api: Api, host: Host) -> None:
    url = view_url(api, host)
    host.page.request.get(url)
    host.start(url)
    assert [event["sessionEndType"] for event in host.wait_for(1)] == ["ttl_expired"]


def test_an_unknown_integration_key_is_rejected(host: Host) -> None:
    load = "() => window.DocuSign.loadDocuSign('00000000-0000-0000-0000-000000000000').catch(String)"
    assert "is not known" in host.page.evaluate(load)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"url": "here"}, "url must be the address of a recipient view"),
        ({"url": "javascript:alert(1)"}, "url must be a web address"),
        ({"displayFormat": "large"}, "displayFormat is one of focused, default"),
        ({"displayFormat": None}, "displayFormat is one of focused, default"),
        ({"style": "pretty"}, "style must be an object"),
        ({"style": {"signingNavigationButton": {"finishText": "x" * 51}}}, "finishText has at most 50 characters"),
        ({"style": {"signingNavigationButton": {"position": "top"}}}, "position is one of bottom-left"),
    ],
)
def test_a_wrong_configuration_is_thrown(host: Host, options: dict[str, Any], complaint: str) -> None:
    script = "({ key, options }) => window.DocuSign.loadDocuSign(key).then((ds) => ds.signing(options)).catch(String)"
    given = {"url": "https://docusign.test/x", "displayFormat": "focused"} | options
    assert complaint in host.run(script, given)


@pytest.mark.parametrize(
    ("deed", "complaint"),
    [
        ("signing.on('finished', () => {})", "there is no event finished"),
        ("signing.on('ready', 'me')", "a handler is a function"),
        ("signing.mount('#nowhere')", "nothing on this page matches #nowhere"),
        ("signing.mount('#signing').mount('#signing')", "mounted already"),
    ],
)
def test_a_wrong_call_is_thrown(api: Api, host: Host, deed: str, complaint: str) -> None:
    script = (
        "async ({ key, options }) => { const signing = (await window.DocuSign.loadDocuSign(key)).signing(options);"
        f" try {{ {deed} }} catch (error) {{ return String(error) }} }}"
    )
    assert complaint in host.run(script, {"url": view_url(api, host), "displayFormat": "default"})


def test_a_page_that_the_view_does_not_name_cannot_frame_it(api: Api, host: Host) -> None:
    url = view_url(api, host, frameAncestors=["https://other.test", api.sandbox.base_url])
    with host.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        host.start(url)
    assert host.page.evaluate("window.events") == []


def test_without_message_origins_the_page_is_silent(api: Api, host: Host) -> None:
    frame = host.start(view_url(api, host, messageOrigins=None))
    expect(frame.get_by_role("button", name="Continue")).to_be_visible()
    assert host.page.evaluate("window.events") == []


def test_messages_of_others_are_not_believed(api: Api, host: Host) -> None:
    host.start(view_url(api, host))
    host.wait_for(1)
    forged = json.dumps({"source": "docusign-sandbox", "type": "sessionEnd", "sessionEndType": "signing_complete"})
    hear = f"(heard) => {{ addEventListener('message', () => heard(null)); postMessage({forged}); }}"
    host.page.evaluate(f"() => new Promise({hear})")
    assert host.page.evaluate("window.events") == [{"type": "ready"}]
    expect(host.page.locator("iframe")).to_have_count(1)
