"""Signers without any tabs place their own, at least one signature (reference 2.1)."""

import pytest

from sandbox.robot import CeremonyRefusedError, Robot
from tests.pdf_files import text_of

from .api import Api, signer
from .ceremony import Session, tabs_of


def envelope(api: Api) -> str:
    return api.envelope(recipients={"signers": [signer(1, tabs={})]})


def test_a_placed_signature_ends_up_in_the_document(api: Api) -> None:
    envelope_id = envelope(api)
    assert Robot().sign(api.view_url(envelope_id), signature="Ann Bee").endswith("event=signing_complete")
    (tab,) = tabs_of(api, envelope_id)["signHereTabs"]
    assert (tab["documentId"], tab["pageNumber"], tab["xPosition"], tab["yPosition"]) == ("1", "1", "100", "100")
    assert "Ann Bee" in text_of(api.call("GET", f"/envelopes/{envelope_id}/documents/combined").content)


@pytest.mark.parametrize(
    "spot",
    [
        "",
        "dateSignedTabs:1:1:100:100",
        "signHereTabs:9:1:100:100",
        "signHereTabs:1:9:100:100",
        "signHereTabs:1:1:nan:100",
        "signHereTabs:1:0:10:100",
        "textTabs:1:1:100:100",
        "nonsense",
    ],
)
def test_without_a_signature_on_a_page_nobody_finishes(api: Api, spot: str) -> None:
    envelope_id = envelope(api)
    event, page = Session(api.view_url(envelope_id)).finish(place=spot)
    assert event == ""
    assert "Please place your signature on a page" in page


def test_what_is_placed_off_the_page_is_moved_onto_it(api: Api) -> None:
    envelope_id = envelope(api)
    assert Session(api.view_url(envelope_id)).finish(place="signHereTabs:1:1:9999:-5")[0] == "signing_complete"
    (tab,) = tabs_of(api, envelope_id)["signHereTabs"]
    assert int(tab["xPosition"]) < 595
    assert tab["yPosition"] == "0"


def test_what_was_placed_is_there_again_later(api: Api) -> None:
    envelope_id = envelope(api)
    spots = ["signHereTabs:1:1:100:200", "dateSignedTabs:1:1:100:300"]
    adopted = {"signature-name": "Ann Bee", "signature-initials": "AB"}
    session = Session(api.view_url(envelope_id))
    session.http.post(f"{session.url}/later", data=adopted | {"place": spots}, allow_redirects=False)
    again = Session(api.view_url(envelope_id))
    assert 'value="signHereTabs:1:1:100.0:200.0"' in again.page.text
    assert 'value="dateSignedTabs:1:1:100.0:300.0"' in again.page.text


def test_who_has_tabs_cannot_place_more(api: Api) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1)]})
    Session(api.view_url(envelope_id)).finish(place="signHereTabs:1:1:300:300")
    assert len(tabs_of(api, envelope_id)["signHereTabs"]) == 1


def test_the_robot_is_told_when_it_signs_nothing(api: Api) -> None:
    with pytest.raises(CeremonyRefusedError, match="cannot be printed"):
        Robot().sign(api.view_url(envelope(api)), signature="🦉")
