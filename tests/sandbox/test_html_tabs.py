"""Tabs written into an HTML page: `htmlDefinition` (Docusign's code example 38)."""

from typing import Any

import pytest

from sandbox.robot import Robot
from tests.pdf_files import text_of

from .api import Api, signer

PAGE = """<!DOCTYPE html><html><body><h1>Order &amp; form</h1>
<p>Harmonicas: <input data-ds-type="number" name="l1q"/></p>
<p>Agreed: <ds-signature data-ds-role="Buyer"/></p>{more}</body></html>"""


def page(api: Api, more: str = "", **people: Any) -> str:
    documents = [{"documentId": 1, "name": "doc1.html", "htmlDefinition": {"source": PAGE.replace("{more}", more)}}]
    buyer = signer(1, roleName="Buyer", tabs=people.get("tabs", {}))
    return api.envelope(documents=documents, recipients={"signers": [buyer, signer(2, roleName="Seller", tabs={})]})


def tabs_of(api: Api, envelope_id: str, recipient_id: str = "1") -> dict[str, Any]:
    return api.get(envelope_id, f"/recipients/{recipient_id}/tabs")


def test_they_become_tabs_of_the_role_that_they_name(api: Api) -> None:
    envelope_id = page(api)
    tabs = tabs_of(api, envelope_id)
    assert (tabs["numberTabs"][0]["tabLabel"], tabs["numberTabs"][0]["required"]) == ("l1q", "false")
    assert len(tabs["signHereTabs"]) == 1
    assert tabs_of(api, envelope_id, "2") == {}


@pytest.mark.parametrize(
    ("element", "group", "recipient_id"),
    [
        ('<ds-initial data-ds-role="seller"></ds-initial>', "initialHereTabs", "2"),
        ('<ds-date-signed data-ds-recipient-id="2">', "dateSignedTabs", "2"),
        ("<ds-full-name/>", "fullNameTabs", "1"),
        ('<input data-ds-type="text" required data-ds-role="Seller">', "textTabs", "2"),
        ('<button data-ds-type="approve" name="Approve">I agree</button>', "approveTabs", "1"),
    ],
)
def test_each_kind_finds_its_signer(api: Api, element: str, group: str, recipient_id: str) -> None:
    assert len(tabs_of(api, page(api, more=element), recipient_id)[group]) == 1


def test_a_role_that_nobody_has_is_ignored(api: Api) -> None:
    envelope_id = page(api, more='<ds-initial data-ds-role="Witness"/>')
    assert "initialHereTabs" not in tabs_of(api, envelope_id) | tabs_of(api, envelope_id, "2")


def test_tabs_of_the_definition_stand_beside_them(api: Api) -> None:
    formula = {"anchorString": "Order", "formula": "[l1q] * 5", "tabLabel": "sum"}
    tabs = tabs_of(api, page(api, tabs={"formulaTabs": [formula]}))
    assert set(tabs) == {"formulaTabs", "numberTabs", "signHereTabs"}


def test_the_page_is_signed(api: Api) -> None:
    envelope_id = page(api)
    assert "event=signing_complete" in Robot().sign(api.view_url(envelope_id))
    text = text_of(api.call("GET", f"/envelopes/{envelope_id}/documents/1").content)
    assert "Order & form" in text
