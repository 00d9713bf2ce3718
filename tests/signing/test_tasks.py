"""Bells and sweeps: what wakes the workers, and what happens when a bell is not heard."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings as django_settings
from django.db import OperationalError
from django.db import connection as database
from django.test import Client as Browser
from django.utils import timezone

from signing import sending, tasks
from signing.models import Envelope, OutgoingMail
from tests.deeds import send, sign
from tests.factories import make_draft, make_sent
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
Capture = Callable[..., AbstractContextManager[list[Callable[[], None]]]]


class Queue:
    """The messages waiting in the embedded broker's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for file in folder.iterdir():
            file.unlink()

    def tasks(self) -> list[tuple[str, list[object]]]:
        return self.tasks_in("*")

    def tasks_in(self, queue: str) -> list[tuple[str, list[object]]]:
        messages = [json.loads(file.read_text()) for file in sorted(self._folder.glob(f"*.{queue}.msg"))]
        return [(m["headers"]["task"].rsplit(".")[-1], json.loads(base64.b64decode(m["body"]))[0]) for m in messages]


@pytest.fixture
def queue() -> Queue:
    return Queue(Path(django_settings.DATA_DIR) / "queue" / "messages")


def test_a_bell_rings_after_the_commit_only(queue: Queue, django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring(tasks.send_envelope, 7)
        assert queue.tasks() == []
    assert queue.tasks() == [("send_envelope", [7])]


def test_many_returns_make_one_refresh(queue: Queue, django_capture_on_commit_callbacks: Capture) -> None:
    envelope = make_sent()
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            tasks.ring_refresh(envelope.pk)
    assert queue.tasks() == [("refresh_envelope", [envelope.pk])]


def test_a_return_after_a_refresh_has_begun_is_not_lost(
    queue: Queue, django_capture_on_commit_callbacks: Capture
) -> None:
    """Finish later, come back, finish: both returns within seconds, and the second one brings the news."""
    envelope = make_sent()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring_refresh(envelope.pk)
    tasks.refresh_envelope(envelope.pk)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring_refresh(envelope.pk)
    assert len(queue.tasks()) == 2


def manage(data_dir: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, since Celery keeps its first broker for life."""
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DATA_DIR": str(data_dir)} | environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_dead_broker_does_not_disturb_the_page(tmp_path: Path) -> None:
    code = "from signing import tasks; tasks.ring(tasks.send_envelope, 7); print('still here')"
    result = manage(tmp_path, code, CELERY_BROKER_URL="redis://127.0.0.1:9/0")
    assert "still here" in result.stdout
    assert "the broker is not reachable" in result.stderr


def test_the_sweep_finds_everything_a_lost_bell_left_behind(queue: Queue, docusign: SandboxProcess) -> None:
    claimed = make_draft()
    sending.claim_for_sending(claimed)
    completed = send()
    sign(completed, 1)
    sign(completed, 2)
    for file in (Path(django_settings.DATA_DIR) / "queue" / "messages").iterdir():
        file.unlink()  # the broker lost them all
    tasks.pick_up_left_behind()
    found = queue.tasks()
    assert ("send_envelope", [claimed.pk]) in found
    assert ("fetch_documents", [completed.pk]) in found
    mails = OutgoingMail.objects.filter(envelope=completed).values_list("pk", flat=True)
    assert {("deliver_mail", pk) for pk in mails} <= {(name, arguments[0]) for name, arguments in found}


def test_the_sweep_finds_nothing_when_all_is_done(queue: Queue) -> None:
    make_draft()
    tasks.pick_up_left_behind()
    assert queue.tasks() == []


def test_what_is_being_worked_on_is_left_alone(queue: Queue) -> None:
    envelope = make_draft()
    sending.claim_for_sending(envelope)
    Envelope.objects.update(send_lease_until=timezone.now() + timedelta(minutes=1))
    tasks.pick_up_left_behind()
    assert queue.tasks() == []


# What the settings promise


def test_what_a_signer_waits_for_has_a_queue_of_its_own(
    queue: Queue, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring(tasks.refresh_envelope, 1)
        tasks.ring(tasks.deliver_mail, 2)
        tasks.ring(tasks.send_envelope, 3)
        tasks.ring(tasks.fetch_documents, 4)
    # The folder keeps no order within a millisecond.
    assert sorted(queue.tasks_in("signing")) == [("deliver_mail", [2]), ("refresh_envelope", [1])]
    assert sorted(queue.tasks_in("bulk")) == [("fetch_documents", [4]), ("send_envelope", [3])]


def test_every_queue_a_task_is_sent_to_is_served_by_a_plain_worker() -> None:
    served = {queue.name for queue in django_settings.CELERY_TASK_QUEUES}
    routed = {queue for route in django_settings.CELERY_TASK_ROUTES.values() for queue in route.values()}
    assert routed | {django_settings.CELERY_TASK_DEFAULT_QUEUE} == served == {"signing", "bulk"}


def test_every_scheduled_and_routed_task_exists() -> None:
    known = {task.name for task in vars(tasks).values() if hasattr(task, "delay")}
    scheduled = {entry["task"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled | set(django_settings.CELERY_TASK_ROUTES) <= known


def test_a_tick_that_no_worker_took_does_not_pile_up() -> None:
    for entry in tasks.send_envelope.app.conf.beat_schedule.values():
        assert entry["options"]["expires"] <= entry["schedule"]


def test_no_message_is_handed_out_again_while_its_task_may_still_run(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s; "
        "print(s.CELERY_BROKER_TRANSPORT_OPTIONS['visibility_timeout'], s.CELERY_TASK_TIME_LIMIT, s.SEND_UNDO_SECONDS)"
    )
    result = manage(tmp_path, code, CELERY_BROKER_URL="redis://127.0.0.1:9/0", SEND_UNDO_SECONDS="10")
    visibility_seconds, limit_seconds, undo_seconds = map(int, result.stdout.split())
    assert visibility_seconds > limit_seconds + undo_seconds


def test_nothing_runs_eagerly() -> None:
    assert not tasks.send_envelope.app.conf.task_always_eager
    assert tasks.send_envelope.app.conf.task_acks_late


def test_a_restarting_database_costs_a_task_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(envelope_id: int) -> bool:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(sending, "send_envelope", gone)
    tasks.send_envelope(1)
    assert "the database does not answer" in caplog.text


def test_a_restarting_redis_reads_as_empty_and_grants_no_lock(tmp_path: Path) -> None:
    code = (
        "from django.core.cache import cache as c; "
        "print(c.get('a'), c.get('a', 5), c.set('a', 1), c.add('a', 1, 60), c.delete('a'))"
    )
    result = manage(tmp_path, code, REDIS_URL="redis://127.0.0.1:9/0")
    assert result.stdout.strip() == "None 5 None False False", result.stderr


def test_no_transaction_is_open_while_docusign_is_asked(
    docusign: SandboxProcess, monkeypatch: pytest.MonkeyPatch, admin_browser: Browser
) -> None:
    """A write transaction held over the network would lock all others out."""
    depth_of_the_test = len(database.savepoint_ids)
    asked: list[str] = []
    request = requests.Session.request

    def watched(session: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
        if "/restapi/" in url or "/oauth/" in url:
            asked.append(method)
            assert len(database.savepoint_ids) == depth_of_the_test, f"{method} {url}"
        return request(session, method, url, **options)

    monkeypatch.setattr(requests.Session, "request", watched)
    first, second = send(), send()
    sign(first, 1)
    sign(first, 2)
    tasks.fetch_documents(first.pk)
    tasks.poll_envelopes()
    tasks.watch()
    tasks.keep_connected()
    admin_browser.post(f"/admin/signing/envelope/{second.pk}/void/", {"reason": "Sent by mistake"})
    second.refresh_from_db()
    assert second.status == "voided"
    assert len(asked) > 8
