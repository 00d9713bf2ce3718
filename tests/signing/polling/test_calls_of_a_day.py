"""What a day of polling costs."""

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from signing.models import Envelope
from tests.clock import Clock

from .fake import FakeDocusign, make_open, poll_for, told_changed

pytestmark = pytest.mark.django_db


# How many calls a day costs, with all envelopes open and quiet for ten days and a hundredth changing


@pytest.mark.parametrize(("number", "by_id"), [(10, 2), (100, 2), (1_000, 20)])
def test_a_day_costs_few_calls_however_many_envelopes_are_open(
    fake: FakeDocusign, clock: Clock, settings: Settings, number: int, by_id: int
) -> None:
    """48 rounds, and two checks per hundred; one by one it would be 96 calls per envelope."""
    settings.DOCUSIGN_POLL_SECONDS = 1800
    make_open(number, clock.now(), silent_for=timedelta(days=10))
    Envelope.objects.update(check_at=clock.now() + timedelta(hours=1))
    poll_for(clock, timedelta(hours=22), timedelta(minutes=30))
    fake.changed = told_changed(number // 100)
    poll_for(clock, timedelta(hours=2), timedelta(minutes=30))
    assert Envelope.objects.filter(status="delivered").count() == number // 100
    assert (len(fake.by_date()), len(fake.by_id())) == (48, pytest.approx(by_id, abs=1))
