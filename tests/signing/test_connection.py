"""One grant serves everyone for its lifetime; trouble has a name and a remedy."""

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from signing import connection, tasks
from signing.connection import connect
from signing.docusign import (
    ConsentRequiredError,
    CredentialsRefusedError,
    NotConfiguredError,
    UnavailableError,
)
from signing.secretbox import decrypt, encrypt
from tests.deeds import send
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-0000-0000-000000000000"


def test_many_clients_share_one_access_token(docusign: SandboxProcess) -> None:
    tokens = {connection.shared_grants().current() for _ in range(5)}
    assert len(tokens) == 1


def test_the_cache_does_not_hold_the_access_token_in_clear(docusign: SandboxProcess) -> None:
    grants = connection.shared_grants()
    access_token = grants.current()
    assert access_token not in cache.get(grants.cache_key)
    assert access_token in str(decrypt(cache.get(grants.cache_key)))


def test_a_token_refused_by_docusign_is_renewed_once_and_the_call_repeated(docusign: SandboxProcess) -> None:
    connect()
    docusign.advance(2 * 3600)  # the sandbox's clock: our cached token is dead there, and we do not know
    envelope = send()
    assert envelope.status == "sent"
    statuses = [call["status"] for call in docusign.requests("POST", "/envelopes")]
    assert statuses == [401, 201]


def test_the_beat_renews_a_token_that_is_about_to_run_out(docusign: SandboxProcess, settings: Settings) -> None:
    first = connection.shared_grants().current()
    tasks.keep_connected()
    assert connection.shared_grants().current() == first
    settings.DOCUSIGN_TOKEN_RENEW_SECONDS = 3599 + 60
    tasks.keep_connected()
    assert connection.shared_grants().current() != first


def test_a_dead_beat_slows_and_does_not_stop(docusign: SandboxProcess) -> None:
    connect()
    cache.clear()
    assert send().status == "sent"


@pytest.mark.parametrize("name", ["DOCUSIGN_INTEGRATION_KEY", "DOCUSIGN_USER_ID", "DOCUSIGN_PRIVATE_KEY"])
def test_a_missing_setting_is_named(docusign: SandboxProcess, settings: Settings, name: str) -> None:
    setattr(settings, name, "")
    with pytest.raises(NotConfiguredError, match=name):
        connect()


@pytest.mark.parametrize(
    ("name", "value", "error", "sentence"),
    [
        ("DOCUSIGN_PRIVATE_KEY", "not a key", NotConfiguredError, "not a readable PEM"),
        ("DOCUSIGN_INTEGRATION_KEY", NOBODY, CredentialsRefusedError, "integration key does not exist"),
        ("DOCUSIGN_USER_ID", NOBODY, CredentialsRefusedError, "not an active user"),
        ("DOCUSIGN_USER_ID", "ann@example.com", CredentialsRefusedError, "never an email"),
        ("DOCUSIGN_ACCOUNT_ID", NOBODY, CredentialsRefusedError, "does not belong to account"),
        ("DOCUSIGN_OAUTH_BASE_URL", "http://127.0.0.1:9", UnavailableError, "no answer from the OAuth host"),
    ],
)
def test_each_wrong_setting_has_its_own_explanation(  # type: ignore[no-untyped-def]
    docusign: SandboxProcess, settings: Settings, name: str, value: str, error, sentence: str
) -> None:
    setattr(settings, name, value)
    with pytest.raises(error, match=sentence):
        connect()


def test_the_default_account_is_taken_where_none_is_configured(docusign: SandboxProcess, settings: Settings) -> None:
    settings.DOCUSIGN_ACCOUNT_ID = ""
    assert send().status == "sent"


def test_missing_consent_is_remembered_for_the_banner_and_forgotten_once_mended(docusign: SandboxProcess) -> None:
    docusign.revoke_consent()
    with pytest.raises(ConsentRequiredError):
        connect()
    trouble = connection.trouble()
    assert trouble is not None
    assert "consent link" in trouble.sentence
    docusign.grant_consent()
    connection.try_at_once()
    connect()
    assert connection.trouble() is None


def test_the_consent_link_asks_for_both_scopes_and_comes_back_to_us(docusign: SandboxProcess) -> None:
    link = connection.consent_link()
    assert link.startswith(f"{docusign.base_url}/oauth/auth?")
    assert "scope=signature+impersonation" in link
    assert "redirect_uri=http%3A%2F%2Fportal.test%2Fdocusign%2Fconsent%2F" in link


def test_secrets_can_be_read_after_a_rotation_of_the_secret_key(settings: Settings) -> None:
    sealed = encrypt("a token")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "rotated-" + "z" * 50
    assert decrypt(sealed) == "a token"


def test_a_secret_sealed_under_an_unknown_key_is_none(settings: Settings) -> None:
    sealed = encrypt("a token")
    settings.SECRET_KEY = "another-" + "z" * 50
    assert decrypt(sealed) is None
