"""From draft to sent, once. Calls Docusign; the lease on the row keeps two workers from doing it together."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from . import notifications
from .connection import connect
from .docusign import (
    Client,
    CreatedEnvelope,
    DocusignError,
    RateLimitedError,
    RequestRefusedError,
    UnavailableError,
)
from .links import open_link
from .models import Envelope, EnvelopeStatus, Recipient, RecipientStatus
from .models.envelope import SEND_LEASE
from .payloads import envelope_definition

logger = logging.getLogger(__name__)

# After an answer got lost, Docusign's look-up may not know the new envelope at once.
LOOKUP_DELAY = timedelta(seconds=20)
RETRY_DELAY = timedelta(seconds=30)


def claim_for_sending(envelope: Envelope) -> bool:
    """`draft → sending` by one conditional update; False when someone else was quicker."""
    claimed = Envelope.objects.filter(pk=envelope.pk, status=EnvelopeStatus.DRAFT).update(
        status=EnvelopeStatus.SENDING,
        send_attempts=0,
        send_lease_until=None,
        last_error="",
        last_error_code="",
        last_error_trace_token="",
        updated_at=timezone.now(),
    )
    return claimed == 1


def due_for_sending(now: datetime) -> list[int]:
    """Claimed envelopes nobody is working on: their bell was lost, their worker killed, or their retry has come."""
    rows = Envelope.objects.filter(_is_free(now), status=EnvelopeStatus.SENDING)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:500])


def send_envelope(envelope_id: int) -> bool:
    """Create the envelope at Docusign. True when it is sent; False when there was nothing to do or it was refused.

    A refusal (4xx) puts it back to draft with the reason. Anything that may pass by itself raises the
    DocusignError and leaves the row in `sending` for a later try.
    """
    envelope = _lease(envelope_id)
    if envelope is None:
        return False
    try:
        client = connect()
        created = _created_before(client, envelope) or client.create_envelope(envelope_definition(envelope))
    except RequestRefusedError as error:
        logger.warning("envelope %s refused: %s", envelope.pk, error)
        _release(envelope, error, status=EnvelopeStatus.DRAFT)
        return False
    except DocusignError as error:
        _release(envelope, error, status=EnvelopeStatus.SENDING)
        raise
    _record_sent(envelope, created)
    return True


def _lease(envelope_id: int) -> Envelope | None:
    now = timezone.now()
    leased = Envelope.objects.filter(_is_free(now), pk=envelope_id, status=EnvelopeStatus.SENDING).update(
        send_lease_until=now + SEND_LEASE, send_attempts=F("send_attempts") + 1
    )
    return Envelope.objects.get(pk=envelope_id) if leased else None


def _created_before(client: Client, envelope: Envelope) -> CreatedEnvelope | None:
    """What an earlier attempt with an unclear outcome left behind. The first attempt has nothing to look for."""
    if envelope.send_attempts <= 1:
        return None
    found = client.find_by_transaction_id(str(envelope.transaction_id))
    if found is None:
        return None
    logger.info("envelope %s had been created by an earlier attempt", envelope.pk)
    return CreatedEnvelope(
        docusign_id=found.docusign_id, status=found.status, status_changed_at=found.status_changed_at
    )


def _record_sent(envelope: Envelope, created: CreatedEnvelope) -> None:
    """Write down what Docusign made. Whose turn it is follows from the routing order; later news may correct it."""
    now = timezone.now()
    with transaction.atomic():
        row = Envelope.objects.select_for_update().get(pk=envelope.pk)
        row.docusign_id = created.docusign_id
        row.status = EnvelopeStatus.SENT
        row.sent_at = created.status_changed_at or now
        row.synced_at = now
        row.send_lease_until = None
        row.last_error = row.last_error_code = row.last_error_trace_token = ""
        row.save()
        first_order = row.recipients.aggregate(first=Min("routing_order"))["first"]
        recipients = list(row.recipients.all())
        for recipient in recipients:
            open_link(recipient, now)
            if recipient.routing_order == first_order:
                recipient.status = RecipientStatus.SENT
                recipient.sent_at = row.sent_at
        Recipient.objects.bulk_update(recipients, ["link_digest", "link_expires_at", "status", "sent_at"])
        notifications.queue_due(row)


def _release(envelope: Envelope, error: DocusignError, *, status: EnvelopeStatus) -> None:
    """Give the row free again, with the reason; `send_lease_until` is the earliest time of the next try."""
    next_try_at = timezone.now() + RETRY_DELAY
    if isinstance(error, RateLimitedError):
        next_try_at = error.retry_at
    elif isinstance(error, UnavailableError) and error.outcome_unknown:
        next_try_at = timezone.now() + LOOKUP_DELAY
    Envelope.objects.filter(pk=envelope.pk, status=EnvelopeStatus.SENDING).update(
        status=status,
        send_lease_until=next_try_at,
        last_error=error.staff_message[:500],
        last_error_code=error.error_code[:100],
        last_error_trace_token=error.trace_token[:100],
        updated_at=timezone.now(),
    )


def _is_free(now: datetime) -> Q:
    return Q(send_lease_until=None) | Q(send_lease_until__lte=now)
