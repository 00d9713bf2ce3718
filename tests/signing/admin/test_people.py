"""Users, groups and teams in the admin: nobody gives more than they have, or gets at somebody who has more."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client as Browser

from signing import roles
from signing.models import Envelope, Team
from tests.factories import make_draft, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Browser:
    roles.renew()
    user = make_staff("ada", is_superuser=False)
    user.groups.add(Group.objects.get(name="Administrator"))
    browser = Browser()
    browser.force_login(user)
    return browser


def plain(name: str = "pia", **fields: object) -> User:
    return make_staff(name, is_superuser=False, **fields)


def address(user: User, page: str = "change") -> str:
    return f"/admin/auth/user/{user.pk}/{page}/"


def posted(user: User, **changes: object) -> dict[str, object]:
    """What the form of a user posts: dates in two parts, as the admin has them."""
    joined = user.date_joined
    return {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": joined.date().isoformat(),
        "date_joined_1": joined.time().isoformat("seconds"),
        **changes,
    }


@pytest.mark.parametrize("role", ["Viewer", "Sender", "Template manager", "Auditor", "Administrator"])
def test_an_administrator_gives_roles(administrator: Browser, role: str) -> None:
    user = plain()
    group = Group.objects.get(name=role)
    assert administrator.post(address(user), posted(user, groups=[group.pk])).status_code == 302
    assert list(user.groups.all()) == [group]


@pytest.mark.parametrize(
    "more",
    [{"is_superuser": "on"}, {"user_permissions": ["reveal_signing_link"]}, {"user_permissions": ["delete_user"]}],
    ids=str,
)
def test_an_administrator_gives_nothing_beyond_roles(administrator: Browser, more: dict[str, object]) -> None:
    user = plain()
    if "user_permissions" in more:
        codenames = more["user_permissions"]
        more = {
            "user_permissions": list(Permission.objects.filter(codename__in=codenames).values_list("pk", flat=True))
        }
    administrator.post(address(user), posted(user, **more))
    user = User.objects.get(pk=user.pk)
    assert not user.is_superuser
    assert user.get_all_permissions() == set()


def test_a_group_that_holds_more_than_an_administrator_cannot_be_given(administrator: Browser) -> None:
    user, group = plain(), Group.objects.create(name="Notaries")
    group.permissions.add(Permission.objects.get(codename="reveal_signing_link"))
    assert "Notaries" not in administrator.get(address(user)).content.decode()
    administrator.post(address(user), posted(user, groups=[group.pk]))
    assert not user.groups.exists()


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("page", ["change", "password", "delete"])
def test_who_may_do_more_is_out_of_an_administrators_hands(
    administrator: Browser, page: str, *, is_active: bool
) -> None:
    root = make_staff("root", is_active=is_active)
    by_name = plain("nora", is_active=is_active)
    by_name.user_permissions.add(Permission.objects.get(codename="reveal_signing_link"))
    for user in (root, by_name):
        before = user.password
        data = posted(
            user, groups=[], password1="k2-9fhq-0x", password2="k2-9fhq-0x", post="yes", usable_password="true"
        )
        assert administrator.post(address(user, page), data).status_code == 403, user
        assert User.objects.get(pk=user.pk).password == before


def test_the_groups_of_roles_are_changed_by_nobody(administrator: Browser, admin_browser: Browser) -> None:
    group = Group.objects.get(name="Auditor")
    for browser in (administrator, admin_browser):
        for page in ("change", "delete"):
            data = {"name": "Auditor", "permissions": [], "post": "yes"}
            assert browser.post(f"/admin/auth/group/{group.pk}/{page}/", data).status_code == 403
    assert group.permissions.exists()


def test_who_may_change_groups_gives_them_what_they_hold_themselves(db: None) -> None:
    user = plain("gus")
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_group", "change_group")))
    own, more = Group.objects.create(name="Gardeners"), Group.objects.create(name="Notaries")
    reveal = Permission.objects.get(codename="reveal_signing_link")
    more.permissions.add(reveal)
    browser = Browser()
    browser.force_login(user)
    browser.post(f"/admin/auth/group/{own.pk}/change/", {"name": "Gardeners", "permissions": [reveal.pk]})
    assert not own.permissions.exists()
    assert browser.post(f"/admin/auth/group/{more.pk}/change/", {"name": "x", "permissions": []}).status_code == 403


# Teams


def test_a_team_is_made_and_people_are_put_into_it(administrator: Browser) -> None:
    user = plain()
    administrator.post("/admin/signing/team/add/", {"name": "Sales", "members": [user.pk]})
    assert list(Team.objects.get(name="Sales").members.all()) == [user]
    assert "Sales" in administrator.get("/admin/signing/team/").content.decode()


def test_a_team_that_has_something_is_not_deleted(administrator: Browser) -> None:
    team = Team.objects.create(name="Sales")
    user = plain()
    team.members.add(user)
    make_draft(user)
    page = f"/admin/signing/team/{team.pk}/delete/"
    assert administrator.post(page, {"post": "yes"}).status_code == 403
    Envelope.objects.all().delete()
    assert administrator.post(page, {"post": "yes"}).status_code == 302
    assert not Team.objects.exists()
