"""Every kind of tab in the ceremony: what it takes, what it refuses, and when it is asked for."""

from typing import Any

import pytest

from sandbox.robot import DOT_PNG, CeremonyRefusedError, Robot

from .api import Api, signer
from .ceremony import SIGN, Session, envelope_with, place, tabs_of

ITEMS = [{"text": "Small", "value": "s"}, {"text": "Large", "value": "l"}]
RADIOS = [
    {"pageNumber": "1", "xPosition": "100", "yPosition": "400", "value": "red", "required": "true"},
    {"pageNumber": "1", "xPosition": "100", "yPosition": "430", "value": "blue"},
]


def test_the_robot_fills_in_tabs_of_every_kind(api: Api) -> None:
    texts = ("companyTabs", "titleTabs", "textTabs", "numberTabs", "currencyTabs", "dateTabs")
    others = ("emailTabs", "phoneNumberTabs", "ssnTabs", "zipTabs", "checkboxTabs", "noteTabs", "viewTabs")
    more = ("initialHereTabs", "dateSignedTabs", "firstNameTabs", "lastNameTabs", "approveTabs", "signerAttachmentTabs")
    groups: dict[str, Any] = {name: [place(y=60 + 24 * n)] for n, name in enumerate((*texts, *others, *more))}
    groups |= {
        "listTabs": [place(300, 100, listItems=ITEMS)],
        "radioGroupTabs": [{"documentId": "1", "groupName": "colour", "radios": RADIOS}],
    }
    envelope_id = envelope_with(api, **groups)
    assert Robot().sign(api.view_url(envelope_id)).endswith("event=signing_complete")
    tabs = tabs_of(api, envelope_id)
    assert tabs["textTabs"][0]["value"] == "Filled in"
    assert tabs["listTabs"][0]["value"] == "s"
    assert tabs["firstNameTabs"][0]["value"] == "Signer"
    assert [radio["selected"] for radio in tabs["radioGroupTabs"][0]["radios"]] == ["true", "false"]
    assert tabs["checkboxTabs"][0]["selected"] == "true"


@pytest.mark.parametrize(
    ("group", "tab", "given", "complaint"),
    [
        ("numberTabs", {}, "many", "Please enter a number."),
        ("currencyTabs", {}, "dear", "Please enter an amount."),
        ("dateTabs", {}, "tomorrow", "Please enter a date such as"),
        ("emailTabs", {}, "nobody", "Please enter an email address."),
        (
            "textTabs",
            {"validationPattern": r"[A-Z]\d", "validationMessage": "A letter and a digit"},
            "x",
            "A letter and",
        ),
        ("textTabs", {"validationPattern": r"[A-Z]\d"}, "A12", "not in the form that was asked for"),
        ("textTabs", {"validationPattern": "(a+)+"}, "a" * 60 + "!", "not in the form that was asked for"),
        ("numericalTabs", {"minNumericalValue": "5"}, "4", "Please enter at least 5."),
        ("numericalTabs", {"maxNumericalValue": "5"}, "6", "Please enter at most 5."),
        ("textTabs", {}, "🦉", "cannot be printed: 🦉"),
        ("listTabs", {"listItems": ITEMS}, "none of them", "Please choose one."),
        ("checkboxTabs", {"required": "true"}, "", "Please tick this."),
        ("initialHereTabs", {}, "no", "Please initial here."),
        ("approveTabs", {}, "", "Please approve here, or decline."),
        ("viewTabs", {"required": "true"}, "", "Please confirm that you have viewed this."),
        ("signerAttachmentTabs", {}, "", "Please attach a file."),
    ],
)
def test_what_a_tab_does_not_take_is_told_at_the_tab(
    api: Api, group: str, tab: dict[str, Any], given: str, complaint: str
) -> None:
    envelope_id = envelope_with(api, **{group: [place(**tab)]})
    session = Session(api.view_url(envelope_id))
    (name,) = session.names(group)
    event, page = session.finish(**{name: given})
    assert event == ""
    assert complaint in page
    assert api.states(envelope_id) == ("delivered", ["delivered"])


@pytest.mark.parametrize(
    ("group", "tab", "given", "kept"),
    [
        ("textTabs", {"maxLength": "3"}, "abcdef", "abc"),
        ("textTabs", {"height": "60"}, "one\r\n two \r\nthree", "one\ntwo\nthree"),
        ("textTabs", {}, "one\ntwo", "one two"),
        ("textTabs", {"validationPattern": "("}, "anything", "anything"),
        ("numberTabs", {}, "-1,250.50", "-1,250.50"),
        ("textTabs", {}, "‏سارة احمد", "‏سارة احمد"),
    ],
)
def test_what_is_typed_is_kept_as_the_tab_takes_it(
    api: Api, group: str, tab: dict[str, Any], given: str, kept: str
) -> None:
    envelope_id = envelope_with(api, **{group: [place(**tab)]})
    session = Session(api.view_url(envelope_id))
    (name,) = session.names(group)
    assert session.finish(**{name: given})[0] == "signing_complete"
    assert tabs_of(api, envelope_id)[group][0]["value"] == kept


def test_a_radio_group_keeps_one_of_its_own(api: Api) -> None:
    envelope_id = envelope_with(api, radioGroupTabs=[{"documentId": "1", "groupName": "colour", "radios": RADIOS}])
    session = Session(api.view_url(envelope_id))
    (name,) = session.names("radioGroupTabs")
    assert "Please choose one." in session.finish(**{name: "green"})[1]
    assert session.finish(**{name: "blue"})[0] == "signing_complete"
    assert tabs_of(api, envelope_id)["radioGroupTabs"][0]["value"] == "blue"


class TestConditions:
    def envelope(self, api: Api, parent: str, tab: dict[str, Any], wanted: str) -> str:
        child = place(y=500, required="true", conditionalParentLabel="parent", conditionalParentValue=wanted)
        groups = {"textTabs": [child | {"tabLabel": "child"}]}
        groups[parent] = [*groups.get(parent, []), place(tabLabel="parent") | tab]
        return envelope_with(api, **groups)

    @pytest.mark.parametrize(
        ("parent", "tab", "wanted", "given"),
        [
            ("checkboxTabs", {}, "on", "true"),
            ("listTabs", {"listItems": ITEMS}, "l", "l"),
            ("titleTabs", {}, "Director", "Director"),
            ("initialHereTabs", {"optional": "true"}, "on", "signed"),
        ],
    )
    def test_a_tab_is_asked_for_only_while_its_parent_has_the_value(
        self, api: Api, parent: str, tab: dict[str, Any], wanted: str, given: str
    ) -> None:
        session = Session(api.view_url(self.envelope(api, parent, tab, wanted)))
        (name,) = session.names(parent)
        assert "Please fill this in." in session.finish(**{name: given})[1]
        other = {"listTabs": "s", "titleTabs": "Clerk"}.get(parent, "")
        assert session.finish(**{name: other})[0] == "signing_complete"

    def test_by_a_radio_button(self, api: Api) -> None:
        child = place(y=500, required="true", conditionalParentLabel="colour", conditionalParentValue="blue")
        radio_groups = [{"documentId": "1", "groupName": "colour", "radios": RADIOS}]
        session = Session(api.view_url(envelope_with(api, radioGroupTabs=radio_groups, textTabs=[child])))
        (name,) = session.names("radioGroupTabs")
        assert "Please fill this in." in session.finish(**{name: "blue"})[1]
        assert session.finish(**{name: "red"})[0] == "signing_complete"

    def test_what_is_hidden_keeps_no_value(self, api: Api) -> None:
        envelope_id = self.envelope(api, "checkboxTabs", {}, "on")
        session = Session(api.view_url(envelope_id))
        (text,) = session.names("textTabs")
        assert session.finish(**{text: "smuggled in"})[0] == "signing_complete"
        assert tabs_of(api, envelope_id)["textTabs"][0]["value"] == ""

    def test_the_child_of_a_hidden_parent_is_hidden_too(self, api: Api) -> None:
        chain = [
            place(y=400, tabLabel="b", required="true", conditionalParentLabel="a", conditionalParentValue="on"),
            place(y=450, tabLabel="c", required="true", conditionalParentLabel="b", conditionalParentValue=""),
        ]
        envelope_id = envelope_with(api, checkboxTabs=[place(tabLabel="a")], textTabs=chain)
        assert Session(api.view_url(envelope_id)).finish()[0] == "signing_complete"


@pytest.mark.parametrize(
    ("rule", "ticked", "complaint"),
    [
        ({"groupRule": "SelectAtLeast", "minimumRequired": "2"}, 1, "Please choose at least 2."),
        ({"groupRule": "SelectAtMost", "maximumAllowed": "1"}, 2, "Please choose at most 1."),
        ({"groupRule": "SelectExactly", "minimumRequired": "2"}, 3, "Please choose exactly 2."),
        ({"groupRule": "SelectARange", "minimumRequired": "1", "maximumAllowed": "2"}, 0, "Please choose at least 1."),
        ({"groupRule": "SelectARange", "minimumRequired": "1", "maximumAllowed": "2"}, 2, ""),
        ({"groupRule": "SelectAtLeast", "minimumRequired": "1", "validationMessage": "One, please"}, 0, "One, please"),
    ],
)
def test_a_tab_group_counts_its_checkboxes(api: Api, rule: dict[str, str], ticked: int, complaint: str) -> None:
    boxes = [place(y=300 + 20 * n, tabGroupLabels=["group"]) for n in range(3)]
    group = {"groupLabel": "group", "documentId": "1", "pageNumber": "1"} | rule
    session = Session(api.view_url(envelope_with(api, checkboxTabs=boxes, tabGroups=[group])))
    chosen = dict.fromkeys(session.names("checkboxTabs")[:ticked], "true")
    event, page = session.finish(**chosen)
    assert event == ("" if complaint else "signing_complete")
    assert complaint in page


@pytest.mark.parametrize(
    ("formula", "decimals", "expected"),
    [
        ("[a] + [b] * 2", "", "13.5"),
        ("([a] - [b]) / 2", "2", "2.38"),
        ("-[a] + 10", "", "2.5"),
        ("[a] / 0", "", ""),
        ("[nowhere] + 1", "", "[nowhere] + 1"),
        ("__import__('os')", "", "__import__('os')"),
    ],
)
def test_a_formula_is_calculated_from_the_other_tabs(api: Api, formula: str, decimals: str, expected: str) -> None:
    numbers = [place(tabLabel="a"), place(y=330, tabLabel="b")]
    tab = place(y=360, formula=formula, roundDecimalPlaces=decimals)
    envelope_id = envelope_with(api, numberTabs=numbers, formulaTabs=[tab])
    session = Session(api.view_url(envelope_id))
    first, second = session.names("numberTabs")
    assert session.finish(**{first: "7.50", second: "3" if not decimals else "2.75"})[0] == "signing_complete"
    assert tabs_of(api, envelope_id)["formulaTabs"][0]["value"] == expected


class TestAttachments:
    @pytest.mark.parametrize("name", ["notes.txt", "photo.png", "empty.pdf", "proof"])
    def test_a_file_that_cannot_be_read_is_refused(self, api: Api, name: str) -> None:
        envelope_id = envelope_with(api, signerAttachmentTabs=[place()])
        with pytest.raises(CeremonyRefusedError, match=r"cannot be read|Please attach a PDF, JPEG or PNG"):
            Robot(attachment=(name, b"nothing of the kind")).sign(api.view_url(envelope_id))

    def test_more_than_25_megabytes_are_refused(self, api: Api) -> None:
        envelope_id = envelope_with(api, signerAttachmentTabs=[place()])
        with pytest.raises(CeremonyRefusedError, match="25 MB"):
            Robot(attachment=("huge.pdf", bytes(25 * 1024 * 1024 + 1))).sign(api.view_url(envelope_id))

    def test_what_was_attached_stays_when_finishing_later(self, api: Api) -> None:
        envelope_id = envelope_with(api, signerAttachmentTabs=[place()])
        session = Session(api.view_url(envelope_id))
        (name,) = session.names("signerAttachmentTabs")
        session.http.post(f"{session.url}/later", files={name: ("id card.png", DOT_PNG)}, allow_redirects=False)
        again = Session(api.view_url(envelope_id))
        assert "id card.png" in again.page.text
        assert again.finish()[0] == "signing_complete"


def test_notes_are_for_their_own_recipient_only(api: Api) -> None:
    note = {"noteTabs": [place(value="Between us")]}
    signers = [signer(1, tabs=SIGN | note), signer(2)]
    envelope_id = api.envelope(recipients={"signers": signers})
    session = Session(api.view_url(envelope_id))
    assert "Between us" in session.page.text
    session.finish()
    assert "Between us" not in Session(api.view_url(envelope_id, 2)).page.text


def test_a_decline_tab_suggests_its_reason(api: Api) -> None:
    envelope_id = envelope_with(api, declineTabs=[place(buttonText="No", declineReason="Too dear")])
    assert 'data-reason="Too dear"' in Session(api.view_url(envelope_id)).page.text
