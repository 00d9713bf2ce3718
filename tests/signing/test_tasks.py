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

import pytest
from django.conf import settings as django_settings
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
        messages = [json.loads(file.read_text()) for file in sorted(self._folder.iterdir())]
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


def test_a_dead_broker_does_not_disturb_the_page(tmp_path: Path) -> None:
    """In a process of its own, since Celery keeps its first broker for life."""
    code = "from signing import tasks; tasks.ring(tasks.send_envelope, 7); print('still here')"
    result = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "CELERY_BROKER_URL": "redis://127.0.0.1:9/0",
            "DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
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
