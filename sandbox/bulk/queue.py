"""Batches and the copies that wait in them. A batch is queued as a whole or not at all; its sending is metered."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from sandbox import bell, clock
from sandbox.clock import docusign_time
from sandbox.definition.reading import list_of, text_of
from sandbox.models import Account, Envelope, Resource, User

BATCH, COPY = "bulk_batch", "bulk_copy"


def queue(sender: User, bulk_list: Resource, source: Envelope, name: str) -> Resource:
    """The new batch. Its first copies are due at once, the others as BULK_COPIES_PER_SECOND allows."""
    now, copies = clock.now(), list_of(bulk_list.data, "bulkCopies")
    data = {
        "name": name,
        "size": len(copies),
        "listId": bulk_list.guid,
        "listName": bulk_list.data["name"],
        "sourceId": source.guid,
        "senderId": sender.guid,
        "failed": 0,
        "errors": [],
        "action": "",
    }
    batch = Resource.objects.create(account=bulk_list.account, kind=BATCH, data=data, created_at=now, modified_at=now)
    pace = settings.BULK_COPIES_PER_SECOND
    Resource.objects.bulk_create(
        Resource(
            account=bulk_list.account,
            kind=COPY,
            data={"batchId": batch.guid, "copy": dict(copy)},
            created_at=now + timedelta(seconds=position // pace),
            modified_at=now,
        )
        for position, copy in enumerate(copies)
    )
    bell.ring_after_commit()
    return batch


def queued(account: Account) -> int:
    return Resource.objects.filter(account=account, kind=COPY).count()


def waiting(batch: Resource) -> QuerySet[Resource]:
    return Resource.objects.filter(account=batch.account, kind=COPY, data__batchId=batch.guid)


def envelopes_of(batch: Resource) -> QuerySet[Envelope]:
    rows = Envelope.objects.filter(account=batch.account, batch=batch.guid)
    return rows.select_related("sender", "account").order_by("id")


def counts(batch: Resource) -> dict[str, int]:
    """How many are sent, failed and still queued."""
    sent, failed = envelopes_of(batch).count(), batch.data["failed"]
    return {"sent": sent, "failed": failed, "queued": batch.data["size"] - sent - failed}


def note_failures(batch: Resource, copies: Iterable[Resource], message: str) -> None:
    """As `bulkErrors`; the copies leave the queue."""
    for copy in copies:
        emails = [text_of(item, "email") for item in list_of(copy.data["copy"], "recipients")]
        created = docusign_time(clock.now())
        batch.data["errors"].append({"created": created, "errorMessage": message, "recipientEmails": emails})
        batch.data["failed"] += 1
        copy.delete()
    batch.save(update_fields=["data"])
