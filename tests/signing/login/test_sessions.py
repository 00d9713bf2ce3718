"""How long a sign-in lasts, and ending it elsewhere."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from tests.clock import Clock
from tests.factories import make_staff

from .doing import LOGIN, SECURITY, is_in, log_in


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES, settings.SESSION_MAX_HOURS = 30, 8


def test_who_does_nothing_is_logged_out_and_told_why(dana: User, visitor: Browser, clock: Clock) -> None:
    log_in(visitor)
    assert is_in(visitor)
    clock.advance(minutes=31)
    answer = visitor.get("/admin/signing/envelope/")
    assert answer["Location"] == f"{LOGIN}?next=/admin/signing/envelope/"
    assert "nothing happened for a while" in visitor.get(answer["Location"]).content.decode()
    assert not is_in(visitor)


def test_who_goes_on_stays(dana: User, visitor: Browser, clock: Clock) -> None:
    log_in(visitor)
    for _ in range(4):
        assert is_in(visitor)
        clock.advance(minutes=20)
    assert is_in(visitor)


def test_a_page_that_looks_for_news_by_itself_keeps_nobody_in(dana: User, visitor: Browser, clock: Clock) -> None:
    log_in(visitor)
    assert is_in(visitor)
    for _ in range(4):
        clock.advance(minutes=10)
        answer = visitor.get("/admin/", headers={"Sec-Fetch-Dest": "empty"})
    assert answer.status_code == 302


def test_after_the_longest_time_even_the_busy_log_in_again(dana: User, visitor: Browser, clock: Clock) -> None:
    log_in(visitor)
    for _ in range(24):
        assert is_in(visitor)
        clock.advance(minutes=20)
    clock.advance(minutes=1)
    answer = visitor.get("/admin/")
    assert "A log-in lasts only so long" in visitor.get(answer["Location"]).content.decode()


def test_no_limit_is_no_limit(dana: User, visitor: Browser, clock: Clock, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = settings.SESSION_MAX_HOURS = 0
    log_in(visitor)
    assert is_in(visitor)
    clock.advance(days=3)
    assert is_in(visitor)


def test_one_sees_where_one_is_logged_in_and_logs_out_everywhere_else(dana: User, visitor: Browser) -> None:
    other = Browser(HTTP_USER_AGENT="Old laptop", REMOTE_ADDR="203.0.113.9")
    log_in(other)
    log_in(visitor)
    page = visitor.get(f"{SECURITY}sessions/").content.decode()
    assert "Old laptop" in page
    assert "203.0.113.9" in page
    visitor.post(f"{SECURITY}sessions/")
    assert is_in(visitor)
    assert not is_in(other)


def test_nobody_sees_the_sessions_of_others(dana: User, visitor: Browser) -> None:
    make_staff("robin")
    log_in(Browser(HTTP_USER_AGENT="Robin's laptop"), "robin")
    log_in(visitor)
    assert "Robin" not in visitor.get(f"{SECURITY}sessions/").content.decode()
