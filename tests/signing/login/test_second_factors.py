"""Authenticator apps and recovery codes: set up, asked for, required, and kept secret."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from pytest_django import DjangoCaptureOnCommitCallbacks as Commits
from pytest_django.fixtures import Settings

from tests.clock import Clock

from .doing import SECURITY, is_in, log_in, recorded, recovery_codes, set_up_app, shown_code

STEP = "/account/second-factor/"


@pytest.fixture
def secret(dana: User, visitor: Browser) -> str:
    """Dana has an app. Another visitor is at hand for the next log-in."""
    log_in(visitor)
    return set_up_app(visitor)


def next_code(secret: str) -> str:
    """The one after the code that was used to set the app up; a code works once."""
    return shown_code(secret, time.time() + 30)


def test_after_the_password_a_code_of_the_app_is_asked_for(secret: str, settings: Settings) -> None:
    settings.MFA_TOTP_TOLERANCE = 1
    visitor = Browser()
    assert log_in(visitor)["Location"] == STEP
    assert not is_in(visitor)
    assert visitor.post(STEP, {"code": next_code(secret)})["Location"] == "/admin/"
    assert is_in(visitor)
    assert recorded("signed_in")[-1].data == {"shown": ["password", "totp"]}


def test_a_wrong_code_lets_nobody_in_and_is_on_record(secret: str) -> None:
    visitor = Browser()
    log_in(visitor)
    assert "Incorrect code." in visitor.post(STEP, {"code": "000000"}).content.decode()
    assert not is_in(visitor)
    assert recorded("sign_in_refused")[-1].data["why"] == "second factor"


def test_codes_cannot_be_guessed_for_long(secret: str) -> None:
    visitor = Browser()
    log_in(visitor)
    answers = [visitor.post(STEP, {"code": "000000"}, REMOTE_ADDR=f"198.51.100.{n}") for n in range(21)]
    assert "Too many failed login attempts" in answers[-1].content.decode()


def test_a_code_works_once(secret: str, settings: Settings) -> None:
    settings.MFA_TOTP_TOLERANCE = 1
    code = next_code(secret)
    first, second = Browser(), Browser()
    log_in(first)
    log_in(second)
    assert first.post(STEP, {"code": code}).status_code == 302
    assert second.post(STEP, {"code": code}).status_code == 200


def test_a_recovery_code_lets_in_once(secret: str, visitor: Browser) -> None:
    codes = recovery_codes(visitor)
    assert len(codes) == 10
    for expected in (302, 200):
        other = Browser()
        log_in(other)
        assert other.post(STEP, {"code": codes[0]}).status_code == expected


def test_the_apps_secret_is_not_readable_in_the_database(secret: str) -> None:
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert "gAAAA" in kept


def test_a_lost_secret_key_makes_codes_useless_and_not_guessable(secret: str, settings: Settings) -> None:
    settings.SECRET_KEY = "another-" + "y" * 50
    visitor = Browser()
    log_in(visitor)
    assert visitor.post(STEP, {"code": shown_code("")}).status_code == 200
    assert not is_in(visitor)


@pytest.mark.parametrize(
    ("required", "is_asked"),
    [([], False), (["all"], True), (["superusers"], False), (["Senders"], True), (["Auditors"], False)],
    ids=str,
)
def test_who_must_have_a_second_factor_is_led_to_set_one_up(
    dana: User, visitor: Browser, settings: Settings, required: list[str], is_asked: bool
) -> None:
    settings.MFA_REQUIRED = required
    dana.groups.add(Group.objects.get_or_create(name="Senders")[0])
    log_in(visitor)
    answer = visitor.get("/admin/signing/envelope/")
    assert (answer.status_code == 302 and answer["Location"] == SECURITY) is is_asked


def test_without_it_nothing_else_opens_until_it_is_set_up(dana: User, visitor: Browser, settings: Settings) -> None:
    settings.MFA_REQUIRED = ["all"]
    assert "One more step." in log_in(visitor, follow=True).content.decode()
    for address in ("/admin/", "/admin/signing/envelope/add/", "/admin/password_change/"):
        assert visitor.get(address)["Location"] == SECURITY
    set_up_app(visitor)
    assert recovery_codes(visitor)
    assert is_in(visitor)


def test_logging_out_needs_no_second_factor(dana: User, visitor: Browser, settings: Settings) -> None:
    settings.MFA_REQUIRED = ["all"]
    log_in(visitor)
    visitor.post("/admin/logout/")
    assert visitor.get("/admin/")["Location"].startswith("/admin/login/")


def test_the_last_required_factor_cannot_be_removed(secret: str, visitor: Browser, settings: Settings) -> None:
    settings.MFA_REQUIRED = ["all"]
    assert visitor.post(f"{SECURITY}app/remove/").status_code == 200
    assert Authenticator.objects.filter(type="totp").exists()


def test_changes_are_on_record_and_told_by_mail(
    dana: User, visitor: Browser, worker_at_once: None, django_capture_on_commit_callbacks: Commits
) -> None:
    log_in(visitor)
    for deed in (lambda: set_up_app(visitor), lambda: visitor.post(f"{SECURITY}app/remove/")):
        with django_capture_on_commit_callbacks(execute=True):
            deed()
    changes = [event.data["what"] for event in recorded("sign_in_changed")]
    assert changes == ["totp_activated", "totp_deactivated"]
    assert "An authenticator app was added" in mail.outbox[0].body
    assert mail.outbox[0].to == ["dana@northwind.example"]


def test_a_while_after_the_login_changes_ask_for_the_password_again(dana: User, visitor: Browser, clock: Clock) -> None:
    log_in(visitor)
    clock.advance(minutes=6)
    asked = visitor.get(f"{SECURITY}app/")
    assert asked["Location"] == f"{SECURITY}confirm/?next=%2Faccount%2Fsecurity%2Fapp%2F"
    assert "Confirm" in visitor.get(asked["Location"]).content.decode()


def test_lost_factors_are_removed_by_a_command_on_record_and_told(
    dana: User, secret: str, worker_at_once: None, django_capture_on_commit_callbacks: Commits
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        call_command("remove_second_factors", "dana")
    assert log_in(Browser())["Location"] == "/admin/"
    assert recorded("sign_in_changed")[-1].data == {"what": "second_factors_removed"}
    assert "An administrator removed the second factors" in mail.outbox[-1].body


def test_the_command_says_when_there_is_nothing_to_remove(dana: User) -> None:
    with pytest.raises(CommandError, match="dana has no second factor"):
        call_command("remove_second_factors", "dana")
