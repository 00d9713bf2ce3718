"""The first page: what needs me, who is waited for, what is at risk, the charts, and whether all is alive."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signing import heartbeat, tallies, tasks
from signing.heartbeat import Part
from signing.models import CallBudget, Envelope, OutgoingMail
from tests.clock import travel
from tests.factories import make_draft, make_sent, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(connected: None) -> None:
    """Nothing of another test's figures and heartbeats."""


def board(browser: Browser, heading: str) -> str:
    text = browser.get("/admin/").content.decode()
    sections = re.findall(r'<section class="sp-card[^>]*>.*?</section>', text, re.DOTALL)
    return next(section for section in sections if f">{heading}<" in section)


def sent(subject: str, **fields: Any) -> Envelope:
    number = Envelope.objects.count() + 1
    envelope = make_sent(docusign_id=f"{number:08}-0000")
    Envelope.objects.filter(pk=envelope.pk).update(subject=subject, **{"synced_at": timezone.now()} | fields)
    return envelope


def test_what_needs_me_is_mine_alone(admin_browser: Browser, staff: User) -> None:
    mine, theirs = (
        sent("Mine declined", status="declined", declined_at=timezone.now()),
        sent("Theirs", status="declined"),
    )
    Envelope.objects.filter(pk=theirs.pk).update(owner=make_staff("robin"), declined_at=timezone.now())
    make_draft(subject="My draft")
    text = board(admin_browser, "Needs you")
    assert "Mine declined" in text
    assert "My draft" in text
    assert "Theirs" not in text
    assert mine.owner == staff


def test_who_is_waited_for_longest_comes_first(admin_browser: Browser) -> None:
    now = timezone.now()
    for days in (2, 9, 4):
        sent(f"Since {days}").recipients.filter(number=1).update(sent_at=now - timedelta(days=days))
    text = board(admin_browser, "Waited for longest")
    assert re.findall(r"Since \d", text) == ["Since 9", "Since 4", "Since 2"]
    assert "waiting 9 days, not opened" in text


def test_what_may_come_to_nothing_is_at_risk(admin_browser: Browser) -> None:
    now = timezone.now()
    sent("Expiring", expires_at=now + timedelta(days=3, hours=1))
    bounced = sent("Bounced")
    OutgoingMail.objects.create(
        envelope=bounced, kind="invitation", to_email="x@example.com", state="bounced", due_at=now, sent_at=now
    )
    sent("Fine", expires_at=now + timedelta(days=60))
    text = board(admin_browser, "At risk")
    assert "expires in 3 days" in text
    assert "an address refuses our mail" in text
    assert "Fine" not in text


def test_the_charts_show_what_the_worker_counted(admin_browser: Browser) -> None:
    assert "it has not done so yet" in admin_browser.get("/admin/").content.decode()
    now = timezone.now()
    sent("Done", status="completed", sent_at=now - timedelta(days=2), completed_at=now)
    sent("Open", sent_at=now)
    tasks.renew_tallies()
    text = board(admin_browser, "Sent and completed")
    data = json.loads(unescape(re.search(r'data-value="([^"]+)"', text)[1]))  # type: ignore[index]
    assert [sum(series["data"]) for series in data["datasets"]] == [2, 1]
    assert "2 sent and 1 completed in 30 days" in text
    assert "Lately 2.0 days from sending to the last signature" in board(admin_browser, "Median time to sign")


def test_the_median_is_of_the_week_and_not_of_the_odd_one_out() -> None:
    now = timezone.now()
    for hours in (1, 2, 500):
        sent("x", status="completed", sent_at=now - timedelta(hours=hours), completed_at=now - timedelta(minutes=1))
    tallies.renew()
    figures = tallies.present()
    assert figures is not None
    assert figures.by_week[-1][1] == pytest.approx(2, abs=0.1)


def test_a_silent_worker_and_beat_are_told(admin_browser: Browser) -> None:
    assert board(admin_browser, "Is all well?").count("no sign of life yet") == 2
    heartbeat.beat(Part.WORKER)
    heartbeat.beat(Part.BEAT)
    assert board(admin_browser, "Is all well?").count("alive, seen") == 2
    with travel(timedelta(minutes=5)):
        assert board(admin_browser, "Is all well?").count("start it again") == 2


def test_only_a_task_from_the_queue_is_a_sign_of_life() -> None:
    tasks.remind()
    assert heartbeat.last(Part.WORKER) is None
    tasks.remind.apply()
    assert heartbeat.last(Part.WORKER) is not None


def test_mail_that_does_not_leave_is_told(admin_browser: Browser) -> None:
    OutgoingMail.objects.create(
        envelope=sent("x"), kind="invitation", to_email="x@example.com", due_at=timezone.now() - timedelta(hours=1)
    )
    assert "waits since 60 minutes ago" in board(admin_browser, "Is all well?").replace("1 hour", "60 minutes")


def test_the_gauge_shows_the_calls_that_are_left(admin_browser: Browser) -> None:
    assert "Docusign has not told yet" in board(admin_browser, "Is all well?")
    CallBudget.objects.create(
        account_id="a", hour_limit=3000, hour_remaining=450, hour_resets_at=timezone.now() + timedelta(minutes=9)
    )
    text = board(admin_browser, "Is all well?")
    assert "450 / 3,000" in text
    assert "kept for people who wait" in text
    with travel(timedelta(minutes=10)):
        assert "3,000 / 3,000" in board(admin_browser, "Is all well?")


def test_the_dashboard_takes_the_same_queries_for_few_and_for_many(admin_browser: Browser) -> None:
    counts = []
    for more in (2, 12):
        for _ in range(more):
            sent("x", expires_at=timezone.now() + timedelta(days=1))
            make_draft()
        admin_browser.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            admin_browser.get("/admin/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_may_not_see_envelopes_sees_no_figures(db: None) -> None:
    browser = Browser()
    browser.force_login(make_staff("clerk", is_superuser=False))
    sent("Secret")
    cache.set(tallies.KEY, None)
    text = browser.get("/admin/").content.decode()
    assert "You have no permission to see envelopes" in text
    assert "Secret" not in text
