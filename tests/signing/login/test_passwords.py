"""Passwords: what a good one is, and a new one by mail."""

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client as Browser
from pytest_django import DjangoCaptureOnCommitCallbacks as Commits

from .doing import SECURITY, is_in, log_in, recorded

RESET = "/account/password/reset/"
GOOD = "correct horse battery"


def change(visitor: Browser, password: str) -> str:
    form = {"oldpassword": "pass", "password1": password, "password2": password}
    return str(visitor.post(f"{SECURITY}password/", form).content.decode())


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("short", "at least 12 characters"),
        ("1q2w3e4r5t6y", "too common"),
        ("840375920485720", "entirely numeric"),
        ("dana@northwind.example", "too similar"),
    ],
)
def test_a_poor_password_is_refused_and_why(dana: User, visitor: Browser, password: str, complaint: str) -> None:
    log_in(visitor)
    assert complaint in change(visitor, password)


def test_a_changed_password_ends_other_sessions_and_is_on_record(dana: User, visitor: Browser) -> None:
    other = Browser()
    log_in(other)
    log_in(visitor)
    change(visitor, GOOD)
    assert is_in(visitor)
    assert not is_in(other)
    assert log_in(Browser(), password=GOOD).status_code == 302
    assert [event.data for event in recorded("sign_in_changed")] == [{"what": "password_changed"}]


def ask(visitor: Browser, email: str, commits: Commits) -> str:
    with commits(execute=True):
        answer = visitor.post(RESET, {"email": email}, follow=True)
    return str(answer.content.decode())


def link_in_mail() -> str:
    match = re.search(r"http://portal\.test(/account/password/reset/\S+)", str(mail.outbox[-1].body))
    assert match, mail.outbox[-1].body
    return match[1]


def test_a_new_password_by_a_link_in_a_mail(
    dana: User, visitor: Browser, worker_at_once: None, django_capture_on_commit_callbacks: Commits
) -> None:
    ask(visitor, "Dana@northwind.example", django_capture_on_commit_callbacks)
    link = link_in_mail()
    form = visitor.get(link)["Location"]
    assert link.split("-")[-1] not in form
    assert visitor.post(form, {"password1": GOOD, "password2": GOOD}).status_code == 302
    assert not is_in(visitor)
    assert log_in(visitor, password=GOOD).status_code == 302
    assert "used up" in Browser().get(link).content.decode()


def test_an_unknown_address_gets_the_same_page_and_no_mail(
    dana: User, worker_at_once: None, django_capture_on_commit_callbacks: Commits
) -> None:
    known = ask(Browser(), "dana@northwind.example", django_capture_on_commit_callbacks)
    assert len(mail.outbox) == 1
    assert ask(Browser(), "nobody@northwind.example", django_capture_on_commit_callbacks) == known
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"password": "!"}])
def test_who_cannot_log_in_by_password_gets_no_mail(
    dana: User,
    visitor: Browser,
    change: dict[str, object],
    worker_at_once: None,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    User.objects.filter(pk=dana.pk).update(**change)
    ask(visitor, "dana@northwind.example", django_capture_on_commit_callbacks)
    assert mail.outbox == []


def test_one_address_is_not_flooded_with_mails(
    dana: User, visitor: Browser, worker_at_once: None, django_capture_on_commit_callbacks: Commits
) -> None:
    answers = [ask(visitor, "dana@northwind.example", django_capture_on_commit_callbacks) for _ in range(4)]
    assert "Too many tries" in answers[-1]
    assert len(mail.outbox) == 3
