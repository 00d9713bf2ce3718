"""Somebody leaves: everything they hold goes to a successor or a team, and nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail as mailbox
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.utils import timezone

from signing import authoring, errands, leaving, tasks
from signing.leaving import NoSuccessorError, Successor, hand_over, holdings_of
from signing.models import (
    BulkBatch,
    Envelope,
    EnvelopeEvent,
    Errand,
    ErrandKind,
    EventKind,
    MailKind,
    OutgoingMail,
    PortalKind,
    PublicForm,
    SavedView,
    SendingIdentity,
    Team,
    Template,
)
from tests.bulk import make_batch
from tests.clock import Clock
from tests.deeds import decline, send, sign
from tests.factories import CARL, make_draft, make_sent, make_staff, recipient_of
from tests.sandbox_process import SandboxProcess
from tests.signing.templates.making import make_form, make_template

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def dana(staff: User) -> User:
    """Who leaves; no superuser."""
    staff.is_superuser = False
    staff.save()
    return staff


@pytest.fixture
def robin(db: None) -> User:
    return make_staff("robin", is_superuser=False)


@pytest.fixture
def boss(db: None) -> User:
    return make_staff("boss")


@pytest.fixture
def desk(boss: User) -> Browser:
    browser = Browser()
    browser.force_login(boss)
    return browser


def make_estate(user: User) -> None:
    """One or two of everything."""
    draft = make_draft(user)
    Envelope.objects.filter(pk=draft.pk).update(send_at=timezone.now() + timedelta(days=1))
    make_sent()
    make_sent(status="completed", docusign_id="2" * 36, recipient_statuses=("completed", "completed"))
    make_form(make_template(user))
    make_batch(template=Template.objects.get(name="Visitors"))
    SavedView.objects.create(user=user, name="Late", query="attention=late")
    errands.ask(user, ErrandKind.REMIND, ids=[draft.pk])
    errands.ask(user, ErrandKind.CSV)


def page_of(*users: User) -> str:
    return f"/admin/auth/user/hand-over/?users={','.join(str(user.pk) for user in users)}"


def press(desk: Browser, leaver: User, **chosen: Any) -> str:
    return desk.post(page_of(leaver), chosen, follow=True).content.decode()


def reassigned() -> list[EnvelopeEvent]:
    return list(EnvelopeEvent.objects.filter(kind=EventKind.REASSIGNED).exclude(envelope=None).order_by("pk"))


def test_everything_they_hold_is_counted(dana: User) -> None:
    make_estate(dana)
    holds = holdings_of(dana)
    assert (holds.open, holds.finished, holds.drafts, holds.scheduled) == (1, 1, 1, 1)
    assert (holds.templates, holds.forms, holds.batches, holds.views, holds.errands) == (1, 1, 1, 1, 1)


def test_the_page_says_what_they_hold(dana: User, desk: Browser) -> None:
    make_estate(dana)
    page = desk.get(page_of(dana)).content.decode()
    for words in ("Dana Field", "Envelopes on their way", "1 scheduled", "Errands under way"):
        assert words in page


def test_all_of_it_goes_to_the_successor(dana: User, robin: User) -> None:
    make_estate(dana)
    before = holdings_of(dana)
    assert hand_over(dana, Successor(robin))
    assert holdings_of(robin) == before
    assert holdings_of(dana).is_empty
    for model in (Template, PublicForm, BulkBatch):
        assert model._default_manager.get().created_by == robin
    assert set(Envelope.objects.values_list("owner", flat=True)) == {robin.pk}


def test_who_made_it_is_not_rewritten(dana: User, robin: User) -> None:
    envelope = make_draft(dana)
    hand_over(dana, Successor(robin))
    envelope.refresh_from_db()
    assert (envelope.created_by, envelope.owner) == (dana, robin)


def test_each_timeline_says_so(dana: User, robin: User, desk: Browser) -> None:
    make_estate(dana)
    press(desk, dana, to=robin.pk)
    found = reassigned()
    assert len(found) == 3  # what lies in templates is nobody's timeline
    assert {(event.actor_name, event.data["from"], event.data["to"]) for event in found} == {
        ("Boss Field", "Dana Field", "Robin Field")
    }
    assert {event.data["reason"] for event in found} == {"left"}
    told = EnvelopeEvent.objects.filter(envelope=None, kind=PortalKind.REASSIGNED).values_list("about", flat=True)
    assert {about.partition(":")[0] for about in told} == {"template", "publicform", "bulkbatch"}


def test_the_account_is_closed_and_its_session_over(dana: User, robin: User, desk: Browser) -> None:
    hers = Browser()
    hers.force_login(dana)
    assert hers.get("/admin/").status_code == 200
    page = press(desk, dana, to=robin.pk)
    assert "Dana Field cannot log in any more" in page
    assert hers.get("/admin/").status_code == 302
    assert EnvelopeEvent.objects.filter(kind=PortalKind.DEACTIVATED, about=f"user:{dana.pk}").exists()


def test_a_team_takes_over_and_somebody_of_it_answers(dana: User, robin: User, desk: Browser) -> None:
    kim, gone = make_staff("kim"), make_staff("gone", is_active=False)
    team = Team.objects.create(name="Sales")
    team.members.set([robin, kim, gone, dana])
    busy = make_sent(docusign_id="3" * 36)
    Envelope.objects.filter(pk=busy.pk).update(owner=robin)
    envelope = make_draft(dana)
    press(desk, dana, team=team.pk)
    envelope.refresh_from_db()
    assert (envelope.team, envelope.owner) == (team, kim)  # who has less to do
    assert reassigned()[0].data["team"] == "Sales"


@pytest.mark.parametrize("members", [(), ("dana",)])
def test_a_team_without_anybody_cannot_take_over(dana: User, members: tuple[str, ...], desk: Browser) -> None:
    team = Team.objects.create(name="Sales")
    team.members.set(User.objects.filter(username__in=members))
    make_draft(dana)
    assert "Nobody of the team “Sales” can log in." in press(desk, dana, team=team.pk)
    dana.refresh_from_db()
    assert dana.is_active


@pytest.mark.parametrize("columns", [{"is_active": False}, {"is_staff": False}])
def test_only_who_can_log_in_takes_over(dana: User, columns: dict[str, bool]) -> None:
    with pytest.raises(NoSuccessorError):
        leaving.check(dana, Successor(make_staff("robin", **columns)))


def test_nobody_succeeds_themselves(dana: User) -> None:
    with pytest.raises(NoSuccessorError):
        hand_over(dana, Successor(dana))


def test_somebody_must_be_chosen(dana: User, desk: Browser) -> None:
    assert "Choose who takes over" in press(desk, dana)
    dana.refresh_from_db()
    assert dana.is_active


def test_saved_views_keep_their_names_where_those_are_free(dana: User, robin: User) -> None:
    for user, name in ((dana, "Late"), (dana, "Mine"), (robin, "Late")):
        SavedView.objects.create(user=user, name=name, query="status=draft")
    hand_over(dana, Successor(robin))
    assert set(SavedView.objects.filter(user=robin).values_list("name", flat=True)) == {"Late", "Mine", "Late (dana)"}


def test_an_export_is_not_handed_on(dana: User, robin: User) -> None:
    make_estate(dana)
    hand_over(dana, Successor(robin))
    assert list(Errand.objects.filter(asked_by=robin).values_list("kind", flat=True)) == [ErrandKind.REMIND]


def test_many_envelopes_are_moved_by_a_worker(
    dana: User, robin: User, desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signing.leaving.STEP", 2)
    monkeypatch.setattr("signing.leaving.AT_ONCE", 3)
    for number in range(5):
        make_draft(dana, subject=f"Draft {number}")
    assert "step by step" in press(desk, dana, to=robin.pk)
    errand = Errand.objects.get(kind=ErrandKind.HAND_OVER)
    assert (errand.total, Envelope.objects.filter(owner=dana).count()) == (5, 5)
    tasks.run_errand(errand.pk)
    errand.refresh_from_db()
    assert (errand.state, errand.done) == ("done", 5)
    assert Envelope.objects.filter(owner=robin).count() == len(reassigned()) == 5
    assert {event.actor_name for event in reassigned()} == {"Boss Field"}


def test_a_hand_over_that_was_cut_off_goes_on(dana: User, robin: User, boss: User) -> None:
    envelopes = [make_draft(dana) for _ in range(4)]
    errand = errands.ask(boss, ErrandKind.HAND_OVER, leaver=dana.pk, to=robin.pk, team=None)
    leaving.move_envelopes(
        dana, Successor(robin), [envelope.pk for envelope in envelopes[:3]]
    )  # and then it was killed
    tasks.run_errand(errand.pk)
    assert len(reassigned()) == 4
    assert Envelope.objects.filter(owner=robin).count() == 4


def test_whoever_is_unticked_in_the_form_leads_to_the_hand_over(dana: User, desk: Browser) -> None:
    make_draft(dana)
    form = {"username": "dana", "is_staff": "on", "date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}
    response = desk.post(f"/admin/auth/user/{dana.pk}/change/", form)
    assert response["Location"] == page_of(dana)


def test_the_list_leads_there_too(dana: User, robin: User, desk: Browser) -> None:
    chosen = {"action": "hand_over", "_selected_action": [dana.pk, robin.pk]}
    response = desk.post("/admin/auth/user/", chosen)
    assert set(response["Location"].partition("=")[2].split(",")) == {str(dana.pk), str(robin.pk)}


def test_an_unfinished_hand_over_stands_on_the_dashboard(dana: User, robin: User, desk: Browser) -> None:
    make_draft(dana)
    User.objects.filter(pk=dana.pk).update(is_active=False)  # by some script
    page = desk.get("/admin/").content.decode()
    assert "Unfinished hand-over" in page
    assert page_of(dana) in page
    hand_over(dana, Successor(robin))
    assert "Unfinished hand-over" not in desk.get("/admin/").content.decode()


def test_notices_of_who_has_left_go_to_their_team(docusign: SandboxProcess, dana: User, robin: User) -> None:
    team = Team.objects.create(name="Sales")
    team.members.set([robin])
    envelope = send(signers=[CARL])
    Envelope.objects.filter(pk=envelope.pk).update(team=team)
    User.objects.filter(pk=dana.pk).update(is_active=False)
    decline(envelope, 1, "No")
    (notice,) = OutgoingMail.objects.filter(kind=MailKind.SENDER_DECLINED)
    assert notice.to_email == robin.email
    tasks.deliver_mail(notice.pk)
    assert "Hello Sales," in mailbox.outbox[-1].body


def test_without_a_team_the_administrators_are_told(docusign: SandboxProcess, dana: User, boss: User) -> None:
    envelope = send(signers=[CARL])
    User.objects.filter(pk=dana.pk).update(is_active=False)
    decline(envelope, 1, "No")
    notices = OutgoingMail.objects.filter(kind=MailKind.SENDER_DECLINED)
    assert [notice.to_email for notice in notices] == [boss.email]


def test_who_has_made_something_is_not_deleted_and_the_page_says_what_to_do(dana: User, desk: Browser) -> None:
    make_draft(dana)
    page = desk.get(f"/admin/auth/user/{dana.pk}/delete/").content.decode()
    assert "so they cannot be deleted" in page
    assert page_of(dana) in page
    desk.post(f"/admin/auth/user/{dana.pk}/delete/", {"post": "yes"})
    assert User.objects.filter(pk=dana.pk).exists()


def test_who_has_done_nothing_can_be_deleted(robin: User, desk: Browser) -> None:
    desk.post(f"/admin/auth/user/{robin.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=robin.pk).exists()


def test_nobody_closes_their_own_account_or_a_superusers(dana: User, boss: User, desk: Browser) -> None:
    from django.contrib.auth.models import Permission

    assert desk.get(page_of(boss)).status_code == 403
    dana.user_permissions.set(Permission.objects.filter(codename__in=("change_user", "view_user")))
    hers = Browser()
    hers.force_login(dana)
    assert hers.get(page_of(boss)).status_code == 403


def test_without_the_permission_there_is_no_such_page(dana: User, robin: User) -> None:
    hers = Browser()
    hers.force_login(dana)
    assert hers.get(page_of(robin)).status_code == 403


def test_the_command_hands_over_to_a_person_or_a_team(dana: User, robin: User, capsys: Any) -> None:
    make_draft(dana)
    call_command("hand_over", "dana", "--to", "robin")
    assert "1 drafts" in capsys.readouterr().out
    assert Envelope.objects.get().owner == robin
    dana.refresh_from_db()
    assert not dana.is_active
    Team.objects.create(name="Sales").members.set([make_staff("kim")])
    call_command("hand_over", "robin", "--team", "Sales")
    assert Envelope.objects.get().owner.username == "kim"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nobody", "--to", "robin"], "There is no user “nobody”."),
        (["dana"], "Say who takes over"),
        (["dana", "--team", "Nowhere"], "There is no team “Nowhere”."),
        (["dana", "--to", "dana"], "Choose somebody else"),
    ],
)
def test_the_command_says_what_is_wrong(dana: User, robin: User, words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("hand_over", *words)
    dana.refresh_from_db()
    assert dana.is_active


def test_the_successor_finishes_what_was_begun(
    docusign: SandboxProcess, dana: User, robin: User, desk: Browser, clock: Clock
) -> None:
    """The proof of issue 7: she sends, schedules and leaves; he corrects, reminds, and gets the sealed document."""
    envelope = send()
    scheduled = make_draft(dana, subject="For tomorrow")
    Envelope.objects.filter(pk=scheduled.pk).update(send_at=timezone.now() + timedelta(days=1))
    sign(envelope, 1)
    press(desk, dana, to=robin.pk)
    robin.is_superuser = True
    robin.save()
    his = Browser()
    his.force_login(robin)
    record = f"/admin/signing/envelope/{envelope.pk}/"
    corrected = {"r2-name": "Carla Dee", "r2-email": "carla@example.com", "r2-routing_order": "2"}
    his.post(f"{record}signers/2/correct/", corrected)
    assert recipient_of(envelope, 2).email == "carla@example.com"
    clock.advance(hours=2)
    his.post(f"{record}remind/", {"note": "It is me who asks now."})
    for mail in OutgoingMail.objects.filter(state="queued"):
        tasks.deliver_mail(mail.pk)
    reminder = mailbox.outbox[-1]
    assert (reminder.to, reminder.reply_to) == (["carla@example.com"], [robin.email])
    assert "Robin Field" in reminder.body
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    assert envelope.status == "completed"
    assert OutgoingMail.objects.get(kind=MailKind.SENDER_COMPLETED).to_email == robin.email
    page = his.get(f"{record}change/").content.decode()
    assert "gave the envelope from Dana Field to Robin Field" in page
    assert "Dana Field has left" in page
    sealed = his.get(f"{record}completed/combined/")
    assert b"".join(sealed.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    clock.advance(days=1)
    tasks.send_scheduled()
    tasks.send_envelope(scheduled.pk)
    scheduled.refresh_from_db()
    assert (scheduled.status, scheduled.owner) == ("sent", robin)


def test_a_form_goes_on_in_the_successors_name(dana: User, robin: User) -> None:
    make_form(make_template(dana))
    hand_over(dana, Successor(robin))
    Browser().post("/forms/visitors/", {"name": "Vic Tor", "email": "vic@example.com"})
    assert Envelope.objects.latest("pk").owner == robin


def test_what_is_written_meanwhile_goes_with_the_rest(dana: User, robin: User) -> None:
    envelope = make_draft(dana)
    authoring.save_text(envelope, subject="Changed on the last day", message="")
    hand_over(dana, Successor(robin))
    envelope.refresh_from_db()
    assert (envelope.subject, envelope.owner) == ("Changed on the last day", robin)


def test_nothing_more_is_sent_in_the_leavers_own_name(dana: User, robin: User, desk: Browser) -> None:
    identity = SendingIdentity.objects.create(
        user=dana, docusign_user_id="u1", account_id="a1", name="Dana", email=dana.email, consented_at=timezone.now()
    )
    draft = make_draft(dana)
    Envelope.objects.filter(pk=draft.pk).update(sent_as=identity)
    press(desk, dana, to=robin.pk)
    draft.refresh_from_db()
    identity.refresh_from_db()
    assert (draft.owner, draft.sent_as) == (robin, None)
    assert identity.lost_reason == "deactivated"
    assert draft.events.filter(kind=EventKind.SENDER_REPLACED).exists()
