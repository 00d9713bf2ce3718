"""Demo and production mixed up: Docusign's two environments, played at the edge of HTTP."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

import pytest
import responses
from pytest_django.fixtures import Settings

from signing.doctor import Status
from signing.docusign.probing import DEMO, PRODUCTION
from tests.keys import private_pem, rsa_key

from .portals import failed, findings

pytestmark = pytest.mark.django_db

GUID = "50d89ab1-dad5-4a00-b410-92ee3110b970"
STRANGER, WRONG_KEY, NOBODY = "issuer_not_found", "no_valid_keys_or_signatures", "user_not_found"
NO_CONSENT, GRANTED = "consent_required", ""


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    settings.DOCUSIGN_INTEGRATION_KEY = settings.DOCUSIGN_USER_ID = GUID
    settings.DOCUSIGN_PRIVATE_KEY = private_pem(rsa_key())
    settings.DOCUSIGN_OAUTH_BASE_URL, settings.DOCUSIGN_ACCOUNT_ID = DEMO, ""


def play(wire: responses.RequestsMock, host: str, answer: str, base_uri: str = "https://demo.docusign.net") -> None:
    """One environment: what it says to a token request, and where the user's account lives."""
    headers = {"Date": format_datetime(datetime.now(UTC), usegmt=True)}
    wire.get(f"{host}/.well-known/openid-configuration", json={"token_endpoint": "x"}, headers=headers)
    if answer == GRANTED:
        wire.post(f"{host}/oauth/token", json={"access_token": "t", "expires_in": 3600})
    elif answer == NO_CONSENT:
        wire.post(f"{host}/oauth/token", status=400, json={"error": answer})
    else:
        wire.post(f"{host}/oauth/token", status=400, json={"error": "invalid_grant", "error_description": answer})
    account = {"account_id": GUID, "account_name": "Northwind", "base_uri": base_uri, "is_default": True}
    user = {"sub": GUID, "name": "Robot", "email": "robot@example.com", "accounts": [account]}
    wire.get(f"{host}/oauth/userinfo", json=user)
    wire.get(re.compile(rf"{base_uri}/restapi/.*"), json={})


@pytest.mark.parametrize(
    ("here", "there", "check", "words"),
    [
        (STRANGER, NO_CONSENT, "integration_key", "The integration key belongs to"),
        (STRANGER, WRONG_KEY, "integration_key", "The integration key belongs to"),
        (WRONG_KEY, NOBODY, "private_key", "The private key belongs to"),
        (WRONG_KEY, GRANTED, "private_key", "The private key belongs to"),
        (NOBODY, NO_CONSENT, "user_id", "The user belongs to"),
        (NOBODY, GRANTED, "user_id", "The user belongs to"),
        (STRANGER, STRANGER, "integration_key", "does not exist at account-d.docusign.com"),
        (WRONG_KEY, WRONG_KEY, "private_key", "does not belong to the integration key"),
        (NOBODY, NOBODY, "user_id", "is not an active user"),
    ],
)
@responses.activate(assert_all_requests_are_fired=False)
def test_what_belongs_to_the_other_environment_is_called_so(here: str, there: str, check: str, words: str) -> None:
    play(responses.mock, DEMO, here)
    play(responses.mock, PRODUCTION, there)
    found = findings("docusign")
    assert failed(found) == [check]
    assert words in found[check].sentence
    if "belongs to" in words and here != there:
        assert f"DOCUSIGN_OAUTH_BASE_URL={PRODUCTION}" in found[check].remedy


@responses.activate(assert_all_requests_are_fired=False)
def test_the_other_environment_is_asked_only_where_something_is_not_known_here() -> None:
    play(responses.mock, DEMO, NO_CONSENT)
    assert failed(findings("docusign")) == ["consent"]
    assert {urlsplit(call.request.url or "").netloc for call in responses.calls} == {"account-d.docusign.com"}


@pytest.mark.parametrize(
    ("host", "base_uri", "is_mixed"),
    [
        (DEMO, "https://demo.docusign.net", False),
        (DEMO, "https://eu.docusign.net", True),
        (PRODUCTION, "https://eu.docusign.net", False),
        (PRODUCTION, "https://demo.docusign.net", True),
        (PRODUCTION, "https://api.example.com", True),
    ],
)
@responses.activate(assert_all_requests_are_fired=False)
def test_the_account_must_live_in_the_environment_of_the_host(
    settings: Settings, host: str, base_uri: str, is_mixed: bool
) -> None:
    settings.DOCUSIGN_OAUTH_BASE_URL = host
    play(responses.mock, host, GRANTED, base_uri)
    found = findings("docusign")
    assert failed(found) == (["environment"] if is_mixed else [])
    assert ("is not of the environment" in found["environment"].sentence) == is_mixed


@responses.activate(assert_all_requests_are_fired=False)
def test_each_environment_is_named_plainly(settings: Settings) -> None:
    play(responses.mock, DEMO, GRANTED)
    play(responses.mock, PRODUCTION, GRANTED, "https://eu.docusign.net")
    assert "bind nobody" in findings("docusign")["environment"].sentence
    settings.DOCUSIGN_OAUTH_BASE_URL = PRODUCTION
    assert "signatures count" in findings("docusign")["environment"].sentence


@responses.activate
def test_docusign_itself_needs_https_of_us(settings: Settings) -> None:
    settings.DOCUSIGN_CONNECT, settings.DOCUSIGN_CONNECT_KEYS = "envelope", ["key"]
    responses.get("http://portal.test/healthz", json={"database": "ok"})
    found = findings("reaching")
    assert (found["address"].status, found["connect"].status) == (Status.WARNING, Status.FAILED)
    assert "https addresses alone" in found["connect"].sentence
