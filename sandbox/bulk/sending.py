"""Queued copies become envelopes of their own, a few at a time (reference 6)."""

from django.db import transaction

from sandbox import clock, lifecycle
from sandbox.definition.envelopes import create_envelope
from sandbox.definition.merging import Definition, merged_custom_fields, merged_tabs
from sandbox.definition.reading import Json, list_of, object_of, text_of
from sandbox.definition.templates import definition_of, with_merge_fields, without_open_roles
from sandbox.errors import ApiError
from sandbox.models import Envelope, Resource, User

from . import queue
from .fitting import find_source, is_meant


def send_due(limit: int) -> int:
    """Send up to `limit` copies whose turn has come, each in a transaction of its own; how many left the queue."""
    due = Resource.objects.filter(kind=queue.COPY, created_at__lte=clock.now()).order_by("created_at", "id")
    definitions: dict[str, Definition] = {}
    done = 0
    for pk in due.values_list("pk", flat=True)[:limit]:
        with transaction.atomic():
            copy = Resource.objects.filter(pk=pk).select_related("account").first()
            if copy is not None:  # its batch may have been voided in the meantime
                _send_one(copy, definitions)
                done += 1
    return done


def _send_one(copy: Resource, definitions: dict[str, Definition]) -> None:
    """What goes wrong is noted with the batch."""
    batch = Resource.objects.select_related("account").get(kind=queue.BATCH, guid=copy.data["batchId"])
    try:
        with transaction.atomic():
            _make(batch, copy.data["copy"], definitions)
    except ApiError as error:
        queue.note_failures(batch, [copy], f"{error.error_code}: {error.message}")
    else:
        copy.delete()


def _make(batch: Resource, copy: Json, definitions: dict[str, Definition]) -> None:
    sender = User.objects.get(guid=batch.data["senderId"])
    if batch.guid not in definitions:
        definitions[batch.guid] = definition_of(_source(batch, sender))
    definition = without_open_roles(with_merge_fields(copied(definitions[batch.guid], copy)))
    envelope = create_envelope(batch.account, sender, definition)
    envelope.batch = batch.guid
    envelope.save(update_fields=["batch"])
    lifecycle.register(envelope)
    lifecycle.send(envelope)


def _source(batch: Resource, sender: User) -> Envelope:
    source = find_source(batch.account, sender, batch.data["sourceId"])
    if source is None or source.status != "created":
        raise ApiError("BULK_SEND_ENVELOPE_NOT_IN_SENDABLE_STATE", message="The envelope to be copied has changed.")
    return source


def copied(definition: Definition, copy: Json) -> Definition:
    """The envelope's definition with the copy's people, values, custom fields and words."""
    recipients = list_of(copy, "recipients")
    groups = {kind: [_filled(item, recipients) for item in items] for kind, items in definition["recipients"].items()}
    words = {name: text_of(copy, name) for name in ("emailSubject", "emailBlurb") if copy.get(name)}
    given = {text_of(field, "name"): text_of(field, "value") for field in list_of(copy, "customFields")}
    upper = {
        kind: [{"name": field["name"], "value": given[field["name"]]} for field in fields if field.get("name") in given]
        for kind, fields in definition["customFields"].items()
    }
    custom_fields = merged_custom_fields(definition["customFields"], upper)
    return {**definition, **words, "recipients": groups, "customFields": custom_fields, "transactionId": ""}


def _filled(item: Definition, recipients: list[Json]) -> Definition:
    recipient = next((recipient for recipient in recipients if is_meant(recipient, item)), None)
    if recipient is None:
        return item
    kept_out = ("tabs", "recipientId", "roleName")
    own = {name: value for name, value in recipient.items() if name not in kept_out and value not in (None, "")}
    values = {text_of(tab, "tabLabel"): text_of(tab, "initialValue") for tab in list_of(recipient, "tabs")}
    tabs = object_of(item, "tabs")
    return item | own | {"tabs": merged_tabs(tabs, {group: _valued(group, values) for group in tabs})}


def _valued(group: str, values: dict[str, str]) -> list[Definition]:
    name = "selected" if group == "checkboxTabs" else "value"
    return [{"tabLabel": label, name: value} for label, value in values.items()]
