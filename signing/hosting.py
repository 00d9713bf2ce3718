"""Signing in person: the host of the device says who they are and whom they have before them.

Docusign's in-person signing has the host confirm the signer's presence (reference: inPersonSigners). Here that is asked
before the device is handed over, and stands in the timeline as evidence of its own.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import events
from .links import HAND_OVER, Link
from .models import ActorKind, EnvelopeEvent, EventKind

CONFIRMED_FOR: timedelta = HAND_OVER  # one sitting; who comes back later is asked again


def host_name_of(link: Link) -> str:
    """Who has the device: the host that the sender named, or who signed before. Empty where nobody hosts."""
    if link.host:
        return link.host.mail_name
    return link.recipient.host_name if link.recipient.is_hosted else ""


def lacks_confirmation(link: Link) -> bool:
    """Somebody hosts, and has not said within this sitting that the signer is with them."""
    if not link.host and not link.recipient.is_hosted:
        return False
    return not EnvelopeEvent.objects.filter(
        envelope_id=link.recipient.envelope_id,
        kind=EventKind.IN_PERSON_CONFIRMED,
        recipient_number=link.recipient.number,
        at__gt=timezone.now() - CONFIRMED_FOR,
    ).exists()


def confirm(link: Link) -> None:
    """The host's word, written down once per sitting."""
    with transaction.atomic():
        if lacks_confirmation(link):
            events.record(
                link.recipient.envelope_id,
                EventKind.IN_PERSON_CONFIRMED,
                recipient=link.recipient,
                by=ActorKind.RECIPIENT,
                actor_name=host_name_of(link),
                host=host_name_of(link),
            )
