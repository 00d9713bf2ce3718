"""What the editor shows is what is drawn: the ink on the finished PDF stands in the box of its field, within 2 px."""

import io
from typing import Any

import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import ImageChops
from PIL.Image import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from signing import fields, tasks
from signing.models import Envelope, TabKind
from signing.tab_traits import TRAITS, Sizing
from tests.deeds import send, sign
from tests.e2e.editor_states import ANN, draft, field, place
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

SIZES = [(595, 842), (612, 792), (842, 595), (420, 595), (300, 400), (1190, 1684)]
PIXELS_PER_POINT = 2
TOLERANCE = 2  # px of 1/72 inch
STAMP_HEIGHT = 22  # the sandbox writes its envelope id at the top of every page
WITHOUT_INK = {TabKind.DECLINE}  # pressed, it ends the envelope
FRAMED = {TabKind.CHECKBOX, TabKind.RADIO, TabKind.APPROVE}  # whose ink reaches all four sides

pages = st.lists(st.tuples(st.sampled_from(SIZES), st.sampled_from([0, 90, 180, 270])), min_size=3, max_size=6)


def blank_pdf(wanted: list[tuple[tuple[int, int], int]]) -> bytes:
    """Pages of these sizes as displayed, turned so."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=True)
    for (width, height), rotation in wanted:
        canvas.setPageSize((height, width) if rotation % 180 else (width, height))
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(buffer.getvalue())))
    for page, (_, rotation) in zip(writer.pages, wanted, strict=True):
        page.rotate(rotation)
    turned = io.BytesIO()
    writer.write(turned)
    return turned.getvalue()


def one_of_each(data: st.DataObject, sizes: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Every kind somewhere, as large as its kind may be; none touches another."""
    boxes: list[dict[str, Any]] = []
    for position, kind in enumerate(TabKind):
        page = position % len(sizes) + 1
        width, height = sizes[page - 1]
        top = max([STAMP_HEIGHT + 8, *(box["y"] + box["height"] + 8 for box in boxes if box["page"] == page)])
        traits = TRAITS[kind]
        stretch = data.draw(st.sampled_from([0.6, 1.0, 1.4])) if traits.sizing is not Sizing.FIXED else 1
        box_width, box_height = traits.fitted(round(traits.width * stretch), max(16, round(traits.height * stretch)))
        x = data.draw(st.integers(4, width - box_width - 4))
        y = data.draw(st.integers(top, top + 12))
        assert y + box_height < height, "the pages are too small for the test"
        boxes.append({"kind": kind, "page": page, "x": x, "y": y, "width": box_width, "height": box_height})
    return boxes


def pictures(content: bytes) -> list[Image]:
    pdf = pypdfium2.PdfDocument(content)
    try:
        return [page.render(scale=PIXELS_PER_POINT).to_pil().convert("L") for page in pdf]
    finally:
        pdf.close()


def ink_between(before: Image, after: Image) -> Image:
    ink = ImageChops.difference(before, after).point(lambda value: 255 if value > 40 else 0)
    ink.paste(0, (0, 0, ink.width, STAMP_HEIGHT * PIXELS_PER_POINT))
    return ink


def around(box: dict[str, Any]) -> tuple[int, int, int, int]:
    left, top = box["x"] - TOLERANCE, box["y"] - TOLERANCE
    right, bottom = box["x"] + box["width"] + TOLERANCE, box["y"] + box["height"] + TOLERANCE
    return left * PIXELS_PER_POINT, top * PIXELS_PER_POINT, right * PIXELS_PER_POINT, bottom * PIXELS_PER_POINT


def signed(boxes: list[dict[str, Any]], content: bytes) -> bytes:
    envelope: Envelope = draft(content, signers=(ANN,))
    place(envelope, *(field(box["kind"], **{name: box[name] for name in box if name != "kind"}) for box in boxes))
    assert [tab.width for tab in fields.content_of(envelope).tabs] == [box["width"] for box in boxes]
    sign(send(envelope), 1)
    tasks.fetch_documents(envelope.pk)
    with envelope.completed_documents.get(kind="combined").file.open("rb") as file:
        return bytes(file.read())


# Without shrinking: each example is an envelope that is sent, signed and fetched.
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wanted=pages, data=st.data())
def test_the_ink_stands_where_the_editor_shows_the_field(
    docusign: SandboxProcess, wanted: list[tuple[tuple[int, int], int]], data: st.DataObject
) -> None:
    content = blank_pdf(wanted)
    boxes = one_of_each(data, [size for size, _ in wanted])
    finished = pictures(signed(boxes, content))[: len(wanted)]  # what was attached follows
    for number, (before, after) in enumerate(zip(pictures(content), finished, strict=True), start=1):
        ink = ink_between(before, after)
        for box in [box for box in boxes if box["page"] == number]:
            found = ink.crop(around(box)).getbbox()
            assert (found is None) == (box["kind"] in WITHOUT_INK), box
            if box["kind"] in FRAMED and found:
                frame = ((box["width"] + 2 * TOLERANCE), (box["height"] + 2 * TOLERANCE))
                edges = (found[0] / 2, found[1] / 2, frame[0] - found[2] / 2, frame[1] - found[3] / 2)
                assert max(edges) <= 2 * TOLERANCE, (box, edges)
            ink.paste(0, around(box))
        assert ink.getbbox() is None, f"ink outside all fields of page {number}: {ink.getbbox()}"
