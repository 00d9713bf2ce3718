"""What is stuck, and the question to Docusign that mends most of it.

Findings are questions to the rows, not rows of their own: they cannot be out of date, and are gone once mended.
Mending by itself is done where the work is: polling asks about whatever is silent, the archive fetches until the
documents are here, mails and messages are tried again. What is found here, all that has not mended.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import bounded, connect_messages, polling, status
from .models import (
    CompletedDocument,
    ConnectMessage,
    ConnectOutcome,
    Envelope,
    EnvelopeStatus,
    MailState,
    OutgoingMail,
    Recipient,
    RecipientStatus,
    Seal,
)
from .models.envelope import LACKS_DOCUMENTS, OPEN_STATUSES
from .visibility import visible

logger = logging.getLogger(__name__)

COUNT_UP_TO = 100  # of each way
ASK_AT_ONCE = 2000  # twenty calls
EXPIRES_SOON = timedelta(days=7)
MANY_ATTEMPTS = 5  # of sending, each of which touches the row
CLOCK_TOLERANCE = timedelta(minutes=1)  # between Docusign's clock and ours


@dataclass(frozen=True, slots=True)
class Finding:
    """One way to be stuck. `rows(now)` chooses the envelopes; `label` heads a list, `advice` a record."""

    kind: str
    label: str | Promise
    advice: str | Promise
    rows: Callable[[datetime], Q]
    is_fault: bool = True  # something does not work; otherwise it only may come to nothing


def _no_news(now: datetime) -> Q:
    since = now - timedelta(hours=settings.WATCH_NEWS_HOURS)
    return Q(status__in=OPEN_STATUSES) & (Q(synced_at__lte=since) | Q(synced_at=None))


def _unopened(now: datetime) -> Q:
    since = now - timedelta(days=settings.WATCH_UNOPENED_DAYS)
    waiting = Recipient.objects.filter(envelope=OuterRef("pk"), status=RecipientStatus.SENT, sent_at__lte=since)
    return Q(status__in=OPEN_STATUSES, sent_at__lte=since) & Q(Exists(waiting))


def _expiring(now: datetime) -> Q:
    return Q(status__in=sorted(OPEN_STATUSES), expires_at__gt=now, expires_at__lte=now + EXPIRES_SOON)


def _documents_missing(now: datetime) -> Q:
    since = now - timedelta(minutes=settings.WATCH_DOCUMENTS_MINUTES)
    return LACKS_DOCUMENTS & (Q(completed_at__lte=since) | Q(completed_at=None))


def _sending_long(now: datetime) -> Q:
    since = now - timedelta(minutes=settings.WATCH_SENDING_MINUTES)
    return Q(status=EnvelopeStatus.SENDING) & (Q(updated_at__lte=since) | Q(send_attempts__gte=MANY_ATTEMPTS))


def _mail_failed(now: datetime) -> Q:
    return Q(Exists(OutgoingMail.objects.filter(envelope=OuterRef("pk"), state=MailState.FAILED)))


def _mail_bounced(now: datetime) -> Q:
    return Q(Exists(OutgoingMail.objects.filter(envelope=OuterRef("pk"), state=MailState.BOUNCED)))


def _seal_broken(now: datetime) -> Q:
    return Q(Exists(CompletedDocument.objects.filter(envelope=OuterRef("pk"), seal=Seal.BROKEN)))


FINDINGS = (
    Finding(
        "drift",
        _("Differs from Docusign"),
        _("Docusign says something else than this page. Ask again; if it stays, look at Docusign's own page."),
        lambda now: ~Q(drift=[]),
    ),
    Finding(
        "no_news",
        _("No news for long"),
        _("Docusign has not answered about this envelope for long. Ask now."),
        _no_news,
    ),
    Finding(
        "unopened",
        _("Not opened for days"),
        _("A signer whose turn it is has not opened the envelope. Perhaps the mail was missed: send it again below."),
        _unopened,
    ),
    Finding(
        "expiring",
        _("Expires soon"),
        _("The time to sign is nearly over. Remind those who are waited for, or ask them what is missing."),
        _expiring,
        is_fault=False,
    ),
    Finding(
        "documents_missing",
        _("Signed documents missing"),
        _("Everyone has signed, but the documents could not be fetched yet. It is tried again by itself."),
        _documents_missing,
    ),
    Finding(
        "documents_purged",
        _("Signed documents purged"),
        _("Docusign had purged the documents before they could be fetched. Ask the signers for their copies."),
        lambda now: Q(documents_purged=True),
    ),
    Finding(
        "seal_broken",
        _("Seal broken"),
        _("A signed document is not as Docusign sealed it. Do not rely on it; fetch it again at Docusign."),
        _seal_broken,
    ),
    Finding(
        "sending_long",
        _("Sending takes long"),
        _("Docusign has not taken this envelope yet. It is tried again by itself; the reason stands above."),
        _sending_long,
    ),
    Finding(
        "mail_failed",
        _("Mail not delivered"),
        _("A mail could not be sent. Its reason stands below; send it again once that is mended."),
        _mail_failed,
    ),
    Finding(
        "mail_bounced",
        _("Address refused"),
        _("The recipient's side does not take mail for this address. Ask for the right one, and correct it."),
        _mail_bounced,
    ),
)


def stuck(kind: str, now: datetime) -> QuerySet[Envelope, int]:
    """The ids of the envelopes stuck in this way; in any way when `kind` is empty, none when it is unknown.

    Each way has an index of its own: a union finds the few among very many, one condition of them all would not.
    """
    ways = [
        Envelope.objects.without_templates().filter(finding.rows(now)).order_by().values_list("pk", flat=True)
        for finding in FINDINGS
        if kind in ("", finding.kind)
    ]
    if not ways:
        return Envelope.objects.none().values_list("pk", flat=True)
    return ways[0].union(*ways[1:]) if len(ways) > 1 else ways[0]


def findings_of(envelope: Envelope, now: datetime) -> list[Finding]:
    return findings_of_many([envelope.pk], now)[envelope.pk]


def findings_of_many(
    envelope_ids: Collection[int] | QuerySet[Envelope, int], now: datetime
) -> dict[int, list[Finding]]:
    """One query, however many there are."""
    questions = {
        f"is_{finding.kind}": ExpressionWrapper(finding.rows(now), output_field=BooleanField()) for finding in FINDINGS
    }
    answers = Envelope.objects.filter(pk__in=envelope_ids).annotate(**questions).values("pk", *questions)
    return {row["pk"]: [finding for finding in FINDINGS if row[f"is_{finding.kind}"]] for row in answers}


def counts(now: datetime, user: User | None = None) -> list[tuple[Finding, int]]:
    """How many envelopes (that the user sees) are stuck in which way; only the ways there are.

    COUNT_UP_TO + 1 = more than can be told.
    """
    everything = Envelope.objects.without_templates()
    base = visible(everything, user) if user else everything
    rows = {finding.kind: base.filter(finding.rows(now)) for finding in FINDINGS}
    found = bounded.counts(rows, up_to=COUNT_UP_TO + 1)
    return [(finding, found[finding.kind]) for finding in FINDINGS if found.get(finding.kind)]


def told(count: int) -> str:
    return f"{COUNT_UP_TO}+" if count > COUNT_UP_TO else str(count)


def connect_is_silent(now: datetime) -> bool:
    """Connect is asked for, something happened at Docusign in the last day, and not a word has come since."""
    if settings.DOCUSIGN_CONNECT == "off":
        return False
    since = now - timedelta(days=1)
    if heard_at := connect_messages.last_received_at():
        since = max(since, heard_at + CLOCK_TOLERANCE)
    happened = Envelope.objects.filter(
        last_modified_at__gt=since, last_modified_at__lt=now - timedelta(minutes=settings.WATCH_CONNECT_MINUTES)
    )
    return happened.exists()


def failed_connect_messages() -> int:
    return ConnectMessage.objects.filter(outcome=ConnectOutcome.FAILED).count()


def ask_docusign(envelope_ids: Iterable[int]) -> list[int]:
    """Ask about these envelopes, also finished ones, in batched calls; the ids of those that had news.

    What Docusign does not know is noted as drift. Calls Docusign; raises DocusignError.
    """
    rows = Envelope.objects.filter(pk__in=list(envelope_ids)).exclude(docusign_id=None)
    asked = {docusign_id for docusign_id in rows.values_list("docusign_id", flat=True) if docusign_id}
    told, changed = set(), []
    for snapshot in polling.snapshots_of(sorted(asked)):
        told.add(snapshot.docusign_id)
        if envelope_id := status.apply_snapshot(snapshot):
            changed.append(envelope_id)
    status.note_unknown(asked - told)
    return changed


def report(now: datetime) -> None:
    found = [f"{told(count)} {finding.kind}" for finding, count in counts(now) if finding.is_fault]
    if failed := failed_connect_messages():
        found.append(f"{failed} Connect messages failed")
    if connect_is_silent(now):
        found.append("Connect is silent")
    if found:
        logger.warning("needs attention: %s", ", ".join(found))
