"""Bringing a portal of before to teams and roles: nobody sees less than they saw, and nobody more."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection

from signing.models import Envelope
from signing.visibility import visible
from tests.factories import make_draft, make_staff

pytestmark = pytest.mark.django_db
migration = import_module("signing.migrations.0021_roles")


def migrate() -> None:
    """As `migrate` does, within the test's transaction, where SQLite has no schema editor."""
    for step in (migration.keep_names_free, migration.keep_sight, migration.make_roles):
        step(apps, SimpleNamespace(connection=connection))


def test_who_might_see_envelopes_by_a_group_or_in_person_still_sees_all() -> None:
    make_draft(make_staff("dana"))
    view = Permission.objects.get(codename="view_envelope")
    clerks = Group.objects.create(name="Clerks")
    clerks.permissions.add(view)
    by_group, in_person = make_staff("gina", is_superuser=False), make_staff("paul", is_superuser=False)
    by_group.groups.add(clerks)
    in_person.user_permissions.add(view)
    migrate()
    for user in User.objects.filter(username__in=["gina", "paul"]):
        assert visible(Envelope.objects.all(), user).count() == 1, user
        assert user.has_perms(["signing.add_errand", "signing.add_savedview"])


def test_who_might_see_nothing_still_sees_nothing() -> None:
    make_draft(make_staff("dana"))
    Group.objects.create(name="Gardeners").permissions.add(Permission.objects.get(codename="view_user"))
    user = make_staff("gary", is_superuser=False)
    user.groups.add(Group.objects.get(name="Gardeners"))
    migrate()
    assert User.objects.get(pk=user.pk).get_all_permissions() == {"auth.view_user"}


def test_a_group_that_is_called_as_a_role_keeps_its_people_and_rights_under_another_name() -> None:
    Group.objects.filter(name="Viewer").delete()
    former = Group.objects.create(name="Viewer")
    former.permissions.add(Permission.objects.get(codename="view_user"))
    user = make_staff("vera", is_superuser=False)
    user.groups.add(former)
    migrate()
    former.refresh_from_db()
    assert former.name == "Viewer (before roles)"
    assert User.objects.get(pk=user.pk).get_all_permissions() == {"auth.view_user"}
    assert Group.objects.filter(name="Viewer").exclude(pk=former.pk).exists()
