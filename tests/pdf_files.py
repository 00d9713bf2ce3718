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
