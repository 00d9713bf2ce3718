"""Teams at work: lists and figures of what is within reach, owner and team shown, chosen and changed."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client as Browser

from signing import errands, roles
from signing.models import Envelope, EnvelopeStatus, Errand, ErrandKind, Team
from tests.factories import make_draft, make_sent, make_staff

pytestmark = pytest.mark.django_db
LIST = "/admin/signing/envelope/"


@pytest.fixture
def sales() -> Team:
    return Team.objects.create(name="Sales")


@pytest.fixture
def legal() -> Team:
    return Team.objects.create(name="Legal")


def sender(name: str, *teams: Team, role: str = "Sender") -> User:
    roles.renew()
    user = make_staff(name, is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    for team in teams:
        team.members.add(user)
    return user


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def text_of(browser: Browser, address: str) -> str:
    return browser.get(address).content.decode()


def test_the_list_its_tabs_and_its_search_know_what_is_within_reach(sales: Team, legal: Team) -> None:
    me = sender("mia", sales)
    make_draft(me, subject="Mine")
    make_draft(sender("tom", sales), subject="Of the team")
    make_draft(sender("eve", legal), subject="Foreign agreement")
    page = text_of(browser_of(me), LIST)
    assert "Mine" in page
    assert "Of the team" in page
    assert "Foreign" not in page
    assert "Drafts <b>2</b>" in page
    assert "Foreign" not in text_of(browser_of(me), f"{LIST}?q=foreign").replace("“foreign”", "")
    assert "Legal" not in page


def test_each_envelope_is_listed_once_however_many_reasons_there_are_to_see_it(sales: Team, legal: Team) -> None:
    me = sender("mia", sales, legal)
    for number in range(60):
        envelope = make_draft(me, subject=f"Paper-{number:02}x") if number < 3 else None
        if envelope is None:
            source = Envelope.objects.get(subject="Paper-00x")
            envelope = Envelope.objects.create(
                created_by=source.owner, owner=me if number % 2 else make_owner(), subject=f"Paper-{number:02}x"
            )
        Envelope.objects.filter(pk=envelope.pk).update(team=(sales, legal, None)[number % 3] or sales)
    browser, seen, address = browser_of(me), [], LIST
    for _page in range(2):
        response = browser.get(address)
        seen += [row.envelope.pk for row in response.context["rows"]]
        address = f"{LIST}?{response.context['older']}"
    assert seen == sorted(Envelope.objects.values_list("pk", flat=True), reverse=True)


def make_owner() -> User:
    return User.objects.filter(username="otto").first() or make_staff("otto", is_superuser=False)


def test_the_list_shows_owner_and_team_and_filters_by_team(sales: Team, legal: Team) -> None:
    auditor = sender("aud", role="Auditor")
    make_draft(sender("tom", sales), subject="First")
    make_draft(sender("eve", legal), subject="Second")
    page = text_of(browser_of(auditor), f"{LIST}?team={sales.pk}")
    assert "First" in page
    assert "Second" not in page
    assert "Team: Sales" in page
    assert "Tom Field" in page


def test_filtering_by_a_team_one_is_not_in_shows_ones_own_alone(sales: Team, legal: Team) -> None:
    me = sender("mia", sales)
    mine = make_draft(me, subject="Mine")
    Envelope.objects.filter(pk=mine.pk).update(team=legal)
    make_draft(sender("eve", legal), subject="Foreign")
    page = text_of(browser_of(me), f"{LIST}?team={legal.pk}")
    assert "Mine" in page
    assert "Foreign" not in page


def test_the_dashboard_tells_of_what_is_within_reach(sales: Team, connected: None) -> None:
    sent = make_sent()
    Envelope.objects.filter(pk=sent.pk).update(subject="Foreign agreement")
    for role, sees in (("Sender", False), ("Auditor", True)):
        page = text_of(browser_of(sender(f"x{role.lower()}", sales, role=role)), "/admin/")
        assert ("Foreign agreement" in page) is sees
        assert ("Sent and completed" in page) is sees, "figures count everybody's"


def test_a_deed_for_many_leaves_out_what_is_not_within_reach(sales: Team, legal: Team) -> None:
    me, foreign = sender("mia", sales), make_draft(sender("eve", legal))
    mine = make_draft(me)
    browser_of(me).post(f"{LIST}many/", {"deed": "zip", "selected": [mine.pk, foreign.pk]})
    assert Errand.objects.get().params["ids"] == [mine.pk]


def test_an_errand_reaches_as_far_as_its_asker_when_it_is_done(sales: Team) -> None:
    me, colleague = sender("mia", sales), sender("tom", sales)
    make_draft(colleague, subject="Of the team")
    errand = errands.ask(me, ErrandKind.CSV, filter={})
    sales.members.remove(me)
    errands.run(errand.pk)
    errand.refresh_from_db()
    with errand.file.open() as file:
        assert b"Of the team" not in file.read()


def test_who_is_in_several_teams_chooses_and_who_is_in_one_need_not(sales: Team, legal: Team) -> None:
    in_both, in_none = sender("mia", sales, legal), sender("tom")
    draft = make_draft(in_both)
    browser = browser_of(in_both)
    assert "Whose it is" in text_of(browser, f"{LIST}{draft.pk}/change/")
    browser.post(f"{LIST}{draft.pk}/team/", {"team": legal.pk})
    draft.refresh_from_db()
    assert draft.team == legal
    assert "Whose it is" not in text_of(browser_of(in_none), f"{LIST}{make_draft(in_none).pk}/change/")


def test_a_team_one_is_not_in_cannot_be_chosen(sales: Team, legal: Team) -> None:
    me = sender("mia", sales)
    draft = make_draft(me)
    browser_of(me).post(f"{LIST}{draft.pk}/team/", {"team": legal.pk})
    draft.refresh_from_db()
    assert draft.team == sales


def test_handing_over_goes_to_colleagues_and_takes_the_envelope_to_their_team(sales: Team, legal: Team) -> None:
    me, colleague, stranger = sender("mia", sales, legal), sender("tom", legal), sender("eve")
    draft = make_draft(me)
    browser = browser_of(me)
    browser.post(f"{LIST}{draft.pk}/owner/", {"owner": stranger.pk})
    draft.refresh_from_db()
    assert draft.owner == me
    browser.post(f"{LIST}{draft.pk}/owner/", {"owner": colleague.pk})
    draft.refresh_from_db()
    assert (draft.owner, draft.team) == (colleague, legal)


def test_who_gives_away_what_they_see_no_longer_is_led_to_the_list(sales: Team) -> None:
    me = sender("mia", sales)
    draft = make_draft(me)
    Envelope.objects.filter(pk=draft.pk).update(owner=make_owner())
    response = browser_of(me).post(f"{LIST}{draft.pk}/team/", {"team": ""})
    assert response.headers["Location"] == LIST


def test_the_record_says_team_and_the_timeline_every_move(sales: Team, legal: Team) -> None:
    auditor, me = sender("aud", role="Auditor"), sender("mia", sales, legal)
    sent = make_sent()
    Envelope.objects.filter(pk=sent.pk).update(owner=me, team=sales)
    browser_of(me).post(f"{LIST}{sent.pk}/team/", {"team": legal.pk})
    page = text_of(browser_of(auditor), f"{LIST}{sent.pk}/change/")
    assert "<dt>Team</dt><dd>Legal</dd>" in page
    assert "moved it from team “Sales” to “Legal”" in page


def test_an_auditor_is_offered_nothing_to_press(sales: Team) -> None:
    auditor = browser_of(sender("aud", role="Auditor"))
    make_sent()
    envelope = Envelope.objects.get(status=EnvelopeStatus.SENT)
    for page in (LIST, f"{LIST}{envelope.pk}/change/"):
        text = text_of(auditor, page)
        for label in ("Remind", "Void", "Export", "Hand over", "Save this view"):
            assert f">{label}<" not in text, (page, label)


def test_whoever_may_only_look_is_refused_even_where_a_page_would_not_ask(sales: Team) -> None:
    auditor = browser_of(sender("aud", role="Auditor"))
    assert auditor.post("/admin/").status_code == 403
    assert auditor.post("/admin/logout/").status_code in (200, 302), "one's own account is one's own"
