"""Staff turnover: what somebody leaves behind is counted, and goes to a successor or a team. Nothing stays nobody's.

A few thousand envelopes move in one transaction. More go in steps (`errands` drives them): each is a transaction of its
own, and whoever stops half way goes on with what is left, since what has moved is the leaver's no more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from . import events, identities
from .models import (
    BulkBatch,
    Envelope,
    EnvelopeStatus,
    Errand,
    ErrandKind,
    EventKind,
    OutgoingMail,
    PortalKind,
    PublicForm,
    SavedView,
    Team,
    Template,
)
from .models.desk import UNFINISHED_ERRANDS, VIEW_NAME_MAX_LENGTH
from .models.envelope import TERMINAL_STATUSES
from .models.mail import WAITING_STATES

REASON = "left"
AT_ONCE = 2000  # envelopes moved in one transaction while somebody waits for the page: about four seconds
STEP = 200
UNSENT_STATUSES = (EnvelopeStatus.DRAFT, EnvelopeStatus.SENDING)
DEEDS = (ErrandKind.REMIND, ErrandKind.VOID, ErrandKind.ASK, ErrandKind.HAND_OVER)  # that somebody must see through


class NoSuccessorError(Exception):
    """Nobody can take it over; `str(error)` says why in a plain sentence."""


@dataclass(frozen=True, slots=True)
class Successor:
    """Who answers from then on; `team`: whose the things are besides."""

    user: User
    team: Team | None = None

    @property
    def name(self) -> str:
        return name_of(self.user)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What somebody answers for. `scheduled` are among the drafts; `contents` lie in templates and bulk sends."""

    open: int = 0
    finished: int = 0
    drafts: int = 0
    scheduled: int = 0
    templates: int = 0
    forms: int = 0
    batches: int = 0
    views: int = 0
    errands: int = 0
    contents: int = 0

    @property
    def envelopes(self) -> int:
        """Rows that move one by one."""
        return self.open + self.finished + self.drafts + self.contents

    @property
    def is_empty(self) -> bool:
        """Of views alone nobody is the worse."""
        return not any(getattr(self, column.name) for column in fields(self) if column.name != "views")


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()


def holdings_of(user: User) -> Holdings:
    own = Envelope.objects.filter(owner=user)
    is_draft, is_content = Q(status=EnvelopeStatus.DRAFT), Q(status=EnvelopeStatus.TEMPLATE)
    is_finished = Q(status__in=sorted(TERMINAL_STATUSES))
    counted = own.order_by().aggregate(
        open=Count("pk", filter=~is_draft & ~is_content & ~is_finished),
        finished=Count("pk", filter=is_finished),
        drafts=Count("pk", filter=is_draft),
        scheduled=Count("pk", filter=is_draft & Q(send_at__isnull=False)),
        contents=Count("pk", filter=is_content),
    )
    return Holdings(
        **counted,
        templates=Template.objects.filter(created_by=user).count(),
        forms=PublicForm.objects.filter(created_by=user).count(),
        batches=BulkBatch.objects.filter(created_by=user).count(),
        views=SavedView.objects.filter(user=user).count(),
        errands=_errands_of(user).count(),
    )


def left_behind() -> QuerySet[User]:
    """Who cannot log in any more and still answers for something, however that came about."""
    mine = {"owner": OuterRef("pk")}
    made = {"created_by": OuterRef("pk")}
    holds = Q(Exists(Envelope.objects.filter(**mine)))
    for model in (Template, PublicForm, BulkBatch):
        holds |= Q(Exists(model._default_manager.filter(**made)))
    return User.objects.filter(is_active=False).filter(holds).order_by("pk")


def successors(*, but: Iterable[User] = ()) -> QuerySet[User]:
    """Staff who can log in."""
    gone = [user.pk for user in but]
    return User.objects.filter(is_active=True, is_staff=True).exclude(pk__in=gone).order_by("first_name", "username")


def of_team(team: Team, *, but: Iterable[User] = ()) -> Successor:
    """A team's things need somebody who is told and stands in the mails: whoever of it has the fewest on their way."""
    is_open = ~Q(owned_envelopes__status__in=sorted(TERMINAL_STATUSES | {EnvelopeStatus.TEMPLATE}))
    able = successors(but=but).filter(teams=team).annotate(load=Count("owned_envelopes", filter=is_open, distinct=True))
    user = able.order_by("load", "pk").first()
    if user is None:
        raise NoSuccessorError(_("Nobody of the team “%(team)s” can log in.") % {"team": team.name})
    return Successor(user, team)


def check(leaver: User, to: Successor) -> None:
    """Raises NoSuccessorError."""
    if to.user == leaver:
        raise NoSuccessorError(_("Choose somebody else: this is who leaves."))
    if not (to.user.is_active and to.user.is_staff):
        raise NoSuccessorError(_("%(name)s cannot log in here.") % {"name": to.name})


def deactivate(user: User) -> None:
    """They cannot log in any more, and their sessions are over. Who they were stays in every timeline."""
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            events.record_portal(PortalKind.DEACTIVATED, about=f"user:{user.pk}", name=name_of(user))
        user.is_active = False
        identities.retire(user)


def hand_over(leaver: User, to: Successor) -> bool:
    """Everything in one transaction. With more envelopes than AT_ONCE all else moves, and False: those go in steps."""
    check(leaver, to)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=leaver.pk)  # one hand-over of one person at a time
        _move_all_else(leaver, to)
        ids = list(Envelope.objects.filter(owner=leaver).order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
        if len(ids) > AT_ONCE:
            return False
        for start in range(0, len(ids), STEP):
            move_envelopes(leaver, to, ids[start : start + STEP])
    return True


def next_envelopes(leaver_id: int) -> list[int]:
    """Of those that have not moved yet."""
    rows = Envelope.objects.filter(owner_id=leaver_id).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:STEP])


def move_envelopes(leaver: User, to: Successor, ids: Sequence[int]) -> list[int]:
    """Those that were still the leaver's. Each timeline says so; mails that wait to be sent go to the successor."""
    with transaction.atomic():
        rows = Envelope.objects.select_for_update().filter(pk__in=ids, owner=leaver).order_by("pk")
        found = list(rows.values_list("pk", "status"))
        moved = [pk for pk, _status in found]
        changes: dict[str, object] = {"owner": to.user} | ({"team": to.team} if to.team else {})
        _take_out_of_their_name(leaver, moved)
        Envelope.objects.filter(pk__in=moved).update(**changes)
        waiting = OutgoingMail.objects.filter(envelope__in=moved, recipient=None, state__in=WAITING_STATES)
        if to.user.email:
            waiting.update(to_email=to.user.email)
        facts = {"from": name_of(leaver), "to": to.name, "reason": REASON} | ({"team": to.team.name} if to.team else {})
        for pk, status in found:
            if status != EnvelopeStatus.TEMPLATE:
                events.record(pk, EventKind.REASSIGNED, facts)
    return moved


def _take_out_of_their_name(leaver: User, ids: Sequence[int]) -> None:
    """What has not left yet is sent by the service account: nobody else may send in the leaver's name."""
    unsent = Envelope.objects.filter(pk__in=ids, status__in=sorted(UNSENT_STATUSES), sent_as__user=leaver)
    for envelope in unsent.select_related("sent_as"):
        if envelope.sent_as:
            identities.stand_in(envelope, envelope.sent_as)


def _move_all_else(leaver: User, to: Successor) -> None:
    team = {"team": to.team} if to.team else {}
    facts = {"from": name_of(leaver), "to": to.name, "reason": REASON}
    for model, word in ((Template, "template"), (PublicForm, "publicform"), (BulkBatch, "bulkbatch")):
        rows = model._default_manager.select_for_update().filter(created_by=leaver)
        pks = list(rows.values_list("pk", flat=True))
        model._default_manager.filter(pk__in=pks).update(created_by=to.user, **team)
        for pk in pks:
            events.record_portal(PortalKind.REASSIGNED, facts, about=f"{word}:{pk}")
    _errands_of(leaver).update(asked_by=to.user)
    _move_views(leaver, to.user)


def _errands_of(user: User) -> QuerySet[Errand]:
    """Deeds under way. Exports are not handed on: they hold what the asker could see."""
    return Errand.objects.filter(asked_by=user, state__in=UNFINISHED_ERRANDS, kind__in=DEEDS)


def _move_views(leaver: User, to: User) -> None:
    """Under their own names where those are free."""
    taken = set(SavedView.objects.filter(user=to).values_list("name", flat=True))
    for view in SavedView.objects.filter(user=leaver):
        suffix = f" ({leaver.get_username()})"
        name = view.name if view.name not in taken else view.name[: VIEW_NAME_MAX_LENGTH - len(suffix)] + suffix
        if name in taken or len(name) > VIEW_NAME_MAX_LENGTH:
            continue
        taken.add(name)
        SavedView.objects.filter(pk=view.pk).update(user=to, name=name)
