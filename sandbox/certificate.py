"""The certificate of completion: who did what, when, from where, proven how. A4, drawn from the rows as they stand."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, SimpleDocTemplate, Spacer, Table, TableStyle

from .drawing import signature_of
from .evidence import authentication_of, sentences_of, signing_method_of
from .ink.mark import Signature
from .ink.paragraphs import Paragraph
from .ink.signature import draw_adopted
from .ink.text import Box, Style, draw_line
from .models import Envelope, Recipient
from .rules import SIGNING_KINDS

INK, QUIET, LINE, ACCENT = HexColor("#182233"), HexColor("#56627a"), HexColor("#dfe4ec"), HexColor("#1d4fa3")
PAPER = HexColor("#f6f8fb")
MARGIN = 48.0
LABELS = 92.0  # how wide the column of labels is
ROOM_FOR_EVENTS = 110.0  # a heading and a few rows; else they begin a page
WIDTH = A4[0] - 2 * MARGIN
KINDS = {
    "signers": "Signer",
    "inPersonSigners": "In-person signer",
    "carbonCopies": "Carbon copy",
    "certifiedDeliveries": "Certified delivery",
    "agents": "Agent",
    "editors": "Editor",
    "intermediaries": "Intermediary",
    "witnesses": "Witness",
    "notaries": "Notary",
    "seals": "Electronic seal",
}
RECIPIENT_PADDINGS = {"LEFT": 0, "RIGHT": 0, "TOP": 7, "BOTTOM": 9}
TITLE, SUBTITLE = Style(size=19, colour=INK, bold=True), Style(size=9, colour=QUIET)
HEADING, NAME = Style(size=11.5, colour=ACCENT, bold=True), Style(size=10.5, colour=INK, bold=True)
LABEL, FOOT = Style(size=8, colour=QUIET), Style(size=7, colour=QUIET)
BODY = Style(size=8, colour=INK, direction="L")  # sentences are English, whoever they begin with


class _Signature(Flowable):
    """What was adopted, and under it the reference that stands with every signature on the documents."""

    def __init__(self, signature: Signature) -> None:
        super().__init__()
        self.signature = signature
        self.width, self.height = 130.0, 44.0

    def draw(self) -> None:
        draw_adopted(self.canv, Box(0, 10, self.width, self.height - 10), self.signature)
        draw_line(self.canv, 0, 1, self.signature.reference, FOOT)


def draw(envelope: Envelope) -> bytes:
    buffer = io.BytesIO()
    template = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN - 6,  # less the frame's own padding
        rightMargin=MARGIN - 6,
        topMargin=MARGIN - 6,
        bottomMargin=MARGIN + 6,
        title=f"Certificate of completion {envelope.guid}",
        author="Signing sandbox",
    )
    story: list[Flowable] = [
        Paragraph("Certificate of completion", TITLE),
        Paragraph("Made by a signing sandbox. Nothing signed here is legally binding.", SUBTITLE),
        Spacer(1, 10),
        _facts(_summary(envelope), shaded=True),
    ]
    recipients = list(envelope.recipients.all())
    signers = [recipient for recipient in recipients if recipient.kind in SIGNING_KINDS]
    others = [recipient for recipient in recipients if recipient.kind not in SIGNING_KINDS]
    for title, group in (("Signers", signers), ("Other recipients", others)):
        if group:
            first, *rest = [_recipient(recipient) for recipient in group]
            story += [KeepTogether([*_heading(title), *first]), *map(KeepTogether, rest)]
    story += [CondPageBreak(ROOM_FOR_EVENTS), *_heading("Events"), _events(envelope)]
    template.build(story, onFirstPage=_footer(envelope), onLaterPages=_footer(envelope))
    return buffer.getvalue()


def _summary(envelope: Envelope) -> list[tuple[str, str]]:
    documents = list(envelope.documents.all())
    pages = sum(len(document.page_sizes) for document in documents)
    rows = [
        ("Envelope ID", envelope.guid),
        ("Subject", envelope.subject),
        ("Status", envelope.status.capitalize()),
        ("Documents", "\n".join(f"{d.name} ({_count(len(d.page_sizes), 'page')})" for d in documents)),
        ("Pages in all", str(pages)),
        ("Sender", f"{envelope.sender.name} <{envelope.sender.email}>"),
        ("Account", envelope.account.name),
        ("Sent", _time(envelope.sent_at)),
        ("Completed", _time(envelope.completed_at)),
        ("Declined", _time(envelope.declined_at)),
        ("Voided", _time(envelope.voided_at)),
        ("Reason of voiding", envelope.voided_reason),
    ]
    return [row for row in rows if row[1]]


def _recipient(recipient: Recipient) -> list[Flowable]:
    rows = [
        ("Role", KINDS.get(recipient.kind, recipient.kind)),
        ("Email", recipient.email),
        ("Status", recipient.status.capitalize()),
        *sentences_of(recipient),
        ("Signature", signing_method_of(recipient)),
        *authentication_of(recipient),
        ("Disclosure", _accepted(recipient)),
        ("IP address", recipient.ip_address),
        ("Sent", _time(recipient.sent_at)),
        ("Opened", _time(recipient.delivered_at)),
        ("Signed" if recipient.kind in SIGNING_KINDS else "Seen", _time(recipient.signed_at)),
        ("Declined", _time(recipient.declined_at)),
        ("Reason of declining", recipient.declined_reason),
    ]
    has_signed = recipient.status == "completed" and bool(recipient.signature)
    picture = [_Signature(signature_of(recipient))] if has_signed else []
    facts = _facts([row for row in rows if row[1]], width=WIDTH - 140)
    body = Table([[[Paragraph(recipient.name, NAME), Spacer(1, 2), facts], picture]], colWidths=[WIDTH - 140, 140])
    paddings = [(f"{side}PADDING", (0, 0), (-1, -1), size) for side, size in RECIPIENT_PADDINGS.items()]
    lines: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEABOVE", (0, 0), (-1, 0), 0.5, LINE)]
    body.setStyle(TableStyle([*paddings, *lines]))
    return [body]


def _accepted(recipient: Recipient) -> str:
    moment = recipient.disclosure_accepted_at
    return f"Electronic records and signatures accepted, {_time(moment)}" if moment else ""


def _events(envelope: Envelope) -> Flowable:
    rows = [[Paragraph(title, LABEL) for title in ("Time", "Event", "IP address")]]
    for event in envelope.audit_events.all():
        rows.append([Paragraph(text, BODY) for text in (_time(event.at), event.message, event.ip_address)])
    table = Table(rows, colWidths=[WIDTH * 0.24, WIDTH * 0.58, WIDTH * 0.18], repeatRows=1, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    return table


def _facts(rows: list[tuple[str, str]], *, width: float = WIDTH, shaded: bool = False) -> Flowable:
    cells = [[Paragraph(name, LABEL), Paragraph(value, BODY)] for name, value in rows]
    inset = 10 if shaded else 0
    table = Table(cells, colWidths=[LABELS + inset, width - LABELS - inset], hAlign="LEFT")
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ("LEFTPADDING", (0, 0), (-1, -1), inset),
    ]
    if shaded:
        style += [
            ("BACKGROUND", (0, 0), (-1, -1), PAPER),
            ("TOPPADDING", (0, 0), (-1, 0), 8),
            ("BOTTOMPADDING", (0, -1), (-1, -1), 8),
        ]
    table.setStyle(TableStyle(style))
    return table


def _heading(text: str) -> list[Flowable]:
    return [Spacer(1, 14), Paragraph(text, HEADING), Spacer(1, 5)]


def _footer(envelope: Envelope) -> Callable[[Canvas, SimpleDocTemplate], None]:
    def on_page(canvas: Canvas, template: SimpleDocTemplate) -> None:
        draw_line(canvas, MARGIN, MARGIN - 16, f"Sandbox Envelope ID: {envelope.guid}", FOOT)
        draw_line(canvas, A4[0] - MARGIN - 30, MARGIN - 16, f"Page {template.page}", FOOT)

    return on_page


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if moment else ""
