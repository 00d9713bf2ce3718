"""Whose recipientId is whose, in envelopes made of Docusign's own templates.

Docusign may number the recipients anew then (reference 2.8); the clientUserId that we gave stays.
"""

from collections.abc import Iterable

from .docusign import RecipientSnapshot
from .models import Envelope
from .models.recipient import MAX_NUMBER


def follow_numbers(envelope: Envelope, snapshots: Iterable[RecipientSnapshot]) -> None:
    """Give our rows the numbers that Docusign has given. The envelope must be locked."""
    rows = {r.client_user_id: r for r in envelope.recipients.all() if r.client_user_id}
    told = {s.client_user_id: int(s.recipient_id) for s in snapshots if s.recipient_id.isdecimal()}
    changed = {
        rows[key]: number
        for key, number in told.items()
        if key in rows and 1 <= number <= MAX_NUMBER and rows[key].number != number
    }
    # Out of the way first: two of them may have changed places.
    for turn in (0, 1):
        for position, (recipient, number) in enumerate(changed.items()):
            recipient.number = number if turn else MAX_NUMBER - position
            recipient.save(update_fields=["number"])
