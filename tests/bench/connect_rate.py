"""Connect messages through gunicorn, stored and applied before they are acknowledged, as their table grows."""

import http.client
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import connection as database
from django.utils import timezone

from signing.links import open_link
from signing.models import ConnectMessage, ConnectOutcome, Envelope, EnvelopeStatus, Recipient, RecipientStatus
from tests.connect import ADDRESS, message, signature, summary
from tests.factories import make_staff

from .load import Result
from .tables import show

SENDERS = 4
WARM_UP = 50
BODY_BYTES = 200  # of the rows that are only there: their indexes count, and bodies of 2 KB would take minutes
TABLE = ConnectMessage._meta.db_table
MAKE_ROWS = f"""
    INSERT INTO {TABLE} (digest, event, docusign_id, generated_at, received_at, body, outcome, attempts, error)
    SELECT md5(n::text) || md5((-n)::text), 'envelope-delivered', md5(mod(n, 250000)::text)::uuid::text, now(), now(),
           repeat('x', {BODY_BYTES}), 'applied', 0, ''
    FROM generate_series(1, %s) AS n
"""  # noqa: S608


def run(portal_url: str, key: str, *, messages: int, rows: int) -> None:
    _measure(portal_url, key, WARM_UP)
    ConnectMessage.objects.all().delete()
    empty = _measure(portal_url, key, messages)
    _execute(MAKE_ROWS, [rows])
    _execute(f"VACUUM ANALYZE {TABLE}")
    full = _measure(portal_url, key, messages)
    _execute(f"TRUNCATE {TABLE}")
    again = _measure(portal_url, key, messages)
    per_second = (empty.per_second + again.per_second) / 2
    p95_ms = (empty.p95_ms + again.p95_ms) / 2
    show(
        f"Connect messages stored and applied on PostgreSQL ({messages:,} each time, {SENDERS} senders, over HTTP)",
        ("rows present", "per second", "p50 ms", "p95 ms"),
        [
            (name, f"{result.per_second:.0f}", f"{result.p50_ms:.1f}", f"{result.p95_ms:.1f}")
            for name, result in (("none", empty), (f"{rows:,}", full), ("none again", again))
        ],
        f"{rows:,} rows against none: {per_second / full.per_second:.2f} × the time, {full.p95_ms / p95_ms:.2f} × p95"
        " (of the mean of both empty runs)",
    )


def _measure(portal_url: str, key: str, count: int) -> Result:
    """Every message tells something new of an envelope of its own. Raises RuntimeError when one was not applied."""
    bodies = [message(e, "envelope-delivered", summary(e, "delivered", "delivered")) for e in _make_sent(count)]
    signed = [(body, signature(body, key)) for body in bodies]
    shares = [signed[number::SENDERS] for number in range(SENDERS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as pool:
        latencies = list(pool.map(_send, [portal_url] * SENDERS, shares))
    seconds = time.perf_counter() - started
    newest = ConnectMessage.objects.order_by("-pk").values_list("outcome", flat=True)[:count]
    applied = sum(outcome == ConnectOutcome.APPLIED for outcome in newest)
    if applied != count:
        raise RuntimeError(f"{applied} of {count} Connect messages were applied")
    return Result(count, seconds, [value for share in latencies for value in share])


def _send(portal_url: str, messages: Sequence[tuple[bytes, str]]) -> list[float]:
    address = urlsplit(portal_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    latencies = []
    for body, signed in messages:
        headers = {"Content-Type": "application/json; charset=utf-8", "X-DocuSign-Signature-1": signed}
        started = time.perf_counter()
        connection.request("POST", ADDRESS, body, headers)
        response = connection.getresponse()
        response.read()
        latencies.append((time.perf_counter() - started) * 1000)
        if response.status != 200:
            raise RuntimeError(f"a Connect message was answered with HTTP {response.status}")
    connection.close()
    return latencies


def _make_sent(count: int) -> list[Envelope]:
    staff = User.objects.first() or make_staff()
    now = timezone.now()
    envelopes = Envelope.objects.bulk_create(
        Envelope(
            created_by=staff,
            owner=staff,
            subject="Consulting agreement",
            status=EnvelopeStatus.SENT,
            docusign_id=str(uuid.uuid4()),
            sent_at=now,
            synced_at=now,
        )
        for _ in range(count)
    )
    recipients = [
        Recipient(
            envelope=e, number=1, name="Ann Bee", email="ann@example.com", status=RecipientStatus.SENT, sent_at=now
        )
        for e in envelopes
    ]
    for recipient in recipients:
        open_link(recipient, now)
    Recipient.objects.bulk_create(recipients)
    return envelopes


def _execute(statement: str, values: Sequence[int] = ()) -> None:
    with database.cursor() as cursor:
        cursor.execute(statement, values or None)
