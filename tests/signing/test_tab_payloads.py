"""All kinds of fields in Docusign's JSON, as its specification describes them."""

import json
from pathlib import Path
from typing import Any

import pytest

from signing.models import TabKind
from signing.payloads.tabs import tabs_of
from signing.tab_traits import TRAITS
from tests.e2e.editor_states import draft, every_kind, field, place
from tests.factories import recipient_of

pytestmark = pytest.mark.django_db

# Docusign's definition of one member of each group.
DEFINITIONS = {traits.group: traits.group.removesuffix("Tabs") for traits in TRAITS.values()} | {
    "radioGroupTabs": "radioGroup"
}


def one(kind: TabKind, **columns: Any) -> dict[str, Any]:
    """What is sent for a single field of this kind."""
    envelope = draft()
    place(envelope, field(kind, **columns))
    ((tab,),) = tabs_of(recipient_of(envelope, 1)).values()
    return tab


def test_every_kind_has_a_group_of_its_own() -> None:
    envelope = every_kind()
    groups = [group for number in (1, 2) for group in tabs_of(recipient_of(envelope, number))]
    assert sorted(groups) == sorted(traits.group for traits in TRAITS.values())
    assert len(groups) == len(TabKind) == 17


def test_nothing_is_sent_that_docusign_does_not_know(specification: Path) -> None:
    definitions = json.loads(specification.read_text())["definitions"]
    envelope = every_kind()
    for number in (1, 2):
        for group, tabs in tabs_of(recipient_of(envelope, number)).items():
            assert group in definitions["tabs"]["properties"]
            known = set(definitions[DEFINITIONS[group]]["properties"])
            assert [set(tab) - known for tab in tabs] == [set()] * len(tabs)


def test_a_position_is_document_page_and_pixels() -> None:
    tab = one(TabKind.TEXT, x=12, y=34, page=2)
    place = {name: tab[name] for name in ("documentId", "pageNumber", "xPosition", "yPosition")}
    assert place == {"documentId": "1", "pageNumber": "2", "xPosition": "12", "yPosition": "34"}


def test_an_anchored_field_has_its_text_and_offsets() -> None:
    place = {"anchor": "/sn1/", "anchor_x_offset": 5, "anchor_y_offset": -3}
    tab = one(TabKind.TEXT, document=None, page=None, x=None, y=None, **place)
    assert (tab["anchorString"], tab["anchorXOffset"], tab["anchorYOffset"]) == ("/sn1/", "5", "-3")
    assert "pageNumber" not in tab


@pytest.mark.parametrize(("width", "scale"), [(120, "1.000"), (60, "0.500"), (180, "1.500"), (999, "2.000")])
def test_signatures_are_scaled_and_have_no_width(width: int, scale: str) -> None:
    tab = one(TabKind.SIGN_HERE, width=width, height=36)
    assert tab["scaleValue"] == scale
    assert "width" not in tab


@pytest.mark.parametrize("kind", [TabKind.INITIAL_HERE, TabKind.ATTACHMENT])
def test_initials_and_attachments_are_never_larger_than_usual(kind: TabKind) -> None:
    assert one(kind, width=200, height=200)["scaleValue"] == "1.000"


@pytest.mark.parametrize("kind", [TabKind.TEXT, TabKind.LIST, TabKind.NOTE, TabKind.APPROVE, TabKind.FULL_NAME])
def test_boxes_are_as_large_as_drawn(kind: TabKind) -> None:
    tab = one(kind, width=201, height=33)
    assert (tab["width"], tab["height"]) == ("201", "33")


@pytest.mark.parametrize("kind", [TabKind.SIGN_HERE, TabKind.INITIAL_HERE, TabKind.ATTACHMENT])
def test_what_may_be_left_out_is_optional(kind: TabKind) -> None:
    assert one(kind, required=False)["optional"] == "true"


@pytest.mark.parametrize("kind", [TabKind.TEXT, TabKind.NUMBER, TabKind.DATE, TabKind.COMPANY, TabKind.LIST])
def test_what_may_be_left_empty_is_not_required(kind: TabKind) -> None:
    assert one(kind, required=False)["required"] == "false"


def test_nobody_is_asked_for_what_they_cannot_change() -> None:
    tab = one(TabKind.TEXT, locked=True, value="As agreed")
    assert (tab["locked"], tab["required"], tab["value"]) == ("true", "false", "As agreed")


def test_rules_looks_and_hints_are_sent() -> None:
    rules = {"max_length": 5, "validation_pattern": "[0-9]{5}", "validation_message": "Five digits"}
    tab = one(TabKind.TEXT, label="ZIP", tooltip="Of your home", font_size=12, **rules)
    sent = "tabLabel tooltip fontSize maxLength validationPattern validationMessage".split()
    assert [tab[name] for name in sent] == ["ZIP", "Of your home", "Size12", "5", "[0-9]{5}", "Five digits"]


def test_a_list_offers_its_options_and_the_chosen_one() -> None:
    items = one(TabKind.LIST, options=["Red", "Green"], value="Green")["listItems"]
    assert [(item["text"], item["selected"]) for item in items] == [("Red", "false"), ("Green", "true")]


def test_a_checkbox_may_be_ticked() -> None:
    assert one(TabKind.CHECKBOX, value="true")["selected"] == "true"


def test_buttons_say_what_they_are_told() -> None:
    assert one(TabKind.APPROVE, value="I agree")["buttonText"] == "I agree"


def test_radio_buttons_of_one_group_are_one_tab() -> None:
    envelope = draft()
    yes = field(TabKind.RADIO, group="Member", options=["yes"], value="yes")
    no = field(TabKind.RADIO, group="Member", options=["no"], y=130)
    other = field(TabKind.RADIO, group="Colour", options=["red"], y=160)
    place(envelope, yes, no, other)
    member, colour = tabs_of(recipient_of(envelope, 1))["radioGroupTabs"]
    assert (member["groupName"], member["documentId"]) == ("Member", "1")
    assert [(radio["value"], radio["selected"]) for radio in member["radios"]] == [("yes", "true"), ("no", "false")]
    assert [radio["value"] for radio in colour["radios"]] == ["red"]
