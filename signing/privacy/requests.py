"""Purging at Docusign (reference 7.2): one person or a rule asks, another person decides, then Docusign is told.

Docusign purges finished envelopes alone, 14 days after it was asked; until then it can be taken out of the queue,
which a legal hold does by itself.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from signing import events, identities, polling, status
from signing.acting import actor
from signing.docusign import DocusignError
from signing.models import ActorKind, Envelope, EventKind, PurgeRequest, PurgeRequestState
from signing.models.privacy import OPEN_PURGE_STATES

logger = logging.getLogger(__name__)

EXPIRES_AFTER = timedelta(days=14)
QUEUE_TIME = timedelta(days=14)  # at Docusign (reference 7.2)
DEQUEUED = "documents_dequeued"
RETRY_AFTER = timedelta(minutes=10)
LEASE = timedelta(minutes=3)
AT_ONCE = 50
TELLS = EventKind.PURGE_DECIDED


class NotPurgeableError(Exception):
    """Says in a sentence why it cannot be asked, or decided."""


def why_not(envelope: Envelope) -> str:
    """Why a purge cannot be asked for; empty when it can."""
    if not envelope.is_terminal or not envelope.docusign_id:
        return _("Docusign purges only what is completed, declined or voided.")
    if envelope.is_on_hold:
        return _("It is on legal hold.")
    if is_gone(envelope.purge_state):
        return _("Docusign has purged it already.")
    if is_queued(envelope.purge_state):
        return _("It waits in Docusign's queue already.")
    if Envelope.objects.lacking_documents().filter(pk=envelope.pk).exists():
        return _("The signed documents are not here yet: purging now would lose them.")
    return ""


def is_queued(purge_state: str) -> bool:
    return purge_state.endswith("_queued")


def is_gone(purge_state: str) -> bool:
    return purge_state.endswith("_purged")


def ask(envelope: Envelope, purge_state: str, *, reason: str = "") -> PurgeRequest:
    """Whoever acts asks. Raises NotPurgeableError."""
    if sentence := why_not(envelope):
        raise NotPurgeableError(sentence)
    try:
        return _ask(envelope, purge_state, reason, actor().find_user())
    except IntegrityError:
        raise NotPurgeableError(_("Somebody has asked for it already.")) from None


def ask_by_rule(envelope: Envelope, purge_state: str) -> None:
    """Where nobody has, and Docusign has not been told yet. The caller holds the envelope's lock."""
    is_asked = envelope.purge_requests.filter(state__in=OPEN_PURGE_STATES).exists()
    if envelope.docusign_id and not is_asked and not _is_under_way(envelope.purge_state):
        _ask(envelope, purge_state, "", None)


def _is_under_way(purge_state: str) -> bool:
    return is_queued(purge_state) or is_gone(purge_state)


def decide(request: PurgeRequest, *, approve: bool) -> PurgeRequest:
    """By another person than asked. The caller rings for the call to Docusign. Raises NotPurgeableError."""
    user = actor().find_user()
    with transaction.atomic():
        row = PurgeRequest.objects.select_for_update().select_related("envelope").get(pk=request.pk)
        if row.state != PurgeRequestState.ASKED:
            raise NotPurgeableError(_("It is decided already."))
        if user is None or user.pk == row.asked_by_id:
            raise NotPurgeableError(_("A second person has to decide: not who asked for it."))
        if approve and (sentence := why_not(row.envelope)):
            raise NotPurgeableError(sentence)
        now = timezone.now()
        row.state = PurgeRequestState.APPROVED if approve else PurgeRequestState.REFUSED
        row.decided_by, row.decided_at, row.due_at = user, now, now if approve else None
        row.save()
        events.record(row.envelope_id, TELLS, decision=row.state)
    return row


def due(now: datetime) -> list[int]:
    """Approved, and not told to Docusign yet."""
    rows = PurgeRequest.objects.filter(state=PurgeRequestState.APPROVED, due_at__lte=now)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])


def carry_out(request_id: int) -> None:
    """Tell Docusign. Asking twice for the same is harmless. Trouble is kept on the row, and raised (DocusignError)."""
    row = _claim(request_id)
    if row is None:
        return
    if sentence := why_not(row.envelope):
        _fail(row, sentence)
        return
    try:
        _tell(row.envelope, row.purge_state)
    except DocusignError as error:
        if not error.retryable:
            _fail(row, error.staff_message)
        else:
            PurgeRequest.objects.filter(pk=row.pk).update(due_at=timezone.now() + RETRY_AFTER)
        raise
    with transaction.atomic():
        PurgeRequest.objects.filter(pk=row.pk).update(state=PurgeRequestState.DONE, due_at=None, error="")
        status.note_purge_state(row.envelope_id, row.purge_state)


def expire(now: datetime) -> int:
    """What nobody decided within two weeks; how many."""
    rows = PurgeRequest.objects.filter(state=PurgeRequestState.ASKED, asked_at__lte=now - EXPIRES_AFTER)
    expired = 0
    for row in rows[:1000]:
        with transaction.atomic():
            left = PurgeRequest.objects.filter(pk=row.pk, state=PurgeRequestState.ASKED)
            if left.update(state=PurgeRequestState.EXPIRED, decided_at=now):
                expired += 1
                decision = PurgeRequestState.EXPIRED.value
                events.record(row.envelope_id, TELLS, by=ActorKind.SYSTEM, decision=decision)
    return expired


def queued_on_hold() -> list[int]:
    """On hold, and in Docusign's queue still: to be taken out."""
    rows = Envelope.objects.filter(held_at__isnull=False, purge_state__endswith="_queued")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def dequeue(envelope_id: int) -> None:
    """Take it out of Docusign's queue. Calls Docusign; raises DocusignError."""
    envelope = Envelope.objects.get(pk=envelope_id)
    if envelope.docusign_id and is_queued(envelope.purge_state):
        _tell(envelope, DEQUEUED)
        status.note_purge_state(envelope.pk, DEQUEUED)


def ask_what_became(now: datetime) -> None:
    """Of those whose time in the queue is over, where no message told. Calls Docusign; raises DocusignError."""
    over = PurgeRequest.objects.filter(
        envelope=OuterRef("pk"), state=PurgeRequestState.DONE, decided_at__lte=now - QUEUE_TIME
    )
    rows = Envelope.objects.filter(Exists(over), purge_state__endswith="_queued").exclude(docusign_id=None)
    _take_news(rows.values_list("docusign_id", flat=True)[:1000])


def _tell(envelope: Envelope, purge_state: str) -> None:
    """In the sender's name: Docusign lets nobody else purge (reference 7.2)."""
    identities.ask(envelope, lambda client: client.set_purge_state(envelope.docusign_id or "", purge_state))


def _take_news(docusign_ids: Iterable[str | None]) -> None:
    for snapshot in polling.snapshots_of([docusign_id for docusign_id in docusign_ids if docusign_id]):
        status.apply_snapshot(snapshot)


def _ask(envelope: Envelope, purge_state: str, reason: str, user: User | None) -> PurgeRequest:
    with transaction.atomic():
        row = PurgeRequest.objects.create(
            envelope=envelope, purge_state=purge_state, reason=reason[:500], asked_by=user, asked_at=timezone.now()
        )
        by = None if user else ActorKind.SYSTEM
        events.record(envelope.pk, EventKind.PURGE_ASKED, by=by, state=purge_state, reason=reason[:500])
    return row


def _claim(request_id: int) -> PurgeRequest | None:
    now = timezone.now()
    claimed = PurgeRequest.objects.filter(pk=request_id, state=PurgeRequestState.APPROVED, due_at__lte=now).update(
        due_at=now + LEASE
    )
    return PurgeRequest.objects.select_related("envelope").get(pk=request_id) if claimed else None


def _fail(row: PurgeRequest, sentence: str) -> None:
    with transaction.atomic():
        PurgeRequest.objects.filter(pk=row.pk).update(state=PurgeRequestState.FAILED, error=sentence[:500], due_at=None)
        decision = PurgeRequestState.FAILED.value
        events.record(row.envelope_id, TELLS, by=ActorKind.SYSTEM, decision=decision, reason=sentence[:500])
