"""Whose an envelope is. Its owner hears what becomes of it and stands in the mails as the sender; its team sees it."""

from django.contrib.auth.models import User
from django.db import transaction

from . import events
from .models import Envelope, EventKind, Team
from .visibility import team_for


def reassign(envelope: Envelope, to: User) -> bool:
    """Give the envelope to another member of staff; False when it is theirs already.

    It stays with its team if they are in it, and goes along to theirs if not.
    """
    with transaction.atomic():
        row = Envelope.objects.select_for_update(of=("self",)).select_related("owner").get(pk=envelope.pk)
        if row.owner == to:
            return False
        former = row.sender_name
        row.owner, row.team = to, team_for(to, like=row.team_id)
        row.save(update_fields=["owner", "team"])
        events.record(row.pk, EventKind.REASSIGNED, {"from": former, "to": row.sender_name})
    return True


def move(envelope: Envelope, to: Team | None) -> bool:
    """Give the envelope to another team, or to none; False when it is there already."""
    with transaction.atomic():
        row = Envelope.objects.select_for_update(of=("self",)).select_related("team").get(pk=envelope.pk)
        if row.team == to:
            return False
        former = str(row.team or "")
        row.team = to
        row.save(update_fields=["team"])
        events.record(row.pk, EventKind.MOVED, {"from": former, "to": str(to or "")})
    return True
