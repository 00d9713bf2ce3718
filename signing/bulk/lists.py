"""Batches through Docusign's Bulk Send: up to a thousand rows at a time become a list there, and are queued at once.

Every row has its envelope here first, whose reference goes along as a custom field: by it Connect messages, and the
batch's own list of envelopes, tell whose is which. The one step that must not happen twice is sending the list: after
an unclear outcome the batch is looked for by its name, for SEND_LOOKUP_SECONDS, before the step is dared again.
"""

import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signing import connection, identities, sending
from signing.docusign import (
    BulkBatchStatus,
    Client,
    CreatedEnvelope,
    DocusignError,
    RequestRefusedError,
    UnavailableError,
)
from signing.docusign.bulk import MAX_COPIES, QUEUE_IS_FULL
from signing.identities import SenderLostError
from signing.models import (
    BatchStatus,
    BulkBatch,
    BulkList,
    BulkRow,
    Delivery,
    Envelope,
    EnvelopeStatus,
    ListState,
    Recipient,
    RowState,
)
from signing.payloads import PORTAL_REF_FIELD, bulk_copy, bulk_draft_definition

from . import batches, waves
from .rules import Plan

logger = logging.getLogger(__name__)

OPEN_STATES = (ListState.COMPOSING, ListState.COMPOSED, ListState.SENT)
CHUNK = 25  # rows that become envelopes in one transaction
NOT_SINGLY = timedelta(days=365)  # the sweep leaves such an envelope alone
FIRST_LOOK = timedelta(seconds=10)  # then 20, 40 …
QUEUE_DELAY = timedelta(minutes=1)
MOST_LOOKS = 60  # some hours
LONGEST_LOOK = timedelta(minutes=5)  # Connect tells meanwhile


def send_lists(batch: BulkBatch) -> None:
    """One turn: take the present list a step further, or begin the next. Calls Docusign; raises DocusignError."""
    waves.settle(batch)
    bulk_list = batch.lists.filter(state__in=OPEN_STATES).first()
    if bulk_list is None and batch.status == BatchStatus.SENDING and _has_ready(batch):
        bulk_list = BulkList.objects.create(batch=batch)
    if bulk_list is None:
        waves.finish(batch)
    elif not connection.is_paused():
        try:
            _advance(batch, bulk_list)
        except RequestRefusedError as error:
            _refuse(bulk_list, error.staff_message)
        except SenderLostError as lost:
            _without_sender(batch, bulk_list, lost)
    waves.settle(batch)
    batches.recount(batch)


def _advance(batch: BulkBatch, bulk_list: BulkList) -> None:
    if bulk_list.state == ListState.COMPOSING:
        _compose(batch, bulk_list)
    if bulk_list.state == ListState.COMPOSED:
        _send(batch, bulk_list)
    elif bulk_list.state == ListState.SENT:
        _look(bulk_list)


def _compose(batch: BulkBatch, bulk_list: BulkList) -> None:
    """Make the rows' envelopes, in small transactions; a second worker goes on where the first has died."""
    plan = Plan(batch.content, batch.headers, batch.mapping)
    while bulk_list.rows.count() < MAX_COPIES and _compose_some(batch, bulk_list, plan):
        pass
    if batches.is_still(batch, BatchStatus.SENDING):
        bulk_list.state = ListState.COMPOSED if bulk_list.rows.exists() else ListState.DONE
        bulk_list.save(update_fields=["state"])


def _compose_some(batch: BulkBatch, bulk_list: BulkList, plan: Plan) -> int:
    with transaction.atomic():
        locked = BulkBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.status != BatchStatus.SENDING or locked.lease_until != batch.lease_until:
            return 0
        ready = batch.rows.select_for_update().filter(state=RowState.READY, envelope=None).order_by("number")
        rows = list(ready[: min(CHUNK, MAX_COPIES - bulk_list.rows.count())])
        for row in rows:
            row.bulk_list = bulk_list
            _keep_from_single_sending(waves.make_envelope(batch, row, plan))
    return len(rows)


def _keep_from_single_sending(envelope: Envelope) -> None:
    now = timezone.now()
    Envelope.objects.filter(pk=envelope.pk).update(send_due_at=now + NOT_SINGLY, send_unclear_since=now)
    Recipient.objects.filter(envelope=envelope).update(client_user_id="", delivery=Delivery.DOCUSIGN)


def _send(batch: BulkBatch, bulk_list: BulkList) -> None:
    """Draft, list, test, send. What was done before a worker died is not done again."""
    if bulk_list.look_at and bulk_list.look_at > timezone.now():
        return
    with identities.sender(batch.sent_as) as client:
        _send_by(client, batch, bulk_list)


def _send_by(client: Client, batch: BulkBatch, bulk_list: BulkList) -> None:
    name = f"{batch.name[:60]} {bulk_list.reference}"
    if bulk_list.send_unclear_since is not None:
        found = client.find_bulk_batch(name)
        if found is not None:
            _note_sent(bulk_list, found.docusign_id)
            return
        if timezone.now() < bulk_list.send_unclear_since + timedelta(seconds=settings.SEND_LOOKUP_SECONDS):
            return
    _prepare(client, batch, bulk_list, name)
    problems = client.test_bulk_list(bulk_list.list_docusign_id, bulk_list.draft_docusign_id)
    if QUEUE_IS_FULL in problems:
        _wait_for_queue(bulk_list)
    elif problems:
        _refuse(bulk_list, " ".join(problems.values()))
    else:
        _queue(client, bulk_list, name)


def _prepare(client: Client, batch: BulkBatch, bulk_list: BulkList, name: str) -> None:
    if not bulk_list.draft_docusign_id:
        bulk_list.draft_docusign_id = _draft(client, batch, bulk_list)
        bulk_list.save(update_fields=["draft_docusign_id"])
    if not bulk_list.list_docusign_id:
        bulk_list.list_docusign_id = client.create_bulk_list(name, list(_copies(bulk_list)))
        bulk_list.save(update_fields=["list_docusign_id"])


def _queue(client: Client, bulk_list: BulkList, name: str) -> None:
    """The step that counts. While the row says `send_unclear_since`, nobody dares it again without looking."""
    _mark(bulk_list, timezone.now())
    try:
        sent = client.send_bulk_list(bulk_list.list_docusign_id, bulk_list.draft_docusign_id, batch_name=name)
    except UnavailableError as error:
        _mark(bulk_list, timezone.now() if error.outcome_unknown else None)
        raise
    except DocusignError as error:
        _mark(bulk_list, None)  # a clear no
        if error.error_code != QUEUE_IS_FULL:  # which others have filled since the test
            raise
        _wait_for_queue(bulk_list)
        return
    _note_sent(bulk_list, sent)


def _mark(bulk_list: BulkList, unclear_since: datetime | None) -> None:
    bulk_list.send_unclear_since = unclear_since
    bulk_list.save(update_fields=["send_unclear_since"])


def _wait_for_queue(bulk_list: BulkList) -> None:
    bulk_list.look_at = timezone.now() + QUEUE_DELAY
    bulk_list.save(update_fields=["look_at"])


def _draft(client: Client, batch: BulkBatch, bulk_list: BulkList) -> str:
    """An earlier attempt's, if there is one. A second draft would do no harm: drafts go nowhere."""
    reference = str(bulk_list.reference)
    found = client.find_by_transaction_id(reference)
    if found is not None:
        return found.docusign_id
    return client.create_envelope(bulk_draft_definition(batch.content, reference=reference)).docusign_id


def _copies(bulk_list: BulkList) -> Iterator[dict[str, object]]:
    envelopes = Envelope.objects.filter(bulk_row__bulk_list=bulk_list).order_by("pk")
    for envelope in envelopes.prefetch_related("recipients__tabs"):
        yield bulk_copy(envelope)


def _note_sent(bulk_list: BulkList, batch_docusign_id: str) -> None:
    bulk_list.batch_docusign_id = batch_docusign_id
    bulk_list.state, bulk_list.send_unclear_since = ListState.SENT, None
    bulk_list.look_at = timezone.now() + FIRST_LOOK
    bulk_list.save()


def _look(bulk_list: BulkList) -> None:
    """Ask how far Docusign has come; the more rarely the longer it takes."""
    now = timezone.now()
    if bulk_list.look_at and bulk_list.look_at > now:
        return
    bulk_list.looks += 1
    bulk_list.look_at = now + min(FIRST_LOOK * 2 ** min(bulk_list.looks, 10), LONGEST_LOOK)
    bulk_list.save(update_fields=["looks", "look_at"])
    client = identities.client_of(bulk_list.batch)
    status = client.get_bulk_batch(bulk_list.batch_docusign_id)
    for reference, snapshot in client.list_bulk_envelopes(bulk_list.batch_docusign_id, PORTAL_REF_FIELD):
        _record(reference, CreatedEnvelope(snapshot.docusign_id, snapshot.status, snapshot.sent_at))
    # Its list of envelopes may lag behind its figures: what is missing there has not failed for that.
    is_told_apart = len(_under_way(bulk_list)) <= status.failed or bulk_list.looks >= MOST_LOOKS
    if status.queued == 0 and is_told_apart:
        _fail_rest(bulk_list, status)
        bulk_list.state = ListState.DONE
        bulk_list.save(update_fields=["state"])


def _record(reference: str, created: CreatedEnvelope) -> None:
    try:
        transaction_id = uuid.UUID(reference)
    except ValueError:
        return
    envelope = Envelope.objects.filter(transaction_id=transaction_id, status=EnvelopeStatus.SENDING).first()
    if envelope is not None:
        sending.record_sent(envelope.pk, created)


def _fail_rest(bulk_list: BulkList, status: BulkBatchStatus) -> None:
    """What is in the batch neither as an envelope nor waiting has failed there, or is lost to us."""
    reasons = {email.casefold(): text for emails, text in status.failures for email in emails}
    for row in _under_way(bulk_list):
        _give_back(
            row, reasons.get(row.email) or _("Docusign tells nothing of this envelope. Look for it there first.")
        )


def _refuse(bulk_list: BulkList, reason: str) -> None:
    logger.warning("bulk list %s refused: %s", bulk_list.pk, reason)
    for row in _under_way(bulk_list):
        _give_back(row, reason)
    bulk_list.state = ListState.FAILED
    bulk_list.save(update_fields=["state"])


def _without_sender(batch: BulkBatch, bulk_list: BulkList, lost: SenderLostError) -> None:
    """The site's rule says whether the service account sends the list; otherwise a person decides."""
    if identities.must_wait(lost.identity):
        _refuse(bulk_list, lost.staff_message)
        batches.hold(batch)
        return
    with transaction.atomic():
        for envelope in Envelope.objects.filter(bulk_row__bulk_list=bulk_list, status=EnvelopeStatus.SENDING):
            identities.stand_in(envelope, lost.identity)
        batches.choose_sender(batch, None)


def _give_back(row: BulkRow, reason: str) -> None:
    """A draft again, as after every refusal."""
    Envelope.objects.filter(bulk_row=row, status=EnvelopeStatus.SENDING).update(
        status=EnvelopeStatus.DRAFT,
        send_due_at=None,
        send_unclear_since=None,
        last_error=reason[:500],
        updated_at=timezone.now(),
    )


def _under_way(bulk_list: BulkList) -> list[BulkRow]:
    return list(bulk_list.rows.filter(state=RowState.SENDING, envelope__status=EnvelopeStatus.SENDING))


def _has_ready(batch: BulkBatch) -> bool:
    return batch.rows.filter(state=RowState.READY).exists()
