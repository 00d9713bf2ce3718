"""Which column fills what, guessed."""

import pytest

from signing.bulk.guessing import guess
from signing.bulk.targets import merge_fields_of, merged, targets_of
from tests.bulk import make_template

pytestmark = pytest.mark.django_db

ONE, TWO = ("Tenant",), ("Landlord", "Tenant")


@pytest.mark.parametrize(
    ("roles", "headers", "row", "expected"),
    [
        (ONE, ["Name", "E-Mail", "Rent"], ["Ann", "a@x.org", "1"], {"name:1": [0], "email:1": [1], "tab:1:Rent": [2]}),
        (ONE, ["Mail", "Full name"], ["a@x.org", "Ann"], {"name:1": [1], "email:1": [0]}),
        (ONE, ["Vorname", "Nachname", "E-Mail-Adresse"], [""] * 3, {"name:1": [0, 1], "email:1": [2]}),
        (ONE, ["Name", "Vorname", "Email"], [""] * 3, {"name:1": [1, 0], "email:1": [2]}),
        (ONE, ["Nome", "E-mail"], [""] * 2, {"name:1": [0], "email:1": [1]}),
        (ONE, ["First Name", "Last Name", "Work"], ["Ann", "Bee", "a@x.org"], {"name:1": [0, 1], "email:1": [2]}),
        (ONE, ["Имя", "Почта"], ["Анна", "a@x.org"], {"name:1": [0], "email:1": [1]}),
        (ONE, ["氏名", "メール"], ["山田", "a@x.org"], {"name:1": [0], "email:1": [1]}),
        (ONE, ["Tenant", "Contact"], ["Ann", "a@x.org"], {"name:1": [0], "email:1": [1]}),
        (
            TWO,
            ["Tenant email", "Landlord name", "Landlord email", "Tenant name", "Tenant rent"],
            [""] * 5,
            {"name:1": [1], "email:1": [2], "name:2": [3], "email:2": [0], "tab:2:Rent": [4]},
        ),
        (
            TWO,
            ["Name 1", "Email 1", "Name 2", "Email 2"],
            [""] * 4,
            {"name:1": [0], "email:1": [1], "name:2": [2], "email:2": [3]},
        ),
        (TWO, ["A", "B", "C", "D"], ["Lou", "l@x.org", "Ann", "a@x.org"], {"email:1": [1], "email:2": [3]}),
        (TWO, ["Name", "Email"], ["Ann", "a@x.org"], {}),
    ],
)  # fmt: skip
def test_columns_are_guessed(
    roles: tuple[str, ...], headers: list[str], row: list[str], expected: dict[str, list[int]]
) -> None:
    targets = targets_of(make_template(roles=roles).content)
    assert guess(targets, headers, [row]) == expected


def test_words_of_the_message_are_guessed_and_must_be_filled() -> None:
    content = make_template(subject="Lease of {{ Address }}", message="Dear {{address}}, {{Amount due}}").content
    words = [target for target in targets_of(content) if target.part == "merge"]
    assert [(target.label, target.required) for target in words] == [("{{Address}}", True), ("{{Amount due}}", True)]
    assert guess(words, ["amount-due", "ADDRESS"], []) == {"merge:address": [1], "merge:amount due": [0]}


def test_words_are_put_in_without_regard_to_case() -> None:
    assert merge_fields_of(["{{A}} {{ b }}", "{{a}}"]) == ["A", "b"]
    assert merged("{{A}} {{ b }} {{c}}", {"a": "1", "b": "{{a}}"}) == "1 {{a}} {{c}}"
