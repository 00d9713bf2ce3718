"""Saving what the field editor holds: all fields of an envelope at once, or nobody's."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .drafting import locked_draft
from .models import Document, Envelope, Recipient, Tab

MAX_FIELDS = 3000  # Docusign's limit for tabs made by anchors; more cannot be worked with on a page either
COLUMNS = (
    "kind anchor anchor_x_offset anchor_y_offset page x y width height required label tooltip value locked group "
    "options max_length validation_pattern validation_message font_size"
).split()


class FieldsChangedError(Exception):
    """Fields, people or documents are no longer what the editor was shown: someone else changed them."""


@dataclass(frozen=True, slots=True)
class FieldInput:
    """One field. `tab_id` of the row it changes, None for a new one; `columns` by the names of COLUMNS."""

    recipient_number: int
    document_number: int | None
    columns: Mapping[str, Any]
    tab_id: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What fields are placed upon and for, and the fields, of one moment."""

    recipients: dict[int, Recipient]  # by number
    documents: dict[int, Document]  # by number
    tabs: list[Tab]

    @property
    def revision(self) -> str:
        """The same as long as nothing changed that the editor shows."""
        shown = {
            "recipients": [[r.number, r.pk, r.kind] for r in self.recipients.values()],
            "documents": [[d.number, d.pk, d.sha256] for d in self.documents.values()],
            "tabs": [_shown(tab) for tab in self.tabs],
        }
        return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:24]


def content_of(envelope: Envelope) -> Content:
    """Three queries, however much there is."""
    recipients = {recipient.number: recipient for recipient in envelope.recipients.all()}
    documents = {document.number: document for document in envelope.documents.all()}
    tabs = list(Tab.objects.filter(recipient__envelope=envelope).order_by("pk"))
    return Content(recipients, documents, tabs)


def values_of(tab: Tab) -> dict[str, Any]:
    return {name: getattr(tab, name) for name in COLUMNS}


def replace_fields(
    envelope: Envelope, fields: Sequence[FieldInput], *, revision: str, kept: Sequence[int] = ()
) -> tuple[list[Tab], str]:
    """Write the fields in one transaction; rows not named go, except those in `kept`. Rows keep their pk.

    The rows in the order of `fields`, and the new revision. Raises NotADraftError, FieldsChangedError.
    """
    with locked_draft(envelope) as draft:
        content = content_of(draft)
        if content.revision != revision:
            raise FieldsChangedError
        known = {tab.pk: tab for tab in content.tabs}
        before = {tab.pk: _shown(tab) for tab in content.tabs}
        rows = [_row(field, known, content) for field in fields]
        staying = {row.pk for row in rows} | set(kept)
        Tab.objects.filter(pk__in=[pk for pk in known if pk not in staying]).delete()
        changed = [row for row in rows if row.pk and _shown(row) != before[row.pk]]
        Tab.objects.bulk_update(changed, [*COLUMNS, "recipient", "document"], batch_size=100)
        Tab.objects.bulk_create([row for row in rows if not row.pk], batch_size=100)
        return rows, content_of(draft).revision


def _row(field: FieldInput, known: Mapping[int, Tab], content: Content) -> Tab:
    row = known.get(field.tab_id or 0) or Tab()
    row.recipient = content.recipients[field.recipient_number]
    row.document = content.documents[field.document_number] if field.document_number else None
    for name, value in field.columns.items():
        setattr(row, name, value)
    return row


def _shown(tab: Tab) -> list[Any]:
    return [tab.pk, tab.recipient_id, tab.document_id, *values_of(tab).values()]
