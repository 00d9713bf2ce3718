"""Username and password: who comes in, who does not, and who is locked out."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from portal.environment import networks
from tests.factories import make_staff

from .doing import LOGIN, is_in, log_in, recorded


def test_staff_come_in_with_username_and_password(dana: User, visitor: Browser) -> None:
    response = log_in(visitor)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert is_in(visitor)


def test_they_get_to_the_page_that_they_wanted(dana: User, visitor: Browser) -> None:
    wanted = "/admin/signing/envelope/?q=lease"
    asked = visitor.get(wanted)
    assert asked["Location"].startswith(f"{LOGIN}?next=/admin/signing/envelope/")
    assert 'name="next"' in visitor.get(asked["Location"]).content.decode()
    assert log_in(visitor, fields={"next": wanted})["Location"] == wanted


def test_nobody_is_sent_to_another_site_after_the_login(dana: User, visitor: Browser) -> None:
    assert log_in(visitor, fields={"next": "https://evil.example/"})["Location"] == "/admin/"


@pytest.mark.parametrize("username", ["dana", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(dana: User, visitor: Browser, username: str) -> None:
    page = log_in(visitor, username, "wrong")
    assert page.status_code == 200
    assert "The username and/or password you specified are not correct." in page.content.decode()


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_is_not_staff_any_more_stays_outside(dana: User, visitor: Browser, change: dict[str, bool]) -> None:
    User.objects.filter(pk=dana.pk).update(**change)
    assert log_in(visitor, follow=True).redirect_chain[-1][0] == "/account/closed/"
    assert not is_in(visitor)


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_ceases_to_be_staff_is_out_with_the_next_click(
    dana: User, visitor: Browser, change: dict[str, bool]
) -> None:
    log_in(visitor)
    User.objects.filter(pk=dana.pk).update(**change)
    assert not is_in(visitor)


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_confirm_login_code", "socialaccount_signup"]
)
def test_there_is_no_page_to_sign_up_or_to_change_an_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("address", [LOGIN, "/account/password/reset/", "/account/closed/"])
def test_the_pages_run_no_script_of_their_own_and_are_not_kept(visitor: Browser, address: str) -> None:
    response = visitor.get(address)
    assert response.status_code == 200
    assert "script-src 'self';" in response["Content-Security-Policy"]
    assert "'unsafe" not in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert "<style" not in response.content.decode()
    assert "style=" not in response.content.decode()


def test_the_log_in_page_speaks_english_as_all_of_the_staffs(visitor: Browser) -> None:
    page = visitor.get("/account/password/reset/", HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert 'lang="en"' in page


def fail(visitor: Browser, times: int, username: str = "dana", **where: str) -> int:
    return [log_in(visitor, username, "wrong", **where).status_code for _ in range(times)][-1]


def test_the_fifth_wrong_password_locks_and_says_so(dana: User, visitor: Browser) -> None:
    assert fail(visitor, 4) == 200
    page = log_in(visitor, password="wrong")
    assert page.status_code == 429
    assert "Locked for a while" in page.content.decode()
    assert "15 minutes" in page.content.decode()


def test_the_right_password_does_not_help_while_it_is_locked(dana: User, visitor: Browser) -> None:
    fail(visitor, 5)
    assert log_in(visitor).status_code == 429
    assert not is_in(visitor)


def test_the_lock_ends_by_itself(dana: User, visitor: Browser) -> None:
    fail(visitor, 5)
    # django-axes keeps a clock of its own, so the tries are made older instead.
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert log_in(visitor).status_code == 302


def test_a_lock_is_for_one_name_from_one_address(dana: User, visitor: Browser) -> None:
    make_staff("robin")
    fail(visitor, 5)
    assert log_in(visitor, "robin").status_code == 302
    assert log_in(Browser(), "dana", REMOTE_ADDR="203.0.113.9").status_code == 302


def test_capital_letters_are_no_further_tries(dana: User, visitor: Browser) -> None:
    for name in ("dana", "Dana", "DANA", "dAna"):
        log_in(visitor, name, "wrong")
    assert log_in(visitor, "daNa", "wrong").status_code == 429


def test_behind_a_trusted_proxy_the_visitors_address_counts(dana: User, visitor: Browser, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = networks("10.0.0.0/8")
    attacker = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}
    assert fail(visitor, 5, **attacker) == 429
    assert log_in(visitor, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 302


def test_made_up_addresses_are_no_further_tries(dana: User, visitor: Browser) -> None:
    for number in range(4):
        log_in(visitor, password="wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert log_in(visitor, password="wrong", HTTP_X_FORWARDED_FOR="198.51.100.9").status_code == 429


def test_a_household_of_ipv6_is_one_address(dana: User, visitor: Browser) -> None:
    for number in range(4):
        log_in(visitor, password="wrong", REMOTE_ADDR=f"2001:db8:1:2::{number}")
    assert log_in(visitor, password="wrong", REMOTE_ADDR="2001:db8:1:2::99").status_code == 429
    assert log_in(visitor, REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_many_addresses_do_not_make_guessing_one_name_endless(dana: User, visitor: Browser) -> None:
    answers = [log_in(visitor, password="wrong", REMOTE_ADDR=f"198.51.100.{number}") for number in range(21)]
    assert "Too many failed login attempts" in answers[-1].content.decode()


def test_sign_ins_are_on_record(dana: User, visitor: Browser) -> None:
    log_in(visitor, REMOTE_ADDR="203.0.113.9")
    (event,) = recorded("signed_in")
    assert (event.user, event.about, event.ip, event.data) == (
        dana,
        f"user:{dana.pk}",
        "203.0.113.9",
        {"shown": ["password"]},
    )


def test_refusals_and_locks_are_on_record_without_what_was_typed(dana: User, visitor: Browser) -> None:
    fail(visitor, 6, REMOTE_ADDR="198.51.100.7")
    events = recorded("sign_in_refused", "locked_out")
    assert [event.kind for event in events] == ["sign_in_refused"] * 4 + ["locked_out"]
    assert events[0].data == {"from": "198.51.100.7", "username": "dana", "why": "password"}
    assert not any("wrong" in str(event.data) for event in events)


def test_tries_for_names_that_nobody_has_leave_no_record(visitor: Browser) -> None:
    fail(visitor, 5, "my-secret-password")
    assert recorded("sign_in_refused", "locked_out") == []


def test_the_admins_own_page_to_change_a_password_leads_to_ours(dana: User, visitor: Browser) -> None:
    log_in(visitor)
    assert visitor.get("/admin/password_change/")["Location"] == "/account/security/password/"


def test_secrets_of_the_way_in_are_not_shown_in_the_admin(visitor: Browser) -> None:
    make_staff("root")
    log_in(visitor, "root")
    page = visitor.get("/admin/").content.decode()
    assert 'href="/account/security/"' in page
    for address in ("mfa/authenticator", "socialaccount/socialtoken", "usersessions/usersession", "axes/accessattempt"):
        assert visitor.get(f"/admin/{address}/").status_code == 404
