"""From draft to sent, once. Calls Docusign; the lease on the row keeps two workers from doing it together.

Docusign refuses no second create, so one is dared only when the first has certainly failed: by a clear refusal, or
after looking for the envelope for SEND_LOOKUP_SECONDS (its look-up may lag) without finding it.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from . import events, identities, notifications
from .docusign import (
    Client,
    ConsentRequiredError,
    CreatedEnvelope,
    CredentialsRefusedError,
    DocusignError,
    EnvelopeSnapshot,
    NotConfiguredError,
    RateLimitedError,
    RequestRefusedError,
    UnavailableError,
)
from .identities import SenderLostError
from .links import open_link
from .models import ActorKind, Envelope, EnvelopeStatus, EventKind, Recipient, RecipientKind, RecipientStatus
from .models.envelope import SEND_LEASE
from .payloads import PORTAL_REF_FIELD, envelope_definition

logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=10)  # doubled with every attempt
MOST_DOUBLINGS = 3  # to 80 seconds
FIRST_LOOK_DELAY = timedelta(seconds=10)  # doubled with every look that finds nothing
CLOCK_MARGIN = timedelta(days=1)  # for searches by date: our clock and Docusign's may differ

SENT_COLUMNS = ("link_digest", "link_expires_at", "status", "sent_at", "sealed_access_code")
NOT_TRIED = {"send_attempts": 0, "send_lease_until": None, "send_unclear_since": None}
NO_ERROR = {"last_error": "", "last_error_code": "", "last_error_trace_token": ""}


def claim_for_sending(envelope: Envelope, *, undo_seconds: int | None = None) -> bool:
    """`draft → sending` by one conditional update; False when someone else was quicker.

    No worker begins before SEND_UNDO_SECONDS (or `undo_seconds`) have passed: until then `take_back` makes it a draft
    again.
    """
    now = timezone.now()
    undo_seconds = settings.SEND_UNDO_SECONDS if undo_seconds is None else undo_seconds
    with transaction.atomic():
        claimed = Envelope.objects.filter(pk=envelope.pk, status=EnvelopeStatus.DRAFT).update(
            status=EnvelopeStatus.SENDING,
            send_due_at=now + timedelta(seconds=undo_seconds),
            send_at=None,
            updated_at=now,
            **NOT_TRIED,
            **NO_ERROR,
        )
        if claimed:
            events.record(envelope.pk, EventKind.SEND_ASKED)
    return claimed == 1


def take_back(envelope: Envelope) -> bool:
    """`sending → draft` while no worker holds it and Docusign has certainly not seen it; False when too late."""
    now = timezone.now()
    with transaction.atomic():
        taken = Envelope.objects.filter(
            _not_leased(now), pk=envelope.pk, status=EnvelopeStatus.SENDING, send_unclear_since=None
        ).update(status=EnvelopeStatus.DRAFT, send_due_at=None, updated_at=now, **NOT_TRIED, **NO_ERROR)
        if taken:
            events.record(envelope.pk, EventKind.TAKEN_BACK)
    return taken == 1


def due_for_sending(now: datetime) -> list[int]:
    """Claimed envelopes nobody is working on: their bell was lost, their worker killed, or their retry has come."""
    rows = Envelope.objects.filter(_is_due(now), status=EnvelopeStatus.SENDING)
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
        created = _find_or_create(envelope)
    except DocusignError as error:
        if isinstance(error, SenderLostError):
            _without_sender(envelope, error)
            return False
        # Only a refused create goes back to the staff; a refused look says nothing about the envelope.
        if isinstance(error, RequestRefusedError) and envelope.send_unclear_since is None:
            logger.warning("envelope %s refused: %s", envelope.pk, error)
            with transaction.atomic():
                _release(envelope, error, status=EnvelopeStatus.DRAFT)
                events.record(envelope.pk, EventKind.REFUSED, by=ActorKind.DOCUSIGN, reason=error.staff_message[:500])
            return False
        _release(envelope, error, status=EnvelopeStatus.SENDING)
        raise
    return created is not None and record_sent(envelope.pk, created)


def record_sent(envelope_id: int, created: CreatedEnvelope) -> bool:
    """Write down what Docusign made; False when that was known, from a Connect message quicker than the answer.

    Whose turn it is follows from the routing order; later news may correct it.
    """
    now = timezone.now()
    with transaction.atomic():
        row = Envelope.objects.select_for_update().get(pk=envelope_id)
        if row.status != EnvelopeStatus.SENDING:
            if row.docusign_id != created.docusign_id:
                logger.error("envelope %s is %s already; Docusign has %s", row.pk, row.status, created.docusign_id)
            return False
        row.docusign_id = created.docusign_id
        row.status = EnvelopeStatus.SENT
        row.sent_at = created.status_changed_at or now
        row.expires_at = row.sent_at + timedelta(days=row.expire_after_days)
        row.synced_at = now
        row.send_due_at = row.send_lease_until = row.send_unclear_since = None
        row.last_error = row.last_error_code = row.last_error_trace_token = ""
        row.save()
        recipients = list(row.recipients.all())
        for recipient in recipients:
            if recipient.is_embedded:
                open_link(recipient, now)
            recipient.sealed_access_code = ""  # Docusign has it now, and asks for it
        for recipient in _first_asked(recipients):
            is_told_only = recipient.kind == RecipientKind.CARBON_COPY
            recipient.status = RecipientStatus.COMPLETED if is_told_only else RecipientStatus.SENT
            recipient.sent_at = row.sent_at
        Recipient.objects.bulk_update(recipients, SENT_COLUMNS)
        sha256 = list(row.documents.order_by("number").values_list("sha256", flat=True))  # what they will sign
        told = {"docusign_id": created.docusign_id, "documents": sha256}
        events.record(row.pk, EventKind.SENT, told, by=ActorKind.SYSTEM)
        notifications.queue_due(row)
    return True


def _first_asked(recipients: Sequence[Recipient]) -> list[Recipient]:
    """Everyone of the lowest order; of the next one, too, where nobody has to do anything before it."""
    asked: list[Recipient] = []
    in_order = sorted(recipients, key=lambda recipient: recipient.routing_order)
    for _order, group in groupby(in_order, key=lambda recipient: recipient.routing_order):
        members = list(group)
        asked += members
        if any(recipient.kind != RecipientKind.CARBON_COPY for recipient in members):
            break
    return asked


def _lease(envelope_id: int) -> Envelope | None:
    """Whoever gets the row is alone with it. One that died with a create under way may have been heard until now."""
    now = timezone.now()
    row = Envelope.objects.filter(pk=envelope_id, status=EnvelopeStatus.SENDING).first()
    if row is None:
        return None
    unclear_since = now if row.send_lease_until and row.send_unclear_since else row.send_unclear_since
    leased = Envelope.objects.filter(_is_due(now), pk=envelope_id, status=EnvelopeStatus.SENDING).update(
        send_lease_until=now + SEND_LEASE, send_attempts=F("send_attempts") + 1, send_unclear_since=unclear_since
    )
    return Envelope.objects.get(pk=envelope_id) if leased else None


def _find_or_create(envelope: Envelope) -> CreatedEnvelope | None:
    """None when it is too early to say that an earlier attempt has failed: another look is due then."""
    if envelope.send_unclear_since is None:
        with identities.sender(envelope.sent_as) as client:
            return _create(client, envelope)
    is_last_look = timezone.now() >= envelope.send_unclear_since + _lookup_period()
    found = identities.ask(envelope, partial(_look_for, envelope, thoroughly=is_last_look))
    if found:
        logger.info("envelope %s had been created by an earlier attempt", envelope.pk)
        return CreatedEnvelope(
            docusign_id=found.docusign_id, status=found.status, status_changed_at=found.status_changed_at
        )
    if is_last_look:
        with identities.sender(envelope.sent_as) as client:
            return _create(client, envelope)
    _release_for_another_look(envelope)
    return None


def _look_for(envelope: Envelope, client: Client, *, thoroughly: bool) -> EnvelopeSnapshot | None:
    """By transaction id; before a second create also by our custom field, since transaction ids live 7 days."""
    reference = str(envelope.transaction_id)
    found = client.find_by_transaction_id(reference)
    if found is None and thoroughly:
        since = envelope.created_at - CLOCK_MARGIN
        found = client.find_by_custom_field(PORTAL_REF_FIELD, reference, from_at=since)
    return found


def _create(client: Client, envelope: Envelope) -> CreatedEnvelope | None:
    """Calls Docusign. While the row says `send_unclear_since`, nobody will ever create it again without looking.

    None when the row is no longer this worker's.
    """
    definition = envelope_definition(envelope)
    now = timezone.now()
    is_ours = Envelope.objects.filter(
        pk=envelope.pk, status=EnvelopeStatus.SENDING, send_attempts=envelope.send_attempts, send_lease_until__gt=now
    ).update(send_unclear_since=now)
    if not is_ours:
        return None
    envelope.send_unclear_since = now
    try:
        return client.create_envelope(definition)
    except UnavailableError as error:
        envelope.send_unclear_since = timezone.now() if error.outcome_unknown else None
        raise
    except DocusignError:
        envelope.send_unclear_since = None  # a clear no
        raise


def _without_sender(envelope: Envelope, lost: SenderLostError) -> None:
    """The site's rule says whether the service account sends it; otherwise a person decides."""
    with transaction.atomic():
        if settings.LOST_SENDER == "service-account":
            _release(envelope, lost, status=EnvelopeStatus.SENDING)
            identities.stand_in(envelope, lost.identity)
        else:
            _release(envelope, lost, status=EnvelopeStatus.DRAFT)
            identities.hold(envelope, lost.identity)


def _release(envelope: Envelope, error: DocusignError, *, status: EnvelopeStatus) -> None:
    """Give the row free again, with the reason."""
    is_draft = status == EnvelopeStatus.DRAFT
    Envelope.objects.filter(pk=envelope.pk, status=EnvelopeStatus.SENDING).update(
        status=status,
        send_due_at=None if is_draft else _next_try_at(envelope, error),
        send_lease_until=None,
        send_unclear_since=None if is_draft else envelope.send_unclear_since,
        last_error=error.staff_message[:500],
        last_error_code=error.error_code[:100],
        last_error_trace_token=error.trace_token[:100],
        updated_at=timezone.now(),
    )


def _release_for_another_look(envelope: Envelope) -> None:
    Envelope.objects.filter(pk=envelope.pk, status=EnvelopeStatus.SENDING).update(
        send_due_at=_next_look_at(envelope), send_lease_until=None
    )


def _next_try_at(envelope: Envelope, error: DocusignError) -> datetime:
    now = timezone.now()
    if isinstance(error, RateLimitedError):
        return error.retry_at
    if isinstance(error, SenderLostError):
        return now
    if isinstance(error, ConsentRequiredError | CredentialsRefusedError | NotConfiguredError) and not envelope.sent_as:
        return now  # the sweep rests until the connection is mended, and then at once
    if envelope.send_unclear_since:
        return _next_look_at(envelope)
    return now + _retry_delay(envelope)


def _next_look_at(envelope: Envelope) -> datetime:
    """10, 20, 40 … seconds after the unclear outcome, the last look at the end of the period."""
    now = timezone.now()
    since = envelope.send_unclear_since or now
    ends_at = since + _lookup_period()
    step = max(FIRST_LOOK_DELAY, now - since)
    return min(now + step, ends_at) if ends_at > now else now + _retry_delay(envelope)


def _retry_delay(envelope: Envelope) -> timedelta:
    return FIRST_RETRY * 2 ** min(max(0, envelope.send_attempts - 1), MOST_DOUBLINGS)


def _lookup_period() -> timedelta:
    return timedelta(seconds=settings.SEND_LOOKUP_SECONDS)


def _is_due(now: datetime) -> Q:
    return _not_leased(now) & (Q(send_due_at=None) | Q(send_due_at__lte=now))


def _not_leased(now: datetime) -> Q:
    return Q(send_lease_until=None) | Q(send_lease_until__lte=now)
