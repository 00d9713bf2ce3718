"""The roles: the one table of who may do what. A role is a Django group of that name.

Migrations make and renew the groups (`renew`); whoever changes the table adds one. A superuser may do everything; a
mixture that is not here is a group of one's own. `reveal_signing_link` is in no role: with it one could sign for
others, so it is given to a person by name.
"""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Role:
    """`about` says in a sentence what they do; `permissions` as `user.has_perm` takes them."""

    name: str
    about: str | Promise
    permissions: frozenset[str]


def _signing(*codenames: str) -> frozenset[str]:
    return frozenset(f"signing.{codename}" for codename in codenames)


def _all_of(*models: str) -> frozenset[str]:
    return _signing(*(f"{deed}_{model}" for model in models for deed in ("view", "add", "change", "delete")))


LOOKS = _signing("see_team", "view_envelope", "view_template", "view_publicform", "view_bulkbatch")
TAKES_OUT = _signing("add_errand", "add_savedview")  # exports and zips; a name for filters
SENDS = _all_of("envelope", "bulkbatch") | _signing("view_outgoingmail", "change_outgoingmail")
PREPARES = _all_of("template", "publicform")
EVERYTHING_TO_SEE = _signing(
    "see_all",
    "view_envelope",
    "view_template",
    "view_publicform",
    "view_bulkbatch",
    "view_outgoingmail",
    "view_connectmessage",
    "view_team",
    "view_proofkey",
    "view_evidence",
) | {"auth.view_user", "auth.view_group"}
RUNS = _all_of("team") | _signing("change_connectmessage", "manage_connection", "approve_purge", "hold", "privacy")
KEEPS_PEOPLE = frozenset({"auth.add_user", "auth.change_user"})  # and gives them roles, which are groups

VIEWER = Role("Viewer", _("Sees what is their teams', and takes it out."), LOOKS | TAKES_OUT)
SENDER = Role("Sender", _("Composes, sends and follows up, for themselves and their teams."), LOOKS | TAKES_OUT | SENDS)
TEMPLATE_MANAGER = Role(
    "Template manager",
    _("As a sender; and makes the templates and forms of their teams."),
    LOOKS | TAKES_OUT | SENDS | PREPARES,
)
AUDITOR = Role("Auditor", _("Sees everything, also the evidence, and changes nothing."), EVERYTHING_TO_SEE)
ADMINISTRATOR = Role(
    "Administrator",
    _("Sees and does everything, looks after people, teams and the connection."),
    # All that the other roles hold, too: nobody can give a role that holds more than they do.
    LOOKS | EVERYTHING_TO_SEE | TAKES_OUT | SENDS | PREPARES | RUNS | KEEPS_PEOPLE,
)
ROLES = (VIEWER, SENDER, TEMPLATE_MANAGER, AUDITOR, ADMINISTRATOR)


def only_looks(user: User) -> bool:
    """They hold no permission to change anything."""
    return all(name.partition(".")[2].startswith(("view_", "see_")) for name in user.get_all_permissions())


def renew(using: str = "default") -> None:
    """Make the groups say what the table says. Who is in them stays in them."""
    for label in ("auth", "signing"):
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)  # otherwise only after all migrations
    for role in ROLES:
        group, _is_new = Group.objects.using(using).get_or_create(name=role.name)
        group.permissions.set(_rows(role, using))


def _rows(role: Role, using: str) -> list[Permission]:
    wanted = Q(pk__in=[])
    for name in role.permissions:
        app_label, codename = name.split(".")
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    return list(Permission.objects.using(using).filter(wanted))
