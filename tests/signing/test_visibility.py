"""Who sees what: own, team's, all; of everything that has an owner or belongs to something that has."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from signing import roles, templates, visibility
from signing.copying import copy
from signing.models import (
    BulkBatch,
    ConnectMessage,
    Envelope,
    EnvelopeStatus,
    Errand,
    OutgoingMail,
    PublicForm,
    Recipient,
    Team,
    Template,
)
from signing.visibility import may_change, may_see, team_for, visible
from tests.factories import make_draft, make_staff

pytestmark = pytest.mark.django_db


def member(name: str, *permissions: str, teams: tuple[Team, ...] = ()) -> User:
    user = make_staff(name, is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    for team in teams:
        team.members.add(user)
    return user


@pytest.fixture
def sales() -> Team:
    return Team.objects.create(name="Sales")


@pytest.fixture
def legal() -> Team:
    return Team.objects.create(name="Legal")


def test_without_a_permission_to_see_more_one_sees_ones_own(sales: Team) -> None:
    me, colleague = member("me", teams=(sales,)), member("colleague", teams=(sales,))
    mine, theirs = make_draft(me), make_draft(colleague)
    assert list(visible(Envelope.objects.all(), me)) == [mine]
    assert may_see(me, mine)
    assert not may_see(me, theirs)


def test_with_see_team_one_sees_what_is_the_teams_and_ones_own(sales: Team, legal: Team) -> None:
    me, colleague = member("me", "see_team", teams=(sales,)), member("colleague", teams=(sales,))
    mine, theirs, foreign = make_draft(me), make_draft(colleague), make_draft(member("else", teams=(legal,)))
    elsewhere = make_draft(me)
    Envelope.objects.filter(pk=elsewhere.pk).update(team=legal)
    assert set(visible(Envelope.objects.all(), me)) == {mine, theirs, elsewhere}
    assert may_see(me, theirs)
    assert not may_see(me, foreign)


@pytest.mark.parametrize("is_superuser", [True, False])
def test_see_all_shows_everything_and_so_does_being_superuser(sales: Team, *, is_superuser: bool) -> None:
    me = make_staff("me") if is_superuser else member("me", "see_all")
    make_draft(member("somebody", teams=(sales,)))
    make_draft(member("alone"))
    assert visible(Envelope.objects.all(), me).count() == 2
    assert all(may_see(me, envelope) for envelope in Envelope.objects.all())


def test_who_is_not_active_sees_no_more_than_their_own() -> None:
    me = member("me", "see_all")
    make_draft(member("somebody"))
    me.is_active = False
    assert list(visible(Envelope.objects.all(), me)) == []


def test_what_belongs_to_an_envelope_is_seen_with_it(sales: Team) -> None:
    me, colleague = member("me", "see_team", teams=(sales,)), member("colleague", teams=(sales,))
    theirs, foreign = make_draft(colleague), make_draft(member("else"))
    assert {recipient.envelope for recipient in visible(Recipient.objects.all(), me)} == {theirs}
    assert may_see(me, theirs.recipients.all()[0])
    assert not may_see(me, foreign.recipients.all()[0])
    assert not visible(OutgoingMail.objects.all(), me).exists()


def test_a_template_for_everybody_is_seen_by_all_and_changed_by_its_own(sales: Team, legal: Team) -> None:
    maker, stranger = member("maker", "see_team", teams=(sales,)), member("stranger", "see_team", teams=(legal,))
    template = templates.create(maker, name="Offer", source=make_draft(maker), is_published=False)
    assert not may_see(stranger, template)
    Template.objects.update(is_shared=True)
    template.refresh_from_db()
    assert list(visible(Template.objects.all(), stranger)) == [template]
    assert may_see(stranger, template)
    assert may_see(stranger, template.content)
    assert not may_change(stranger, template)
    assert not may_change(stranger, template.content)
    assert may_change(maker, template.content)


def test_what_a_template_holds_is_seen_with_the_template_whoever_composed_it(sales: Team) -> None:
    maker, helper = member("maker", teams=(sales,)), member("helper", "see_all")
    template = templates.create(maker, name="Offer", source=make_draft(maker))
    templates.begin_work(template, helper)
    template.refresh_from_db()
    assert template.working_copy is not None
    assert may_change(maker, template.working_copy)
    assert may_see(maker, template.content)
    orphan = copy(make_draft(maker), maker, status=EnvelopeStatus.TEMPLATE)
    assert not may_see(maker, orphan)


def test_messages_of_connect_are_for_those_who_see_all() -> None:
    message = ConnectMessage.objects.create(body="{}", digest="x", event="envelope-sent")
    assert not visible(ConnectMessage.objects.all(), member("me", "see_team")).exists()
    assert visible(ConnectMessage.objects.all(), member("auditor", "see_all")).exists()
    assert not may_see(member("other"), message)


def test_nobody_sees_rows_that_nobody_has_decided_about() -> None:
    with pytest.raises(LookupError):
        visible(Errand.objects.all(), member("me"))


def test_new_envelopes_are_the_team_of_whoever_is_in_exactly_one(sales: Team, legal: Team) -> None:
    assert make_draft(member("alone")).team is None
    assert make_draft(member("one", teams=(sales,))).team == sales
    assert make_draft(member("two", teams=(sales, legal))).team is None


def test_a_copy_is_the_copiers_teams_and_stays_in_the_originals_where_they_are_in_it(sales: Team, legal: Team) -> None:
    original = make_draft(member("one", teams=(sales,)))
    assert copy(original, member("two", teams=(sales, legal))).team == sales
    assert copy(original, member("other", teams=(legal,))).team == legal
    assert copy(original, member("alone")).team is None


def test_templates_forms_and_bulk_sends_have_a_team_of_their_own(sales: Team) -> None:
    me = member("me", teams=(sales,))
    template = templates.create(me, name="Offer", source=make_draft(me))
    assert template.team == sales
    assert template.content.team is None, "what it holds is seen with it"
    assert visible(PublicForm.objects.all(), me).count() == 0
    assert visible(BulkBatch.objects.all(), me).count() == 0
    assert team_for(member("alone")) is None
    assert templates.make_draft(template, me).team == sales


def test_the_conditions_by_index_choose_each_row_once_and_the_same_rows(sales: Team, legal: Team) -> None:
    me = member("me", "see_team", teams=(sales, legal))
    for owner, team in ((me, sales), (me, None), (member("a"), sales), (member("b"), legal), (member("c"), None)):
        envelope = make_draft(owner)
        Envelope.objects.filter(pk=envelope.pk).update(team=team)
    found = [
        pk
        for condition in visibility.disjoint(visibility.reach_of(me))
        for pk in Envelope.objects.filter(condition).values_list("pk", flat=True)
    ]
    assert sorted(found) == sorted(visible(Envelope.objects.all(), me).values_list("pk", flat=True))
    assert len(found) == len(set(found)) == 4


# Roles


@pytest.mark.parametrize("role", roles.ROLES, ids=lambda role: role.name)
def test_the_groups_are_what_the_table_says(role: roles.Role) -> None:
    """Fails when the table was changed without a migration that calls `roles.renew`, or names what does not exist."""
    if not Group.objects.exists():
        roles.renew()  # tests with transactions of their own empty all tables
    group = Group.objects.get(name=role.name)
    has = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}
    assert has == role.permissions


def test_renewing_keeps_who_is_in_a_role_and_takes_back_what_was_added_by_hand() -> None:
    roles.renew()
    group, me = Group.objects.get(name=roles.AUDITOR.name), make_staff("me", is_superuser=False)
    me.groups.add(group)
    group.permissions.add(Permission.objects.get(codename="delete_envelope"))
    roles.renew()
    me = User.objects.get(pk=me.pk)
    assert me.has_perm("signing.see_all")
    assert not me.has_perm("signing.delete_envelope")


def test_an_auditor_has_no_permission_but_to_look() -> None:
    verbs = {name.split(".")[1].split("_")[0] for name in roles.AUDITOR.permissions}
    assert verbs == {"see", "view"}


def test_no_role_reveals_signing_links() -> None:
    assert not any("signing.reveal_signing_link" in role.permissions for role in roles.ROLES)
