"""Signatures and initials: typed, drawn, as an image, or as a stamp."""

import io

from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from sandbox import fonts

from .mark import Mark, Signature, Strokes
from .text import ASCENT, LEADING, Box, Style, draw_in_box, draw_line, fit

INK, FRAME, STAMP_INK = HexColor("#0b2a6b"), HexColor("#3b6fd4"), HexColor("#b42318")
STROKE_BOX = (300.0, 100.0)  # the signature pad's own units
SIGN, INITIAL = "signHereTabs", "initialHereTabs"
BRACKET = 5.0  # how far its arms reach


def draw_signature(canvas: Canvas, box: Box, mark: Mark) -> None:
    """In a bracket, with a caption above and the signer's reference below, as on paper signed at Docusign."""
    is_initials = mark.kind == INITIAL
    if str(mark.data.get("stampType", "")).lower() == "stamp":
        _draw_stamp(canvas, box, mark.signature)
        return
    small = box.height * 0.11
    caption = Style(size=small, colour=FRAME)
    inset = BRACKET + 1.5
    _draw_bracket(canvas, box)
    draw_line(canvas, box.left + inset, box.bottom + box.height - small, "DS" if is_initials else "Signed by:", caption)
    if not is_initials:
        draw_line(canvas, box.left + inset, box.bottom + small * 0.35, mark.signature.reference[:16], caption)
    room = Box(box.left + inset, box.bottom + small * 1.5, box.width - inset - 2, box.height - small * 2.9)
    draw_adopted(canvas, room, mark.signature, is_initials=is_initials)


def draw_adopted(canvas: Canvas, box: Box, signature: Signature, *, is_initials: bool = False) -> None:
    """Only what was adopted, as large as fits."""
    strokes = signature.initials_strokes if is_initials else signature.strokes
    image = _image(signature.initials_image if is_initials else signature.image)
    if strokes:
        _draw_strokes(canvas, box, strokes)
    elif image:
        _draw_image(canvas, box, image)
    else:
        _draw_letters(canvas, box, signature, is_initials=is_initials)


def _draw_letters(canvas: Canvas, box: Box, signature: Signature, *, is_initials: bool) -> None:
    letters = fonts.drawable(signature.initials if is_initials else signature.name).strip()
    font = fonts.HANDWRITING.get(signature.style, fonts.HANDWRITING["caveat"])
    style, lines = fit(letters, Style(font=font, size=box.height / LEADING, colour=INK), 10_000, box.height)
    one_line = " ".join(lines)
    style, _ = fit(one_line.replace(" ", "\N{NO-BREAK SPACE}"), style, box.width, box.height)
    middle = box.bottom + (box.height + style.size * LEADING) / 2
    draw_line(canvas, box.left, middle - style.size * ASCENT, one_line, style)


def _draw_strokes(canvas: Canvas, box: Box, strokes: Strokes) -> None:
    scale = min(box.width / STROKE_BOX[0], box.height / STROKE_BOX[1])
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(max(0.7, 3.2 * scale))
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for stroke in strokes:
        points = [(box.left + x * scale, box.bottom + box.height - y * scale) for x, y in stroke]
        path = canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:] or points:
            path.lineTo(*point)
        canvas.drawPath(path)


def _draw_image(canvas: Canvas, box: Box, image: Image.Image) -> None:
    scale = min(box.width / image.width, box.height / image.height)
    canvas.drawImage(ImageReader(image), box.left, box.bottom, image.width * scale, image.height * scale, mask="auto")


def _image(content: bytes) -> Image.Image | None:
    """None when there is none that can be read."""
    try:
        return Image.open(io.BytesIO(content)).convert("RGBA") if content else None
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def _draw_bracket(canvas: Canvas, box: Box) -> None:
    left, bottom, top, radius = box.left + 0.5, box.bottom + 0.5, box.bottom + box.height - 0.5, BRACKET * 0.7
    path = canvas.beginPath()
    path.moveTo(left + BRACKET, top)
    path.curveTo(left + 1, top, left, top - 1, left, top - radius)
    path.lineTo(left, bottom + radius)
    path.curveTo(left, bottom + 1, left + 1, bottom, left + BRACKET, bottom)
    canvas.setStrokeColor(FRAME)
    canvas.setLineWidth(0.8)
    canvas.drawPath(path)


def _draw_stamp(canvas: Canvas, box: Box, signature: Signature) -> None:
    """`stampType` "stamp": an image stands alone, a name in a frame."""
    if image := _image(signature.image):
        _draw_image(canvas, box, image)
        return
    canvas.setStrokeColor(STAMP_INK)
    canvas.setLineWidth(1.4)
    canvas.roundRect(box.left + 1, box.bottom + 1, box.width - 2, box.height - 2, 4)
    room = Box(box.left + 5, box.bottom + 3, box.width - 10, box.height - 6)
    draw_in_box(canvas, room, signature.name, Style(size=box.height * 0.4, colour=STAMP_INK, bold=True))
