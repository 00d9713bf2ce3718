"""Drafts that are sent later, by themselves, once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import scheduling, sending, tasks
from signing.models import Envelope
from tests.clock import Clock
from tests.factories import make_draft, make_sent, make_staff
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def in_hours(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def post(browser: Browser, envelope: Envelope, door: str = "schedule", **data: str) -> str:
    response = browser.post(f"/admin/signing/envelope/{envelope.pk}/{door}/", data, follow=True)
    assert response.status_code == 200
    envelope.refresh_from_db()
    return str(response.content.decode())


def test_a_draft_is_sent_when_its_time_has_come_and_not_before(docusign: SandboxProcess, clock: Clock) -> None:
    envelope = make_draft()
    assert scheduling.schedule(envelope, in_hours(2))
    tasks.send_scheduled()
    envelope.refresh_from_db()
    assert envelope.is_draft
    clock.advance(hours=2, seconds=1)
    assert scheduling.send_due(timezone.now()) == [envelope.pk]
    tasks.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert (envelope.status, envelope.send_at) == ("sent", None)


def test_two_ticks_at_once_claim_it_once(clock: Clock) -> None:
    envelope = make_draft()
    scheduling.schedule(envelope, in_hours(1))
    clock.advance(hours=2)
    now = timezone.now()
    assert [scheduling.send_due(now), scheduling.send_due(now)] == [[envelope.pk], []]


def test_what_was_claimed_and_not_rung_for_is_found_by_the_sweep(clock: Clock) -> None:
    envelope = make_draft()
    scheduling.schedule(envelope, in_hours(1))
    clock.advance(hours=2)
    scheduling.send_due(timezone.now())
    assert sending.due_for_sending(timezone.now()) == [envelope.pk]


def test_sent_by_hand_before_its_time_it_is_not_sent_again(docusign: SandboxProcess, clock: Clock) -> None:
    envelope = make_draft()
    scheduling.schedule(envelope, in_hours(1))
    sending.claim_for_sending(envelope)
    clock.advance(hours=2)
    assert scheduling.send_due(timezone.now()) == []


def test_staff_choose_change_and_forget_the_moment(admin_browser: Browser, connected: None) -> None:
    envelope = make_draft()
    assert "Send later" in post(admin_browser, envelope, "unschedule")
    shown = post(admin_browser, envelope, send_at=in_hours(48).strftime("%Y-%m-%dT%H:%M"))
    assert "It will be sent on" in shown
    assert "Change the moment" in shown
    assert ">Scheduled<" in admin_browser.get("/admin/signing/envelope/").content.decode().replace("\n", "").replace(
        " ", ""
    )
    assert "stays a draft" in post(admin_browser, envelope, "unschedule")
    assert envelope.send_at is None


def test_the_moment_is_meant_in_the_portals_time_zone(
    admin_browser: Browser, connected: None, settings: Settings
) -> None:
    settings.TIME_ZONE = "America/New_York"
    envelope = make_draft()
    day = in_hours(72).date()
    shown = post(admin_browser, envelope, send_at=f"{day}T09:30")
    assert envelope.send_at == datetime(day.year, day.month, day.day, 9, 30, tzinfo=ZoneInfo("America/New_York"))
    assert "America/New_York" in shown


@pytest.mark.parametrize("moment", ["", "soon", "2020-01-01T09:00", "2999-01-01T09:00"])
def test_a_moment_that_makes_no_sense_is_refused(admin_browser: Browser, connected: None, moment: str) -> None:
    envelope = make_draft()
    post(admin_browser, envelope, send_at=moment)
    assert envelope.send_at is None


def test_what_is_not_complete_cannot_be_scheduled(admin_browser: Browser, connected: None) -> None:
    envelope = make_draft(subject="", signers=())
    shown = post(admin_browser, envelope, send_at=in_hours(48).strftime("%Y-%m-%dT%H:%M"))
    assert "Not scheduled" in shown
    assert "subject" in shown.partition("Not scheduled")[2][:300]
    assert envelope.send_at is None


def test_what_was_sent_cannot_be_scheduled(admin_browser: Browser, connected: None) -> None:
    envelope = make_sent()
    assert "sent meanwhile" in post(admin_browser, envelope, send_at=in_hours(48).strftime("%Y-%m-%dT%H:%M"))
    assert envelope.send_at is None


@pytest.mark.parametrize("door", ["schedule", "unschedule"])
def test_who_may_not_change_envelopes_may_not_schedule_them(door: str) -> None:
    envelope = make_draft()
    eve = make_staff("eve", is_superuser=False)
    eve.user_permissions.set(Permission.objects.filter(codename__in=("see_all", "view_envelope")))
    browser = Browser()
    browser.force_login(eve)
    assert browser.post(f"/admin/signing/envelope/{envelope.pk}/{door}/").status_code == 403
    assert browser.get(f"/admin/signing/envelope/{envelope.pk}/{door}/").status_code == 405
