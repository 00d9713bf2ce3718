"""The row of an errand: asked for, taken by one worker at a time, kept informed, finished."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from celery.exceptions import SoftTimeLimitExceeded
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from signing import events, leaving, polling
from signing.acting import Actor, acting
from signing.docusign import DocusignError
from signing.models import Errand, ErrandKind, ErrandState, PortalKind
from signing.models.desk import UNFINISHED_ERRANDS

from . import deeds, exports
from .progress import CancelledError, Progress

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=6)  # longer than the longest task; a killed worker's errand goes on after it
SLICE_SECONDS = 100  # then another worker may go on with it, and other work gets its turn
KEPT = timedelta(days=7)
WRITERS = {
    ErrandKind.CSV: exports.write_csv,
    ErrandKind.XLSX: exports.write_xlsx,
    ErrandKind.ZIP: exports.write_zip,
    ErrandKind.PROOF: exports.write_proofs,
}
DEEDS = {
    ErrandKind.REMIND: deeds.remind,
    ErrandKind.VOID: deeds.void,
    ErrandKind.ASK: deeds.ask,
    ErrandKind.HAND_OVER: deeds.hand_over,
}
AT_ONCE = {ErrandKind.ASK: polling.IDS_PER_CALL}  # envelopes per step; of all others one


@dataclass(frozen=True, slots=True)
class Slice:
    """What one turn of a worker did: these envelopes changed; `goes_on` when the errand is not finished."""

    changed: tuple[int, ...] = ()
    goes_on: bool = False


def ask(user: User, kind: ErrandKind, **params: object) -> Errand:
    """Whoever calls rings for a worker."""
    ids, counted = params.get("ids"), params.pop("total", None)
    total = len(ids) if isinstance(ids, list) else counted if isinstance(counted, int) else None
    with transaction.atomic():
        errand = Errand.objects.create(kind=kind, asked_by=user, params=params, total=total)
        told = {"errand": kind.value, "count": total, "params": params}
        events.record_portal(PortalKind.ERRAND_ASKED, told, about=f"errand:{errand.pk}", by=user)
    return errand


def cancel(errand: Errand) -> bool:
    """What is done stays done. False when it was finished already. Nobody stops a hand-over half way."""
    if errand.kind == ErrandKind.HAND_OVER:
        return False
    return bool(
        Errand.objects.filter(pk=errand.pk, state__in=UNFINISHED_ERRANDS).update(
            state=ErrandState.CANCELLED, finished_at=timezone.now(), lease_until=None
        )
    )


def unfinished(now: datetime) -> list[int]:
    """Those that no worker is at."""
    rows = Errand.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now), state__in=UNFINISHED_ERRANDS)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:20])


def run(errand_id: int) -> Slice:
    """One turn, in the name of who asked for it. May call Docusign; trouble is kept on the row."""
    errand = _claim(errand_id)
    if errand is None:
        return Slice()
    with acting(Actor(partial(_same, errand.asked_by))):
        try:
            return _turn(errand)
        except CancelledError:
            logger.info("errand %s was cancelled", errand.pk)
        except DocusignError as error:
            _finish(errand, ErrandState.FAILED, error=error.staff_message[:500])
        except SoftTimeLimitExceeded:
            _finish(errand, ErrandState.FAILED, error=_("It took too long. Narrow the filter, and try again."))
        except OSError as error:
            _finish(errand, ErrandState.FAILED, error=_("It could not be stored: %s") % error.strerror)
    return Slice()


def prune(now: datetime) -> None:
    """Throw away errands of last week, with their files."""
    for errand in Errand.objects.filter(asked_at__lt=now - KEPT).iterator():
        if errand.file:
            errand.file.delete(save=False)
        errand.delete()


def _turn(errand: Errand) -> Slice:
    progress = Progress(errand, LEASE)
    if write := WRITERS.get(ErrandKind(errand.kind)):
        write(errand, progress)
        _finish(errand, ErrandState.DONE)
        return Slice()
    deed, started = DEEDS[ErrandKind(errand.kind)], time.monotonic()
    changed: list[int] = []
    for envelope_ids in _remaining(errand):
        changed += deed(errand, envelope_ids)
        progress.step(len(envelope_ids))
        if time.monotonic() - started > SLICE_SECONDS:
            progress.rest()
            return Slice(tuple(changed), goes_on=True)
    _finish(errand, ErrandState.DONE)
    return Slice(tuple(changed))


def _remaining(errand: Errand) -> Iterator[list[int]]:
    while errand.kind == ErrandKind.HAND_OVER and (left := leaving.next_envelopes(errand.params["leaver"])):
        yield left
    ids, size = errand.params.get("ids", []), AT_ONCE.get(ErrandKind(errand.kind), 1)
    for start in range(errand.done, len(ids), size):
        yield ids[start : start + size]


def _claim(errand_id: int) -> Errand | None:
    now = timezone.now()
    is_free = Q(lease_until=None) | Q(lease_until__lte=now)
    claimed = Errand.objects.filter(is_free, pk=errand_id, state__in=UNFINISHED_ERRANDS).update(
        state=ErrandState.RUNNING, lease_until=now + LEASE
    )
    return Errand.objects.select_related("asked_by").get(pk=errand_id) if claimed else None


def _finish(errand: Errand, state: ErrandState, *, error: str = "") -> None:
    with transaction.atomic():
        Errand.objects.filter(pk=errand.pk).exclude(state=ErrandState.CANCELLED).update(
            state=state,
            error=error,
            done=errand.done,
            problems=errand.problems,
            file=errand.file.name,
            filename=errand.filename,
            size_bytes=errand.size_bytes,
            finished_at=timezone.now(),
            lease_until=None,
        )


def _same(user: User) -> User:
    return user
