"""PDF forms: their fields become tabs when asked for (`transformPdfFields`), else the form is printed."""

import io
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from tests.pdf_files import draw_pdf, text_of

from .api import Api, document, signer


def form(**texts: str) -> bytes:
    """A page with text fields of these names and values, a checkbox, a choice and two radio buttons."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(500, 700))
    canvas.drawString(30, 650, "The form")
    for number, (name, value) in enumerate(texts.items()):
        flags = "required" if name.startswith("must") else "readOnly" if name.startswith("fixed") else ""
        canvas.acroForm.textfield(
            name=name, value=value, x=100, y=600 - 40 * number, width=150, height=20, fieldFlags=flags, maxlen=50
        )
    canvas.acroForm.checkbox(name="agree", x=100, y=200, size=15, checked=True)
    canvas.acroForm.choice(name="colour", x=200, y=200, width=80, height=20, options=["red", "blue"], value="blue")
    canvas.acroForm.radio(name="size", value="small", x=100, y=150, size=15, selected=False)
    canvas.acroForm.radio(name="size", value="large", x=150, y=150, size=15, selected=True)
    canvas.save()
    return buffer.getvalue()


def signature_form(name: str) -> bytes:
    """A signature field, which reportlab does not draw."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(draw_pdf("x", pagesize=(500, 700)))))
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject(name),
            NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (100, 300, 220, 336)]),
        }
    )
    reference = writer._add_object(field)
    writer.pages[0][NameObject("/Annots")] = ArrayObject([reference])
    form_of = DictionaryObject({NameObject("/Fields"): ArrayObject([reference])})
    writer.root_object[NameObject("/AcroForm")] = writer._add_object(form_of)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def envelope(api: Api, content: bytes, **changes: Any) -> str:
    people = [signer(1, order=2, tabs={}), signer(2, order=1, tabs={})]
    documents = [document(content=content, transformPdfFields="true") | changes]
    return api.envelope(documents=documents, recipients={"signers": people}, status="created")


def tabs_of(api: Api, content: bytes, recipient: int = 2, **changes: Any) -> dict[str, Any]:
    return api.get(envelope(api, content, **changes), f"/recipients/{recipient}/tabs")


def test_a_text_field_becomes_a_text_tab_at_its_place_with_its_value(api: Api) -> None:
    tab = tabs_of(api, form(note="Hello"))["textTabs"][0]
    place = {name: tab[name] for name in ("xPosition", "yPosition", "width", "height", "pageNumber")}
    assert place == {"xPosition": "100", "yPosition": "80", "width": "150", "height": "20", "pageNumber": "1"}
    assert (tab["tabLabel"], tab["value"], tab["required"]) == ("note", "Hello", "false")


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("DocuSignSignHere1", "signHereTabs"),
        ("my_eSignInitialHere", "initialHereTabs"),
        ("DocuSignDateSigned", "dateSignedTabs"),
        ("eSignFullName", "fullNameTabs"),
        ("DocuSignEnvelopeID", "envelopeIdTabs"),
        ("DocuSignCompany", "companyTabs"),
        ("DocuSignTitle", "titleTabs"),
    ],
)
def test_a_name_can_say_which_tab_a_text_field_becomes(api: Api, name: str, group: str) -> None:
    assert tabs_of(api, form(**{name: ""}))[group][0]["tabLabel"] == name


@pytest.mark.parametrize(
    ("name", "group", "optional"),
    [
        ("anything", "signHereTabs", "false"),
        ("DocuSignSignHereOptional", "signHereTabs", "true"),
        ("DocuSignInitialHere", "initialHereTabs", "false"),
    ],
)
def test_a_signature_field_becomes_a_signature(api: Api, name: str, group: str, optional: str) -> None:
    tab = tabs_of(api, signature_form(name))[group][0]
    assert tab.get("optional", "false") == optional
    assert (tab["xPosition"], tab["pageNumber"]) == ("100", "1")


def test_boxes_choices_and_radio_buttons_keep_what_was_chosen(api: Api) -> None:
    tabs = tabs_of(api, form())
    (box,), (choice,), (group,) = tabs["checkboxTabs"], tabs["listTabs"], tabs["radioGroupTabs"]
    assert (box["tabLabel"], box["selected"]) == ("agree", "true")
    assert choice["value"] == "blue"
    assert [item["text"] for item in choice["listItems"]] == ["red", "blue"]
    assert {radio["value"]: radio["selected"] for radio in group["radios"]} == {"small": "false", "large": "true"}


def test_flags_of_a_field_hold_for_its_tab(api: Api) -> None:
    must, fixed = tabs_of(api, form(must="", fixed="As it is"))["textTabs"]
    assert (must["required"], must["maxLength"]) == ("true", "50")
    assert (fixed["locked"], fixed["value"]) == ("true", "As it is")


def test_fields_are_assigned_to_whom_the_sender_says(api: Api) -> None:
    assert tabs_of(api, form(note=""), recipient=1, assignTabsToRecipientId="1")["textTabs"]


def test_a_field_can_be_kept_out(api: Api) -> None:
    tabs = tabs_of(api, form(noteDocuSignIgnoreTransform="", other=""))
    assert [tab["tabLabel"] for tab in tabs["textTabs"]] == ["other"]


def test_transformed_fields_are_gone_from_the_document(api: Api) -> None:
    content = api.call("GET", f"/envelopes/{envelope(api, form(note='Hello'))}/documents/1").content
    assert PdfReader(io.BytesIO(content)).get_fields() in (None, {})
    assert "Hello" not in text_of(content)


def test_without_being_asked_the_form_is_printed_with_its_values(api: Api) -> None:
    envelope_id = envelope(api, form(note="Hello"), transformPdfFields="false")
    content = api.call("GET", f"/envelopes/{envelope_id}/documents/1").content
    assert "Hello" in text_of(content)
    assert PdfReader(io.BytesIO(content)).get_fields() in (None, {})
    assert api.get(envelope_id, "/recipients/2/tabs").get("textTabs", []) == []


def test_xfa_forms_are_refused(api: Api) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form(note=""))))
    fields = writer.root_object["/AcroForm"].get_object()
    xfa = writer._add_object(TextStringObject("<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>"))
    fields[NameObject("/XFA")] = xfa  # type: ignore[index]
    buffer = io.BytesIO()
    writer.write(buffer)
    response = api.create(documents=[document(content=buffer.getvalue())])
    assert (response.status_code, response.json()["errorCode"]) == (400, "UNSUPPORTED_PDF_CONTENT")
