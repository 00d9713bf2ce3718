"""When a message that was not acknowledged is tried again (reference 4.4, where the sources disagree).

Backing off, the default: first after about 15 s, then ever more slowly, some 45 attempts in seven days.
Daily (CONNECT_RETRIES_DAILY): once a day, ten times; meanwhile later messages of the configuration wait as "Pending".
"""

from datetime import timedelta

from django.conf import settings

DAY = timedelta(days=1)
DAILY_RETRIES = 10
FIRST_DELAY_SECONDS = 15
LONGEST_DELAY_SECONDS = 17_400  # so that the last of the attempts falls on the seventh day
BACKOFF_ATTEMPTS = 45


def next_delay(attempts: int) -> timedelta | None:
    """After this many failed attempts; None: it has failed for good."""
    if settings.CONNECT_RETRIES_DAILY:
        return DAY if attempts <= DAILY_RETRIES else None
    if attempts >= BACKOFF_ATTEMPTS:
        return None
    doublings = min(attempts - 1, 20)
    return timedelta(seconds=min(FIRST_DELAY_SECONDS * 2**doublings, LONGEST_DELAY_SECONDS))
