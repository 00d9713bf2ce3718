"""Single sign-on, with a real provider in a process of its own."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import Group, User
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from tests.e2e.conftest import free_port
from tests.factories import make_staff
from tests.oidc_process import LOGIN as BUTTON
from tests.oidc_process import OidcProvider

from .doing import LOGIN, is_in, log_in, recorded


@pytest.fixture(scope="module")
def running_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcProvider]:
    running = OidcProvider(free_port(), tmp_path_factory.mktemp("oidc") / "provider.log")
    yield running
    running.stop()


@pytest.fixture
def provider(running_provider: OidcProvider, settings: Settings) -> OidcProvider:
    """Dana sits at its desk, and the portal knows it."""
    settings.OIDC_ISSUER = running_provider.issuer
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "portal", "provider-secret"
    settings.OIDC_NAME = "Northwind ID"
    running_provider.seat()
    return running_provider


@pytest.fixture
def senders() -> Group:
    return Group.objects.get_or_create(name="Senders")[0]


def test_a_known_person_comes_in_and_keeps_their_password(dana: User, visitor: Browser, provider: OidcProvider) -> None:
    assert "Continue with Northwind ID" in visitor.get(LOGIN).content.decode()
    assert provider.log_in(visitor)["Location"] == "/admin/"
    assert is_in(visitor)
    assert log_in(Browser()).status_code == 302
    assert recorded("signed_in")[0].data == {"shown": ["socialaccount"]}
    assert recorded("sign_in_changed")[0].data == {"what": "account_connected"}


def test_they_get_to_the_page_that_they_wanted(dana: User, visitor: Browser, provider: OidcProvider) -> None:
    assert provider.log_in(visitor, next="/admin/signing/envelope/")["Location"] == "/admin/signing/envelope/"


def test_the_page_lets_the_form_lead_to_the_provider(visitor: Browser, provider: OidcProvider) -> None:
    assert f"form-action 'self' {provider.base_url}" in visitor.get(LOGIN)["Content-Security-Policy"]


def test_the_request_is_bound_to_this_browser(dana: User, visitor: Browser, provider: OidcProvider) -> None:
    sent = parse_qs(urlsplit(visitor.post(BUTTON)["Location"]).query)
    assert sent["code_challenge_method"] == ["S256"]
    assert set(sent["scope"][0].split()) == {"openid", "profile", "email"}
    thief = Browser()
    assert "Sign-in did not work" in thief.get(provider.send_back(visitor)).content.decode()
    assert not is_in(thief)


def test_an_answer_works_once(dana: User, visitor: Browser, provider: OidcProvider) -> None:
    back = provider.send_back(visitor)
    visitor.get(back)
    other = Browser()
    other.get(back)
    assert not is_in(other)


def test_the_second_time_the_address_does_not_matter(dana: User, visitor: Browser, provider: OidcProvider) -> None:
    provider.log_in(visitor)
    provider.seat(email="dana.other@northwind.example", email_verified=False)
    again = Browser()
    provider.log_in(again)
    assert is_in(again)


def test_another_person_with_the_same_address_of_an_unconfirmed_kind_is_refused(
    dana: User, visitor: Browser, provider: OidcProvider
) -> None:
    provider.seat("u-2", email_verified=False)
    answer = provider.log_in(visitor)
    assert answer.status_code == 403
    assert "does not say that your address of mail is confirmed" in answer.content.decode()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("rule", "verified", "is_let_in"),
    [
        (["claim"], True, True),
        (["claim"], False, False),
        (["always"], False, True),
        (["northwind.example"], False, True),
        (["other.example"], True, False),
        (["other.example", "claim"], True, True),
    ],
    ids=str,
)
def test_whose_word_counts_for_an_address(
    dana: User,
    visitor: Browser,
    provider: OidcProvider,
    settings: Settings,
    rule: list[str],
    verified: bool,
    is_let_in: bool,
) -> None:
    settings.OIDC_VERIFIED_EMAIL = rule
    provider.seat(email_verified=verified)
    provider.log_in(visitor)
    assert is_in(visitor) is is_let_in


def test_an_address_that_two_accounts_share_is_nobodys(dana: User, visitor: Browser, provider: OidcProvider) -> None:
    make_staff("twin", email=dana.email)
    assert provider.log_in(visitor).status_code == 403


def test_whoever_is_not_known_is_told_so(visitor: Browser, provider: OidcProvider) -> None:
    answer = provider.log_in(visitor)
    assert answer.status_code == 403
    assert "you have no account here" in answer.content.decode()
    assert not User.objects.exists()


def test_accounts_are_made_where_the_settings_say_so(
    visitor: Browser, provider: OidcProvider, settings: Settings
) -> None:
    settings.OIDC_CREATE_USERS = True
    provider.seat("u-9", email="new@northwind.example", given_name="New", family_name="Comer")
    provider.log_in(visitor)
    assert is_in(visitor)
    user = User.objects.get()
    assert (user.email, user.first_name, user.is_staff, user.is_superuser) == (
        "new@northwind.example",
        "New",
        True,
        False,
    )
    assert not user.has_usable_password()
    assert recorded("created")[-1].about == f"user:{user.pk}"


def test_groups_follow_the_provider_at_every_sign_in(
    dana: User, visitor: Browser, provider: OidcProvider, settings: Settings, senders: Group
) -> None:
    own = Group.objects.create(name="Football")
    dana.groups.add(own)
    settings.OIDC_GROUPS = [("sign-senders", "Senders"), ("staff", "Missing here")]
    provider.seat(groups=["sign-senders", "else"])
    provider.log_in(visitor)
    assert set(dana.groups.all()) == {own, senders}
    provider.seat(groups=["staff"])
    provider.log_in(Browser())
    assert set(dana.groups.all()) == {own}
    assert [event.data["groups"] for event in recorded("changed")] == [[[], ["Senders"]], [["Senders"], []]]


def test_a_single_group_may_be_a_plain_text_under_another_claim(
    dana: User, visitor: Browser, provider: OidcProvider, settings: Settings, senders: Group
) -> None:
    settings.OIDC_GROUPS, settings.OIDC_GROUPS_CLAIM = [("sign-senders", "Senders")], "role"
    provider.seat(role="sign-senders")
    provider.log_in(visitor)
    assert senders in dana.groups.all()


def test_who_is_in_none_of_the_groups_stays_outside(
    dana: User, visitor: Browser, provider: OidcProvider, settings: Settings
) -> None:
    settings.OIDC_STAFF_GROUPS, settings.OIDC_CREATE_USERS = ["staff"], True
    for email in (dana.email, "new@northwind.example"):
        provider.seat(email, email=email, groups=["guests"])
        assert "none of the groups" in provider.log_in(visitor).content.decode()
        assert not is_in(visitor)
    dana.refresh_from_db()
    assert not dana.is_staff
    assert User.objects.count() == 1


def test_a_closed_account_stays_closed(dana: User, visitor: Browser, provider: OidcProvider) -> None:
    User.objects.filter(pk=dana.pk).update(is_active=False)
    assert "Your account here is closed" in provider.log_in(visitor).content.decode()
    assert not is_in(visitor)


def test_a_superuser_is_never_changed_by_the_provider(
    visitor: Browser, provider: OidcProvider, settings: Settings
) -> None:
    settings.OIDC_STAFF_GROUPS = ["staff"]
    make_staff()
    provider.seat(groups=[])
    provider.log_in(visitor)
    assert is_in(visitor)


def test_two_answers_about_different_people_are_refused(dana: User, visitor: Browser, provider: OidcProvider) -> None:
    provider.seat(userinfo_sub="u-other")
    assert "was not clear" in provider.log_in(visitor).content.decode()
    assert not is_in(visitor)


def test_nobody_can_link_another_identity_to_an_account(dana: User, visitor: Browser, provider: OidcProvider) -> None:
    log_in(visitor)
    provider.seat("u-evil", email="evil@northwind.example")
    provider.log_in(visitor, process="connect")
    assert not SocialAccount.objects.exists()


def test_no_token_of_the_provider_is_kept(dana: User, visitor: Browser, provider: OidcProvider) -> None:
    provider.log_in(visitor)
    assert not SocialToken.objects.exists()


def test_the_provider_sees_to_the_second_factor(
    dana: User, visitor: Browser, provider: OidcProvider, settings: Settings
) -> None:
    settings.MFA_REQUIRED = ["all"]
    provider.log_in(visitor)
    assert is_in(visitor)


def test_a_provider_that_does_not_answer_is_a_calm_page(dana: User, visitor: Browser, settings: Settings) -> None:
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = f"http://127.0.0.1:{free_port()}", "portal"
    answer = visitor.post(BUTTON)
    assert "Sign-in did not work" in answer.content.decode()


def test_without_a_provider_there_is_no_button_and_no_address(visitor: Browser) -> None:
    assert "Continue with" not in visitor.get(LOGIN).content.decode()
    assert visitor.post(BUTTON).status_code == 404


class TestSingleSignOnAlone:
    @pytest.fixture(autouse=True)
    def only(self, provider: OidcProvider, settings: Settings) -> None:
        settings.OIDC_ONLY = True

    def test_the_password_is_not_asked_for(self, visitor: Browser) -> None:
        page = visitor.get(LOGIN).content.decode()
        assert "Continue with Northwind ID" in page
        assert "Password" not in page
        assert visitor.get("/account/password/reset/")["Location"] == LOGIN

    def test_a_password_lets_no_ordinary_staff_in(self, dana: User, visitor: Browser) -> None:
        answer: Any = log_in(visitor, follow=True)
        assert "Please sign in with Northwind ID." in answer.content.decode()
        assert not is_in(visitor)
        assert recorded("sign_in_refused")[0].data["why"] == "not by single sign-on"

    def test_in_an_emergency_a_superuser_comes_in_by_password(self, visitor: Browser) -> None:
        make_staff("root")
        assert "For emergencies" in visitor.get(f"{LOGIN}?emergency").content.decode()
        log_in(visitor, "root")
        assert is_in(visitor)
