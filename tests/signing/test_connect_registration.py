"""Who asks Docusign for Connect messages: each envelope for its own, or one configuration of the account."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import responses
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from signing import connect_registration
from signing.docusign import Account, Client
from signing.docusign.client import new_session
from signing.payloads import connect_configuration, envelope_definition
from tests.connect import KEY
from tests.contract.specification import assert_matches
from tests.factories import make_draft
from tests.signing.docusign.test_client import Ear, Tokens

pytestmark = pytest.mark.django_db
CONFIGURATIONS = "https://demo.docusign.net/restapi/v2.1/accounts/acc/connect"
REFUSAL = {"errorCode": "USER_LACKS_PERMISSIONS", "message": "This user lacks sufficient permissions."}


@pytest.fixture
def account(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """By account, and connected to answers given by hand: the sandbox has no Connect of its own yet."""
    settings.DOCUSIGN_CONNECT = "account"
    settings.DOCUSIGN_CONNECT_KEYS = [KEY]
    settings.DOCUSIGN_USER_ID = "50d89ab1-dad5-4a00-b410-92ee3110b970"
    account = Account(account_id="acc", name="", base_uri="https://demo.docusign.net", is_default=True)
    client = Client(account=account, access_tokens=Tokens(), session=new_session(), watcher=Ear())
    monkeypatch.setattr(connect_registration, "connect", lambda: client)


def registered(**other: Any) -> dict[str, Any]:
    """As Docusign tells it: all strings, and more than was asked for."""
    wanted = connect_configuration("50D89AB1-DAD5-4A00-B410-92EE3110B970")
    return wanted | {"connectId": "10612345", "soapNamespace": "", "allowEnvelopePublish": "True"} | other


def run(*options: str) -> str:
    out = StringIO()
    call_command("docusign", "connect", *options, stdout=out)
    return out.getvalue()


def listed(*configurations: dict[str, Any]) -> None:
    responses.get(CONFIGURATIONS, json={"configurations": list(configurations), "totalRecords": "1"})


@responses.activate
def test_the_configuration_is_created_when_there_is_none(account: None) -> None:
    listed(registered(urlToPublishTo="https://crm.example.com/hook"))
    responses.post(CONFIGURATIONS, json={"connectId": "1"}, status=201)
    assert "created" in run()
    sent = json.loads(responses.calls[-1].request.body or "")
    assert sent["urlToPublishTo"] == "http://portal.test/webhooks/docusign/"


@responses.activate
def test_running_it_again_changes_nothing(account: None) -> None:
    listed(registered())
    assert "in order" in run()
    assert [call.request.method for call in responses.calls] == ["GET"]


@responses.activate
def test_one_that_somebody_changed_is_mended(account: None) -> None:
    listed(registered(allowEnvelopePublish="false", events=["envelope-sent"]))
    responses.put(CONFIGURATIONS, json={"connectId": "10612345"})
    assert "mended (allowEnvelopePublish, events)" in run()
    sent = json.loads(responses.calls[-1].request.body or "")
    assert (sent["connectId"], sent["allowEnvelopePublish"]) == ("10612345", "true")


@responses.activate
def test_a_check_changes_nothing_and_fails_loudly(account: None) -> None:
    listed(registered(includeHMAC="false"))
    with pytest.raises(CommandError, match="includeHMAC"):
        run("--check")
    assert [call.request.method for call in responses.calls] == ["GET"]


@responses.activate
def test_a_check_finds_that_there_is_none(account: None) -> None:
    responses.get(CONFIGURATIONS, json={"totalRecords": "0"})
    with pytest.raises(CommandError, match="there is no configuration"):
        run("--check")


@responses.activate
def test_without_an_administrators_rights_it_says_so(account: None) -> None:
    responses.get(CONFIGURATIONS, json=REFUSAL, status=403)
    with pytest.raises(CommandError, match="permission profile at Docusign does not allow this"):
        run()


def test_the_command_is_only_for_the_accounts_configuration(settings: Settings) -> None:
    settings.DOCUSIGN_CONNECT = "envelope"
    with pytest.raises(CommandError, match="DOCUSIGN_CONNECT=account"):
        run()


def test_the_configuration_is_one_of_the_specification(specification: Path) -> None:
    assert_matches(specification, "connectCustomConfiguration", connect_configuration("u1"))


def test_each_envelope_asks_for_its_own_messages(settings: Settings, specification: Path) -> None:
    settings.DOCUSIGN_CONNECT = "envelope"
    asked = envelope_definition(make_draft())["eventNotification"]
    assert_matches(specification, "eventNotification", asked)
    assert asked["url"] == "http://portal.test/webhooks/docusign/"
    assert (asked["includeHMAC"], asked["requireAcknowledgment"]) == ("true", "true")
    assert asked["eventData"] == {
        "version": "restv2.1",
        "format": "json",
        "includeData": ["custom_fields", "recipients"],
    }
    assert {"envelope-completed", "recipient-completed", "envelope-declined"} <= set(asked["events"])


@pytest.mark.parametrize("mode", ["account", "off"])
def test_otherwise_envelopes_ask_for_nothing(settings: Settings, mode: str) -> None:
    settings.DOCUSIGN_CONNECT = mode
    assert "eventNotification" not in envelope_definition(make_draft())


def test_asking_for_messages_that_would_all_be_refused_is_an_error(settings: Settings) -> None:
    settings.DOCUSIGN_CONNECT, settings.DOCUSIGN_CONNECT_KEYS = "envelope", []
    assert "signing.E003" in {message.id for message in run_checks()}
    settings.DOCUSIGN_CONNECT_KEYS = [KEY]
    assert "signing.E003" not in {message.id for message in run_checks()}
