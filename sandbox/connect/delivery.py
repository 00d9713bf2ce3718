"""Sending messages off: one lane per configuration, so that a slow listener holds up nobody else's."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime

import requests
from django.conf import settings
from django.db.models import F, QuerySet

from sandbox import clock
from sandbox.models import ConnectMessage

from . import payloads, schedule, secrets

LANES = 8
MAX_ERROR = 500

_pool = ThreadPoolExecutor(LANES, thread_name_prefix="connect")
_lock = threading.Lock()
_lanes: dict[str, Future[None]] = {}


def deliver_due() -> list[Future[None]]:
    """Set off every lane that has something due and is not under way; those that are to be waited for."""
    due = _due(clock.now()).order_by("configuration_id").values_list("configuration_id", flat=True).distinct()
    with _lock:
        for configuration_id in due:
            is_under_way = configuration_id in _lanes and not _lanes[configuration_id].done()
            if not is_under_way and _next_in(configuration_id) is not None:
                _lanes[configuration_id] = _pool.submit(_run_lane, configuration_id)
        for configuration_id in [name for name, lane in _lanes.items() if lane.done()]:
            del _lanes[configuration_id]
        return list(_lanes.values())


def settle(patience_seconds: float) -> None:
    """Deliver until nothing more is due, or patience ends: some listener is slow."""
    lanes = deliver_due()
    while lanes and not wait(lanes, timeout=patience_seconds).not_done:
        lanes = deliver_due()


def replay(message: ConnectMessage) -> None:
    """Once more, whatever became of it before: the same message, with its next `retryCount`."""
    ConnectMessage.objects.filter(pk=message.pk).update(state="pending", next_attempt_at=clock.now())


def resume(configuration_id: str) -> None:
    """A pause is over: what was kept meanwhile goes out."""
    kept = ConnectMessage.objects.filter(configuration_id=configuration_id, state="paused")
    kept.update(state="pending", next_attempt_at=clock.now())


def give_up(configuration_id: str) -> None:
    """The configuration is no more."""
    waiting = ConnectMessage.objects.filter(configuration_id=configuration_id, state__in=("pending", "paused"))
    waiting.update(state="failed", next_attempt_at=None, last_error="The configuration was deleted.")


def _run_lane(configuration_id: str) -> None:
    while (message := _next_in(configuration_id)) is not None:
        _attempt(message)


def _due(now: datetime) -> QuerySet[ConnectMessage]:
    return ConnectMessage.objects.filter(next_attempt_at__lte=now, state="pending").exclude(body="")


def _next_in(configuration_id: str) -> ConnectMessage | None:
    mine = ConnectMessage.objects.filter(configuration_id=configuration_id)
    due = _due(clock.now()).filter(configuration_id=configuration_id)
    if settings.CONNECT_RETRIES_DAILY:  # the oldest one holds up the rest
        first = mine.filter(state="pending").order_by("pk").first()
        due = due.filter(pk=first.pk) if first else due
    return due.select_related("account").order_by("next_attempt_at", "pk").first()


def _attempt(message: ConnectMessage) -> None:
    body = message.body
    if message.attempts and message.is_json and settings.CONNECT_RETRY_COUNT_GROWS:
        body = payloads.count_retry(body, message.attempts)
    error = _post(message, body.encode())
    now = clock.now()
    attempts = message.attempts + 1
    delay = schedule.next_delay(attempts) if error and message.needs_acknowledgement else None
    state = "delivered" if not error else "pending" if delay else "failed"
    # Not by save(): a reset may have taken the row away.
    ConnectMessage.objects.filter(pk=message.pk).update(
        state=state,
        attempts=F("attempts") + 1,
        last_attempt_at=now,
        last_error=error,
        next_attempt_at=now + delay if delay else None,
    )
    if not error:
        _release(message.configuration_id)


def _release(configuration_id: str) -> None:
    """One success sends all that waited behind a failure, in order (daily retries only)."""
    if settings.CONNECT_RETRIES_DAILY:
        waiting = ConnectMessage.objects.filter(configuration_id=configuration_id, state="pending")
        waiting.update(next_attempt_at=clock.now())


def _post(message: ConnectMessage, body: bytes) -> str:
    """What went wrong; empty when the listener acknowledged with a 2xx in time. Redirects are not followed."""
    content_type = "application/json" if message.is_json else "text/xml"
    headers = {"Content-Type": f"{content_type}; charset=utf-8", "User-Agent": "Docusign-Connect (sandbox)"}
    if message.is_signed:
        headers |= secrets.signatures(message.account, body)
    try:
        with requests.Session() as session:
            session.trust_env = False  # the listener is near: no proxy
            response = session.post(
                message.url,
                data=body,
                headers=headers,
                timeout=settings.CONNECT_ACKNOWLEDGE_SECONDS,
                allow_redirects=False,
                verify=settings.CONNECT_VERIFIES_TLS,
                stream=True,
            )
            response.close()
    except (requests.RequestException, ValueError) as error:  # ValueError: an address no client understands
        return f"{type(error).__name__}: {error}"[:MAX_ERROR]
    return (
        ""
        if response.ok and response.status_code < 300
        else f"HTTP {response.status_code} {response.reason}"[:MAX_ERROR]
    )
