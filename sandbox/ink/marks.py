"""Every kind of tab as it looks on a completed document."""

from collections.abc import Mapping
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from sandbox import fonts, tabkinds

from .mark import Mark
from .signature import draw_signature
from .text import TEXT_INK, Box, Style, draw_in_box

COLOURS = {
    "black": TEXT_INK,
    "brightblue": HexColor("#0000ff"),
    "brightred": HexColor("#ff0000"),
    "darkgreen": HexColor("#006400"),
    "darkred": HexColor("#8b0000"),
    "gold": HexColor("#b8860b"),
    "green": HexColor("#008000"),
    "navyblue": HexColor("#000080"),
    "purple": HexColor("#800080"),
    "white": HexColor("#ffffff"),
}
APPROVED, DECLINED = HexColor("#067647"), HexColor("#b42318")
SLACK = 1.0  # points, for the tips of letters
# Concealing applies to text boxes, not to what is chosen.
CONCEALED = "concealValueOnDocument"


def draw_mark(canvas: Canvas, page_height: float, mark: Mark) -> None:
    """Nothing leaves the tab's box, however small that is."""
    box = Box(mark.x, page_height - mark.y - mark.height, mark.width, mark.height)
    frame = canvas.beginPath()
    frame.rect(box.left - SLACK, box.bottom - SLACK, box.width + 2 * SLACK, box.height + 2 * SLACK)
    canvas.clipPath(frame, stroke=0, fill=0)
    if mark.kind in (tabkinds.CHECKBOX, tabkinds.VIEW):
        _draw_checkbox(canvas, box, mark)
    elif mark.kind == tabkinds.RADIO:
        _draw_radio(canvas, box, mark)
    elif not mark.value or tabkinds.KINDS[mark.kind].filled_by == "nobody":
        return
    elif mark.kind in tabkinds.SIGNATURES:
        draw_signature(canvas, box, mark)
    elif mark.kind in (tabkinds.APPROVE, tabkinds.DECLINE):
        _draw_verdict(canvas, box, mark)
    elif mark.kind == tabkinds.ATTACHMENT:
        draw_in_box(canvas, box, f"Attached: {mark.value}", Style(size=7, colour=TEXT_INK))
    else:
        draw_in_box(canvas, box, _shown(mark), style_of(mark.data))


def style_of(data: Mapping[str, Any]) -> Style:
    """`font`, `fontSize` ("size9"), `fontColor`, `bold`, `italic`, `underline` of a tab, in any case."""
    return Style(
        font=fonts.named(str(data.get("font") or "")),
        size=tabkinds.font_size(data),
        colour=_colour(data),
        bold=_is_on(data, "bold"),
        italic=_is_on(data, "italic"),
        underline=_is_on(data, "underline"),
    )


def _is_on(data: Mapping[str, Any], name: str) -> bool:
    return str(data.get(name, "")).lower() == "true"


def _colour(data: Mapping[str, Any]) -> Color:
    return COLOURS.get(str(data.get("fontColor") or "black").lower(), TEXT_INK)


def _shown(mark: Mark) -> str:
    """A list shows the chosen item's text; a concealed value only asterisks, as many as it has letters."""
    if mark.kind == tabkinds.LIST:
        items = [item for item in mark.data.get("listItems") or [] if isinstance(item, dict)]
        return next((str(i.get("text") or mark.value) for i in items if str(i.get("value")) == mark.value), mark.value)
    if str(mark.data.get(CONCEALED, "")).lower() == "true":
        return "*" * len(mark.value)
    return mark.value


def _draw_checkbox(canvas: Canvas, box: Box, mark: Mark) -> None:
    side = min(box.width, box.height)
    bottom = box.bottom + box.height - side
    canvas.setStrokeColor(_colour(mark.data))
    canvas.setLineWidth(0.8)
    canvas.rect(box.left + 1, bottom + 1, side - 2, side - 2)
    if mark.value == "true":
        canvas.setLineWidth(side * 0.11)
        canvas.setLineCap(1)
        middle = box.left + side * 0.43
        canvas.line(box.left + side * 0.24, bottom + side * 0.5, middle, bottom + side * 0.27)
        canvas.line(middle, bottom + side * 0.27, box.left + side * 0.78, bottom + side * 0.76)


def _draw_radio(canvas: Canvas, box: Box, mark: Mark) -> None:
    radius = min(box.width, box.height) / 2
    x, y = box.left + radius, box.bottom + box.height - radius
    colour = _colour(mark.data)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.8)
    canvas.circle(x, y, radius - 1)
    if mark.value == "true":
        canvas.setFillColor(colour)
        canvas.circle(x, y, radius * 0.5, stroke=0, fill=1)


def _draw_verdict(canvas: Canvas, box: Box, mark: Mark) -> None:
    colour, word = (APPROVED, "Approved") if mark.kind == tabkinds.APPROVE else (DECLINED, "Declined")
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(1)
    canvas.roundRect(box.left + 0.5, box.bottom + 0.5, box.width - 1, box.height - 1, min(5, box.height / 4))
    room = Box(box.left + 5, box.bottom + 2, box.width - 10, box.height - 4)
    draw_in_box(canvas, room, word, Style(size=box.height * 0.42, colour=colour, bold=True))
