"""Celery doors: load, call a deed, decide about retry. Nothing else.

The database is the truth and the broker only a bell: whatever a lost message or a killed worker leaves behind,
`pick_up_left_behind` finds by looking at the rows. So no task retries itself.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from celery import Task, shared_task
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from . import archive, connection, notifications, sending, status
from .docusign import DocusignError, NotConfiguredError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

REFRESH_BELL_SECONDS = 60  # a bell that no worker has answered by then may ring again


def ring(task: Task, *args: object) -> None:
    """Wake a worker once the present transaction is committed. A dead broker delays the work, never loses it."""
    transaction.on_commit(partial(_ring_now, task, *args))


def ring_refresh(envelope_id: int) -> None:
    """Ask for news of one envelope, coalesced: however many returns and reloads, one bell waits at a time.

    It may ring again as soon as a worker has begun, since that worker may just have missed the latest news.
    """
    if cache.add(_refresh_bell(envelope_id), 1, REFRESH_BELL_SECONDS):
        ring(refresh_envelope, envelope_id)


@shared_task
def send_envelope(envelope_id: int) -> None:
    if _reaches_docusign(partial(sending.send_envelope, envelope_id)):
        follow_up(envelope_id)


@shared_task
def refresh_envelope(envelope_id: int) -> None:
    cache.delete(_refresh_bell(envelope_id))
    for changed_id in _reaches_docusign(partial(status.refresh, [envelope_id])) or ():
        follow_up(changed_id)


@shared_task
def poll_envelopes() -> None:
    for changed_id in _reaches_docusign(status.poll) or ():
        follow_up(changed_id)


@shared_task
def fetch_documents(envelope_id: int) -> None:
    _reaches_docusign(partial(archive.fetch_documents, envelope_id))


@shared_task
def deliver_mail(mail_id: int) -> None:
    notifications.deliver(mail_id)


@shared_task
def renew_access_token() -> None:
    _reaches_docusign(connection.renew_early)


@shared_task
def pick_up_left_behind() -> None:
    now = timezone.now()
    for envelope_id in sending.due_for_sending(now):
        send_envelope.delay(envelope_id)
    for envelope_id in archive.envelopes_without_documents():
        fetch_documents.delay(envelope_id)
    for mail_id in notifications.due_mail_ids(now):
        deliver_mail.delay(mail_id)


def follow_up(envelope_id: int) -> None:
    """After news: ring for the mails it queued, and for the documents if it is complete."""
    for mail_id in notifications.due_mail_ids(timezone.now(), envelope_id=envelope_id):
        ring(deliver_mail, mail_id)
    if archive.lacks_documents(envelope_id):
        ring(fetch_documents, envelope_id)


def _reaches_docusign(deed: Callable[[], Result]) -> Result | None:
    """The deed's result, or None after an error that is logged here and lies on the row or the banner."""
    try:
        return deed()
    except NotConfiguredError as error:
        logger.debug("%s", error)
    except DocusignError as error:
        logger.warning("%s", error)
    return None


def _refresh_bell(envelope_id: int) -> str:
    return f"signing:refresh:{envelope_id}"


def _ring_now(task: Task, *args: object) -> None:
    try:
        task.delay(*args)
    except OperationalError:
        logger.exception("the broker is not reachable; %s waits for the next sweep", task.name)
