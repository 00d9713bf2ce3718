"""A database that is away: a calm page and one line in the log, no alarm."""

import logging
from typing import NoReturn

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser

from tests.deeds import path_of
from tests.factories import make_sent, recipient_of

pytestmark = pytest.mark.django_db


def is_away(*_: object) -> NoReturn:
    raise OperationalError("the server closed the connection unexpectedly")


def test_a_signer_is_asked_to_wait_a_moment(caplog: pytest.LogCaptureFixture) -> None:
    path = path_of(recipient_of(make_sent(), 1))
    with connection.execute_wrapper(is_away), caplog.at_level(logging.WARNING):
        response = Browser().get(path)
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "Nothing you signed is lost" in response.content.decode()
    assert [record.levelname for record in caplog.records if record.name.startswith("signing")] == ["WARNING"]
