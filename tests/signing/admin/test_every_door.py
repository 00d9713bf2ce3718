"""Every address of the admin × every role × one's own, one's team's and neither's: allowed, refused, not there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import proof_keys, roles, templates
from signing.bulk import batches
from signing.models import (
    CompletedDocument,
    ConnectMessage,
    Envelope,
    EnvelopeEvent,
    EnvelopeStatus,
    Erasure,
    Errand,
    ErrandKind,
    ErrandState,
    MailKind,
    OutgoingMail,
    PublicForm,
    SendingIdentity,
    Team,
)
from tests.doors import DJANGOS, DOES, DOORS, EVERYONE, NOBODY, NOT_SO, OWN_ACCOUNT, SEES_ALL, Door
from tests.factories import make_draft, make_sent, make_staff

pytestmark = pytest.mark.django_db
WHOSE = ("own", "team", "other")
REFUSED, ABSENT, WRONG_METHOD = 403, 404, 405


def names_of_the_admin() -> set[str]:
    # Two have no name: the redirect from an object's old address, and what catches all that is not there.
    return {name for name, route, _p in patterns(get_resolver().url_patterns) if route.startswith("admin/") and name}


def test_every_address_of_the_admin_stands_in_the_table() -> None:
    assert names_of_the_admin() - OWN_ACCOUNT - DJANGOS == set(DOORS)


@dataclass
class World:
    """Somebody with a role in Sales, and a thing of each kind that belongs to them, to Sales, or to neither."""

    role: str
    whose: str
    user: User
    arguments: dict[str, dict[str, object]] = field(default_factory=dict)


def in_role(name: str, role: str, *teams: Team) -> User:
    user = make_staff(name, is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    for team in teams:
        team.members.add(user)
    return User.objects.get(pk=user.pk)


def make_world(role: str, whose: str) -> World:
    roles.renew()
    sales, legal = Team.objects.create(name="Sales"), Team.objects.create(name="Legal")
    user = in_role("rae", role, sales)
    colleague, stranger = in_role("cole", "Template manager", sales), in_role("sam", "Template manager", legal)
    plain = make_staff("plain", is_superuser=False)
    owner = {"own": user, "team": colleague, "other": stranger}[whose]
    draft, sent = make_draft(owner), make_sent(expires_at=timezone.now() + timedelta(days=9))
    ended = make_sent(
        status=EnvelopeStatus.VOIDED,
        docusign_id="22222222-2222-3333-4444-555555555555",
        voided_at=timezone.now(),
    )
    Envelope.objects.filter(pk__in=(sent.pk, ended.pk)).update(owner=owner, team=draft.team)
    CompletedDocument.objects.create(
        envelope=sent, kind="combined", file=ContentFile(b"%PDF-1.4", "x.pdf"), sha256="0" * 64, size_bytes=8
    )
    template = templates.create(owner, name="Offer", source=draft, open_roles={1: "Client"})
    form = PublicForm.objects.create(
        title="Waiver", slug="waiver", template=template, created_by=owner, team=draft.team
    )
    batch = batches.create(
        owner, template, name="Everyone", file=ContentFile(b"a,b\n1,2\n", "x.csv"), file_name="x.csv"
    )
    theirs = make_draft(owner)
    Envelope.objects.filter(pk=theirs.pk).update(docusign_template_id="t")
    mail = OutgoingMail.objects.create(
        envelope=sent, kind=MailKind.SENDER_COMPLETED, to_email="ann@example.com", due_at=timezone.now()
    )
    message = ConnectMessage.objects.create(body="{}", digest="x", event="envelope-sent")
    errand = Errand.objects.create(kind=ErrandKind.CSV, asked_by=owner, state=ErrandState.DONE, filename="x.csv")
    errand.file.save("x.csv", ContentFile(b"x"))
    erasure = Erasure.objects.create(erased_by=plain, **ERASURE)
    identity = SendingIdentity.objects.create(
        user=plain,
        docusign_user_id="u",
        account_id="a",
        name="Plain",
        email="p@example.com",
        consented_at=timezone.now(),
    )
    pks: dict[str, object] = {
        "": draft.pk,
        "draft": draft.pk,
        "sent": sent.pk,
        "ended": ended.pk,
        "content": template.content_id,
        "template": template.pk,
        "docusign draft": theirs.pk,
        "publicform": form.pk,
        "bulkbatch": batch.pk,
        "outgoingmail": mail.pk,
        "connectmessage": message.pk,
        "errand": errand.pk,
        "user": plain.pk,
        "group": Group.objects.get(name="Viewer").pk,
        "team_": Team.objects.create(name="Empty").pk,
        "erasure": erasure.pk,
        "identity": identity.pk,
        "event": EnvelopeEvent.objects.filter(envelope=None)[:1].get().pk,
        "proofkey": proof_keys.current()[0].pk,
    }
    return World(role, whose, user, {"pks": pks})


CERTIFICATE = '{"erased":{},"subject":{"digest":"0","salt":"0"}}'
ERASURE: dict[str, Any] = {
    "subject_digest": "0" * 64,
    "erased_at": timezone.now(),
    "certificate": CERTIFICATE,
    "sha256": sha256(CERTIFICATE.encode()).hexdigest(),
}
THINGS = {
    "auth_user_": "user",
    "auth_group_": "group",
    "signing_team_": "team_",
    "signing_sendingidentity_": "identity",
    "signing_proofkey_": "proofkey",
    "signing_envelopeevent_": "event",
    "signing_erasure": "erasure",
}
OF_DOCTOR = {"name": "house", "whom": "user"}
EXTRA = {"number": 1, "page": 1, "kind": "combined", "template_id": "00000000-0000-0000-0000-000000000000"}


def address(name: str, door: Door, world: World) -> str:
    """Whatever the pattern wants, of the thing the door is about."""
    pks = world.arguments["pks"]
    thing: object = pks[door.about]
    for start, key in THINGS.items():
        thing = pks[key] if name.startswith(start) else thing
    wanted = next(p for found, _r, p in patterns(get_resolver().url_patterns) if found == name).pattern.converters
    if name == "auth_user_password_change":
        return reverse(f"admin:{name}", args=[thing])
    if name.startswith("doctor:"):
        return reverse(name, kwargs={key: OF_DOCTOR[key] for key in wanted})
    values = {key: EXTRA.get(key, thing) if key not in ("template_id",) else thing for key in wanted}
    if name == "signing_template_docusign_use":
        values = {"template_id": EXTRA["template_id"]}
    if name == "signing_publicform_qr":
        values["kind"] = "svg"
    return reverse(f"admin:{name}", kwargs=values)


def patterns(found: list[Any], route: str = "", space: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """Names as `reverse` takes them, but for the admin's own."""
    for pattern in found:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = "" if pattern.namespace in (None, "admin") else f"{pattern.namespace}:"
            yield from patterns(pattern.url_patterns, here, space + inner)
        else:
            yield (space + pattern.name if pattern.name else ""), here, pattern


def expected(world: World, door: Door, method: str) -> set[int] | None:
    """None = allowed: whatever a page says that serves who asks."""
    needed = door.get if method == "get" else door.post
    if needed == NOT_SO:
        return {REFUSED, ABSENT, WRONG_METHOD}  # whichever is asked first
    if world.role == "Auditor" and method == "post":
        return {REFUSED}
    if door.about == "errand":
        is_within = world.whose == "own"
    else:
        is_within = not door.about or world.whose != "other" or world.role in SEES_ALL
    if door.about == "connectmessage":
        is_within = world.role in SEES_ALL
    may = needed == EVERYONE or (needed != NOBODY and needed in DOES[world.role])
    if not is_within:
        return {ABSENT} if may else {ABSENT, REFUSED}
    return None if may else {REFUSED}


def answer(browser: Browser, url: str, method: str) -> HttpResponseBase:
    """And everything as it was before."""
    data: dict[str, object] = {"deed": "csv", "name": "Mine", "filter_status": "draft"} if method == "post" else {}
    if method == "get" and url.endswith("/people/"):
        data = {"q": "an"}
    with transaction.atomic():
        response: HttpResponseBase = getattr(browser, method)(url, data)
        b"".join(response)  # a file is closed once it is read
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.parametrize("role", [role.name for role in roles.ROLES])
def test_a_role_may_what_the_table_says(role: str, whose: str, settings: Settings, connected: None) -> None:
    settings.MAIL_PREVIEW = True
    world, browser, wrong = make_world(role, whose), Browser(), []
    browser.force_login(world.user)
    for name, door in DOORS.items():
        url = address(name, door, world)
        for method in ("get", "post"):
            got, wanted = answer(browser, url, method), expected(world, door, method)
            is_login = "/login" in got.headers.get("Location", "")
            is_right = got.status_code in wanted if wanted else got.status_code < 500 and not is_login
            if wanted is None and got.status_code in (REFUSED, ABSENT, WRONG_METHOD):
                is_right = False
            if not is_right:
                wrong.append((method, name, got.status_code, wanted or "allowed"))
    assert not wrong, "\n".join(map(str, wrong))
