"""Somebody who wants to come in, and nobody who has used up a limit before them."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client as Browser

from portal.celery import app
from tests.clock import Clock
from tests.factories import make_staff


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def dana() -> User:
    return make_staff(is_superuser=False)


@pytest.fixture
def visitor() -> Browser:
    return Browser()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def worker_at_once() -> Iterator[None]:
    """Tasks run where they are rung for."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False
