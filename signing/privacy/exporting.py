"""What is known of an address, as a zip for whoever asks for their data: JSON, and the documents they may have."""

import json
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models.base import Model
from django.utils import timezone

from signing.events import record_portal
from signing.models import ActorKind, BulkRow, Envelope, EnvelopeEvent, EnvelopeStatus, PortalKind, Recipient

from .certificates import digest_of, new_salt
from .subjects import Subject

# Never given: what opens something, or is of use to the portal alone.
SECRET = frozenset(
    "link_nonce link_digest sealed_access_code sealed_code nonce digest client_user_id password details salt "
    "search_words as_text".split()
)
OF_ENVELOPE = ("id", "docusign_id", "subject", "status", "created_at", "sent_at", "completed_at", "declined_at",
               "voided_at")  # fmt: skip


def export(subject: Subject, into: IO[bytes]) -> None:
    """Writes the zip, and that it was made onto the portal's chain, where the address stands as a digest."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data_of(subject), cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
        for envelope in _to_be_given(subject):
            for completed in envelope.completed_documents.all():
                name = f"documents/envelope-{envelope.pk}/{completed.kind}.pdf"
                with completed.file.open("rb") as file, archive.open(name, "w") as entry:
                    while chunk := file.read(64 * 1024):
                        entry.write(chunk)
    salt = new_salt()
    facts = {"salt": salt, "subject_digest": digest_of(subject.email, salt), "counts": subject.counts()}
    record_portal(PortalKind.PERSON_EXPORTED, facts, about="privacy")


def data_of(subject: Subject) -> dict[str, Any]:
    """Of other people in the same envelopes nothing."""
    return {
        "email": subject.email,
        "exported_at": timezone.now(),
        "names": sorted(subject.names),
        "envelopes": [_envelope(envelope) for envelope in subject.envelopes.values()],
        "as_recipient": [_recipient(subject, recipient) for recipient in subject.recipients],
        "mails": _plain(subject.mails),
        "codes": _plain(subject.codes),
        "form_entries": _plain(subject.entries),
        "rows_of_bulk_sends": [_sheet_row(subject, row) for row in subject.rows],
        "events": [_event(event) for event in subject.events],
        "messages_of_docusign": [{"at": row.received_at, "event": row.event} for row in subject.messages],
        "saved_views": _plain(subject.views),
        "staff": [{"username": user.username, "joined": user.date_joined} for user in subject.users],
    }


def _to_be_given(subject: Subject) -> list[Envelope]:
    """Everybody who had a part in it may have the signed documents, once everyone has signed."""
    mine = [envelope for pk, envelope in subject.envelopes.items() if pk in subject.parts]
    return [envelope for envelope in mine if envelope.status == EnvelopeStatus.COMPLETED]


def _envelope(envelope: Envelope) -> dict[str, Any]:
    return {name: getattr(envelope, name) for name in OF_ENVELOPE}


def _recipient(subject: Subject, recipient: Recipient) -> dict[str, Any]:
    """Host and signer stand in one row, and each gets their own side of it."""
    if not subject.is_signer(recipient):
        own = ("envelope_id", "number", "host_name", "host_email", "sent_at")
        return {name: getattr(recipient, name) for name in own}
    values = [{"label": tab.label, "kind": tab.kind, "value": tab.value} for tab in recipient.tabs.all() if tab.value]
    own_row = {name: value for name, value in _row(recipient).items() if not name.startswith("host_")}
    return {**own_row, "values": values}


def _event(event: EnvelopeEvent) -> dict[str, Any]:
    """From where, only where it was they who came; the words of a line may name somebody else."""
    is_theirs = event.actor_kind == ActorKind.RECIPIENT
    return {
        "at": event.at,
        "kind": event.kind,
        "envelope": event.envelope_id,
        "ip": event.ip if is_theirs else None,
    }


def _sheet_row(subject: Subject, row: BulkRow) -> dict[str, Any]:
    own = [cell for cell in row.data if subject.is_in(cell) or cell in subject.names]
    return {"batch": row.batch_id, "row": row.number, "state": row.state, "envelope": row.envelope_id, "cells": own}


def _plain(rows: Iterable[Model]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _row(row: Model) -> dict[str, Any]:
    names = [column.attname for column in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in names if name not in SECRET}
