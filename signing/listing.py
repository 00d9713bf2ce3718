"""Which envelopes the list shows: its filters as they stand in the address, and the rows they choose.

Everything here is meant for a million envelopes: each filter has an index, pages are found by the id where the last
one ended, and nothing is counted beyond a bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Self
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.dateparse import parse_date

from . import bounded, finding, watchdog
from .models import Envelope, EnvelopeStatus, Recipient, RecipientStatus
from .models.envelope import OPEN_STATUSES, WAITING_STATUSES
from .visibility import disjoint, reach_of, visible

PAGE_SIZE = 50
COUNT_UP_TO = 1000  # of each tab; what is more reads "1,000+"
TEXT_MAX_LENGTH = 200
ID_SLACK = 1000  # rows written at the same time may have their ids in another order than their times
# The tabs, each a group of statuses.
GROUPS: dict[str, frozenset[str]] = {
    "waiting": WAITING_STATUSES,
    "completed": frozenset({EnvelopeStatus.COMPLETED}),
    "draft": frozenset({EnvelopeStatus.DRAFT}),
    "declined": frozenset({EnvelopeStatus.DECLINED}),
    "voided": frozenset({EnvelopeStatus.VOIDED}),
}
SHOWN_STATUSES = frozenset(EnvelopeStatus) - {EnvelopeStatus.TEMPLATE}
MINE = "me"
ANY = "any"
OLDEST_FIRST = "oldest"


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the address chooses rows. Whatever makes no sense there is as if it were not."""

    q: str = ""
    status: str = ""  # one of GROUPS, or statuses with commas between
    owner: str = ""  # "me" or a user's id
    on: str = ""  # the email address of whom it waits for
    template: str = ""
    team: str = ""
    since: str = ""  # created on this day or later, YYYY-MM-DD
    until: str = ""  # created on this day or earlier
    attention: str = ""  # a kind of `watchdog.FINDINGS`, or "any"
    sort: str = ""

    @classmethod
    def of(cls, address: Mapping[str, str]) -> Self:
        given = {name: _clean(address.get(name, "")) for name in cls.names()}
        given["status"] = given["status"] or _clean(address.get("status__in", ""))
        return cls(**{name: value for name, value in given.items() if cls._makes_sense(name, value)})

    @classmethod
    def names(cls) -> list[str]:
        return [each.name for each in fields(cls)]

    @property
    def statuses(self) -> frozenset[str]:
        """Empty = all that are shown."""
        return GROUPS.get(self.status) or frozenset(self.status.split(",")) & SHOWN_STATUSES

    @property
    def is_oldest_first(self) -> bool:
        return self.sort == OLDEST_FIRST

    def query(self, **changes: str) -> str:
        """The part of the address after the question mark."""
        values = {name: getattr(self, name) for name in self.names()} | changes
        return urlencode({name: value for name, value in values.items() if value})

    @staticmethod
    def _makes_sense(name: str, value: str) -> bool:
        if name in ("since", "until"):
            return _day(value) is not None
        if name in ("owner", "template", "team"):
            return (value.isdecimal() and len(value) < 19) or (name == "owner" and value == MINE)
        if name == "attention":
            return value == ANY or value in {finding.kind for finding in watchdog.FINDINGS}
        return True


def rows(chosen: Filter, user: User) -> QuerySet[Envelope]:
    """All envelopes that the filter chooses of those the user sees, in its order. `user` is also who "me" means."""
    return visible(_chosen(chosen, user), user)


def _chosen(chosen: Filter, user: User) -> QuerySet[Envelope]:
    """Of all there are."""
    everything = Envelope.objects.without_templates()
    found: QuerySet[Envelope] = everything
    if chosen.statuses:
        found = Envelope.objects.filter(status__in=sorted(chosen.statuses))
    if chosen.owner:
        found = found.filter(owner=user.pk if chosen.owner == MINE else int(chosen.owner))
    if chosen.template:
        found = found.filter(template=int(chosen.template))
    if chosen.team:
        found = found.filter(team=int(chosen.team))
    if chosen.on:
        found = found.filter(pk__in=_waiting_on(chosen.on), status__in=sorted(OPEN_STATUSES))
    if chosen.attention:
        found = found.filter(pk__in=watchdog.stuck("" if chosen.attention == ANY else chosen.attention, timezone.now()))
    if chosen.q:
        found = found.filter(finding.matching(chosen.q))
    found = _in_days(found, _day(chosen.since), _day(chosen.until))
    return found.order_by("pk" if chosen.is_oldest_first else "-pk")


@dataclass(frozen=True, slots=True)
class Page:
    """`newer` and `older`: the id from which the page before and after goes on, in the order shown; None = no more."""

    envelopes: list[Envelope]
    before: int | None
    after: int | None


def page(chosen: Filter, user: User, *, after: int | None = None, before: int | None = None) -> Page:
    """The rows that follow the id `after`, or come before the id `before`, in the filter's order."""
    backwards = before is not None
    ascending = chosen.is_oldest_first != backwards
    mark = before if backwards else after
    ids = _ids(chosen, user, mark, ascending=ascending)
    has_more, ids = len(ids) > PAGE_SIZE, ids[:PAGE_SIZE]
    if backwards:
        ids.reverse()
    if not ids:
        return Page([], None, None)
    has_before, has_after = (has_more, True) if backwards else (mark is not None, has_more)
    return Page(with_facts(ids), ids[0] if has_before else None, ids[-1] if has_after else None)


def _ids(chosen: Filter, user: User, mark: int | None, *, ascending: bool) -> list[int]:
    """One more than a page holds: the first of each reason to be there and each reason to see it, merged, since each
    has its own index.
    """
    sights = [Q(owner=user.pk)] if chosen.owner == MINE else disjoint(reach_of(user))
    reasons = [finding.kind for finding in watchdog.FINDINGS] if chosen.attention == ANY else [chosen.attention]
    ids: set[int] = set()
    for reason, sight in product(reasons, sights):
        found = _chosen(replace(chosen, attention=reason), user).filter(sight).order_by("pk" if ascending else "-pk")
        if mark is not None:
            found = found.filter(pk__gt=mark) if ascending else found.filter(pk__lt=mark)
        ids.update(found.values_list("pk", flat=True)[: PAGE_SIZE + 1])
    return sorted(ids, reverse=not ascending)[: PAGE_SIZE + 1]


def with_facts(ids: list[int]) -> list[Envelope]:
    """These envelopes with their people, in this order, without the long texts."""
    found = Envelope.objects.with_people().defer("message", "summary").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def counts(user: User, *, of_mine: bool = False) -> dict[str, int]:
    """How many of each tab, of all the user sees or of their own; more than COUNT_UP_TO reads COUNT_UP_TO + 1."""
    sights = [Q(owner=user.pk)] if of_mine else disjoint(reach_of(user))
    tabs = {
        name: [Envelope.objects.filter(sight, status__in=sorted(statuses)) for sight in sights]
        for name, statuses in GROUPS.items()
    }
    return bounded.counts(tabs, up_to=COUNT_UP_TO + 1)


def _waiting_on(email: str) -> QuerySet[Recipient, int]:
    waiting = Recipient.objects.filter(status__in=(RecipientStatus.SENT, RecipientStatus.DELIVERED))
    return waiting.alias(address=Upper("email")).filter(address=email.upper()).values_list("envelope_id", flat=True)


def _in_days(found: QuerySet[Envelope], since: date | None, until: date | None) -> QuerySet[Envelope]:
    """Created from the one day to the other. Ids grow with time, and so bound what has to be looked through."""
    if since:
        starts_at = _midnight(since)
        first = (
            Envelope.objects.filter(created_at__gte=starts_at).order_by("created_at", "pk").values_list("pk", flat=True)
        )
        found = found.filter(created_at__gte=starts_at, pk__gte=(first.first() or 0) - ID_SLACK)
    if until:
        ends_at = _midnight(until + timedelta(days=1))
        last = (
            Envelope.objects.filter(created_at__lt=ends_at).order_by("-created_at", "-pk").values_list("pk", flat=True)
        )
        found = found.filter(created_at__lt=ends_at, pk__lte=(last.first() or 0) + ID_SLACK)
    return found


def _clean(text: str) -> str:
    """PostgreSQL knows no NUL."""
    return text.replace("\x00", "").strip()[:TEXT_MAX_LENGTH]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())
