"""What news from Docusign changed in our rows, told on the timeline."""

from collections.abc import Mapping

from . import events
from .models import ActorKind, Envelope, EventKind, Recipient

CORRECTED = ("name", "email")


class Changes:
    """Made before the news is taken over; `record` compares afterwards. `recipients` is the caller's, and may grow."""

    def __init__(self, envelope: Envelope, recipients: Mapping[str, Recipient]) -> None:
        self._envelope, self._recipients = envelope, recipients
        self._status = envelope.status
        self._before = {number: _facts(recipient) for number, recipient in recipients.items()}
        self.of_people = False

    def record(self) -> None:
        """Recipients first: it is they who move the envelope."""
        for number, recipient in self._recipients.items():
            self._record_one(recipient, self._before.get(number))
        envelope = self._envelope
        if envelope.status != self._status:
            why = {"reason": envelope.voided_reason} if envelope.voided_reason else {}
            told = {"from": self._status, "to": envelope.status, **why}
            events.record(envelope.pk, EventKind.STATUS, told, by=ActorKind.DOCUSIGN)

    def _record_one(self, recipient: Recipient, before: Mapping[str, str] | None) -> None:
        pk = self._envelope.pk
        if before is None:
            self.of_people = True
            events.record(
                pk, EventKind.RECIPIENT_ADDED, recipient=recipient, by=ActorKind.DOCUSIGN, email=recipient.email
            )
            return
        after = _facts(recipient)
        corrected = {name: [before[name], after[name]] for name in CORRECTED if before[name] != after[name]}
        if corrected:
            self.of_people = True
            events.record(pk, EventKind.RECIPIENT_CHANGED, corrected, recipient=recipient, by=ActorKind.DOCUSIGN)
        if before["status"] != after["status"]:
            reason = {"reason": recipient.declined_reason} if recipient.declined_reason else {}
            told = {"from": before["status"], "to": after["status"], **reason}
            events.record(pk, EventKind.RECIPIENT_STATUS, told, recipient=recipient, by=ActorKind.DOCUSIGN)


def _facts(recipient: Recipient) -> dict[str, str]:
    return {"status": recipient.status, "name": recipient.name, "email": recipient.email}
