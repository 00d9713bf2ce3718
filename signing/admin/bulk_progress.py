"""How far a batch has come, in figures for a bar and a sentence."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import localize
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _

from signing.models import BatchStatus, BulkBatch, Envelope, EnvelopeStatus, RowState
from signing.models.envelope import LOCAL_STATUSES

FIRST_GUESS_AFTER = timedelta(seconds=15)  # earlier the pace says nothing


@dataclass(frozen=True, slots=True)
class Progress:
    """`segments` are (state, share of the bar in percent, how many)."""

    segments: list[tuple[str, float, int]]
    percent: int
    sentence: str
    waits_for: str = ""


def progress_of(batch: BulkBatch) -> Progress:
    counts = batch.counts
    total = batch.row_count - counts.get(RowState.LEFT_OUT, 0)
    if batch.status == BatchStatus.READING:
        return Progress([], 0, _("%(n)s rows read so far.") % {"n": localize(batch.row_count)})
    if batch.status in (BatchStatus.CHECKING, BatchStatus.READY, BatchStatus.DRAFT):
        checked = total - counts.get(RowState.NEW, 0)
        states = (RowState.READY, RowState.BAD)
        sentence = _("%(n)s of %(all)s rows checked.") % {"n": localize(checked), "all": localize(total)}
        return Progress(_segments(counts, states, total), _percent(checked, total), sentence)
    sent_states = (RowState.SENT, RowState.SENDING, RowState.FAILED)
    total -= counts.get(RowState.BAD, 0)
    if counts.get(RowState.SENDING):
        counts = _with_arrivals(batch)
    sent = counts.get(RowState.SENT, 0)
    sentence = _("%(n)s of %(all)s sent") % {"n": localize(sent), "all": localize(total)}
    if failed := counts.get(RowState.FAILED, 0):
        sentence += ", " + _("%(n)s failed") % {"n": localize(failed)}
    waits_for, wait = ("", "")
    if batch.status == BatchStatus.SENDING:
        waits_for = _waiting_for(batch)
        wait = "" if waits_for else _remaining_time(batch, sent + failed, total)
    return Progress(
        _segments(counts, sent_states, total), _percent(sent + failed, total), f"{sentence}{wait}.", waits_for
    )


def _with_arrivals(batch: BulkBatch) -> dict[str, int]:
    """The counts as the next wave will find them: of the few under way some have arrived."""
    under_way = batch.rows.filter(state=RowState.SENDING).exclude(envelope__status__in=LOCAL_STATUSES)
    arrived = under_way.exclude(envelope=None).count()
    counts = dict(batch.counts)
    counts[RowState.SENDING] -= min(arrived, counts[RowState.SENDING])
    counts[RowState.SENT] = counts.get(RowState.SENT, 0) + arrived
    return counts


def _segments(counts: dict[str, int], states: tuple[RowState, ...], total: int) -> list[tuple[str, float, int]]:
    present = [(state.value, counts.get(state, 0)) for state in states]
    return [(state, round(100 * n / total, 2), n) for state, n in present if n and total]


def _percent(done: int, total: int) -> int:
    return 100 * done // total if total else 100


def _remaining_time(batch: BulkBatch, done: int, total: int) -> str:
    """By the pace so far."""
    now = timezone.now()
    elapsed = now - (batch.started_at or now)
    if not done or done >= total or elapsed < FIRST_GUESS_AFTER:
        return ""
    rest = elapsed / done * (total - done)
    return ", " + _("about %(time)s to go") % {"time": timeuntil(now + rest, now, depth=1)}


def _waiting_for(batch: BulkBatch) -> str:
    """Why the wave stands still: what Docusign last answered to one of its envelopes."""
    stuck = Envelope.objects.filter(bulk_row__batch=batch, bulk_row__state=RowState.SENDING).exclude(last_error="")
    return stuck.filter(status=EnvelopeStatus.SENDING).values_list("last_error", flat=True).first() or ""
