"""Envelopes with what belongs to them, in one statement for each kind of thing, however many there are."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import models
from django.db.models import prefetch_related_objects

from sandbox import rows
from sandbox.models import Account, Document, Envelope, Recipient, Tab, User

NOWHERE = -1  # before the first document: groups of tabs
AMONG = "IN (SELECT value FROM json_each(%s))"
OF_THEIR_RECIPIENTS = (
    "recipient_id IN (SELECT id FROM sandbox_recipient WHERE envelope_id IN (SELECT value FROM json_each(%s)))"
)


def fetch(account: Account, keys: Sequence[int], include: Collection[str]) -> list[Envelope]:
    """In the order of the keys, with their sender and what `include` asks for."""
    found = {envelope.pk: envelope for envelope in rows.read(Envelope, f"id {AMONG}", json.dumps(list(keys)))}
    senders = User.objects.in_bulk({envelope.sender_id for envelope in found.values()})
    for envelope in found.values():
        envelope.account, envelope.sender = account, senders[envelope.sender_id]
    envelopes = [found[key] for key in keys if key in found]
    gather(envelopes, include)
    others = [name for name in ("custom_fields", "documents") if name in include]
    if others and envelopes:
        prefetch_related_objects(envelopes, *others)
    return envelopes


def gather(envelopes: Sequence[Envelope], include: Collection[str]) -> None:
    """Recipients and tabs, if asked for, so that nothing is asked of the database for each of them."""
    if "recipients" not in include:
        return
    by_key = {envelope.pk: envelope for envelope in envelopes}
    keys = json.dumps(list(by_key))
    recipients: dict[int, list[Recipient]] = defaultdict(list)
    for recipient in rows.read(Recipient, f"envelope_id {AMONG} ORDER BY routing_order, id", keys):
        recipient.envelope = by_key[recipient.envelope_id]
        recipients[recipient.envelope_id].append(recipient)
    for envelope in envelopes:
        _keep(envelope, "recipients", recipients[envelope.pk])
    if "tabs" in include:
        tabs = _tabs(keys)
        for recipient in (one for several in recipients.values() for one in several):
            _keep(recipient, "tabs", tabs[recipient.pk])


def _tabs(keys: str) -> dict[int, list[Tab]]:
    """By recipient, in the model's order."""
    documents = {document.pk: document for document in rows.read(Document, f"envelope_id {AMONG}", keys)}
    tabs = rows.read(Tab, OF_THEIR_RECIPIENTS, keys)
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
