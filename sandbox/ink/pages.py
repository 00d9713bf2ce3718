"""Ink onto the pages of a PDF, as an overlay: the original's text, fonts and rotation stay as they are."""

import io
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
)
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from .mark import Mark
from .marks import draw_mark
from .text import Style, draw_line

QUIET = HexColor("#667085")
STAMP = Style(size=6.5, colour=QUIET)


def draw(content: bytes, marks: Iterable[Mark], *, stamp: str = "") -> bytes:
    """The PDF with its marks, and `stamp` at the top of every page."""
    by_page: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_page[mark.page].append(mark)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    inked = [n for n in range(1, len(writer.pages) + 1) if stamp or by_page[n]]
    if inked:
        sheets = _sheets([(writer.pages[n - 1], by_page[n]) for n in inked], stamp)
        for number, sheet in zip(inked, sheets, strict=True):
            _lay_on(writer, writer.pages[number - 1], sheet)
    return _bytes_of(writer)


def join(contents: Sequence[bytes]) -> bytes:
    writer = PdfWriter()
    for content in contents:
        writer.append(PdfReader(io.BytesIO(content)), import_outline=False)
    return _bytes_of(writer)


def displayed_size(page: PageObject) -> tuple[float, float]:
    x0, y0, x1, y1 = visible_box(page)
    return (y1 - y0, x1 - x0) if page.rotation % 180 else (x1 - x0, y1 - y0)


def visible_box(page: PageObject) -> tuple[float, float, float, float]:
    """The crop box as far as it lies on the media box: what every reader shows."""
    media, crop = page.mediabox, page.cropbox
    box = (
        max(min(media.left, media.right), min(crop.left, crop.right)),
        max(min(media.bottom, media.top), min(crop.bottom, crop.top)),
        min(max(media.left, media.right), max(crop.left, crop.right)),
        min(max(media.bottom, media.top), max(crop.bottom, crop.top)),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        box = (media.left, media.bottom, media.right, media.top)
    x0, y0, x1, y1 = (float(side) for side in box)
    return x0, y0, x1, y1


def _sheets(pages: Sequence[tuple[PageObject, Sequence[Mark]]], stamp: str) -> Sequence[PageObject]:
    """One transparent sheet per page, all of one PDF, so that fonts are embedded once."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=1)
    for page, marks in pages:
        width, height = displayed_size(page)
        canvas.setPageSize((width, height))
        if stamp:
            draw_line(canvas, 14, height - 12, stamp, STAMP)
        for mark in marks:
            canvas.saveState()
            draw_mark(canvas, height, mark)
            canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return PdfReader(io.BytesIO(buffer.getvalue())).pages


def _lay_on(writer: PdfWriter, page: PageObject, sheet: PageObject) -> None:
    """The sheet becomes a form of the page, drawn after its own content, which is not even read."""
    form = StreamObject()
    form.set_data(sheet.get_contents().get_data())  # type: ignore[union-attr]
    form |= {
        NameObject("/Type"): NameObject("/XObject"),
        NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): ArrayObject(FloatObject(side) for side in sheet.mediabox),
        NameObject("/Matrix"): ArrayObject(FloatObject(part) for part in _onto(page)),
        NameObject("/Resources"): sheet["/Resources"].clone(writer),
    }
    resources = DictionaryObject(page.get("/Resources", DictionaryObject()).get_object())
    forms = DictionaryObject(resources.get("/XObject", DictionaryObject()).get_object())
    name = NameObject(next(f"/Ink{n}" for n in itertools.count() if f"/Ink{n}" not in forms))
    forms[name] = writer._add_object(form.flate_encode())
    resources[NameObject("/XObject")] = forms
    page[NameObject("/Resources")] = resources
    contents = page["/Contents"].get_object() if "/Contents" in page else ArrayObject()
    own = list(contents) if isinstance(contents, ArrayObject) else [page.raw_get("/Contents")]
    before, after = DecodedStreamObject(), DecodedStreamObject()
    before.set_data(b"q\n")
    after.set_data(f"\nQ\nq {name} Do Q\n".encode())
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(before), *own, writer._add_object(after)])


def _onto(page: PageObject) -> tuple[float, float, float, float, float, float]:
    """From the page as displayed to its own axes, which its rotation turns and its boxes shift."""
    x0, y0, x1, y1 = visible_box(page)
    turns: dict[int, tuple[float, float, float, float, float, float]] = {
        0: (1, 0, 0, 1, x0, y0),
        90: (0, 1, -1, 0, x1, y0),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, -1, 1, 0, x0, y1),
    }
    return turns[page.rotation % 360 // 90 * 90]


def _bytes_of(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
