"""Private keys in whatever form they are pasted, and two of them during a change-over."""

import logging

import pytest
from pytest_django.fixtures import Settings

from signing import connection
from signing.docusign import CredentialsRefusedError, NotConfiguredError
from signing.docusign.keys import fingerprint, load_private_key, require_strength
from tests.keys import good_forms, private_pem, public_pem, rsa_key, useless_forms
from tests.sandbox_process import SandboxProcess

GOOD = good_forms(rsa_key())
USELESS = useless_forms(rsa_key())


@pytest.mark.parametrize("form", GOOD)
def test_the_key_is_read_in_every_form_it_is_pasted_in(form: str) -> None:
    assert fingerprint(load_private_key(GOOD[form])) == fingerprint(rsa_key())


@pytest.mark.parametrize("form", USELESS)
def test_what_is_no_private_key_is_called_what_it_is(form: str) -> None:
    pem, words = USELESS[form]
    with pytest.raises(NotConfiguredError, match=words):
        load_private_key(pem)


def test_a_key_shorter_than_docusigns_is_told() -> None:
    short = load_private_key(private_pem(rsa_key(9, bits=1024)))
    with pytest.raises(NotConfiguredError, match="1024 bits"):
        require_strength(short)


@pytest.mark.django_db
@pytest.mark.parametrize("known", [1, 2])
def test_during_a_change_over_either_key_opens(
    docusign: SandboxProcess, settings: Settings, caplog: pytest.LogCaptureFixture, known: int
) -> None:
    settings.DOCUSIGN_PRIVATE_KEY = private_pem(rsa_key(1))
    settings.DOCUSIGN_PRIVATE_KEY_NEXT = private_pem(rsa_key(2))
    docusign.use_public_keys(public_pem(rsa_key(known)))
    with caplog.at_level(logging.WARNING):
        connection.connect().check()
    assert ("DOCUSIGN_PRIVATE_KEY_NEXT is used instead" in caplog.text) == (known == 2)


@pytest.mark.django_db
def test_a_key_is_changed_step_by_step_without_a_gap(docusign: SandboxProcess, settings: Settings) -> None:
    old, new = rsa_key(1), rsa_key(2)

    def works() -> None:
        connection.shared_grants().forget()
        connection.connect().check()

    docusign.use_public_keys(public_pem(old))
    settings.DOCUSIGN_PRIVATE_KEY = private_pem(old)
    works()
    docusign.use_public_keys(public_pem(old), public_pem(new))  # the new pair is made at Docusign
    works()
    settings.DOCUSIGN_PRIVATE_KEY_NEXT = private_pem(new)  # and named here
    works()
    docusign.use_public_keys(public_pem(new))  # the old one is deleted there
    works()
    settings.DOCUSIGN_PRIVATE_KEY, settings.DOCUSIGN_PRIVATE_KEY_NEXT = private_pem(new), ""
    works()


@pytest.mark.django_db
def test_where_neither_key_is_known_the_error_is_that_of_the_key(docusign: SandboxProcess, settings: Settings) -> None:
    settings.DOCUSIGN_PRIVATE_KEY = private_pem(rsa_key(1))
    settings.DOCUSIGN_PRIVATE_KEY_NEXT = private_pem(rsa_key(2))
    with pytest.raises(CredentialsRefusedError, match="does not belong to the integration key"):
        connection.connect()


@pytest.mark.django_db
def test_other_errors_do_not_try_the_second_key(docusign: SandboxProcess, settings: Settings) -> None:
    settings.DOCUSIGN_PRIVATE_KEY_NEXT = "not even a key"
    settings.DOCUSIGN_USER_ID = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(CredentialsRefusedError, match="not an active user"):
        connection.connect()
