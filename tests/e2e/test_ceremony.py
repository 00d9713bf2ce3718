"""The sandbox's ceremony in a real browser: every kind of field, keyboard, phone, idleness, accessibility."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from sandbox.robot import DOT_PNG
from tests.pdf_files import draw_pdf
from tests.sandbox.api import Api, document, signer
from tests.sandbox.ceremony import SIGN, place
from tests.sandbox_process import SandboxProcess

from .pages import Photographer

pytestmark = pytest.mark.e2e

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DEVICES = [pytest.param("desktop", DESKTOP, id="desktop"), pytest.param("phone", PHONE, id="phone")]
HOST: dict[str, Any] = {"userName": "Signing Service", "email": "signing-service@sandbox.example"}
RADIOS = [
    {"pageNumber": "1", "xPosition": "330", "yPosition": "100", "value": "red", "required": "true"},
    {"pageNumber": "1", "xPosition": "330", "yPosition": "140", "value": "blue"},
]
KINDS: dict[str, Any] = {
    "signHereTabs": [place(100, 100)],
    "initialHereTabs": [place(100, 160)],
    "dateSignedTabs": [place(100, 210)],
    "fullNameTabs": [place(100, 240)],
    "companyTabs": [place(100, 280)],
    "textTabs": [
        place(100, 320, name="Remarks", height="60", width="180", required="false"),
        place(100, 420, name="Which one", conditionalParentLabel="extra", conditionalParentValue="on"),
    ],
    "checkboxTabs": [place(100, 400, name="Something extra", tabLabel="extra")],
    "numberTabs": [place(100, 470, tabLabel="number")],
    "currencyTabs": [place(100, 510, tabLabel="price")],
    "formulaTabs": [place(100, 550, name="Total", formula="[number] * [price]", roundDecimalPlaces="2")],
    "radioGroupTabs": [{"documentId": "1", "groupName": "Colour", "radios": RADIOS}],
    "listTabs": [
        place(330, 180, name="Size", listItems=[{"text": "Small", "value": "s"}, {"text": "Large", "value": "l"}])
    ],
    "noteTabs": [place(330, 220, value="Please mind the second page.")],
    "signerAttachmentTabs": [place(330, 290, name="Passport")],
    "approveTabs": [place(330, 360, buttonText="I approve")],
    "declineTabs": [place(330, 420, buttonText="No, thanks", declineReason="Too dear")],
}


@pytest.fixture
def api(sandbox: SandboxProcess) -> Api:
    return Api(sandbox)


def envelope(api: Api, tabs: dict[str, Any], **options: Any) -> str:
    documents = [document(content=draw_pdf("Agreement\n\n/sn1/")), document(2, content=draw_pdf("Annex", "More"))]
    return api.envelope(documents=documents, recipients={"signers": [signer(1, tabs=tabs)]}, **options)


def view_url(api: Api, envelope_id: str, **view: Any) -> str:
    """It returns to a page that exists: `left` knows it."""
    return api.view_url(envelope_id, returnUrl=f"{api.sandbox.base_url}/_sandbox/health", **view)


def left(page: Page, event: str) -> None:
    page.wait_for_url(f"**/_sandbox/health?event={event}")


def opened(browser: Browser, url: str, device: dict[str, Any]) -> Page:
    """The ceremony past the consent, once its script is there."""
    page = browser.new_context(**device).new_page()
    page.goto(url)
    page.get_by_label("I agree to use electronic records and signatures").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-progress]")).not_to_be_empty()
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def fill_in_everything(page: Page) -> None:
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Signature, required").click()
    page.get_by_role("button", name="Adopt and sign").click()
    page.get_by_role("button", name="Initials, required").click()
    page.get_by_label("Company, required").fill("Acme")
    page.get_by_label("Remarks").fill("One line\nand another")
    page.get_by_label("Number, required").fill("3")
    page.get_by_label("Amount, required").fill("2.50")
    page.get_by_label("Colour: blue, required").check()
    page.get_by_label("Size, required").select_option("Large")
    page.get_by_label("Passport, required").set_input_files({"name": "id.png", "mimeType": "", "buffer": DOT_PNG})
    page.get_by_role("button", name="I approve, required").click()


@pytest.mark.parametrize(("device_name", "device"), DEVICES)
def test_every_kind_of_field(api: Api, browser: Browser, device_name: str, device: dict[str, Any]) -> None:
    camera = Photographer(f"ceremony-{device_name}")
    envelope_id = envelope(api, KINDS)
    page = opened(browser, view_url(api, envelope_id), device)
    camera.take(page, "fields")
    fill_in_everything(page)
    expect(page.get_by_role("status", name="Total")).to_have_text("7.50")
    expect(page.get_by_text("All done: you can finish")).to_be_visible()
    camera.take(page, "filled")
    page.get_by_role("button", name="Finish", exact=True).click()
    left(page, "signing_complete")
    assert api.states(envelope_id) == ("completed", ["completed"])


def test_a_conditional_field_comes_and_goes_with_its_parent(api: Api, browser: Browser) -> None:
    page = opened(browser, view_url(api, envelope(api, KINDS)), DESKTOP)
    child = page.get_by_label("Which one, required")
    expect(child).to_be_hidden()
    page.get_by_label("Something extra").check()
    expect(child).to_be_visible()
    expect(page.get_by_text("of 10 required fields done")).to_be_visible()
    page.get_by_label("Something extra").uncheck()
    expect(child).to_be_hidden()


def test_what_is_wrong_is_told_where_it_is(api: Api, browser: Browser) -> None:
    tabs = SIGN | {"numberTabs": [place(name="Age")]}
    page = opened(browser, view_url(api, envelope(api, tabs)), DESKTOP)
    page.get_by_role("button", name="Signature, required").click()
    page.get_by_role("button", name="Adopt and sign").click()
    page.get_by_label("Age, required").fill("young")
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_text("Please enter a number.")).to_be_visible()
    expect(page.get_by_label("Age, required")).to_be_focused()
    page.get_by_label("Age, required").fill("44")
    page.get_by_role("button", name="Finish", exact=True).click()
    left(page, "signing_complete")


def test_a_decline_tab_opens_the_dialogue_with_its_reason(api: Api, browser: Browser) -> None:
    page = opened(browser, view_url(api, envelope(api, KINDS)), DESKTOP)
    page.get_by_role("button", name="No, thanks").click()
    expect(page.get_by_label("Your reason")).to_have_value("Too dear")
    page.get_by_role("button", name="Decline", exact=True).click()
    left(page, "decline")


def test_a_signature_in_arabic_reads_from_the_right(api: Api, browser: Browser) -> None:
    name = "سارة احمد"
    tabs = SIGN | {"fullNameTabs": [place()]}
    envelope_id = api.envelope(recipients={"signers": [signer(1, name=name, tabs=tabs)]})
    page = opened(browser, view_url(api, envelope_id, userName=name), DESKTOP)
    page.get_by_role("button", name="Signature, required").click()
    Photographer("ceremony-arabic").take(page, "adopt")
    page.get_by_role("button", name="Adopt and sign").click()
    ink = page.locator("[data-ink-text]")
    expect(ink).to_have_text(name)
    assert ink.evaluate("node => getComputedStyle(node).direction") == "rtl"


class TestFreeForm:
    def test_by_mouse(self, api: Api, browser: Browser) -> None:
        envelope_id = envelope(api, {})
        page = opened(browser, view_url(api, envelope_id), DESKTOP)
        page.locator("[data-page='1:1']").click(position={"x": 300, "y": 400})
        page.get_by_role("button", name="Adopt and sign").click()
        Photographer("ceremony-free-form").take(page, "placed")
        page.get_by_role("button", name="Finish", exact=True).click()
        left(page, "signing_complete")
        assert api.states(envelope_id)[0] == "completed"

    def test_by_keyboard(self, api: Api, browser: Browser) -> None:
        envelope_id = envelope(api, {})
        page = opened(browser, view_url(api, envelope_id), DESKTOP)
        page.get_by_role("button", name="Place on page 1").first.focus()
        press(page, "Enter")
        page.get_by_role("button", name="Adopt and sign").focus()
        press(page, "Enter")
        page.get_by_role("button", name="Signature: Signer 1").focus()
        press(page, "ArrowLeft", "ArrowUp")
        page.get_by_role("button", name="Finish", exact=True).focus()
        press(page, "Enter")
        left(page, "signing_complete")
        (tab,) = api.get(envelope_id, "/recipients/1/tabs")["signHereTabs"]
        assert (tab["xPosition"], tab["yPosition"]) == ("232", "650")

    def test_what_was_placed_can_be_removed(self, api: Api, browser: Browser) -> None:
        page = opened(browser, view_url(api, envelope(api, {})), DESKTOP)
        page.locator("[data-page='1:1']").click(position={"x": 300, "y": 400})
        page.get_by_role("button", name="Adopt and sign").click()
        expect(page.get_by_role("button", name="Finish", exact=True)).to_be_enabled()
        page.get_by_role("button", name="Remove Signature").click()
        expect(page.get_by_role("button", name="Finish", exact=True)).to_be_disabled()


def test_an_idle_page_leaves_by_itself(api: Api, browser: Browser, sandbox: SandboxProcess) -> None:
    page = opened(browser, view_url(api, envelope(api, SIGN)), DESKTOP)
    page.clock.install()
    page.reload()
    sandbox.advance(20 * 60 + 1)
    page.clock.run_for((20 * 60 + 2) * 1000)
    left(page, "session_timeout")


def test_the_senders_own_session_is_pinged(api: Api, browser: Browser) -> None:
    url = view_url(api, envelope(api, SIGN), pingUrl="http://portal.test/ping", pingFrequency="60")
    page = opened(browser, url, DESKTOP)
    page.route("http://portal.test/ping", lambda route: route.fulfill(body="pong"))
    page.clock.install()
    page.reload()
    with page.expect_request("http://portal.test/ping"):
        page.clock.run_for(61_000)


def gate(api: Api, what: str) -> str:
    """The address of one of the ceremony's other pages."""
    if what == "host":
        host = {"hostName": HOST["userName"], "hostEmail": HOST["email"], "signerName": "Walk In"}
        people: list[dict[str, Any]] = [{**host, "recipientId": "1", "clientUserId": "c1", "tabs": SIGN}]
        return api.view_url(api.envelope(recipients={"inPersonSigners": people}), **HOST)
    asked: dict[str, dict[str, Any]] = {
        "code": {"accessCode": "x"},
        "identity": {"smsAuthentication": {"senderProvidedNumbers": ["1"]}},
    }
    return api.view_url(api.envelope(recipients={"signers": [signer(1, **asked[what])]}))


@pytest.mark.parametrize("what", ["host", "code", "identity"])
def test_the_gates_are_accessible_and_fit_a_phone(api: Api, browser: Browser, what: str) -> None:
    page = browser.new_context(**PHONE).new_page()
    page.goto(gate(api, what))
    Photographer(f"ceremony-gate-{what}").take(page, "phone")
    assert complaints(page) == []
    assert not scrolls_sideways(page)


@pytest.mark.parametrize(("device_name", "device"), DEVICES)
def test_the_ceremony_is_accessible_and_fits(
    api: Api, browser: Browser, device_name: str, device: dict[str, Any]
) -> None:
    page = browser.new_context(**device).new_page()
    page.goto(view_url(api, envelope(api, KINDS, allowReassign="true", enableWetSign="true")))
    assert complaints(page) == []
    page.get_by_label("I agree to use electronic records and signatures").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert complaints(page) == []
    assert not scrolls_sideways(page)
    for action in ("Assign to someone else", "Print and sign", "Decline to sign"):
        page.get_by_text("Other actions").click()
        page.get_by_role("button", name=action).click()
        assert complaints(page) == []
        press(page, "Escape")
    page.get_by_role("button", name="Signature, required").click()
    assert complaints(page) == []


def complaints(page: Page) -> list[str]:
    """What axe-core finds: rule and first element."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"))
