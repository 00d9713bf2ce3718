"""Draws values onto PDF pages as an overlay: the original's text and fonts stay as they are."""

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.generic import NameObject, RectangleObject
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from . import files, fonts
from .models import Document, Tab

INK = HexColor("#0b2a6b")
TEXT_INK = HexColor("#101828")
FRAME = HexColor("#3b6fd4")
QUIET = HexColor("#667085")
SIGNATURE_GROUPS = ("signHereTabs", "initialHereTabs")
STROKE_BOX = (300.0, 100.0)  # the signature pad's own units
TEXT_SIZE = 10.0


def draw_values(document: Document, tabs: Iterable[Tab]) -> bytes:
    """The document with the tabs' values and the envelope's id on every page."""
    by_page: dict[int, list[Tab]] = defaultdict(list)
    for tab in tabs:
        by_page[tab.page].append(tab)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(files.load(document.path))))
    for number, page in enumerate(writer.pages, start=1):
        if page.rotation:
            _turn_upright(page)
        _stamp(page, document.envelope.guid, by_page[number])
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def join(contents: Sequence[bytes]) -> bytes:
    writer = PdfWriter()
    for content in contents:
        writer.append(io.BytesIO(content))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _turn_upright(page: PageObject) -> None:
    """So that "as displayed" and the page's own axes agree.

    Turning leaves crumbs such as 3.6E-15 in the boxes, and that is no number in a PDF: they are swept away.
    """
    page.transfer_rotation_to_content()
    for name in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
        if name in page:
            box = RectangleObject(page[name])  # type: ignore[arg-type]
            page[NameObject(name)] = RectangleObject(tuple(round(float(side), 3) for side in box))


def _stamp(page: PageObject, envelope_id: str, tabs: Sequence[Tab]) -> None:
    box = page.cropbox
    width, height = float(box.width), float(box.height)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height))
    fonts.register(fonts.TEXT)
    canvas.setFont(fonts.TEXT, 6.5)
    canvas.setFillColor(QUIET)
    canvas.drawString(14, height - 12, f"Sandbox Envelope ID: {envelope_id}")
    for tab in tabs:
        _draw_tab(canvas, height, tab)
    canvas.save()
    overlay = PdfReader(io.BytesIO(buffer.getvalue())).pages[0]
    page.merge_transformed_page(overlay, Transformation().translate(float(box.left), float(box.bottom)))


def _draw_tab(canvas: Canvas, page_height: float, tab: Tab) -> None:
    if not tab.value:
        return
    left, bottom = tab.x, page_height - tab.y - tab.height
    if tab.group in SIGNATURE_GROUPS:
        _draw_signature(canvas, left, bottom, tab)
    elif tab.group == "checkboxTabs":
        _draw_tick(canvas, left, bottom, tab)
    else:
        _draw_text(canvas, left, bottom, tab)


def _draw_signature(canvas: Canvas, left: float, bottom: float, tab: Tab) -> None:
    signature = tab.recipient.signature
    is_initials = tab.group == "initialHereTabs"
    text = str(signature.get("initials" if is_initials else "name") or "")
    strokes = [] if is_initials else signature.get("strokes") or []
    canvas.setStrokeColor(FRAME)
    canvas.setLineWidth(0.8)
    canvas.lines(
        [
            (left, bottom + 2, left, bottom + tab.height - 2),
            (left, bottom + 2, left + 5, bottom + 2),
            (left, bottom + tab.height - 2, left + 5, bottom + tab.height - 2),
        ]
    )
    if strokes:
        _draw_strokes(canvas, left + 4, bottom, tab, strokes)
    else:
        font = fonts.font_for(text, fonts.HANDWRITING.get(str(signature.get("style")), "Caveat"))
        _fit_text(canvas, text, font, left + 6, bottom, tab.width - 8, tab.height)
    if not is_initials:
        canvas.setFont(fonts.TEXT, 4.5)
        canvas.setFillColor(FRAME)
        canvas.drawString(left + 6, bottom - 3.5, tab.recipient.guid.replace("-", "").upper()[:16])


def _draw_strokes(canvas: Canvas, left: float, bottom: float, tab: Tab, strokes: list[Any]) -> None:
    scale = min((tab.width - 6) / STROKE_BOX[0], tab.height / STROKE_BOX[1])
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(max(0.9, 3.2 * scale))
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for stroke in strokes:
        points = [(left + x * scale, bottom + tab.height - y * scale) for x, y in stroke]
        path = canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:] or points:
            path.lineTo(*point)
        canvas.drawPath(path)


def _fit_text(canvas: Canvas, text: str, font: str, left: float, bottom: float, width: float, height: float) -> None:
    """As large as fits, standing a little above the lower edge."""
    fonts.register(font)
    size = height * 0.78
    natural = pdfmetrics.stringWidth(text, font, size) or 1.0
    size = min(size, size * width / natural)
    canvas.setFont(font, size)
    canvas.setFillColor(INK)
    canvas.drawString(left, bottom + max(3.0, height * 0.24), text)


def _draw_tick(canvas: Canvas, left: float, bottom: float, tab: Tab) -> None:
    side = min(tab.width, tab.height)
    canvas.setStrokeColor(TEXT_INK)
    canvas.setLineWidth(0.8)
    canvas.rect(left + 1, bottom + 1, side - 2, side - 2)
    if tab.value == "true":
        canvas.setLineWidth(1.6)
        canvas.setLineCap(1)
        middle = left + side * 0.43
        canvas.line(left + side * 0.24, bottom + side * 0.5, middle, bottom + side * 0.27)
        canvas.line(middle, bottom + side * 0.27, left + side * 0.78, bottom + side * 0.76)


def _draw_text(canvas: Canvas, left: float, bottom: float, tab: Tab) -> None:
    """One line, shrunk to the field's width; the top of the field is where the first line stands."""
    text = fonts.drawable(tab.value)
    fonts.register(fonts.TEXT)
    size = TEXT_SIZE
    natural = pdfmetrics.stringWidth(text, fonts.TEXT, size)
    if natural > tab.width > 0:
        size = max(5.0, size * tab.width / natural)
    canvas.setFont(fonts.TEXT, size)
    canvas.setFillColor(TEXT_INK)
    canvas.drawString(left, bottom + max(2.0, (tab.height - size) / 2 + 1), text)
