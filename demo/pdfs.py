"""Draws the demo's documents: a page or two of plausible text, signature lines and white anchor texts."""

import io
from collections.abc import Sequence

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

INK, QUIET, ACCENT = HexColor("#182233"), HexColor("#56627a"), HexColor("#1d4fa3")
WIDTH, HEIGHT = A4
MARGIN = 72
BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=11, leading=16, textColor=INK, spaceAfter=8)


def draw_agreement(title: str, parties: Sequence[str], clauses: Sequence[tuple[str, str]]) -> bytes:
    """A contract; signer n signs at the white text `/sn<n>/` and is dated at `/dt<n>/`."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    canvas.setTitle(title)
    canvas.setAuthor("Northwind Consulting")
    y = _letterhead(canvas, title)
    for number, (heading, text) in enumerate(clauses, start=1):
        y = _paragraph(canvas, y, f"<b>{number}. {heading}.</b> {text}")
        if y < 250 and number < len(clauses):
            canvas.showPage()
            y = _letterhead(canvas, title)
    _signature_lines(canvas, parties)
    canvas.save()
    return buffer.getvalue()


def _letterhead(canvas: Canvas, title: str) -> float:
    canvas.setFillColor(ACCENT)
    canvas.rect(MARGIN, HEIGHT - 74, 26, 26, stroke=0, fill=1)
    canvas.setFillColor(INK)
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawString(MARGIN + 36, HEIGHT - 60, "Northwind Consulting")
    canvas.setFont("Helvetica", 9)
    canvas.setFillColor(QUIET)
    canvas.drawString(MARGIN + 36, HEIGHT - 73, "12 Harbour Lane, Springfield")
    canvas.setFillColor(INK)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(MARGIN, HEIGHT - 126, title)
    return HEIGHT - 152


def _paragraph(canvas: Canvas, y: float, text: str) -> float:
    paragraph = Paragraph(text, BODY)
    _, height = paragraph.wrap(WIDTH - 2 * MARGIN, y)
    paragraph.drawOn(canvas, MARGIN, y - height)
    return float(y - height - 8)


def _signature_lines(canvas: Canvas, parties: Sequence[str]) -> None:
    for index, party in enumerate(parties):
        x = MARGIN + (index % 2) * 240
        y = 170 - (index // 2) * 90
        canvas.setStrokeColor(QUIET)
        canvas.line(x, y, x + 200, y)
        canvas.setFillColor(QUIET)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(x, y - 13, party)
        canvas.drawString(x, y - 28, "Date:")
        canvas.setFillColor(white)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(x + 8, y + 6, f"/sn{index + 1}/")
        canvas.drawString(x + 32, y - 28, f"/dt{index + 1}/")
