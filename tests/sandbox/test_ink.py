"""Ink of every kind of tab lies in the tab's box, whatever the page's size, rotation and boxes."""

import io
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject
from reportlab.pdfgen.canvas import Canvas

from sandbox import tabkinds
from sandbox.ink import pages
from sandbox.ink.mark import Mark, Signature
from sandbox.ink.text import LEADING, SMALLEST, Style, fit, width_of
from sandbox.robot import Robot
from tests.pdf_files import draw_pdf, text_of

from .api import Api, document, signer
from .test_placement import signed_pdf

TOLERANCE = 2.0  # points
DOTS = 3  # per point
FAINT = 40  # of 255: the rim of what is drawn
STROKES = [[[0, 100], [80, 0], [150, 100], [300, 50]]]
TYPED = Signature(name="Ann Bee", initials="AB", style="dancing-script", reference="0123456789ABCDEF")
DRAWN = Signature(
    name="Ann Bee", initials="AB", strokes=STROKES, initials_strokes=STROKES, reference="0123456789ABCDEF"
)
VALUES = {
    tabkinds.CHECKBOX: "true",
    tabkinds.VIEW: "true",
    tabkinds.RADIO: "true",
    tabkinds.SIGN: "signed",
    tabkinds.INITIAL: "signed",
    tabkinds.APPROVE: "approved",
    tabkinds.DECLINE: "declined",
}
SILENT = {group for group, kind in tabkinds.KINDS.items() if kind.filled_by == "nobody"}
FONT_SIZES = ["size7", "size9", "size14", "size36", "size72"]
FONTS = ["", "Georgia", "CourierNew", "Arial"]
TEXTS = ["x", "Some words in a field", "Ägypten Жук", "محمد بن سلمان", "कृष्णा", "王小明 김철수", "long " * 60, "W" * 200]


def picture(colour: str = "navy") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (200, 80), colour).save(buffer, "PNG")
    return buffer.getvalue()


def sheet(size: tuple[float, float], origin: tuple[float, float], rotation: int, inset: float) -> bytes:
    """An empty page whose media box begins anywhere and whose crop box is smaller and shifted."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size)
    canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(buffer.getvalue())))
    (page,) = writer.pages
    x, y, inset = (round(part, 3) for part in (*origin, inset))  # no PDF has numbers of fifty digits
    page.mediabox = RectangleObject((x, y, x + size[0], y + size[1]))
    page.cropbox = RectangleObject((x + inset, y + inset / 2, x + size[0] + 50, y + size[1] - inset))
    page.rotate(rotation)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def ink_box(content: bytes) -> tuple[float, float, float, float] | None:
    """(left, top, right, bottom) of everything that is not (almost) white, in points of the page as displayed."""
    pdf = pypdfium2.PdfDocument(content)
    image = pdf[0].render(scale=DOTS).to_pil().convert("RGB")
    pdf.close()
    darkness = ImageChops.difference(image, Image.new("RGB", image.size, "white")).convert("L")
    box = darkness.point(lambda level: 255 if level > FAINT else 0).getbbox()
    return tuple(side / DOTS for side in box) if box else None  # type: ignore[return-value]


@st.composite
def marks(draw: st.DrawFn) -> Mark:
    kind = draw(st.sampled_from(sorted(set(tabkinds.KINDS) - SILENT)))
    width, height = draw(st.floats(12, 200)), draw(st.floats(12, 80))
    data: dict[str, Any] = {
        "fontSize": draw(st.sampled_from(FONT_SIZES)),
        "font": draw(st.sampled_from(FONTS)),
        **{name: draw(st.sampled_from(["true", "false"])) for name in ("bold", "italic", "underline")},
    }
    adopted = draw(st.sampled_from([TYPED, DRAWN, Signature(name="王小明", initials="王", image=picture())]))
    value = VALUES.get(kind) or draw(st.sampled_from(TEXTS))
    return Mark(kind, 1, draw(st.floats(5, 60)), draw(st.floats(5, 60)), width, height, value, data, adopted)


@settings(max_examples=80, deadline=None)
@given(
    mark=marks(),
    size=st.tuples(st.floats(340, 500), st.floats(340, 500)),
    origin=st.tuples(st.floats(-200, 200), st.floats(-200, 200)),
    rotation=st.sampled_from([0, 90, 180, 270]),
    inset=st.floats(0, 30),
)
def test_ink_lies_in_the_box_of_its_tab(
    mark: Mark, size: tuple[float, float], origin: tuple[float, float], rotation: int, inset: float
) -> None:
    found = ink_box(pages.draw(sheet(size, origin, rotation, inset), [mark]))
    assert found is not None, "nothing was drawn"
    left, top, right, bottom = found
    assert left >= mark.x - TOLERANCE
    assert top >= mark.y - TOLERANCE
    assert right <= mark.x + mark.width + TOLERANCE
    assert bottom <= mark.y + mark.height + TOLERANCE


@settings(deadline=None)
@given(st.sampled_from(TEXTS), st.floats(20, 300), st.floats(10, 100), st.sampled_from([7, 9, 14, 36, 72]))
def test_a_text_is_shrunk_until_all_of_it_fits(text: str, width: float, height: float, size: int) -> None:
    style, lines = fit(text, Style(size=size), width, height)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    if style.size > SMALLEST:
        assert len(lines) * style.size * LEADING <= height + 1
        assert all(width_of(line, style) <= width + 0.5 for line in lines)


@pytest.mark.parametrize("kind", sorted(SILENT))
def test_kinds_that_nobody_fills_leave_no_ink(kind: str) -> None:
    mark = Mark(kind, 1, 50, 50, 100, 20, "value")
    assert ink_box(pages.draw(sheet((400, 400), (0, 0), 0, 0), [mark])) is None


def test_an_original_that_leaves_its_drawing_state_changed_moves_no_ink() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 400))
    canvas.translate(100, 100)
    canvas.scale(3, 3)
    canvas.showPage()
    canvas.save()
    found = ink_box(pages.draw(buffer.getvalue(), [Mark("checkboxTabs", 1, 50, 60, 15, 15, "true")]))
    assert found == pytest.approx((51, 61, 64, 74), abs=TOLERANCE)


@pytest.mark.parametrize("stamp_type", ["signature", "stamp"])
def test_a_stamp_looks_unlike_a_signature(stamp_type: str) -> None:
    mark = Mark(tabkinds.SIGN, 1, 50, 50, 120, 36, "signed", {"stampType": stamp_type}, TYPED)
    assert ("Signed by:" in text_of(pages.draw(draw_pdf("x"), [mark]))) == (stamp_type == "signature")


def test_a_broken_signature_image_gives_way_to_letters() -> None:
    broken = Signature(name="Ann Bee", image=b"no image")
    mark = Mark(tabkinds.SIGN, 1, 50, 50, 120, 36, "signed", {}, broken)
    assert "Ann Bee" in text_of(pages.draw(draw_pdf("x"), [mark]))


def place(x: int, y: int, **changes: Any) -> dict[str, Any]:
    return {"documentId": "1", "pageNumber": "1", "xPosition": str(x), "yPosition": str(y), "locked": "true"} | changes


def printed(api: Api, **tabs: Any) -> str:
    _, content = signed_pdf(api, draw_pdf("Agreement"), **tabs)
    return text_of(content)


def test_a_list_prints_the_text_of_what_was_chosen(api: Api) -> None:
    items = [{"text": "Deep blue", "value": "b", "selected": "true"}, {"text": "Red", "value": "r"}]
    text = printed(api, listTabs=[place(100, 100, listItems=items)])
    assert "Deep blue" in text
    assert "Red" not in text


def test_a_concealed_value_is_printed_as_asterisks(api: Api) -> None:
    text = printed(api, textTabs=[place(100, 100, value="secret", concealValueOnDocument="true")])
    assert "secret" not in text
    assert "******" in text


@pytest.mark.parametrize("stamping", ["true", "false"])
def test_the_envelope_id_stands_on_every_page_unless_the_sender_does_not_want_it(api: Api, stamping: str) -> None:
    documents = [document(content=draw_pdf("one /sn1/", "two"))]
    recipients = {"signers": [signer(1)]}
    envelope_id = api.envelope(documents=documents, recipients=recipients, envelopeIdStamping=stamping)
    content = api.call("GET", f"/envelopes/{envelope_id}/documents/1").content
    found = [envelope_id in page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert found == [stamping == "true"] * 2


def test_nothing_of_a_signer_is_printed_before_they_have_finished(api: Api) -> None:
    tabs = {"textTabs": [place(100, 100, value="Signer's own")]}
    envelope_id = api.envelope(recipients={"signers": [signer(1, tabs=tabs)]})
    content = api.call("GET", f"/envelopes/{envelope_id}/documents/1").content
    assert "Signer's own" not in text_of(content)


def test_what_the_sender_filled_in_is_printed_from_the_beginning(api: Api) -> None:
    mine = document() | {"tabs": {"prefillTabs": {"textTabs": [place(100, 100, value="From the sender")]}}}
    envelope_id = api.envelope(documents=[mine])
    content = api.call("GET", f"/envelopes/{envelope_id}/documents/1").content
    assert "From the sender" in text_of(content)


def test_the_buttons_of_a_group_stand_on_their_own_pages(api: Api) -> None:
    radios = [place(100, 100, value="a"), place(200, 300, value="b", pageNumber="2", selected="true")]
    group = {"groupName": "choice", "documentId": "1", "radios": radios}
    people = [signer(1, tabs={"radioGroupTabs": [group], "signHereTabs": [place(300, 600, pageNumber="2")]})]
    documents = [document(content=draw_pdf(" ", " ", pagesize=(400, 700)))]
    envelope_id = api.envelope(
        documents=documents, recipients={"signers": people}, status="sent", envelopeIdStamping="false"
    )
    Robot().sign(api.view_url(envelope_id))
    content = api.call("GET", f"/envelopes/{envelope_id}/documents/1").content
    assert ink_box(content) == pytest.approx((101, 101, 114, 114), abs=TOLERANCE)
