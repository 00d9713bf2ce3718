"""`python -m sandbox.definition.renderer EXTENSION`: a document on stdin, its PDF on stdout. A process of its own.

Exit code 3 and a sentence on stderr: it cannot be done, and why. No Django, no network.
"""

import csv
import html
import io
import re
import resource
import sys
import unicodedata
from collections.abc import Callable

import mammoth
from PIL import Image
from reportlab.lib.fonts import addMapping
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate
from xhtml2pdf import document as xhtml2pdf
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.context import pisaContext

from sandbox import fonts
from sandbox.ink.paragraphs import Paragraph
from sandbox.ink.text import Style

REFUSED = 3
MOST_SECONDS = 8
MOST_MEMORY_BYTES = 1024**3
MARGIN = 36.0
MAX_PIXELS = 50_000_000
PLAIN = Style(font=fonts.MONO, size=9)
# Scripts whose letters change with their neighbours in ways the HTML renderer does not know.
UNSHAPED = re.compile("[\u0900-\u0dff\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff]")


class CannotRenderError(Exception):
    """The message is for whoever sent the document."""


class _Context(pisaContext):
    """Every list of fonts ends in ours, so that no letter becomes an empty box."""

    def getFontNames(self, names: list[str]) -> list[str]:  # noqa: N802  (the library's name)
        return [*(super().getFontNames(names) or ["Helvetica"]), *fonts.SCRIPTS]


def html_to_pdf(source: str) -> bytes:
    text = html.unescape(source)
    _require_glyphs(text)
    if found := UNSHAPED.search(text):
        script = unicodedata.name(found[0], "").split(" ")[0].capitalize()
        raise CannotRenderError(f"{script} letters are not supported in HTML and Word documents. Please send a PDF.")
    for name in fonts.SCRIPTS:
        fonts.register(name)
        for bold in (0, 1):
            for italic in (0, 1):
                addMapping(name, bold, italic, name)
    xhtml2pdf.pisaContext = _Context
    buffer = io.BytesIO()
    policy = ResourceAccessPolicy.server(allow_remote=False, max_render_seconds=MOST_SECONDS - 2)
    xhtml2pdf.pisaDocument(source, dest=buffer, encoding="utf-8", resource_policy=policy, raise_exception=True)
    return buffer.getvalue()


def text_to_pdf(text: str) -> bytes:
    _require_glyphs(text)
    lines = text.replace("\r\n", "\n").replace("\t", "    ").split("\n")
    buffer = io.BytesIO()
    template = SimpleDocTemplate(
        buffer, pagesize=LETTER, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN
    )
    template.build([Paragraph(line or " ", PLAIN) for line in lines])
    return buffer.getvalue()


def csv_to_pdf(text: str) -> bytes:
    rows = csv.reader(io.StringIO(text))
    return text_to_pdf("\n".join("    ".join(row) for row in rows))


def word_to_pdf(content: bytes) -> bytes:
    """Text, tables and pictures of a Word file; its layout is lost."""
    body = mammoth.convert_to_html(io.BytesIO(content)).value
    return html_to_pdf(f"<html><body>{body}</body></html>")


def pictures_to_pdf(content: bytes) -> bytes:
    """A letter page for every picture in the file, each as large as fits."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    image = Image.open(io.BytesIO(content))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=LETTER)
    is_document = image.format == "TIFF"
    for number in range(getattr(image, "n_frames", 1) if is_document else 1):
        image.seek(number)
        if image.width * image.height > MAX_PIXELS:
            raise CannotRenderError("The image is too large.")
        picture = _on_white(image)
        scale = min((LETTER[0] - 2 * MARGIN) / picture.width, (LETTER[1] - 2 * MARGIN) / picture.height, 1.0)
        width, height = picture.width * scale, picture.height * scale
        canvas.drawImage(ImageReader(picture), MARGIN, LETTER[1] - MARGIN - height, width, height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    sheet = Image.new("RGBA", image.size, "white")
    sheet.alpha_composite(image.convert("RGBA"))
    return sheet.convert("RGB")


def _require_glyphs(text: str) -> None:
    """A missing glyph is an error at upload, never a silent box."""
    if gaps := fonts.missing(text):
        raise CannotRenderError(f"These characters cannot be printed: {gaps[:20]}")


def _decoded(content: bytes) -> str:
    """By its byte order mark, else UTF-8, else what Western Windows wrote."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


CONVERTERS: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("htm", "html"), lambda content: html_to_pdf(_decoded(content))),
    "txt": lambda content: text_to_pdf(_decoded(content)),
    "csv": lambda content: csv_to_pdf(_decoded(content)),
    **dict.fromkeys(("docx", "docm"), word_to_pdf),
    **dict.fromkeys(("bmp", "gif", "jpg", "jpeg", "png", "tif", "tiff"), pictures_to_pdf),
}


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    convert = CONVERTERS[sys.argv[1]]
    try:
        sys.stdout.buffer.write(convert(sys.stdin.buffer.read()))
    except CannotRenderError as error:
        sys.stderr.write(str(error))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
