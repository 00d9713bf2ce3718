"""Tabs of a recipient: added, moved, filled in, taken away; every kind of the specification."""

import json
from pathlib import Path
from typing import Any

import pytest

from .api import Api, signer

PLACE = {"documentId": "1", "pageNumber": "1", "xPosition": "50", "yPosition": "60"}
# Kinds that stand in newer documentation or that need more than a place.
SPECIAL: dict[str, dict[str, Any]] = {
    "radioGroupTabs": {
        "documentId": "1",
        "groupName": "size",
        "radios": [
            {"pageNumber": "1", "xPosition": "50", "yPosition": "60", "value": "S"},
            {"pageNumber": "1", "xPosition": "80", "yPosition": "60", "value": "M", "selected": "true"},
        ],
    },
    "listTabs": PLACE
    | {"listItems": [{"text": "Red", "value": "r", "selected": "true"}, {"text": "Blue", "value": "b"}]},
    "formulaTabs": PLACE | {"formula": "[a] + [b]"},
}
KINDS = [
    "approveTabs checkboxTabs commentThreadTabs commissionCountyTabs commissionExpirationTabs commissionNumberTabs",
    "commissionStateTabs companyTabs currencyTabs dateSignedTabs dateTabs declineTabs drawTabs emailAddressTabs",
    "emailTabs envelopeIdTabs firstNameTabs formulaTabs fullNameTabs initialHereTabs lastNameTabs listTabs",
    "notarizeTabs notarySealTabs noteTabs numberTabs phoneNumberTabs polyLineOverlayTabs radioGroupTabs",
    "signerAttachmentTabs signHereTabs smartSectionTabs ssnTabs tabGroups textTabs titleTabs viewTabs zipTabs",
]


@pytest.fixture
def draft(api: Api) -> str:
    return api.envelope(status="created", recipients={"signers": [signer(1)]})


def tabs_of(api: Api, envelope_id: str) -> dict[str, Any]:
    return api.get(envelope_id, "/recipients/1/tabs")


def add(api: Api, envelope_id: str, group: str, **tab: Any) -> dict[str, Any]:
    response = api.call("POST", f"/envelopes/{envelope_id}/recipients/1/tabs", {group: [tab]})
    assert response.status_code == 201, response.text
    added: dict[str, Any] = response.json()[group][0]
    return added


def change(api: Api, envelope_id: str, group: str, **tab: Any) -> dict[str, Any]:
    response = api.call("PUT", f"/envelopes/{envelope_id}/recipients/1/tabs", {group: [tab]})
    assert response.status_code == 200, response.text
    changed: dict[str, Any] = response.json()[group][0]
    return changed


@pytest.mark.parametrize("group", " ".join(KINDS).split())
def test_every_kind_is_taken_and_given_back(api: Api, draft: str, group: str) -> None:
    added = add(api, draft, group, **SPECIAL.get(group, PLACE))
    assert added in tabs_of(api, draft)[group]


def test_the_kinds_tested_are_those_of_the_specification(specification: Path) -> None:
    spec = json.loads(specification.read_text())
    assert set(" ".join(KINDS).split()) == set(spec["definitions"]["tabs"]["properties"]) - {"prefillTabs"}


def test_a_tab_is_moved_and_stays_itself(api: Api, draft: str) -> None:
    tab = add(api, draft, "textTabs", **PLACE, value="keep")
    moved = change(api, draft, "textTabs", tabId=tab["tabId"], xPosition="200", yPosition="90")
    assert (moved["tabId"], moved["xPosition"], moved["yPosition"]) == (tab["tabId"], "200", "90")
    assert moved["value"] == "keep"


def test_a_value_is_filled_in_without_moving(api: Api, draft: str) -> None:
    tab = add(api, draft, "textTabs", **PLACE)
    filled = change(api, draft, "textTabs", tabId=tab["tabId"], value="seven")
    assert (filled["value"], filled["xPosition"]) == ("seven", "50")


def test_a_choice_is_changed(api: Api, draft: str) -> None:
    tab = add(api, draft, "radioGroupTabs", **SPECIAL["radioGroupTabs"])
    assert [radio["selected"] for radio in tab["radios"]] == ["false", "true"]
    radios = [{"value": "S", "selected": "true"}, {"value": "M", "selected": "false"}]
    changed = change(api, draft, "radioGroupTabs", groupName="size", radios=radios)
    assert [radio["selected"] for radio in changed["radios"]] == ["true", "false"]


def test_a_change_without_a_tab_id_adds_the_tab(api: Api, draft: str) -> None:
    changed = change(api, draft, "signHereTabs", **PLACE)
    assert (changed["documentId"], changed["xPosition"]) == ("1", "50")
    assert len(tabs_of(api, draft)["signHereTabs"]) == 2


def test_tabs_are_told_under_the_id_that_was_asked_for(api: Api, draft: str) -> None:
    (person,) = api.get(draft, "/recipients")["signers"]
    guid = person["recipientIdGuid"]
    path = f"/envelopes/{draft}/recipients/{guid}/tabs"
    added = api.call("POST", path, {"textTabs": [PLACE]}).json()["textTabs"][0]
    changed = api.call("PUT", path, {"textTabs": [{"tabId": added["tabId"], "value": "x"}]}).json()["textTabs"][0]
    assert {added["recipientId"], changed["recipientId"]} == {guid}
    assert tabs_of(api, draft)["textTabs"][0]["recipientId"] == "1"


def test_a_tab_is_taken_away(api: Api, draft: str) -> None:
    tab = add(api, draft, "textTabs", **PLACE)
    path = f"/envelopes/{draft}/recipients/1/tabs"
    assert api.call("DELETE", path, {"textTabs": [{"tabId": tab["tabId"]}]}).status_code == 200
    assert "textTabs" not in tabs_of(api, draft)


def test_a_tab_of_someone_else_is_not_touched(api: Api) -> None:
    envelope_id = api.envelope(status="created")
    (other,) = api.get(envelope_id, "/recipients/2/tabs")["signHereTabs"]
    path = f"/envelopes/{envelope_id}/recipients/1/tabs"
    response = api.call("PUT", path, {"signHereTabs": [{"tabId": other["tabId"], "xPosition": "1"}]})
    assert response.json()["errorCode"] == "INVALID_TAB_OPERATION"


@pytest.mark.parametrize("name", ["required", "locked", "bold", "shared", "concealValueOnDocument"])
def test_flags_come_back_as_strings(api: Api, draft: str, name: str) -> None:
    assert add(api, draft, "textTabs", **PLACE, **{name: True})[name] == "true"
