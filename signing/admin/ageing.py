"""What the list says of each envelope: one line per person with state and age, and what is at risk."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signing.models import Envelope, MailState, OutgoingMail, Recipient, RecipientStatus
from signing.models.mail import UNDELIVERED_STATES
from signing.models.recipient import ACTIVE_STATUSES, DONE_STATUSES
from signing.watchdog import EXPIRES_SOON

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
LINES = 4  # of people; the others are counted
SLOW_DAYS, LATE_DAYS = 3, 7  # waiting for so long is coloured


@dataclass(frozen=True, slots=True)
class Line:
    """`tone` is empty, "slow" or "late"."""

    name: str
    status: str
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    envelope: Envelope
    lines: list[Line]
    more: int
    risks: list[str]


def rows_of(envelopes: Collection[Envelope]) -> list[Row]:
    """One query, however many there are."""
    now = timezone.now()
    undelivered = dict(
        OutgoingMail.objects.filter(envelope__in=[envelope.pk for envelope in envelopes], state__in=UNDELIVERED_STATES)
        .order_by()
        .values_list("envelope_id", "state")
    )
    return [_row(envelope, undelivered.get(envelope.pk), now) for envelope in envelopes]


def line_of(recipient: Recipient, envelope: Envelope, now: datetime) -> Line:
    status = RecipientStatus(recipient.status)
    if envelope.is_local:
        return Line(recipient.name, "created", recipient.email)
    if status in ACTIVE_STATUSES and envelope.is_open:
        days = (now - recipient.sent_at).days if recipient.sent_at else 0
        tone = "late" if days >= LATE_DAYS else "slow" if days >= SLOW_DAYS else ""
        return Line(recipient.name, status, _waiting(recipient, now), tone)
    if status in DONE_STATUSES:
        return Line(recipient.name, status, _("signed %(ago)s") % {"ago": ago(recipient.signed_at, now)})
    if status == RecipientStatus.DECLINED:
        return Line(recipient.name, status, _("declined %(ago)s") % {"ago": ago(recipient.declined_at, now)})
    if status == RecipientStatus.CREATED:
        return Line(recipient.name, status, _("not yet their turn") if envelope.is_open else _("never asked"))
    if status in ACTIVE_STATUSES:
        return Line(recipient.name, "created", _("had not signed"))
    return Line(recipient.name, status, recipient.get_status_display())


def age(since: datetime | None, now: datetime) -> str:
    """In days as soon as they matter: "9 days" says more than "1 week"."""
    seconds = (now - since).total_seconds() if since else 0
    if seconds < MINUTE:
        return _("a moment")
    if seconds < HOUR:
        return ngettext("%(n)s minute", "%(n)s minutes", int(seconds // MINUTE)) % {"n": int(seconds // MINUTE)}
    if seconds < 2 * DAY:
        return ngettext("%(n)s hour", "%(n)s hours", int(seconds // HOUR)) % {"n": int(seconds // HOUR)}
    return _("%(n)s days") % {"n": int(seconds // DAY)}


def ago(since: datetime | None, now: datetime) -> str:
    if since is None:
        return ""
    return _("%(age)s ago") % {"age": age(since, now)} if (now - since).total_seconds() >= MINUTE else _("just now")


def _row(envelope: Envelope, mail_state: str | None, now: datetime) -> Row:
    people = list(envelope.recipients.all())
    lines = [line_of(person, envelope, now) for person in people[:LINES]]
    return Row(envelope, lines, max(0, len(people) - LINES), _risks(envelope, mail_state, now))


def _risks(envelope: Envelope, mail_state: str | None, now: datetime) -> list[str]:
    risks = []
    if mail_state == MailState.BOUNCED:
        risks.append(_("Address refused"))
    elif mail_state == MailState.FAILED:
        risks.append(_("Mail not delivered"))
    if envelope.is_open and envelope.expires_at and now < envelope.expires_at <= now + EXPIRES_SOON:
        risks.append(_("Expires in %(age)s") % {"age": age(now, envelope.expires_at)})
    if envelope.drift:
        risks.append(_("Differs from Docusign"))
    if envelope.is_draft and envelope.last_error:
        risks.append(_("Refused by Docusign"))
    return risks


def _waiting(recipient: Recipient, now: datetime) -> str:
    since = {"age": age(recipient.sent_at, now)}
    if recipient.status == RecipientStatus.DELIVERED:
        return _("opened, waiting %(age)s") % since
    return _("waiting %(age)s, not opened") % since
