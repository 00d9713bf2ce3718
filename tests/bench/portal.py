"""The portal's figures, each beside what it is measured against in the same run: `make bench` (`--quick`)."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import requests

from tests.cold_start import PROCESSES, THREADS
from tests.oauth_host import OAuthHost, serving

from .load import CLIENTS, Request, timed
from .load import run as load
from .stack import BenchStack
from .tables import show

TIMEOUT_SECONDS = 60
SEND_SECONDS = 90  # the most that sending may take
SLOW_CALL_SECONDS = 0.2  # of the second measure of a signer's link: a Docusign that is not on this very machine


def main() -> None:
    arguments = _arguments()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as a user of its own
        stack = BenchStack(Path(folder))
        try:
            stack.launch()
            os.environ.update(stack.env)
            import django

            django.setup()
            _measure(stack, quick=arguments.quick)
        finally:
            stack.stop()
    print(f"\n{time.monotonic() - started:.0f} seconds")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.portal", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller numbers, under a minute")
    return parser.parse_args()


def _measure(stack: BenchStack, *, quick: bool) -> None:
    from . import connect_rate, list_pages, polling_day

    key = stack.env["DOCUSIGN_CONNECT_KEYS"]
    _cold_start(stack)
    _signer_link(stack, fast=40 if quick else 200, slow=8 if quick else 40)
    _sends(stack, 40 if quick else 200)
    connect_rate.run(stack.portal_url, key, messages=300 if quick else 1_000, rows=100_000 if quick else 1_000_000)
    # Last, since they empty the tables.
    list_pages.run(stack.portal_url, many=100_000 if quick else 1_000_000)
    polling_day.run(up_to=1_000 if quick else 100_000, up_to_with_connect=1_000 if quick else 10_000)


def _cold_start(stack: BenchStack) -> None:
    """`tests.cold_start` with the cache in Redis, and without any: then it is a table of the database."""
    without_servers = {"REDIS_URL": "", "DATABASE_URL": f"sqlite:///{stack.folder / 'cold.sqlite3'}"}
    rows = []
    for name, changes in (("Redis", {}), ("the database (SQLite)", without_servers)):
        with serving(OAuthHost(delay_seconds=0.5)) as host:
            env = stack.env | changes | {"DOCUSIGN_OAUTH_BASE_URL": host.base_url, "DOCUSIGN_ACCOUNT_ID": ""}
            stack.run("cold-start-cache", [sys.executable, "manage.py", "createcachetable"], env=env)
            command = [sys.executable, "-m", "tests.cold_start"]
            answered = subprocess.run(command, env=env, capture_output=True, text=True, timeout=90, check=True)
        tokens = json.loads(answered.stdout)
        rows.append((name, len(tokens), host.grants, len(set(tokens))))
    show(
        f"Token requests at a cold start of {PROCESSES} processes × {THREADS} threads (one is enough)",
        ("cache in", "asked at once", "token requests", "different answers"),
        rows,
    )


def _signer_link(stack: BenchStack, *, fast: int, slow: int) -> None:
    from signing import sending
    from signing.links import link_url
    from tests.factories import make_draft, recipient_of

    envelope = make_draft()
    sending.claim_for_sending(envelope)
    sending.send_envelope(envelope.pk)
    recipient = recipient_of(envelope, 1)
    envelope.refresh_from_db()
    link = f"{link_url(recipient)}start/"
    rows = [_link_row("as fast as the sandbox is", stack, link, recipient, fast)]
    fault = {"latency_seconds": SLOW_CALL_SECONDS, "path_contains": "/views/recipient", "count": 10**6}
    stack.sandbox.fail_next(**fault)
    rows.append(_link_row(f"{SLOW_CALL_SECONDS * 1000:.0f} ms slower", stack, link, recipient, slow))
    stack.sandbox.control("DELETE", "faults")
    show(
        "Opening a signer's link (POST start) against the bare call of views/recipient, in turns",
        ("Docusign answers", "times", "ours p50 ms", "bare p50 ms", "ratio", "ms more", "Docusign calls of ours"),
        rows,
    )


def _link_row(name: str, stack: BenchStack, link: str, recipient: Any, times: int) -> tuple[object, ...]:
    """Both over a connection that is kept open. Docusign's calls: all that the sandbox got, but the bare ones."""
    from django.utils import timezone

    from signing.payloads import Evidence, recipient_view_request
    from tests.sandbox.api import Api

    body = recipient_view_request(recipient, return_url=link, evidence=Evidence("Email", timezone.now(), "portal.test"))
    address = f"{stack.sandbox.api_url}/envelopes/{recipient.envelope.docusign_id}/views/recipient"
    bare, browser = requests.Session(), requests.Session()
    bare.headers["Authorization"] = f"Bearer {Api(stack.sandbox).access_token}"

    def press() -> requests.Response:
        return browser.post(link, allow_redirects=False, timeout=TIMEOUT_SECONDS)

    def call() -> requests.Response:
        return bare.post(address, json=body, timeout=TIMEOUT_SECONDS)

    for _ in range(4):  # both of gunicorn's processes are warm before the clock starts
        press(), call()
    before = len(stack.sandbox.requests())
    ours, theirs = [], []
    for _ in range(times):
        answer, seconds = timed(press)
        ours.append(seconds * 1000)
        other, seconds = timed(call)
        theirs.append(seconds * 1000)
        if answer.status_code != 303 or other.status_code != 201:
            raise RuntimeError(f"not let in: HTTP {answer.status_code}, {other.status_code}")
    calls = (len(stack.sandbox.requests()) - before - times) / times
    our_ms, bare_ms = statistics.median(ours), statistics.median(theirs)
    more_ms = our_ms - bare_ms
    ratio = f"{our_ms / bare_ms:.2f} ×"
    return name, times, f"{our_ms:.1f}", f"{bare_ms:.1f}", ratio, f"{more_ms:.1f}", f"{calls:g}"


def _sends(stack: BenchStack, count: int) -> None:
    """Drafts are made and claimed beforehand; a worker that is awake then gets all the bells at once."""
    from signing import sending, tasks
    from signing.models import Envelope, EnvelopeStatus
    from signing.payloads import envelope_definition
    from tests.factories import make_draft
    from tests.pdf_files import draw_pdf
    from tests.sandbox.api import Api

    content = draw_pdf()
    drafts = [make_draft(content=content) for _ in range(count + 1)]
    for draft in drafts:
        sending.claim_for_sending(draft)
    stack.start_worker()
    sent = Envelope.objects.filter(pk__in=[draft.pk for draft in drafts], status=EnvelopeStatus.SENT)
    tasks.send_envelope.delay(drafts[0].pk)
    _wait_for(lambda: sent.count() == 1)
    before = len(stack.sandbox.requests("POST", "/envelopes"))

    def ring_and_wait() -> None:
        for draft in drafts[1:]:
            tasks.send_envelope.delay(draft.pk)
        _wait_for(lambda: sent.count() == count + 1)

    _, seconds = timed(ring_and_wait)
    creates = len(stack.sandbox.requests("POST", "/envelopes")) - before
    stack.stop_worker()
    headers = {"Authorization": f"Bearer {Api(stack.sandbox).access_token}", "Content-Type": "application/json"}
    body = json.dumps(envelope_definition(drafts[0])).encode()
    path = f"/restapi/v2.1/accounts/{stack.sandbox.account_id}/envelopes"
    bare = load(stack.sandbox.base_url, headers, [Request("POST", path, body)] * count, 201)
    show(
        "Envelopes sent per second",
        ("by", "envelopes", "per second", "create calls"),
        [
            ("a Celery worker of 2 processes, Redis, PostgreSQL", count, f"{count / seconds:.1f}", creates),
            (f"the bare create call, {CLIENTS} clients", count, f"{bare.per_second:.1f}", count),
        ],
        "Ours sends the invitations meanwhile.",
    )


def _wait_for(is_true: Any) -> None:
    from tests.chaos.stack import wait_until

    wait_until(is_true, SEND_SECONDS, "the envelopes were not sent in time", step=0.05)


if __name__ == "__main__":
    print(f"{os.cpu_count()} processors; {time.strftime('%Y-%m-%d')}")
    main()
