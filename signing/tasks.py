"""Celery doors: load, call a deed, decide about retry. Nothing else.

The database is the truth and the broker only a bell: whatever a lost message or a killed worker leaves behind,
`pick_up_left_behind` finds by looking at the rows. So no task retries itself.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from celery import Task, shared_task
from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, transaction
from django.db import OperationalError as DatabaseUnreachable
from django.utils import timezone
from kombu.exceptions import OperationalError

from . import (
    account_mails,
    archive,
    auditing,
    connect_messages,
    connection,
    errands,
    form_codes,
    heartbeat,
    outbox,
    polling,
    reminders,
    scheduling,
    sending,
    tallies,
    verification,
    watchdog,
)
from .bulk import batches, driving
from .docusign import DocusignError, NotConfiguredError
from .models import ConnectOutcome
from .privacy import requests, retention

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

BELL_MARGIN_SECONDS = 0.5  # a bell that rings too early is not heard
WAVE_SECONDS = 1  # between two waves of a bulk send
BULK_BELL_SECONDS = 60  # a bell nobody has heard by then is of no use: the tick rings again
LIFE_SECONDS = 15  # between two signs of life of the workers
REFRESH_BELL_SECONDS = 60  # a bell that no worker has answered by then may ring again


class Door(Task):
    """A task that a restarting database does not break: the sweep rings again for whatever waits."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        try:
            if not self.request.called_directly:
                _show_life()
            return super().__call__(*args, **options)
        except (DatabaseUnreachable, InterfaceError) as error:
            logger.warning("%s: the database does not answer (%s)", self.name, type(error).__name__)
            return None


door = partial(shared_task, base=Door)


def ring(task: Task, *args: object, in_seconds: float = 0) -> None:
    """Wake a worker once the present transaction is committed. A dead broker delays the work, never loses it."""
    transaction.on_commit(partial(_ring_now, task, *args, in_seconds=in_seconds))


def ring_for_sending(envelope_id: int) -> None:
    """For an envelope just claimed: the bell rings a moment after the time to change one's mind is over."""
    undo_seconds = settings.SEND_UNDO_SECONDS
    ring(send_envelope, envelope_id, in_seconds=undo_seconds + BELL_MARGIN_SECONDS if undo_seconds else 0)


def ring_refresh(envelope_id: int) -> None:
    """Ask for news of one envelope, coalesced: however many returns and reloads, one bell waits at a time.

    It may ring again as soon as a worker has begun, since that worker may just have missed the latest news.
    """
    if cache.add(_refresh_bell(envelope_id), 1, REFRESH_BELL_SECONDS):
        ring(refresh_envelope, envelope_id)


@door()
def send_envelope(envelope_id: int) -> None:
    if _reaches_docusign(partial(sending.send_envelope, envelope_id)):
        follow_up(envelope_id)


@door()
def send_for_visitor(envelope_id: int) -> None:
    """The same, among what signers wait for: somebody looks at a page that says "in a few seconds"."""
    send_envelope(envelope_id)


@door()
def send_scheduled() -> None:
    for envelope_id in scheduling.send_due(timezone.now()):
        ring(send_envelope, envelope_id)


@door()
def drive_bulk() -> None:
    for batch_id in batches.due(timezone.now()):
        drive_bulk_batch.apply_async((batch_id,), expires=BULK_BELL_SECONDS)


@door()
def drive_bulk_batch(batch_id: int) -> None:
    envelope_ids = _reaches_docusign(partial(driving.drive, batch_id)) or []
    for envelope_id in envelope_ids:
        ring(send_envelope, envelope_id)
    if envelope_ids:
        ring(drive_bulk_batch, batch_id, in_seconds=WAVE_SECONDS)


@door()
def refresh_envelope(envelope_id: int) -> None:
    cache.delete(_refresh_bell(envelope_id))
    for changed_id in _reaches_docusign(partial(polling.refresh, [envelope_id])) or ():
        follow_up(changed_id)


@door()
def poll_envelopes() -> None:
    if connection.is_paused():
        return
    for changed_id in _reaches_docusign(polling.poll) or ():
        follow_up(changed_id)


@door()
def fetch_documents(envelope_id: int) -> None:
    _reaches_docusign(partial(archive.fetch_documents, envelope_id))


@door()
def apply_connect_message(message_id: int) -> None:
    """Also called on the spot by the webhook. Reads and writes our own rows; what follows is rung for."""
    applied = connect_messages.apply(message_id)
    if applied is None or applied.envelope_id is None:
        return
    if applied.outcome == ConnectOutcome.ASKED:
        ring_refresh(applied.envelope_id)
    elif applied.outcome == ConnectOutcome.APPLIED:
        follow_up(applied.envelope_id)


@door()
def watch() -> None:
    watchdog.report(timezone.now())


@door()
def renew_tallies() -> None:
    tallies.renew()


@door()
def run_errand(errand_id: int) -> None:
    """A turn of a long errand; what it changed is followed up, and what remains gets another turn."""
    turn = errands.run(errand_id)
    for changed_id in turn.changed:
        follow_up(changed_id)
    if turn.goes_on:
        run_errand.delay(errand_id)


@door()
def keep_rules() -> None:
    """Delete what the rules of retention say, a batch at a time."""
    if retention.apply_due(timezone.now()) >= retention.AT_ONCE:
        keep_rules.delay()


@door()
def purge_at_docusign() -> None:
    """Tell Docusign what was decided, and take out of its queue what is on hold."""
    now = timezone.now()
    requests.expire(now)
    for request_id in requests.due(now):
        _reaches_docusign(partial(requests.carry_out, request_id))
    for envelope_id in requests.queued_on_hold():
        _reaches_docusign(partial(requests.dequeue, envelope_id))


@door()
def prune() -> None:
    errands.prune(timezone.now())
    connect_messages.prune(timezone.now())
    verification.prune(timezone.now())
    form_codes.prune(timezone.now())
    _reaches_docusign(partial(requests.ask_what_became, timezone.now()))


@door()
def deliver_mail(mail_id: int) -> None:
    outbox.deliver(mail_id)


@door()
def mail_staff(what: str, whom: str | int) -> None:
    account_mails.send(what, whom)


@door()
def mail_form_code(entry_id: int) -> None:
    form_codes.mail(entry_id)


@door()
def remind() -> None:
    reminders.queue_due(timezone.now())


@door()
def keep_connected() -> None:
    """Renew the access token early; after trouble, try again when it is time, and let the waiting work go on."""
    was_paused = connection.is_paused()
    _reaches_docusign(connection.keep_fresh)
    if was_paused and not connection.is_paused():
        pick_up_left_behind.delay()


@door()
def pick_up_left_behind() -> None:
    now = timezone.now()
    heartbeat.beat(heartbeat.Part.BEAT)
    for errand_id in errands.unfinished(now):
        run_errand.delay(errand_id)
    for message_id in connect_messages.due_message_ids(now):
        apply_connect_message.delay(message_id)
    for mail_id in outbox.due_mail_ids(now):
        deliver_mail.delay(mail_id)
    for entry_id in form_codes.due_entry_ids(now):
        mail_form_code.delay(entry_id)
    if connection.is_paused():
        return
    for envelope_id in sending.due_for_sending(now):
        send_envelope.delay(envelope_id)
    for envelope_id in archive.envelopes_without_documents(now):
        fetch_documents.delay(envelope_id)


keep_evidence = door(name="signing.tasks.keep_evidence")(auditing.keep_up)


def follow_up(envelope_id: int) -> None:
    """After news: ring for the mails it queued, and for the documents if it is complete."""
    for mail_id in outbox.due_mail_ids(timezone.now(), envelope_id=envelope_id):
        ring(deliver_mail, mail_id)
    if archive.lacks_documents(envelope_id):
        ring(fetch_documents, envelope_id)


def repair(envelope_ids: Sequence[int]) -> int:
    """What staff's click does: ask Docusign, take over what it says, ring for what is missing; how many had news.

    Calls Docusign; raises DocusignError.
    """
    changed = watchdog.ask_docusign(envelope_ids)
    for changed_id in changed:
        follow_up(changed_id)
    for envelope_id in archive.try_now(envelope_ids):
        ring(fetch_documents, envelope_id)
    return len(changed)


def _reaches_docusign(deed: Callable[[], Result]) -> Result | None:
    """The deed's result, or None after an error that is logged here and lies on the row or the banner."""
    try:
        return deed()
    except NotConfiguredError as error:
        logger.debug("%s", error)
    except DocusignError as error:
        logger.warning("%s", error)
    return None


def _show_life() -> None:
    """Once in a while is enough, and costs less than the task itself."""
    if cache.add("signing:heartbeat:rest", True, LIFE_SECONDS):
        heartbeat.beat(heartbeat.Part.WORKER)


def _refresh_bell(envelope_id: int) -> str:
    return f"signing:refresh:{envelope_id}"


def _ring_now(task: Task, *args: object, in_seconds: float) -> None:
    try:
        task.apply_async(args, countdown=in_seconds)
    except OperationalError:
        logger.exception("the broker is not reachable; %s waits for the next sweep", task.name)
