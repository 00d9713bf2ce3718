"""The staff's first page: what needs me, who is waited for, what is at risk, how it goes, whether all is well.

A constant number of queries, each of which touches a bounded number of rows; figures over everything come from the
worker (`signing.tallies`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from signing import listing, tallies, watchdog
from signing.identities import SENDER_LOST
from signing.listing import COUNT_UP_TO, Filter
from signing.models import Envelope, EnvelopeStatus, OutgoingMail, Recipient, RecipientStatus
from signing.models.envelope import OPEN_STATUSES, WAITING_STATUSES
from signing.models.mail import UNDELIVERED_STATES
from signing.visibility import Reach, disjoint, reach_of, visible

from .ageing import Line, age, line_of, rows_of
from .attention import attention
from .charts import charts
from .leaving import unfinished_hand_overs
from .staff import staff_of
from .wellbeing import budget, wellbeing

RECENT = 8
ROWS = 6  # of each list
LOOKED_THROUGH = 300  # of those waited for longest, some of whose envelopes may have ended; of my own envelopes
DECLINED_LATELY = timedelta(days=14)
TILES = (
    ("waiting", "hourglass_top"),
    ("completed", "task_alt"),
    ("draft", "edit_document"),
    ("declined", "thumb_down"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A line that leads to an envelope."""

    envelope: Envelope
    icon: str
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    envelope: Envelope
    line: Line


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds what `admin/index.html` shows (unfold's DASHBOARD_CALLBACK). Calls nobody."""
    if not request.user.has_perm("signing.view_envelope"):
        return context
    now, user = timezone.now(), staff_of(request)
    sees_all = reach_of(user).sees_all
    figures = tallies.present() if sees_all else None  # they count everybody's
    undelivered = visible(OutgoingMail.objects.filter(state__in=UNDELIVERED_STATES).order_by(), user)
    return context | {
        "tiles": _tiles(listing.counts(user), figures),
        "mine": _mine(user, now),
        "waiting": _waiting(user, now),
        "risks": _risks(user, now),
        "recent": rows_of(listing.page(Filter(), user).envelopes[:RECENT]),
        "failed_mails": undelivered[:COUNT_UP_TO].count(),
        "figures": figures,
        "sees_all": sees_all,
        "charts": charts(figures) if figures else [],
        "budget": budget(now),
        "wellbeing": wellbeing(now),
        **attention(user),
        **unfinished_hand_overs(request),
    }


def _tiles(bounded: dict[str, int], figures: tallies.Tallies | None) -> list[dict[str, Any]]:
    """A number, and the tab of the list that shows what was counted."""
    labels = {
        "waiting": _("Waiting for signers"),
        "completed": _("Completed"),
        "draft": _("Drafts"),
        "declined": _("Declined"),
    }
    tiles = []
    for group, icon in TILES:
        count = bounded.get(group, 0)
        text = f"{count:,}"
        if count > COUNT_UP_TO:
            text = f"{max(figures.groups.get(group, 0), COUNT_UP_TO):,}" if figures else f"{COUNT_UP_TO:,}+"
        tiles.append({"icon": icon, "label": labels[group], "count": text, "status": group})
    return tiles


def _mine(user: User, now: datetime) -> list[Item]:
    """What the user has to see to themselves, the latest first."""
    own = Envelope.objects.filter(owner=user).defer("message", "summary").order_by("-pk")
    latest = own.values_list("pk", flat=True)[:LOOKED_THROUGH]
    found = watchdog.findings_of_many(latest, now)
    findings = {pk: kinds for pk, kinds in found.items() if kinds}
    stuck = own.filter(pk__in=sorted(findings, reverse=True)[:ROWS])
    declined = own.filter(status=EnvelopeStatus.DECLINED, declined_at__gt=now - DECLINED_LATELY)[:ROWS]
    held = own.filter(status=EnvelopeStatus.DRAFT, last_error_code=SENDER_LOST)[:ROWS]
    drafts = own.filter(status=EnvelopeStatus.DRAFT).exclude(last_error_code=SENDER_LOST)[:3]
    items = [
        *(Item(envelope, "person_off", _draft_text(envelope, now), "bad") for envelope in held),
        *(Item(envelope, "front_hand", _labels(findings.get(envelope.pk, [])), "bad") for envelope in stuck),
        *(
            Item(envelope, "thumb_down", _("declined %(age)s ago") % {"age": age(envelope.declined_at, now)}, "bad")
            for envelope in declined
        ),
        *(Item(envelope, "edit_document", _draft_text(envelope, now)) for envelope in drafts),
    ]
    return items[: 2 * ROWS]


def _labels(findings: Sequence[watchdog.Finding]) -> str:
    return capfirst(", ".join(str(finding.label).lower() for finding in findings))


def _draft_text(envelope: Envelope, now: datetime) -> str:
    if envelope.last_error_code == SENDER_LOST:
        return _("was not sent: decide who sends it")
    if envelope.last_error:
        return _("was refused by Docusign")
    return _("a draft, last changed %(age)s ago") % {"age": age(envelope.updated_at, now)}


def _waiting(user: User, now: datetime) -> list[Waiting]:
    """Who has been waited for longest, of the envelopes on their way."""
    asked = Recipient.objects.filter(
        status__in=(RecipientStatus.SENT, RecipientStatus.DELIVERED), sent_at__isnull=False
    )
    reach = reach_of(user)
    if reach.sees_all:
        longest = list(asked.order_by("sent_at").values_list("pk", flat=True)[:LOOKED_THROUGH])
        asked = asked.filter(pk__in=longest)
    else:
        asked = asked.filter(envelope__in=_oldest_waiting(reach))
    rows = (
        asked.filter(envelope__status__in=sorted(OPEN_STATUSES))
        .select_related("envelope")
        .defer("envelope__message", "envelope__summary")
        .order_by("sent_at")[:ROWS]
    )
    return [Waiting(recipient.envelope, line_of(recipient, recipient.envelope, now)) for recipient in rows]


def _oldest_waiting(reach: Reach) -> list[int]:
    waiting = Envelope.objects.filter(status__in=sorted(WAITING_STATUSES)).order_by("pk")
    return [
        pk for sight in disjoint(reach) for pk in waiting.filter(sight).values_list("pk", flat=True)[:LOOKED_THROUGH]
    ]


def _risks(user: User, now: datetime) -> list[Item]:
    """What may come to nothing: what expires first, addresses that refuse, what nobody opens."""
    base = visible(Envelope.objects.defer("message", "summary"), user)
    expiring = base.filter(pk__in=watchdog.stuck("expiring", now)).order_by("expires_at")[:ROWS]
    items = [
        Item(envelope, "timer", _("expires in %(age)s") % {"age": age(now, envelope.expires_at or now)}, "slow")
        for envelope in expiring
    ]
    bounced = _latest(base, "mail_bounced", now)
    unopened = _latest(base, "unopened", now)
    items += [Item(envelope, "unsubscribe", _("an address refuses our mail"), "bad") for envelope in bounced]
    items += [Item(envelope, "visibility_off", _("not opened for days"), "slow") for envelope in unopened]
    return list({item.envelope.pk: item for item in reversed(items)}.values())[::-1]  # each once, for its worst reason


def _latest(base: QuerySet[Envelope], kind: str, now: datetime) -> Sequence[Envelope]:
    return list(base.filter(pk__in=watchdog.stuck(kind, now)).order_by("-pk")[: ROWS // 2])
