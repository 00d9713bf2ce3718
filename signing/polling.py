"""Asking Docusign for news, in list calls only: what has changed since the last round, and by id what is silent.

One round asks for all envelopes that changed since the cursor. That search goes by the envelope's status, which need
not move when one of several signers has signed; so every open envelope is also asked about by id, a hundred a call,
the more rarely the longer nothing has happened to it.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone

from . import connect_messages
from .connection import connect
from .docusign import Client, DocusignError, EnvelopeSnapshot, RateLimitedError
from .identities import sender
from .models import Envelope, PollCursor, SendingIdentity
from .status import apply_snapshot, note_unknown

logger = logging.getLogger(__name__)

Item = TypeVar("Item")

IDS_PER_CALL = 100  # keeps the query string of a list call under 4 KB
CHECKS_PER_ROUND = 50  # calls by id; what remains waits for the next round
OVERLAP = timedelta(minutes=15)  # for differing clocks, and for changes that the search shows late
LONGEST_WINDOW = timedelta(days=700)  # Docusign searches two years
EXPECTED_WITHIN = timedelta(minutes=20)  # what Docusign advises for asking about one envelope (reference 4.5)
LONGEST_CHECK = timedelta(hours=20)
SILENCE_PER_CHECK = 10  # an envelope silent for five days is asked about every twelve hours
LEASE = timedelta(minutes=2)  # renewed before every call; longer than one call can take
RETRY_DELAY = timedelta(seconds=30)
CONNECT_SILENCE = timedelta(hours=24)  # Connect that has said nothing for so long is not relied upon


def poll() -> list[int]:
    """One round, if it is time and no other process is at it; the ids of the envelopes that had news.

    Calls Docusign: once per thousand changes, and once per hundred envelopes to be checked. Raises DocusignError.
    """
    if not Envelope.objects.open().exists():
        return []
    client = connect()
    cursor = _lease(client.account_id)
    if cursor is None:
        return []
    changed: list[int] = []
    next_poll_at = timezone.now() + RETRY_DELAY
    try:
        changed += _news_since(client, cursor)
        next_poll_at = timezone.now() + _interval(has_missed_news=bool(changed))
        changed += _check_silent(client, cursor)
    except RateLimitedError as error:
        next_poll_at = error.retry_at
        logger.info("polling waits until %s", error.retry_at)
    finally:
        PollCursor.objects.filter(pk=cursor.pk).update(lease_until=None, next_poll_at=next_poll_at)
    return changed


def refresh(envelope_ids: Iterable[int], *, urgent: bool = False) -> list[int]:
    """Ask about these envelopes, unless they are finished; the ids of those that had news. Calls Docusign."""
    rows = Envelope.objects.open().filter(pk__in=envelope_ids).values_list("docusign_id", flat=True)
    return _apply(snapshots_of([docusign_id for docusign_id in rows if docusign_id], urgent=urgent))


def snapshots_of(docusign_ids: Sequence[str], *, urgent: bool = False) -> Iterator[EnvelopeSnapshot]:
    """What Docusign says about these envelopes now. One call per hundred, none for none; raises DocusignError."""
    if not docusign_ids:
        return
    client = connect(urgent=urgent)
    for batch in _batches(docusign_ids, IDS_PER_CALL):
        told = list(client.list_envelopes(envelope_ids=batch))
        yield from told
        more, _unasked = ask_senders(set(batch) - {snapshot.docusign_id for snapshot in told}, urgent=urgent)
        yield from more


def ask_senders(docusign_ids: Collection[str], *, urgent: bool = False) -> tuple[list[EnvelopeSnapshot], set[str]]:
    """What the service account is not told: one call per sender, with their own token, while it holds; and the ids
    of those that could not be asked about, since one person's trouble is nobody else's.

    An administrator's lists hold the whole account's envelopes; a service user who is none sees only its own.
    """
    if not docusign_ids:
        return [], set()
    unseen: dict[SendingIdentity, list[str]] = defaultdict(list)
    rows = Envelope.objects.filter(docusign_id__in=docusign_ids, sent_as__lost_at=None).exclude(sent_as=None)
    for envelope in rows.select_related("sent_as__user"):
        if envelope.sent_as and envelope.docusign_id:
            unseen[envelope.sent_as].append(envelope.docusign_id)
    told: list[EnvelopeSnapshot] = []
    unasked: set[str] = set()
    for identity, theirs in unseen.items():
        try:
            with sender(identity, urgent=urgent) as client:
                told += client.list_envelopes(envelope_ids=sorted(theirs))
        except DocusignError as error:
            logger.info("%s envelopes of identity %s could not be asked about: %s", len(theirs), identity.pk, error)
            unasked.update(theirs)
    return told, unasked


def _lease(account_id: str) -> PollCursor | None:
    """The cursor, if a round is due and nobody else is at it."""
    now = timezone.now()
    PollCursor.objects.get_or_create(pk=account_id)
    is_free = Q(lease_until=None) | Q(lease_until__lte=now)
    is_due = Q(next_poll_at=None) | Q(next_poll_at__lte=now)
    if not PollCursor.objects.filter(is_free, is_due, pk=account_id).update(lease_until=now + LEASE):
        return None
    return PollCursor.objects.get(pk=account_id)


def _hold(cursor: PollCursor) -> None:
    PollCursor.objects.filter(pk=cursor.pk).update(lease_until=timezone.now() + LEASE)


def _news_since(client: Client, cursor: PollCursor) -> list[int]:
    """All that changed since the cursor, which moves on once everything is applied."""
    started_at = timezone.now()
    changed: list[int] = []
    snapshots = client.list_envelopes(from_at=_from(cursor, started_at))
    for page in _batches(snapshots, 1000):
        _hold(cursor)
        told = [snapshot.docusign_id for snapshot in page]
        # The account may hold envelopes that are not ours, and the overlap repeats what is long finished.
        ours = set(Envelope.objects.open().filter(docusign_id__in=told).values_list("docusign_id", flat=True))
        changed += _apply(snapshot for snapshot in page if snapshot.docusign_id in ours)
    PollCursor.objects.filter(pk=cursor.pk).update(polled_until=started_at)
    return changed


def expect_news(envelope_id: int) -> None:
    """Someone is signing: should their return be lost, the envelope is asked about by id before long."""
    Envelope.objects.open().filter(pk=envelope_id).update(check_at=timezone.now() + EXPECTED_WITHIN)


def _from(cursor: PollCursor, now: datetime) -> datetime:
    """From the cursor on, but never from before the oldest envelope that is still open."""
    oldest = Envelope.objects.open().aggregate(oldest=Min("sent_at"))["oldest"] or now
    start = max(oldest, cursor.polled_until or oldest) - OVERLAP
    return max(start, now - LONGEST_WINDOW)


def _check_silent(client: Client, cursor: PollCursor) -> list[int]:
    changed: list[int] = []
    now = timezone.now()
    for batch in islice(_batches(_silent(now), IDS_PER_CALL), CHECKS_PER_ROUND):
        _hold(cursor)
        asked = {envelope.docusign_id or "" for envelope in batch}
        told = list(client.list_envelopes(envelope_ids=sorted(asked)))
        more, unasked = ask_senders(asked - {snapshot.docusign_id for snapshot in told})
        told += more
        changed += _apply(told)
        note_unknown(asked - {snapshot.docusign_id for snapshot in told} - unasked)
        for envelope in batch:
            envelope.check_at = _next_check_at(envelope, now)
        Envelope.objects.bulk_update(batch, ["check_at"])
    return changed


def _silent(now: datetime) -> Iterator[Envelope]:
    """Open envelopes whose check is due, the longest overdue first."""
    first_check = now - timedelta(seconds=settings.DOCUSIGN_CHECK_SECONDS)
    is_due = Q(check_at__lte=now) | Q(check_at=None, synced_at__lte=first_check) | Q(check_at=None, synced_at=None)
    rows = Envelope.objects.open().filter(is_due).order_by("check_at", "pk")
    return iter(rows.only("docusign_id", "last_modified_at", "sent_at")[: IDS_PER_CALL * CHECKS_PER_ROUND])


def _next_check_at(envelope: Envelope, now: datetime) -> datetime:
    silence = now - (envelope.last_modified_at or envelope.sent_at or now)
    shortest = timedelta(seconds=settings.DOCUSIGN_CHECK_SECONDS)
    return now + max(shortest, min(silence / SILENCE_PER_CHECK, LONGEST_CHECK))


def _interval(*, has_missed_news: bool) -> timedelta:
    """Rarely while Connect tells everything in time: it spoke lately, and this round had nothing to add."""
    heard_at = connect_messages.last_received_at()
    connect_works = heard_at is not None and timezone.now() - heard_at < CONNECT_SILENCE and not has_missed_news
    return timedelta(seconds=settings.DOCUSIGN_POLL_RARELY_SECONDS if connect_works else settings.DOCUSIGN_POLL_SECONDS)


def _apply(snapshots: Iterable[EnvelopeSnapshot]) -> list[int]:
    return [envelope_id for envelope_id in map(apply_snapshot, snapshots) if envelope_id is not None]


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
