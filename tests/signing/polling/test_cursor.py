"""How far polling has come: nothing is passed over, and a round that failed is repeated."""

from datetime import timedelta

import pytest

from signing import polling
from signing.docusign import UnavailableError
from tests.clock import Clock

from .fake import FakeDocusign, from_date, make_open

pytestmark = pytest.mark.django_db


def test_each_round_begins_a_little_before_the_last_one(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now() - timedelta(days=30))
    first_at = clock.now()
    polling.poll()
    clock.advance(minutes=6)
    polling.poll()
    first, second = map(from_date, fake.by_date())
    assert first < first_at - timedelta(days=30)
    assert abs(second - (first_at - polling.OVERLAP)) < timedelta(seconds=5)


def test_a_round_that_failed_is_repeated_from_where_it_began(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now())
    fake.failure = (503, {}, "{}")
    with pytest.raises(UnavailableError):
        polling.poll()
    fake.failure = None
    clock.advance(seconds=31)
    polling.poll()
    first, second = map(from_date, fake.by_date())
    assert first == second


def test_a_round_never_reaches_further_back_than_docusign_searches(fake: FakeDocusign, clock: Clock) -> None:
    make_open(1, clock.now() - timedelta(days=1500))
    polling.poll()
    assert clock.now() - from_date(fake.by_date()[0]) < timedelta(days=730)
