"""Drafts for the field editor, one per situation; each gives the address of its editor."""

import io
from collections.abc import Callable

from django.contrib.auth.models import User
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from signing import authoring, fields
from signing.authoring import SignerInput, TabInput
from signing.fields import FieldInput
from signing.models import Envelope, Tab, TabKind
from signing.tab_traits import TRAITS
from tests.factories import make_draft
from tests.pdf_files import draw_pdf, form_pdf

ANN = SignerInput("Ann Bee", "ann@example.com", 1)
CARL = SignerInput("Carl Dee", "carl@example.com", 2)
BLANK: dict[str, object] = {
    "anchor": "",
    "anchor_x_offset": 0,
    "anchor_y_offset": 0,
    "page": 1,
    "required": True,
    "label": "",
    "tooltip": "",
    "value": "",
    "locked": False,
    "group": "",
    "options": [],
    "max_length": None,
    "validation_pattern": "",
    "validation_message": "",
    "font_size": None,
}
OF_KIND: dict[TabKind, dict[str, object]] = {
    TabKind.RADIO: {"group": "Choice 1", "options": ["Yes"]},
    TabKind.LIST: {"options": ["Red", "Green"]},
    TabKind.NOTE: {"value": "Read clause 4"},
    TabKind.CHECKBOX: {"required": False},
}


def field(
    kind: TabKind = TabKind.SIGN_HERE, *, recipient: int = 1, document: int | None = 1, **columns: object
) -> FieldInput:
    """As the editor makes one of this kind."""
    traits = TRAITS[kind]
    size: dict[str, object] = {"kind": kind, "x": 100, "y": 100, "width": traits.width, "height": traits.height}
    return FieldInput(recipient, document, BLANK | size | OF_KIND.get(kind, {}) | columns)


def place(envelope: Envelope, *placed: FieldInput) -> list[Tab]:
    rows, __ = fields.replace_fields(envelope, placed, revision=fields.content_of(envelope).revision)
    return rows


def agreement() -> bytes:
    """Two pages that look like what people sign."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(72, 760, "Consulting agreement")
    canvas.setFont("Helvetica", 11)
    text = canvas.beginText(72, 725)
    text.setLeading(17)
    for clause in range(1, 9):
        text.textLine(f"{clause}. The consultant advises the client on the matters that both have agreed upon,")
        text.textLine("    with the care of a prudent professional, and keeps what is learnt confidential.")
        text.textLine("")
    canvas.drawText(text)
    for y, (left, right) in zip((260, 200), (("Client", "Consultant"), ("", "")), strict=True):
        canvas.drawString(72, y, "Signature: ____________________" if left else "Date: ______________")
        canvas.drawString(320, y, "Signature: ____________________" if right else "Date: ______________")
    canvas.drawString(72, 150, "Name:")
    canvas.drawString(320, 150, "Email:")
    canvas.showPage()
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(72, 760, "Schedule")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 720, "[ ] I have read the schedule")
    canvas.drawString(72, 690, "Sign here: /sn1/")
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def draft(content: bytes | None = None, *, signers: tuple[SignerInput, ...] = (ANN, CARL)) -> Envelope:
    return make_draft(content=content or agreement(), signers=signers)


def staff_member() -> User:
    return User.objects.get(username="dana")


def address_of(envelope: Envelope) -> str:
    return f"/admin/signing/envelope/{envelope.pk}/fields/"


def two_documents() -> Envelope:
    envelope = draft()
    landscape = draw_pdf("An annex", "Its second page", pagesize=(A4[1], A4[0]))
    authoring.add_document(envelope, filename="Annex.pdf", content=landscape)
    return envelope


def every_kind() -> Envelope:
    envelope = draft(draw_pdf("All kinds of fields"))
    placed = [
        field(kind, recipient=index % 2 + 1, x=60 + (index % 3) * 180, y=120 + (index // 3) * 60)
        for index, kind in enumerate(TabKind)
    ]
    place(envelope, *placed)
    return envelope


def with_anchors() -> Envelope:
    pages = draw_pdf("Sign: /sn1/\n\nSign again: /SN1/", "And here: /sn1/")
    tabs = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"), TabInput(TabKind.TEXT, anchor="/nowhere/"))
    return draft(pages, signers=(SignerInput("Ann Bee", "ann@example.com", 1, tabs),))


EDITOR_STATES: dict[str, Callable[[], str]] = {
    "editor": lambda: address_of(two_documents()),
    "editor-blank": lambda: address_of(draft(draw_pdf("Nothing to fill in here", "Nor here", "Nor here"))),
    "editor-kinds": lambda: address_of(every_kind()),
    "editor-preview": lambda: address_of(every_kind()) + "?as=1",
    "editor-anchors": lambda: address_of(with_anchors()),
    "editor-form": lambda: address_of(draft(form_pdf())),
    "editor-empty": lambda: address_of(authoring.create_draft(staff_member())),
    "editor-long": lambda: address_of(draft(draw_pdf(*(f"Page {n}" for n in range(1, 501))))),
}
