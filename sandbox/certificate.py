"""The certificate of completion: who did what, when, from where, proven how."""

import io
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle
from reportlab.platypus.flowables import HRFlowable

from . import fonts
from .drawing import INK
from .models import Envelope, Recipient

INK_TEXT = HexColor("#182233")
QUIET, LINE, ACCENT = HexColor("#56627a"), HexColor("#dfe4ec"), HexColor("#1d4fa3")
WIDTH = A4[0] - 2 * 54 - 12  # page less margins and the frame's own padding


def draw(envelope: Envelope) -> bytes:
    fonts.register(fonts.TEXT)
    for font in fonts.HANDWRITING.values():
        fonts.register(font)
    buffer = io.BytesIO()
    template = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=54,
        rightMargin=54,
        topMargin=54,
        bottomMargin=54,
        title=f"Certificate of completion {envelope.guid}",
        author="Signing sandbox",
    )
    story: list[Any] = [
        Paragraph("Certificate of completion", _style(20, leading=26)),
        Paragraph("Sandbox – not legally binding", _style(9, QUIET)),
        Spacer(1, 14),
        _facts(
            [
                ("Envelope ID", envelope.guid),
                ("Subject", envelope.subject),
                ("Status", envelope.status.capitalize()),
                (
                    "Documents",
                    ", ".join(f"{d.name} ({len(d.page_sizes)} p.)" for d in envelope.documents.all()),
                ),
                ("Sender", f"{envelope.sender.name} <{envelope.sender.email}>"),
                ("Sent", _time(envelope.sent_at)),
                ("Completed", _time(envelope.completed_at)),
            ]
        ),
        *_heading("Signers"),
    ]
    for recipient in envelope.recipients.all():
        story.append(KeepTogether(_recipient(recipient)))
    story += _heading("Events")
    story.append(_events(envelope))
    template.build(story)
    return buffer.getvalue()


def _recipient(recipient: Recipient) -> list[Any]:
    evidence = recipient.authentication
    rows = [
        ("Name", recipient.name),
        ("Email", recipient.email),
        ("Status", recipient.status.capitalize()),
        ("Signing method", _signing_method(recipient)),
        ("Authentication", evidence.get("authenticationMethod", "–")),
        ("Authenticated by", _joined(evidence.get("securityDomain"), evidence.get("assertionId"))),
        ("Electronic records accepted", _time(recipient.disclosure_accepted_at)),
        ("IP address", recipient.ip_address or "–"),
        (
            "Sent · opened · signed",
            _joined(_time(recipient.sent_at), _time(recipient.delivered_at), _time(recipient.signed_at)),
        ),
    ]
    parts: list[Any] = [_facts(rows)]
    name = str(recipient.signature.get("name") or "")
    if name and not recipient.signature.get("strokes"):
        font = fonts.font_for(name, fonts.HANDWRITING.get(str(recipient.signature.get("style")), "Caveat"))
        parts.insert(0, Paragraph(escape(fonts.drawable(name)), _style(22, INK, leading=30, font=font)))
    return [*parts, Spacer(1, 6), HRFlowable(width="100%", color=LINE), Spacer(1, 6)]


def _joined(*parts: str | None) -> str:
    return " · ".join(filter(None, parts)) or "–"


def _signing_method(recipient: Recipient) -> str:
    if not recipient.signature:
        return "–"
    return "Drawn signature" if recipient.signature.get("strokes") else "Typed signature, adopted"


def _events(envelope: Envelope) -> Table:
    rows = [
        [_cell(_time(event.at)), _cell(event.message), _cell(event.ip_address or "")]
        for event in envelope.audit_events.all()
    ]
    table = Table(rows or [["", "", ""]], colWidths=[WIDTH * 0.3, WIDTH * 0.5, WIDTH * 0.2], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
            ]
        )
    )
    return table


def _facts(rows: list[tuple[str, str]]) -> Table:
    table = Table(
        [[Paragraph(name, _style(8.5, QUIET)), _cell(value)] for name, value in rows],
        colWidths=[WIDTH * 0.27, WIDTH * 0.73],
        hAlign="LEFT",
    )
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def _cell(text: str) -> Paragraph:
    return Paragraph(escape(fonts.drawable(text)), _style(8.5))


def _heading(text: str) -> list[Any]:
    return [Spacer(1, 14), Paragraph(text, _style(12, ACCENT)), Spacer(1, 4)]


def _style(size: float, colour: Any = INK_TEXT, *, leading: float = 0, font: str = fonts.TEXT) -> ParagraphStyle:
    return ParagraphStyle("s", fontName=font, fontSize=size, leading=leading or size * 1.4, textColor=colour)


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if moment else "–"
