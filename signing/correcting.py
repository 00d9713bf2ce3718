"""Correcting a recipient after sending, as far as Docusign lets (reference 2.10), and what follows from it here."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from . import events, identities, linking, polling
from .finding import index
from .models import Envelope, EnvelopeStatus, EventKind, Recipient, RecipientStatus
from .models.recipient import DONE_STATUSES, MAX_ROUTING_ORDER
from .payloads import recipient_update

CORRECTABLE = frozenset({EnvelopeStatus.CREATED, EnvelopeStatus.SENT, EnvelopeStatus.DELIVERED, EnvelopeStatus.CORRECT})
FINISHED = DONE_STATUSES | {RecipientStatus.DECLINED}


class NotCorrectableError(Exception):
    """The rules forbid it; the message says which, for staff."""


@dataclass(frozen=True, slots=True)
class Correction:
    name: str
    email: str
    routing_order: int


def why_not(recipient: Recipient) -> str:
    """Why this recipient can no longer be corrected; empty when they can."""
    if recipient.envelope.status not in CORRECTABLE:
        return _("The envelope is not on its way: nothing of it can be changed any more.")
    if recipient.status in FINISHED:
        return _("%(name)s has finished. What was signed stays as it was signed.") % {"name": recipient.name}
    return ""


def correct(recipient: Recipient, correction: Correction) -> list[str]:
    """Change the recipient at Docusign, then here; the names of the columns that changed.

    A new address closes the present link, whose page then says so, and the new link goes there at once if it is
    their turn. Calls Docusign; raises NotCorrectableError, DocusignError.
    """
    envelope = recipient.envelope
    if reason := why_not(recipient):
        raise NotCorrectableError(reason)
    before = {name: getattr(recipient, name) for name in asdict(correction)}
    changes = {name: value for name, value in asdict(correction).items() if value != before[name]}
    if not changes:
        return []
    _refuse_impossible(recipient, correction)
    docusign_id, update = envelope.docusign_id or "", recipient_update(recipient, changes)
    identities.ask(envelope, lambda client: client.update_recipients(docusign_id, update), urgent=True)
    with transaction.atomic():
        Envelope.objects.select_for_update().get(pk=envelope.pk)  # first, as when news comes
        Recipient.objects.filter(pk=recipient.pk).update(**changes)
        told = {name: [before[name], value] for name, value in changes.items()}
        recipient.refresh_from_db()
        events.record(envelope.pk, EventKind.CORRECTED, told, recipient=recipient)
        index(envelope)
        if "email" in changes and recipient.is_embedded:
            linking.follow_address(recipient)
    polling.refresh([envelope.pk], urgent=True)  # a new order may have moved the turn
    return list(changes)


def orders(recipient: Recipient) -> range:
    """The routing orders this recipient may have: their own alone once their turn has come, else none that is over."""
    if recipient.status != RecipientStatus.CREATED:
        return range(recipient.routing_order, recipient.routing_order + 1)
    unfinished = recipient.envelope.recipients.exclude(status__in=FINISHED).exclude(status=RecipientStatus.CREATED)
    present = unfinished.aggregate(first=Min("routing_order"))["first"] or 1
    return range(present, MAX_ROUTING_ORDER + 1)


def _refuse_impossible(recipient: Recipient, correction: Correction) -> None:
    allowed = orders(recipient)
    if correction.routing_order not in allowed:
        if len(allowed) == 1:
            raise NotCorrectableError(_("It is their turn already, so their place in the order is fixed."))
        text = _("The envelope has reached step %(n)s already: a later step, or the same one, is possible.")
        raise NotCorrectableError(text % {"n": allowed.start})
    twins = _others_like(recipient.envelope, recipient, correction)
    if twins:
        raise NotCorrectableError(_("Somebody with this name and address stands at this step already."))


def _others_like(envelope: Envelope, recipient: Recipient, correction: Correction) -> bool:
    """Docusign refuses two that agree in name, email and routing order (ENVELOPE_HAS_DUPLICATE_RECIPIENTS)."""
    others = envelope.recipients.exclude(pk=recipient.pk).filter(routing_order=correction.routing_order)
    return others.filter(name__iexact=correction.name, email__iexact=correction.email).exists()
