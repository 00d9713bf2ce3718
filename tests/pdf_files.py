"""Small PDFs for tests, drawn on the spot, good and bad."""

import io

from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


def draw_pdf(*pages: str, pagesize: tuple[float, float] = A4) -> bytes:
    """One page per text; lines are separated by newlines. Without pages: one page with two anchors."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=pagesize, invariant=True)
    for page in pages or ("This agreement binds both parties.\n\nSign: /sn1/\n\nSign: /sn2/",):
        text = canvas.beginText(72, pagesize[1] - 90)
        text.setLeading(40)
        for line in page.splitlines():
            text.textLine(line)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def encrypted_pdf(*, user_password: str) -> bytes:
    """With an empty `user_password` everyone can open it, but it is protected against changes."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(draw_pdf())))
    writer.encrypt(user_password=user_password, owner_password="owner", algorithm="AES-256")
    return _bytes_of(writer)


def pdf_without_pages() -> bytes:
    return _bytes_of(PdfWriter())


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def _bytes_of(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def form_pdf(*, rotation: int = 0) -> bytes:
    """A form with a text, a long text, a checkbox, a list, two radio buttons, and a text that is filled in."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    form = canvas.acroForm
    canvas.drawString(72, 780, "Application")
    form.textfield(
        name="Full name", x=72, y=700, width=200, height=20, fieldFlags="required", tooltip="As in your passport"
    )
    form.textfield(name="Remarks", x=72, y=600, width=300, height=60, fieldFlags="multiline", maxlen=200)
    form.checkbox(name="Newsletter", x=72, y=560, size=16)
    form.choice(name="Colour", x=72, y=500, width=120, height=20, value="Red", options=["Red", "Green", "Blue"])
    form.radio(name="Member", value="yes", x=72, y=450, size=16)
    form.radio(name="Member", value="no", x=120, y=450, size=16)
    form.textfield(name="Number of the case", value="4711", x=72, y=400, width=100, height=20)
    canvas.showPage()
    canvas.save()
    content = buffer.getvalue()
    if not rotation:
        return content
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.pages[0].rotate(rotation)
    return _bytes_of(writer)
