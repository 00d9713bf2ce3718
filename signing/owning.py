"""Who answers for an envelope. The owner is told what becomes of it and stands in the mails as the sender."""

from django.contrib.auth.models import User
from django.db import transaction

from . import events
from .models import Envelope, EventKind


def reassign(envelope: Envelope, to: User) -> bool:
    """Give the envelope to another member of staff; False when it is theirs already."""
    with transaction.atomic():
        row = Envelope.objects.select_for_update().select_related("owner").get(pk=envelope.pk)
        if row.owner == to:
            return False
        former = row.sender_name
        row.owner = to
        row.save(update_fields=["owner"])
        events.record(row.pk, EventKind.REASSIGNED, {"from": former, "to": row.sender_name})
    return True
