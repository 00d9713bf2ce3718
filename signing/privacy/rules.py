"""Which rule holds for an envelope, and what is due by it. The rule that counts is the one of now, not of then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from signing.models import BatchStatus, BulkBatch, Envelope, EnvelopeStatus, PurgeState, RetentionRule, Scope
from signing.models.envelope import TERMINAL_STATUSES, WAITING_STATUSES
from signing.models.privacy import ended_at

# The setting RETAIN_PURGE in Docusign's words.
PURGES = {
    "no": "",
    "documents": PurgeState.DOCUMENTS.value,
    "metadata": PurgeState.METADATA.value,
    "redact": PurgeState.REDACT.value,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` after the end `scope` goes here, and `purge_state` is asked for at Docusign; no days = for ever.

    `template_id`: whose rule it is, None = the site's. `name` of the template.
    """

    days: int | None
    scope: Scope
    purge_state: str = ""
    template_id: int | None = None
    name: str = ""

    def goes_at(self, envelope: Envelope) -> datetime | None:
        end = envelope.completed_at or envelope.declined_at or envelope.voided_at
        return end + timedelta(days=self.days) if self.days and end and envelope.is_terminal else None


def site_rule() -> Rule:
    return Rule(settings.RETAIN_DAYS, Scope(settings.RETAIN_SCOPE), PURGES[settings.RETAIN_PURGE])


def all_rules() -> list[Rule]:
    """The site's first, then those of templates."""
    rows = RetentionRule.objects.select_related("template").order_by("template__name", "pk")
    return [site_rule(), *(_rule(row) for row in rows)]


def rule_of(envelope: Envelope) -> Rule:
    return rule_of_template(envelope.template_id)


def rule_of_template(template_id: int | None) -> Rule:
    row = RetentionRule.objects.select_related("template").filter(template=template_id or 0).first()
    return _rule(row) if row else site_rule()


def due(now: datetime) -> Iterator[tuple[Rule, QuerySet[Envelope]]]:
    """For each rule that deletes, what it deletes now: finished long enough ago, not on hold, and still here."""
    for rule in all_rules():
        if rule.days:
            yield rule, _due_by(rule, now)


def due_drafts(now: datetime) -> QuerySet[Envelope]:
    """Drafts that nobody has touched for long, and that will not leave by themselves."""
    if not settings.DRAFT_RETAIN_DAYS:
        return Envelope.objects.none()
    limit = now - timedelta(days=settings.DRAFT_RETAIN_DAYS)
    return Envelope.objects.filter(status=EnvelopeStatus.DRAFT, held_at=None, send_at=None, updated_at__lte=limit)


def due_batches(rule: Rule, now: datetime) -> QuerySet[BulkBatch]:
    """Bulk sends that are over, with sheet and rows still here, and no envelope that must stay or is on its way."""
    ended = BulkBatch.objects.filter(
        status__in=(BatchStatus.DONE, BatchStatus.CANCELLED), updated_at__lte=now - timedelta(days=rule.days or 0)
    )
    needed = Envelope.objects.filter(bulk_row__batch=OuterRef("pk"))
    is_held, is_open = needed.filter(held_at__isnull=False), needed.filter(status__in=WAITING_STATUSES)
    return _of_template(ended, rule).exclude(file="").exclude(Exists(is_held)).exclude(Exists(is_open))


def _rule(row: RetentionRule) -> Rule:
    return Rule(row.days, Scope(row.scope), row.purge_state, row.template_id, row.template.name)


def _due_by(rule: Rule, now: datetime) -> QuerySet[Envelope]:
    found = Envelope.objects.alias(ended=ended_at()).filter(
        status__in=sorted(TERMINAL_STATUSES),
        content_deleted_at=None,
        held_at=None,
        ended__lte=now - timedelta(days=rule.days or 0),
    )
    if rule.scope == Scope.DOCUMENTS:
        found = found.filter(documents_deleted_at=None)
    return _of_template(found, rule).order_by("ended")


def _of_template(rows: QuerySet, rule: Rule) -> QuerySet:  # of envelopes, or of batches
    if rule.template_id:
        return rows.filter(template=rule.template_id)
    overridden = RetentionRule.objects.filter(template=OuterRef("template"))
    return rows.exclude(Exists(overridden))
