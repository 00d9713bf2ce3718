"""An envelope with its recipients and their tabs, in three statements however many there are."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import models

from sandbox import rows
from sandbox.models import Document, Envelope, Recipient, Tab

NOWHERE = -1  # before the first document: groups of tabs


def gather(envelope: Envelope, include: Collection[str]) -> None:
    """What `include` asks for, so that nothing is asked of the database for each of them."""
    if "recipients" not in include:
        return
    recipients = rows.read(Recipient, "envelope_id = %s ORDER BY routing_order, id", envelope.pk)
    for recipient in recipients:
        recipient.envelope = envelope
    _keep(envelope, "recipients", recipients)
    if "tabs" in include:
        tabs = _tabs(envelope)
        for recipient in recipients:
            _keep(recipient, "tabs", tabs[recipient.pk])


def _tabs(envelope: Envelope) -> dict[int, list[Tab]]:
    """By recipient, in the model's order."""
    documents = {document.pk: document for document in rows.read(Document, "envelope_id = %s", envelope.pk)}
    where = "recipient_id IN (SELECT id FROM sandbox_recipient WHERE envelope_id = %s)"
    tabs = rows.read(Tab, where, envelope.pk)
    for tab in tabs:
        if tab.document_id is not None:
            tab.document = documents[tab.document_id]
    by_recipient: dict[int, list[Tab]] = defaultdict(list)
    for tab in sorted(tabs, key=_place):
        by_recipient[tab.recipient_id or 0].append(tab)
    return by_recipient


def _place(tab: Tab) -> tuple[int, int, float, float, int]:
    return (tab.document.order if tab.document else NOWHERE, tab.page, tab.y, tab.x, tab.pk)


def _keep(holder: models.Model, name: str, found: Sequence[models.Model]) -> None:
    """As Django's own prefetching leaves it, so that `.all()` finds it."""
    known = getattr(holder, name).all()
    known._result_cache, known._prefetch_done = list(found), True
    holder.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known
