"""Is everything alive? The connection, the processes behind the pages, the mail, and the calls that are left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from signing import connection, heartbeat, watchdog
from signing.heartbeat import Part
from signing.models import CallBudget, OutgoingMail
from signing.models.mail import WAITING_STATES

from .ageing import ago

MAIL_LATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Pulse:
    """`state` is "good", "bad" or "off"."""

    name: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Budget:
    """Calls to Docusign's API that are left in this hour."""

    left: int
    limit: int
    percent: int
    resets_at: datetime | None
    is_low: bool


def wellbeing(now: datetime) -> list[Pulse]:
    return [
        _connection(),
        _process(Part.WORKER, _("Worker"), now),
        _process(Part.BEAT, _("Beat"), now),
        _mail(now),
        _connect(now),
    ]


def budget(now: datetime) -> Budget | None:
    """None while Docusign has told nothing, or only of an hour that is over."""
    row = CallBudget.objects.order_by("-hour_resets_at").first()
    if row is None or not row.hour_limit or row.hour_remaining is None:
        return None
    is_over = row.hour_resets_at is not None and row.hour_resets_at <= now
    left = row.hour_limit if is_over else row.hour_remaining
    percent = max(0, min(100, left * 100 // row.hour_limit))
    return Budget(left, row.hour_limit, percent, None if is_over else row.hour_resets_at, percent <= 20)


def _connection() -> Pulse:
    trouble = connection.trouble()
    if trouble is None:
        return Pulse(_("Docusign"), "good", _("connected"))
    return Pulse(_("Docusign"), "bad", _("not connected: see above"))


def _process(part: Part, name: str, now: datetime) -> Pulse:
    seen = heartbeat.last(part)
    if not heartbeat.is_stale(seen, now):
        return Pulse(name, "good", _("alive, seen %(ago)s") % {"ago": ago(seen, now)})
    if seen is None:
        return Pulse(name, "bad", _("no sign of life yet: is it started?"))
    return Pulse(name, "bad", _("no sign of life since %(ago)s: start it again") % {"ago": ago(seen, now)})


def _mail(now: datetime) -> Pulse:
    late = OutgoingMail.objects.filter(state__in=WAITING_STATES, due_at__lte=now - MAIL_LATE).order_by("due_at").first()
    if late is None:
        return Pulse(_("Mail"), "good", _("leaves in time"))
    return Pulse(_("Mail"), "bad", _("waits since %(ago)s") % {"ago": ago(late.due_at, now)})


def _connect(now: datetime) -> Pulse:
    if settings.DOCUSIGN_CONNECT == "off":
        return Pulse(_("Connect"), "off", _("not used: the portal polls"))
    if watchdog.connect_is_silent(now):
        return Pulse(_("Connect"), "bad", _("silent: the portal polls instead"))
    return Pulse(_("Connect"), "good", _("heard"))
