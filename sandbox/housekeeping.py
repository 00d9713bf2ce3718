"""What happens by itself when its time has come, in one thread of the serving process.

Envelopes expire, warnings and reminders go out, delays end, purges run, bulk sends drip, Connect messages are
delivered. The thread wakes when the bell rings and once a second; a move of the clock runs everything due before it is
answered.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import close_old_connections, transaction
from django.db.models import QuerySet

from . import bell, bulk, clock, lifecycle, mails, purging, workflow
from .connect import delivery, writing
from .definition.envelopes import notification_of
from .errors import ApiError
from .models import Envelope
from .rules import OPEN_ENVELOPE

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1
COPIES_AT_A_TIME = 50
PATIENCE_SECONDS = 20  # for slow listeners, when somebody waits for the answer
EXPIRED = "The envelope has expired."

_round = threading.Lock()


def start() -> None:
    threading.Thread(target=_run_for_ever, name="housekeeping", daemon=True).start()


def run_due() -> None:
    """Everything that is due, now, and wait for the listeners to be told."""
    _do_round()
    delivery.settle(PATIENCE_SECONDS)


def _run_for_ever() -> None:
    while True:
        bell.wait(IDLE_SECONDS)
        try:
            _do_round()
            delivery.deliver_due()
        except Exception:  # the next round comes soon, and the thread must not die
            logger.exception("housekeeping")
        close_old_connections()


def _do_round() -> None:
    with _round:
        now = clock.now()
        for due, deed in _chores(now):
            for pk in due:
                _do_one(pk, deed)
        while bulk.send_due(COPIES_AT_A_TIME):
            pass
        writing.write_new()


def _chores(now: datetime) -> Iterator[tuple[list[int], Callable[[Envelope], None]]]:
    """Ids of envelopes and what is to be done with each; read one after the other, as one may undo the next."""
    envelopes = Envelope.objects.filter(is_template=False)
    waiting = envelopes.filter(status__in=OPEN_ENVELOPE)
    yield _ids(waiting.filter(expire_at__lte=now)), _expire
    yield _ids(waiting.filter(warn_at__lte=now)), _warn_of_expiry
    yield _ids(waiting.filter(remind_at__lte=now)), _remind
    yield _ids(envelopes.filter(wake_at__lte=now)), _wake
    yield _ids(envelopes.filter(remind_at__lte=now, purge_at__gt=now)), _warn_of_purge
    yield _ids(envelopes.filter(purge_at__lte=now)), _purge


def _ids(envelopes: QuerySet[Envelope]) -> list[int]:
    return list(envelopes.values_list("pk", flat=True))


def _do_one(pk: int, deed: Callable[[Envelope], None]) -> None:
    """In a transaction of its own, so that writers never wait for long."""
    try:
        with transaction.atomic():
            envelope = Envelope.objects.select_related("sender", "account").filter(pk=pk).first()
            if envelope is not None:
                deed(envelope)
    except Exception:  # one envelope must not hold up the others
        logger.exception("envelope %s", pk)


def _expire(envelope: Envelope) -> None:
    if envelope.status in OPEN_ENVELOPE and _is_due(envelope.expire_at):
        lifecycle.void(envelope, EXPIRED, by="Docusign")


def _warn_of_expiry(envelope: Envelope) -> None:
    if envelope.status in OPEN_ENVELOPE and _is_due(envelope.warn_at):
        mails.warn(envelope)
        envelope.warn_at = None
        envelope.save(update_fields=["warn_at"])


def _remind(envelope: Envelope) -> None:
    """Once, however many are overdue; the next follows at the frequency asked for (reference 2.6)."""
    if envelope.status not in OPEN_ENVELOPE or not _is_due(envelope.remind_at):
        return
    mails.remind(envelope)
    days = int(notification_of(envelope)["reminders"]["reminderFrequency"] or 0)
    envelope.remind_at = clock.now() + timedelta(days=days) if days else None
    envelope.save(update_fields=["remind_at"])


def _wake(envelope: Envelope) -> None:
    """A scheduled envelope is sent; a delayed step is over."""
    if not _is_due(envelope.wake_at):
        return
    envelope.wake_at = None
    workflow.begin_scheduled(envelope)
    envelope.save(update_fields=["wake_at", "options"])
    try:
        with transaction.atomic():
            _go_on(envelope)
    except ApiError as error:  # no longer complete, say; it stays as it is
        logger.warning("envelope %s: %s", envelope.guid, error)


def _go_on(envelope: Envelope) -> None:
    if envelope.status == "created":
        lifecycle.send(envelope)
    elif envelope.status in OPEN_ENVELOPE:
        workflow.resume(envelope)
        lifecycle.move_on(envelope)


def _warn_of_purge(envelope: Envelope) -> None:
    if _is_due(envelope.remind_at) and envelope.purge_at is not None:
        purging.warn_again(envelope)


def _purge(envelope: Envelope) -> None:
    if _is_due(envelope.purge_at):
        purging.run(envelope)


def _is_due(moment: datetime | None) -> bool:
    return moment is not None and moment <= clock.now()
