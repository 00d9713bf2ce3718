"""Rows of the database → ink on a document."""

from collections.abc import Iterable
from typing import Any

from . import files, tabkinds
from .definition.reading import is_true
from .ink import pages
from .ink.mark import Mark, Signature
from .ink.pages import join
from .ink.signature import STROKE_BOX
from .models import Document, Recipient, Tab
from .tabkinds import SIGNATURES as SIGNATURE_GROUPS

__all__ = ["SIGNATURE_GROUPS", "STROKE_BOX", "draw_values", "join", "signature_of"]


def draw_values(document: Document, tabs: Iterable[Tab]) -> bytes:
    """The document with the tabs' values, and the envelope's id on every page unless the sender did not want it."""
    envelope = document.envelope
    is_stamped = is_true(envelope.options.get("envelopeIdStamping", "true"))
    stamp = f"Sandbox Envelope ID: {envelope.guid} · not legally binding" if is_stamped else ""
    marks = [mark for tab in tabs for mark in _marks_of(tab, document)]
    return pages.draw(files.load(document.path), marks, stamp=stamp)


def signature_of(recipient: Recipient) -> Signature:
    kept = recipient.signature
    return Signature(
        name=str(kept.get("name") or ""),
        initials=str(kept.get("initials") or ""),
        style=str(kept.get("style") or ""),
        strokes=kept.get("strokes") or [],
        initials_strokes=kept.get("initials_strokes") or [],
        image=_picture(kept.get("image")),
        initials_image=_picture(kept.get("initials_image")),
        reference=recipient.guid.replace("-", "").upper()[:16],
    )


def _picture(path: Any) -> bytes:
    return files.load(str(path)) if path else b""


def _marks_of(tab: Tab, document: Document) -> list[Mark]:
    """One, or for a group of radio buttons one per button, which may stand on several documents."""
    if tab.group == tabkinds.RADIO:
        radios = [radio for radio in tab.data.get("radios") or [] if radio.get("documentId") == document.document_id]
        return [_radio_mark(tab, radio) for radio in radios]
    signature = signature_of(tab.recipient) if tab.recipient and tab.group in SIGNATURE_GROUPS else Signature()
    return [Mark(tab.group, tab.page, tab.x, tab.y, tab.width, tab.height, tab.value, tab.data, signature)]


def _radio_mark(tab: Tab, radio: dict[str, Any]) -> Mark:
    is_chosen = bool(tab.value) and str(radio.get("value")) == tab.value
    x, y = float(radio["xPosition"]), float(radio["yPosition"])
    value = "true" if is_chosen else ""
    return Mark(tab.group, int(radio["pageNumber"]), x, y, tab.width, tab.height, value, radio)
