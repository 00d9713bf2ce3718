"""A signature as a picture of its own, for those who ask for the image (`signature_image`, `initials_image`)."""

import io

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from sandbox.pdfium import opened

from .mark import Mark, Signature
from .signature import INITIAL, SIGN, draw_adopted, draw_signature
from .text import Box

POINTS = {SIGN: (150.0, 50.0), INITIAL: (50.0, 50.0)}
SCALE = 2  # pixels for a point


def picture(signature: Signature, *, is_initials: bool = False, has_chrome: bool = False) -> bytes:
    """GIF, as Docusign answers. `has_chrome`: with the bracket and the reference it has on paper."""
    kind = INITIAL if is_initials else SIGN
    width, height = POINTS[kind]
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height))
    if has_chrome:
        draw_signature(canvas, Box(0, 0, width, height), Mark(kind, 1, 0, 0, width, height, "", {}, signature))
    else:
        draw_adopted(canvas, Box(0, 0, width, height), signature, is_initials=is_initials)
    canvas.save()
    with opened(buffer.getvalue()) as pdf:
        image: Image.Image = pdf[0].render(scale=SCALE).to_pil()
    output = io.BytesIO()
    image.convert("RGB").save(output, "GIF")
    return output.getvalue()
