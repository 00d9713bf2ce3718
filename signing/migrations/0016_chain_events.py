"""Every event that was written before there were chains is hashed over the one before it, in batches of their own.

Not in one transaction: a million rows are no reason to hold a million locks, and whatever is interrupted goes on where
it was.
"""

import json
import secrets

from django.db import migrations, transaction
from django.db.models import Q

from signing.verify import chain

BATCH = 5000
UPDATE = (
    "UPDATE signing_envelopeevent SET number = %s, previous_hash = %s, hash = %s, details_digest = %s, salt = %s, data = %s "
    "WHERE id = %s"
)


def chain_all(apps, schema_editor):
    event = apps.get_model("signing", "EnvelopeEvent")
    unchained = event.objects.filter(number=None)
    chain_rows(event, schema_editor.connection, unchained.filter(envelope=None).order_by("id"))
    chain_rows(event, schema_editor.connection, unchained.exclude(envelope=None).order_by("envelope_id", "id"))


def chain_rows(event, connection, rows):
    last = None
    head = (0, chain.FIRST)
    while True:
        after = rows
        if last is not None and last.envelope_id is None:
            after = rows.filter(id__gt=last.id)
        elif last is not None:
            # The first condition is for the index alone.
            same = Q(envelope_id=last.envelope_id, id__gt=last.id)
            after = rows.filter(envelope_id__gte=last.envelope_id).filter(same | Q(envelope_id__gt=last.envelope_id))
        batch = list(after[:BATCH])
        if not batch:
            return
        values = []
        for row in batch:
            if last is None or row.envelope_id != last.envelope_id:
                head = head_of(event, row.envelope_id)
            head = (head[0] + 1, *hashed(row, *head, values))
            last = row
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(UPDATE, values)


def head_of(event, envelope_id):
    """Not empty where this was interrupted."""
    chained = event.objects.filter(envelope_id=envelope_id).exclude(number=None).order_by("-number")
    return chained.values_list("number", "hash").first() or (0, chain.FIRST)


def hashed(row, number, previous_hash, values):
    salt, data = secrets.token_hex(16), chain.plain(row.data)
    details = {
        "actor": row.actor_name,
        "user": row.user_id,
        "ip": chain.address(row.ip or ""),
        "data": data,
        "salt": salt,
    }
    details_digest = chain.digest(details)
    this = chain.event_of(
        number=number + 1,
        at=row.at,
        kind=row.kind,
        actor_kind=row.actor_kind,
        about=row.about if row.recipient_number is None else f"recipient:{row.recipient_number}",
        details_digest=details_digest,
    )
    this_hash = chain.event_hash(previous_hash, chain.chain_name(row.envelope_id), this)
    values.append((number + 1, previous_hash, this_hash, details_digest, salt, json.dumps(data), row.pk))
    return (this_hash,)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("signing", "0015_event_chain")]

    operations = [migrations.RunPython(chain_all, migrations.RunPython.noop)]
