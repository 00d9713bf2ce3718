"""Whatever staff do leaves its event, in the transaction of the deed: a table of deeds, and what each writes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from signing import authoring, errands, linking, owning, scheduling, sending, templates, verification
from signing.acting import Actor, acting
from signing.forms.template import TemplateForm
from signing.models import EnvelopeEvent, ErrandKind, EventKind, PortalKind, PublicForm, Team, Template
from tests.factories import make_draft, make_sent, make_staff, recipient_of

pytestmark = pytest.mark.django_db


def template() -> Template:
    user = User.objects.filter(username="dana").first() or make_staff()
    return templates.create(user, name="Lease", source=make_draft(user), open_roles={1: "Tenant", 2: "Landlord"})


def scheduled() -> None:
    draft = make_draft()
    scheduling.schedule(draft, timezone.now() + timedelta(days=1))
    scheduling.unschedule(draft)


def asked_for_a_code() -> None:
    recipient = recipient_of(make_sent(), 1)
    verification.send_code(recipient)
    with pytest.raises(verification.WrongCodeError):
        verification.check(recipient, "no code")


def of_template(deed: Callable[[Template, User], object]) -> Callable[[], object]:
    return lambda: deed(template(), User.objects.get(username="dana"))


def dropped(one: Template, user: User) -> None:
    templates.begin_work(one, user)
    templates.discard_work(one)


DEEDS: dict[str, tuple[Callable[[], object], list[str]]] = {
    "make a draft": (make_draft, [EventKind.DRAFTED]),
    "change it an hour later": (
        lambda: authoring.save_text(make_draft(), subject="x", message=""),
        [EventKind.DRAFTED],
    ),
    "send": (lambda: sending.claim_for_sending(make_draft()), [EventKind.SEND_ASKED]),
    "schedule and drop it": (scheduled, [EventKind.SCHEDULED, EventKind.UNSCHEDULED]),
    "replace a link": (lambda: linking.replace(recipient_of(make_sent(), 1)), [EventKind.LINK_REPLACED]),
    "revoke a link": (lambda: linking.revoke(recipient_of(make_sent(), 1)), [EventKind.LINK_REVOKED]),
    "reassign": (lambda: owning.reassign(make_sent(), make_staff("robin")), [EventKind.REASSIGNED]),
    "prove who one is": (asked_for_a_code, [EventKind.CODE_MAILED, EventKind.CODE_WRONG]),
    "make a template": (template, [PortalKind.CREATED, PortalKind.PUBLISHED]),
    "change a template": (of_template(templates.begin_work), [PortalKind.WORK_BEGUN]),
    "drop the change": (
        of_template(dropped),
        [PortalKind.WORK_DROPPED],
    ),
    "publish the change": (
        of_template(lambda one, user: (templates.begin_work(one, user), templates.publish(one, user))),
        [PortalKind.PUBLISHED],
    ),
    "take up a version": (
        of_template(lambda one, user: templates.take_up(one.versions.get(), user)),
        [PortalKind.WORK_BEGUN],
    ),
    "archive": (of_template(lambda one, _: templates.set_archived(one, is_archived=True)), [PortalKind.ARCHIVED]),
    "restore": (of_template(lambda one, _: templates.set_archived(one, is_archived=False)), [PortalKind.RESTORED]),
    "rename a template": (
        of_template(lambda one, _: templates.describe(one, {"name": "Rent", "description": ""})),
        [PortalKind.CHANGED],
    ),
    "export": (lambda: errands.ask(make_staff(), ErrandKind.CSV, ids=[1]), [PortalKind.ERRAND_ASKED]),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_leaves_its_event(deed: str) -> None:
    do, kinds = DEEDS[deed]
    with acting(Actor(ip="192.0.2.1")):
        do()
    told = list(EnvelopeEvent.objects.values_list("kind", flat=True))
    assert set(kinds) <= set(told)


def post(browser: Browser, page: str, /, *args: object, **data: Any) -> None:
    response = browser.post(reverse(f"admin:{page}", args=args), data, REMOTE_ADDR="192.0.2.7")
    errors = getattr((response.context or {}).get("adminform"), "errors", None) if response.context else None
    assert response.status_code == 302, errors


def last(kind: str) -> EnvelopeEvent:
    return EnvelopeEvent.objects.filter(kind=kind).latest("number")


def test_who_becomes_staff_and_what_they_may_do_is_told(admin_browser: Browser) -> None:
    post(
        admin_browser,
        "auth_user_add",
        username="kim",
        usable_password="true",
        password1="seven-otters-17-row",
        password2="seven-otters-17-row",
    )
    kim = User.objects.get(username="kim")
    made = last(PortalKind.CREATED)
    assert (made.about, made.actor_name, made.ip) == (f"user:{kim.pk}", "Dana Field", "192.0.2.7")
    assert "seven-otters-17-row" not in str(made.data)


def test_a_changed_group_names_the_permissions_before_and_after(admin_browser: Browser) -> None:
    group = Group.objects.create(name="Helpers")
    may = Permission.objects.get(codename="view_envelope")
    post(admin_browser, "auth_group_change", group.pk, name="Helping hands", permissions=[may.pk])
    told = last(PortalKind.CHANGED)
    assert told.about == f"group:{group.pk}"
    assert told.data["fields"]["name"] == ["Helpers", "Helping hands"]
    before, after = told.data["fields"]["permissions"]
    assert before == []
    assert len(after) == 1


def test_a_deleted_group_is_told(admin_browser: Browser) -> None:
    group = Group.objects.create(name="Helpers")
    post(admin_browser, "auth_group_delete", group.pk, post="yes")
    assert last(PortalKind.DELETED).data["name"] == "Helpers"


def test_who_joins_a_team_is_told(admin_browser: Browser) -> None:
    team, kim = Team.objects.create(name="Lettings"), make_staff("kim")
    post(admin_browser, "signing_team_change", team.pk, name="Lettings", members=[kim.pk])
    told = last(PortalKind.CHANGED)
    assert told.about == f"team:{team.pk}"
    assert told.data["fields"] == {"members": [[], ["kim"]]}


def test_a_new_password_is_told_and_not_shown(admin_browser: Browser) -> None:
    kim = make_staff("kim")
    data = {"usable_password": "true", "password1": "nine-herons-18-walk", "password2": "nine-herons-18-walk"}
    post(admin_browser, "auth_user_password_change", kim.pk, **data)
    told = last(PortalKind.CHANGED)
    assert told.about == f"user:{kim.pk}"
    assert told.data["fields"] == {"password": ["", ""]}


def test_a_form_that_is_made_and_closed_is_told(admin_browser: Browser) -> None:
    one = template()
    templates.take_up(one.versions.get(), User.objects.get(username="dana"))
    data = {"title": "Rent a flat", "slug": "rent", "template": one.pk, "language": "", "is_active": "on"}
    response = admin_browser.post(reverse("admin:signing_publicform_add"), data)
    form = PublicForm.objects.filter(slug="rent").first()
    if form is None:  # the template must have one open role: the form says so, and nothing is told
        assert response.status_code == 200
        assert not EnvelopeEvent.objects.filter(about__startswith="publicform").exists()
        return
    assert last(PortalKind.CREATED).about == f"publicform:{form.pk}"


def test_a_refused_change_is_no_event(admin_browser: Browser) -> None:
    Group.objects.create(name="Helpers")
    before = EnvelopeEvent.objects.count()
    response = admin_browser.post(reverse("admin:auth_group_add"), {"name": "Helpers"})
    assert response.status_code == 200
    assert EnvelopeEvent.objects.count() == before


def test_the_form_of_a_template_names_what_describe_takes() -> None:
    assert set(TemplateForm.base_fields) == {"name", "description"}
