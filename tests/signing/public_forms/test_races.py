"""Many at the same moment: no place is given twice, and nobody gets two."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client as Browser

from signing.models import Envelope, FormEntry, PublicForm
from tests.signing.templates.making import make_form

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("connected")]
AT_ONCE = 8


def all_at_once(person: Callable[[int], dict[str, str]]) -> list[str]:
    """Everyone posts in the same moment; where each is sent, or the page's status."""
    barrier = threading.Barrier(AT_ONCE)
    answers: list[str] = []

    def post(number: int) -> None:
        try:
            barrier.wait()
            response = Browser().post("/forms/visitors/", person(number))
            answers.append(response.headers.get("Location", str(response.status_code)))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def made(form: PublicForm) -> int:
    return Envelope.objects.filter(template=form.template).count()


def test_no_more_begin_than_there_are_places() -> None:
    form = make_form(max_count=3)
    answers = all_at_once(lambda number: {"name": f"V {number}", "email": f"v{number}@example.com"})
    form.refresh_from_db()
    assert (form.count, made(form)) == (3, 3)
    assert sum(answer.startswith("/sign/") for answer in answers) == 3
    assert answers.count("200") == AT_ONCE - 3


@pytest.mark.parametrize("one_per_email", [True, False])
def test_one_address_gets_one_copy(one_per_email: bool) -> None:
    form = make_form(one_per_email=one_per_email)
    answers = all_at_once(lambda number: {"name": "Vic Tor", "email": "vic@example.com"})
    form.refresh_from_db()
    assert (form.count, made(form), FormEntry.objects.count()) == (1, 1, 1)
    assert sum(answer.startswith("/sign/") for answer in answers) == 1
    assert answers.count("/forms/visitors/mailed/") == AT_ONCE - 1
