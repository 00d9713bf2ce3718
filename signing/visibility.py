"""Who sees what: their own, what is their teams', or everything. And to whose team new things belong.

Permissions say how far somebody sees (`signing.see_all`, `signing.see_team`), Django's permissions of a model what they
may do there; both are needed. Whatever somebody does not see is not there for them: doors answer 404.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet

from .models import (
    BulkBatch,
    BulkRow,
    CompletedDocument,
    ConnectMessage,
    Document,
    Envelope,
    EnvelopeEvent,
    EnvelopeStatus,
    FormEntry,
    OutgoingMail,
    PublicForm,
    PurgeRequest,
    Recipient,
    Team,
    Template,
    TemplateVersion,
)

Row = TypeVar("Row", bound=Model)

# Whose a thing is.
OWNERS: dict[type[Model], str] = {
    Envelope: "owner",
    Template: "created_by",
    PublicForm: "created_by",
    BulkBatch: "created_by",
}
# What belongs to one of those is seen with it.
PARTS: dict[type[Model], tuple[str, type[Model]]] = {
    OutgoingMail: ("envelope", Envelope),
    Recipient: ("envelope", Envelope),
    Document: ("envelope", Envelope),
    CompletedDocument: ("envelope", Envelope),
    EnvelopeEvent: ("envelope", Envelope),
    PurgeRequest: ("envelope", Envelope),
    TemplateVersion: ("template", Template),
    FormEntry: ("form", PublicForm),
    BulkRow: ("batch", BulkBatch),
}
FOR_WHO_SEES_ALL = frozenset({ConnectMessage})  # what Docusign tells of the whole account


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody sees. `teams` are the ids of those whose things they see."""

    user_id: int
    sees_all: bool = False
    teams: tuple[int, ...] = ()

    def sees(self, owner_id: int, team_id: int | None) -> bool:
        return self.sees_all or owner_id == self.user_id or team_id in self.teams


def reach_of(user: User) -> Reach:
    """Kept on the user object, as Django keeps permissions: that lives for one request or errand."""
    known: Reach | None = user.__dict__.get("_signing_reach")
    if known is None:
        known = user.__dict__["_signing_reach"] = _reach_of(user)
    return known


def visible(queryset: QuerySet[Row], user: User) -> QuerySet[Row]:
    """Of these rows those that the user sees. LookupError for a model that nobody has decided about."""
    condition = _condition(queryset.model, reach_of(user))
    return queryset.none() if condition is None else queryset.filter(condition)


def may_see(user: User, thing: Model) -> bool:
    """Whether the row is there for them; what they may do with it is a question of permissions."""
    root = _root(thing)
    return root is not None and (_is_within(user, root) or (isinstance(root, Template) and root.is_shared))


def may_change(user: User, thing: Model) -> bool:
    """A template for everybody is used by all and changed by its own alone."""
    root = _root(thing)
    return root is not None and _is_within(user, root)


def team_for(user: User, *, like: int | None = None) -> Team | None:
    """To which team something new of theirs belongs: their only one, or that of its model, if that is theirs."""
    teams = list(user.teams.all())
    if len(teams) == 1:
        return teams[0]
    return next((team for team in teams if team.pk == like), None)


def team_choices(user: User, present: int | None = None) -> QuerySet[Team]:
    """To which teams they may give what is theirs to change; it may also stay where it is."""
    if reach_of(user).sees_all:
        return Team.objects.all()
    return Team.objects.filter(Q(pk__in=user.teams.values("pk")) | Q(pk=present or 0))


def teams_seen(user: User) -> QuerySet[Team]:
    """Those whose things they see."""
    reach = reach_of(user)
    return Team.objects.all() if reach.sees_all else Team.objects.filter(pk__in=reach.teams)


def colleagues(user: User) -> QuerySet[User]:
    """Staff who own what they see, and to whom they may give what is theirs to change."""
    staff = User.objects.filter(is_active=True, is_staff=True).order_by("first_name", "username")
    if reach_of(user).sees_all:
        return staff
    same_team = User.objects.filter(teams__in=user.teams.all()).values("pk")
    return staff.filter(Q(pk=user.pk) | Q(pk__in=same_team))


def _reach_of(user: User) -> Reach:
    if user.has_perm("signing.see_all"):
        return Reach(user.pk, sees_all=True)
    teams = user.teams.values_list("pk", flat=True) if user.has_perm("signing.see_team") else ()
    return Reach(user.pk, teams=tuple(teams))


def _condition(model: type[Model], reach: Reach) -> Q | None:
    """None = nothing."""
    if model in FOR_WHO_SEES_ALL:
        return Q() if reach.sees_all else None
    part, root = PARTS.get(model, ("", model))
    owner, path = OWNERS[root], f"{part}__" if part else ""
    if reach.sees_all:
        return Q()
    condition = Q(**{path + owner: reach.user_id})
    if reach.teams:
        condition |= Q(**{f"{path}team__in": reach.teams})
    return condition | Q(**{f"{path}is_shared": True}) if root is Template else condition


def _root(thing: Any) -> Model | None:
    """The thing whose owner and team decide. What a template or bulk send holds is seen with it."""
    part, _root_model = PARTS.get(type(thing), ("", None))
    if part:
        thing = getattr(thing, part)
    if isinstance(thing, Envelope) and thing.status == EnvelopeStatus.TEMPLATE:
        return _holder(thing)
    found: Model | None = thing
    return found


def _holder(content: Envelope) -> Template | BulkBatch | None:
    holds = Q(content=content) | Q(working_copy=content) | Q(versions__content=content)
    return Template.objects.filter(holds).first() or BulkBatch.objects.filter(content=content).first()


def _is_within(user: User, root: Any) -> bool:
    reach = reach_of(user)
    if type(root) in FOR_WHO_SEES_ALL:
        return reach.sees_all
    return reach.sees(getattr(root, f"{OWNERS[type(root)]}_id"), root.team_id)


def disjoint(reach: Reach) -> Sequence[Q]:
    """The same as one condition for each index of Envelope: what is theirs, then each team's that is not theirs."""
    if reach.sees_all:
        return [Q()]
    return [Q(owner=reach.user_id), *(Q(team=team) & ~Q(owner=reach.user_id) for team in reach.teams)]
