"""The transcript of an envelope's comments. Nobody can comment in the ceremony, so it says that there are none."""

import base64
import io

from django.http import HttpResponse
from reportlab.lib.pagesizes import A4
from reportlab.platypus import SimpleDocTemplate, Spacer

from sandbox.ink.paragraphs import Paragraph
from sandbox.ink.text import Style
from sandbox.models import Envelope

from .answers import content
from .door import Call
from .registry import on_envelope

TITLE, BODY = Style(size=16, bold=True), Style(size=10)
GAP = 10


@on_envelope("GET", "comments/transcript", templates=False, partial="nobody can comment in the ceremony")
def get_transcript(call: Call, envelope: Envelope) -> HttpResponse:
    transcript = _drawn(envelope)
    if call.query.get("encoding", "").lower() == "base64":
        transcript = base64.b64encode(transcript)
    return content(transcript, "application/pdf", "transcript.pdf")


def _drawn(envelope: Envelope) -> bytes:
    lines = [envelope.subject, f"Envelope {envelope.guid}", "There are no comments."]
    buffer = io.BytesIO()
    parts = [Paragraph("Comments", TITLE), Spacer(1, GAP), *(Paragraph(line, BODY) for line in lines)]
    SimpleDocTemplate(buffer, pagesize=A4, title="Comments").build(parts)
    return buffer.getvalue()
