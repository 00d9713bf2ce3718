"""The ceremony over plain HTTP: what signers can do, and where their browser is sent."""

import re
from typing import Any

import pytest
import requests

from sandbox.robot import CeremonyRefusedError, Robot
from tests.pdf_files import draw_pdf, text_of
from tests.sandbox_process import SandboxProcess

from .api import RETURN_URL, TIMEOUT_SECONDS, Api, document, signer


def fetch(url: str) -> requests.Response:
    return requests.get(url, timeout=TIMEOUT_SECONDS)


def page_of(api: Api, envelope_id: str, number: int = 1) -> requests.Response:
    return fetch(api.view_url(envelope_id, number))


def with_tabs(**tabs: Any) -> dict[str, Any]:
    place = {"documentId": "1", "pageNumber": "1", "xPosition": "100", "yPosition": "100"}
    groups = {group: [place | tab] for group, tab in tabs.items()}
    return {"recipients": {"signers": [signer(1, tabs=groups)]}}


def test_everyone_signs_in_turn_and_the_envelope_is_complete(api: Api) -> None:
    envelope_id = api.envelope()
    assert Robot().sign(api.view_url(envelope_id, 1)) == f"{RETURN_URL}&event=signing_complete"
    assert api.states(envelope_id) == ("sent", ["completed", "sent"])
    Robot().sign(api.view_url(envelope_id, 2))
    assert api.states(envelope_id) == ("completed", ["completed", "completed"])


def test_the_event_is_appended_to_any_return_url(api: Api) -> None:
    envelope_id = api.envelope()
    for return_url, expected in (
        ("http://portal.test/back", "http://portal.test/back?event=cancel"),
        ("http://portal.test/back?a=1", "http://portal.test/back?a=1&event=cancel"),
        ("http://portal.test/back#part", "http://portal.test/back?event=cancel#part"),
        ("myapp://back", "myapp://back?event=cancel"),
    ):
        assert Robot().finish_later(api.view_url(envelope_id, returnUrl=return_url)) == expected


def test_opening_makes_the_recipient_delivered(api: Api) -> None:
    envelope_id = api.envelope()
    page_of(api, envelope_id)
    assert api.states(envelope_id) == ("delivered", ["delivered", "created"])


def test_a_view_can_be_opened_once(api: Api) -> None:
    url = api.view_url(api.envelope())
    fetch(url)
    response = requests.get(url, allow_redirects=False, timeout=TIMEOUT_SECONDS)
    assert response.headers["Location"] == f"{RETURN_URL}&event=ttl_expired"


def test_a_view_dies_after_five_minutes(api: Api, sandbox: SandboxProcess) -> None:
    url = api.view_url(api.envelope())
    sandbox.advance(301)
    assert Robot().sign(url).endswith("event=ttl_expired")


def test_twenty_idle_minutes_end_the_session(api: Api, sandbox: SandboxProcess) -> None:
    page = page_of(api, api.envelope())
    sandbox.advance(20 * 60 + 1)
    response = requests.get(page.url, allow_redirects=False, timeout=TIMEOUT_SECONDS)
    assert response.headers["Location"].endswith("event=session_timeout")


def test_declining_needs_a_reason_and_ends_the_envelope(api: Api) -> None:
    envelope_id = api.envelope()
    with pytest.raises(CeremonyRefusedError, match="Please give a reason"):
        Robot().decline(api.view_url(envelope_id), "  ")
    assert Robot().decline(api.view_url(envelope_id), "Not mine").endswith("event=decline")
    assert api.states(envelope_id) == ("declined", ["declined", "created"])
    assert api.get(envelope_id)["recipients"]["signers"][0]["declinedReason"] == "Not mine"


def test_who_has_signed_may_only_read(api: Api) -> None:
    envelope_id = api.envelope()
    Robot().sign(api.view_url(envelope_id))
    assert "You have already signed" in page_of(api, envelope_id).text
    assert Robot().sign(api.view_url(envelope_id)).endswith("event=viewing_complete")


def test_without_consent_to_electronic_records_nothing_can_be_filled_in(api: Api) -> None:
    page = page_of(api, api.envelope())
    assert "I agree to use electronic records and signatures" in page.text
    assert 'name="tab-' not in page.text
    response = requests.post(f"{page.url}/finish", data={}, timeout=TIMEOUT_SECONDS)
    assert "I agree to use electronic records" in response.text


def test_finishing_with_an_empty_required_field_says_where(api: Api) -> None:
    envelope_id = api.envelope(**with_tabs(signHereTabs={}, textTabs={"tabLabel": "title", "required": "true"}))
    with pytest.raises(CeremonyRefusedError, match="Please fill this in"):
        Robot().sign(api.view_url(envelope_id), text="")
    assert api.states(envelope_id)[0] == "delivered"


def test_what_was_filled_in_is_kept_for_later(api: Api) -> None:
    envelope_id = api.envelope(**with_tabs(signHereTabs={}, textTabs={"tabLabel": "title", "yPosition": "300"}))
    session = requests.Session()
    page = session.get(api.view_url(envelope_id), timeout=TIMEOUT_SECONDS)
    page = session.post(f"{page.url}/consent", data={"agree": "1"}, timeout=TIMEOUT_SECONDS)
    (name,) = re.findall(r'type="text" name="(tab-[^"]+)"', page.text)
    session.post(f"{page.url}/later", data={name: "Director"}, allow_redirects=False, timeout=TIMEOUT_SECONDS)
    assert 'value="Director"' in page_of(api, envelope_id).text


def test_every_kind_of_field_ends_up_in_the_pdf(api: Api) -> None:
    kinds = ("signHereTabs", "initialHereTabs", "dateSignedTabs", "textTabs", "checkboxTabs", "fullNameTabs")
    tabs = {group: {"yPosition": str(80 + 60 * n), "tabLabel": group} for n, group in enumerate(kinds)}
    envelope_id = api.envelope(**with_tabs(**tabs))
    Robot().sign(api.view_url(envelope_id), signature="Żółta Ωmega", text="Director")
    content = api.call("GET", f"/envelopes/{envelope_id}/documents/combined").content
    text = text_of(content)
    for expected in ("Hello", "Żółta Ωmega", "Director", "Signer 1", f"Sandbox Envelope ID: {envelope_id}"):
        assert expected in text
    assert re.search(r"\d\d/\d\d/20\d\d", text)


def test_letters_without_a_glyph_are_refused_at_adoption(api: Api) -> None:
    envelope_id = api.envelope()
    with pytest.raises(CeremonyRefusedError, match="cannot be printed: 🦉"):
        Robot().sign(api.view_url(envelope_id), signature="Owl 🦉")


def test_a_locked_value_cannot_be_changed(api: Api) -> None:
    tab = {"value": "fixed price", "locked": "true", "yPosition": "300"}
    envelope_id = api.envelope(**with_tabs(signHereTabs={}, textTabs=tab))
    Robot().sign(api.view_url(envelope_id), text="cheaper")
    assert api.get(envelope_id, "/recipients/1/tabs")["textTabs"][0]["value"] == "fixed price"


def test_other_signers_values_are_seen_once_they_have_signed(api: Api) -> None:
    envelope_id = api.envelope()
    Robot().sign(api.view_url(envelope_id, 1), signature="Ann Bee")
    assert "Ann Bee" in page_of(api, envelope_id, 2).text


def test_pages_are_pictures_and_the_documents_can_be_read(api: Api) -> None:
    page = page_of(api, api.envelope(documents=[document(content=draw_pdf("Hello /sn1/ /sn2/", "Two"))]))
    images = re.findall(r'src="(/Signing/[^"]+\.webp)"', page.text)
    assert len(images) == 2
    base = page.url.split("/Signing/")[0]
    assert fetch(base + images[0]).headers["Content-Type"] == "image/webp"
    assert fetch(base + images[0].replace("/1.webp", "/9.webp")).status_code == 404
    assert fetch(f"{page.url}/document.pdf").content.startswith(b"%PDF")


def test_a_page_that_never_was_is_a_404(sandbox: SandboxProcess) -> None:
    for path in ("Signing/session/nothing", "Signing/MTRedeem/v1/nothing"):
        assert fetch(f"{sandbox.base_url}/{path}").status_code == 404


def test_the_certificate_tells_how_the_signer_was_authenticated(api: Api) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1)]})
    url = api.view_url(envelope_id, authenticationMethod="Email", securityDomain="sign.example.com")
    Robot().sign(url, signature="Ann Bee")
    text = text_of(api.call("GET", f"/envelopes/{envelope_id}/documents/certificate").content)
    for fact in (
        "Certificate of completion",
        envelope_id,
        "Signer 1",
        "Ann Bee",
        "Email",
        "sign.example.com",
        "127.0.0.1",
    ):
        assert fact in text


def test_the_sealed_file_is_the_same_at_every_download(api: Api) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1)]})
    Robot().sign(api.view_url(envelope_id))
    path = f"/envelopes/{envelope_id}/documents/combined"
    assert api.call("GET", path).content == api.call("GET", path).content


@pytest.mark.parametrize(
    "strokes", ["[[[10,20],[30,40]]]", "[[]]", "[[[1]]]", "nonsense", "[[[1e999,NaN]]]", '{"a":1}', "[" * 3000]
)
def test_any_drawn_signature_is_drawn_or_passed_over(api: Api, strokes: str) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1)]})
    session = requests.Session()
    page = session.get(api.view_url(envelope_id), timeout=TIMEOUT_SECONDS)
    page = session.post(f"{page.url}/consent", data={"agree": "1"}, timeout=TIMEOUT_SECONDS)
    fields = dict.fromkeys(re.findall(r'name="(tab-[^"]+)"', page.text), "signed")
    adopted = {"signature-name": "Ann Bee", "signature-initials": "AB", "signature-strokes": strokes}
    response = session.post(f"{page.url}/finish", data=fields | adopted, allow_redirects=False, timeout=TIMEOUT_SECONDS)
    assert response.headers["Location"].endswith("event=signing_complete")
    assert api.call("GET", f"/envelopes/{envelope_id}/documents/combined").content.startswith(b"%PDF")


def test_the_robot_keeps_what_is_filled_in_when_it_finishes_later(api: Api) -> None:
    tabs = {"textTabs": {"value": "Director", "yPosition": "300"}, "checkboxTabs": {"selected": "true"}}
    envelope_id = api.envelope(**with_tabs(signHereTabs={"yPosition": "200"}, **tabs))
    Robot().finish_later(api.view_url(envelope_id))
    kept = api.get(envelope_id, "/recipients/1/tabs")
    assert kept["textTabs"][0]["value"] == "Director"
    assert kept["checkboxTabs"][0]["selected"] == "true"


def test_a_name_without_glyphs_does_not_shut_out_its_bearer(api: Api) -> None:
    tabs = {"signHereTabs": [{"anchorString": "/sn1/"}], "fullNameTabs": [{"anchorString": "/sn2/"}]}
    envelope_id = api.envelope(recipients={"signers": [signer(1, name="Owl 🦉", tabs=tabs)]})
    assert Robot().sign(api.view_url(envelope_id, userName="Owl 🦉"), signature="Owl").endswith("signing_complete")


def test_pages_that_are_not_pages_of_the_session_are_a_404(api: Api) -> None:
    page = page_of(api, api.envelope())
    assert fetch(f"{page.url}/pages/2/1.webp").status_code == 404
