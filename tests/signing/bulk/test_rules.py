"""One row held against the template: what it fills, and what is wrong with it."""

from collections.abc import Sequence
from typing import Any

import pytest

from signing.bulk.rules import ROW, Plan
from signing.models import Template
from tests.bulk import make_template

pytestmark = pytest.mark.django_db

HEADERS = ["Name", "Email", "Value", "Text"]
MAPPING = {"name:1": [0], "email:1": [1], "tab:1:Rent": [2], "merge:text": [3]}


def plan_with(template: Template | None = None, **tab: Any) -> Plan:
    template = template or make_template()
    rent = template.content.recipients.get(number=1).tabs.get(label="Rent")
    for name, value in tab.items():
        setattr(rent, name, value)
    rent.save()
    return Plan(template.content, HEADERS, MAPPING)


def wrong(plan: Plan, cells: Sequence[str]) -> set[str]:
    return set(plan.fill(cells).errors)


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("Ann Bee", "ann@example.com", set()),
        ("", "ann@example.com", {"name:1"}),
        ("Ann Bee", "", {"email:1"}),
        ("Ann Bee", "ann@", {"email:1"}),
        ("Ann Bee", "ann@example.com; carl@example.com", {"email:1"}),
        ("Ann Bee", f"{'a' * 60}@{'b' * 40}.example", {"email:1"}),
        ("A" * 101, "ann@example.com", {"name:1"}),
        ("Ann\u202eBee", "ann@example.com", {"name:1"}),
        ("", "", {"name:1", "email:1"}),
    ],
)
def test_people_need_a_name_and_an_address(name: str, email: str, expected: set[str]) -> None:
    assert wrong(plan_with(), [name, email, "", ""]) == expected


def test_lines_in_a_name_become_blanks() -> None:
    assert plan_with().fill(["Ann\nBee", "ann@example.com", "", ""]).people[1].name == "Ann Bee"


@pytest.mark.parametrize(
    ("tab", "cell", "value"),
    [
        ({"kind": "text"}, "1.200 €", "1.200 €"),
        ({"kind": "text", "max_length": 3}, "1234", None),
        ({"kind": "number"}, "1200.50", "1200.50"),
        ({"kind": "number"}, "1,200", None),
        ({"kind": "number"}, "NaN", None),
        ({"kind": "date"}, "2026-12-31", "2026-12-31"),
        ({"kind": "date"}, "31/12/2026", None),
        ({"kind": "date"}, "2026-02-30", None),
        ({"kind": "checkbox"}, "Yes", "true"),
        ({"kind": "checkbox"}, "ja", "true"),
        ({"kind": "checkbox"}, "no", ""),
        ({"kind": "checkbox"}, "perhaps", None),
        ({"kind": "list", "options": ["Oslo", "Bergen"]}, "bergen", "Bergen"),
        ({"kind": "list", "options": ["Oslo", "Bergen"]}, "Rome", None),
    ],
)
def test_a_cell_must_suit_the_kind_of_its_field(tab: dict[str, Any], cell: str, value: str | None) -> None:
    filled = plan_with(**tab).fill(["Ann", "ann@example.com", cell, ""])
    assert list(filled.values.values()) == ([] if value is None else [value])
    assert set(filled.errors) == ({"tab:1:Rent"} if value is None else set())


def test_one_of_the_radio_buttons_is_chosen() -> None:
    template = make_template()
    rent = template.content.recipients.get(number=1).tabs.get(label="Rent")
    for option in ("Monthly", "Yearly"):
        rent.pk, rent.kind, rent.group, rent.label, rent.options = None, "radio", "Paid", option, [option]
        rent.save()
    plan = Plan(template.content, HEADERS, {"name:1": [0], "email:1": [1], "tab:1:Paid": [2]})
    assert sorted(plan.fill(["Ann", "ann@example.com", "yearly", ""]).values.values()) == ["", "Yearly"]
    assert wrong(plan, ["Ann", "ann@example.com", "weekly", ""]) == {"tab:1:Paid"}


def test_what_the_signer_cannot_fill_must_be_filled_here() -> None:
    plan = plan_with(locked=True, required=True)
    assert wrong(plan, ["Ann", "ann@example.com", "", ""]) == {"tab:1:Rent"}


def test_words_go_into_subject_and_message() -> None:
    plan = plan_with(make_template(subject="Lease: {{Text}}", message="Dear {{ text }}"))
    filled = plan.fill(["Ann", "ann@example.com", "", "1 High Street"])
    assert (filled.subject, filled.message) == ("Lease: 1 High Street", "Dear 1 High Street")
    assert wrong(plan, ["Ann", "ann@example.com", "", ""]) == {"merge:text"}
    assert wrong(plan, ["Ann", "ann@example.com", "", "x" * 100]) == {ROW}


def test_surplus_cells_are_wrong() -> None:
    assert wrong(plan_with(), ["Ann", "ann@example.com", "", "", "surplus"]) == {ROW}


def test_the_same_person_cannot_be_there_twice_in_one_order() -> None:
    content = make_template(roles=("Landlord", "Tenant")).content
    content.recipients.update(routing_order=1)
    mapping = {"name:1": [0], "email:1": [1], "name:2": [2], "email:2": [3]}
    row = ["Ann", "ann@example.com", "Ann", "ANN@example.com"]
    assert wrong(Plan(content, HEADERS, mapping), row) == {"email:2"}
    content.recipients.filter(number=2).update(routing_order=2)
    assert wrong(Plan(content, HEADERS, mapping), row) == set()


def test_who_stands_in_the_template_need_not_stand_in_the_sheet() -> None:
    content = make_template(roles=("Landlord", "Tenant")).content
    content.recipients.filter(number=1).update(name="Lou Lord", email="lou@example.com")
    plan = Plan(content, HEADERS, {"name:2": [0], "email:2": [1]})
    filled = plan.fill(["Ann", "ann@example.com", "", ""])
    assert filled.errors == {}
    assert filled.people[1].name == "Lou Lord"
