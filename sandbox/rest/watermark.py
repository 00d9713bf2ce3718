"""What the account's watermark would look like."""

import base64
import io

from django.http import HttpResponse
from PIL import Image
from reportlab.lib.colors import black, blue, gray, green, red
from reportlab.pdfgen.canvas import Canvas

from sandbox import fonts
from sandbox.ink.text import Style, draw_line
from sandbox.pdfium import opened

from .account_settings import GROUPS, read
from .door import Call, answer
from .registry import operation

WIDTH, HEIGHT = 306.0, 396.0  # half a letter page, in points
SLANT = 52
COLOURS = {"black": black, "blue": blue, "gray": gray, "green": green, "red": red}
SMALLEST, LARGEST, USUAL = 8.0, 96.0, 48.0


@operation("PUT", "watermark/preview")
def preview(call: Call) -> HttpResponse:
    """The watermark of the body, with a picture of it as `imageBase64`."""
    given = GROUPS["watermark"] | read(call.json, GROUPS["watermark"])
    given["imageBase64"] = base64.b64encode(_drawn(given)).decode()
    return answer(given)


def _drawn(watermark: dict[str, str]) -> bytes:
    digits = "".join(c for c in watermark["fontSize"] if c.isdecimal())[:3]
    size = min(max(float(digits or USUAL), SMALLEST), LARGEST) / 2
    colour = COLOURS.get(watermark["fontColor"].lower(), black)
    text = fonts.drawable(watermark["watermarkText"])[:100]
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    canvas.translate(WIDTH / 6, HEIGHT / 6 if watermark["displayAngle"] == "diagonal" else HEIGHT / 2)
    canvas.rotate({"diagonal": SLANT, "vertical": 90}.get(watermark["displayAngle"], 0))
    draw_line(canvas, 0, 0, text, Style(size=size, colour=colour))
    canvas.save()
    with opened(buffer.getvalue()) as pdf:
        image: Image.Image = pdf[0].render(scale=1).to_pil()
    output = io.BytesIO()
    image.convert("RGB").save(output, "PNG")
    return output.getvalue()
