"""Fields of a PDF's own form, as tabs that could take their places."""

import pytest

from signing.acroforms import form_fields
from tests.pdf_files import draw_pdf, form_pdf

FORM = {field["label"]: field for field in form_fields(form_pdf())}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Full name", "full_name"),
        ("Remarks", "text"),
        ("Newsletter", "checkbox"),
        ("Colour", "list"),
        ("Member", "radio"),
    ],
)
def test_a_field_becomes_a_tab_of_its_kind(name: str, kind: str) -> None:
    assert FORM[name]["kind"] == kind


def test_it_stands_where_the_form_has_it() -> None:
    place = {name: FORM["Full name"][name] for name in ("page", "x", "y", "width", "height")}
    assert place == {"page": 1, "x": 72, "y": 122, "width": 200, "height": 20}


@pytest.mark.parametrize(
    ("rotation", "place"),
    [(90, (700, 72, 20, 200)), (180, (323, 700, 200, 20)), (270, (122, 323, 20, 200))],
)
def test_turned_pages_are_measured_as_displayed(rotation: int, place: tuple[int, ...]) -> None:
    field = next(field for field in form_fields(form_pdf(rotation=rotation)) if field["label"] == "Full name")
    assert tuple(field[name] for name in ("x", "y", "width", "height")) == place


def test_rules_of_the_form_are_kept() -> None:
    assert (FORM["Full name"]["required"], FORM["Full name"]["tooltip"]) == (True, "As in your passport")
    assert (FORM["Remarks"]["required"], FORM["Remarks"]["max_length"]) == (False, 200)
    assert FORM["Colour"]["options"] == ["Red", "Green", "Blue"]


def test_buttons_of_a_group_stay_together() -> None:
    radios = [field for field in form_fields(form_pdf()) if field["kind"] == "radio"]
    assert [(field["group"], field["options"]) for field in radios] == [("Member", ["yes"]), ("Member", ["no"])]


def test_what_is_filled_in_is_told() -> None:
    assert FORM["Number of the case"]["is_filled"]
    assert not FORM["Full name"]["is_filled"]


@pytest.mark.parametrize("content", [draw_pdf(), b"%PDF-1.7 nonsense %%EOF", b""])
def test_without_a_form_nothing_is_offered(content: bytes) -> None:
    assert form_fields(content) == []
