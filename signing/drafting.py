"""The one way to change what is being composed: the row locked, and nobody else's change overwritten unseen."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from . import events, finding
from .copying import COMPOSED, COMPOSED_OF_RECIPIENT
from .models import Envelope, EventKind

OF_DOCUMENT = ("pk", "number", "name", "sha256")


class NotADraftError(Exception):
    """Neither a draft nor a template's content (someone sent it meanwhile): it can no longer be changed here."""


class ChangedMeanwhileError(Exception):
    """Somebody else, or the same person in another window, has changed it since the page was opened."""


def people_revision(envelope: Envelope) -> str:
    """The same as long as documents and recipients are. Two queries."""
    documents = list(envelope.documents.order_by("pk").values_list(*OF_DOCUMENT))
    recipients = list(envelope.recipients.order_by("pk").values_list("pk", *COMPOSED_OF_RECIPIENT))
    return _digest([documents, recipients])


def settings_revision(envelope: Envelope) -> str:
    """The same as long as text and settings are."""
    return _digest([*(getattr(envelope, name) for name in COMPOSED), envelope.sent_as_id])


@contextmanager
def locked_draft(envelope: Envelope) -> Iterator[Envelope]:
    """The draft's row, locked, inside one transaction. Raises NotADraftError if it is none any more."""
    with transaction.atomic():
        row = Envelope.objects.select_for_update().get(pk=envelope.pk)
        if not row.is_editable:
            raise NotADraftError
        yield row
        row.refresh_from_db()  # deeds also write columns without this object
        finding.index(row)
        events.record_edit(row.pk)


def throw_away(envelope: Envelope) -> None:
    """Delete a draft, or what a template held in work. That it was there, and who threw it away, stays."""
    with transaction.atomic():
        events.record(envelope.pk, EventKind.DELETED, subject=envelope.subject)
        envelope.delete()


def _digest(shown: object) -> str:
    return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()[:24]
