"""Connect: who is told what, in which words, signed how (reference 4.1 to 4.3)."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sandbox.robot import Robot
from tests.sandbox_process import SandboxProcess

from .api import Api, signer
from .listener import Listener

EVENTS = [
    *(f"envelope-{word}" for word in ("created", "sent", "delivered", "completed", "declined", "voided")),
    *(f"recipient-{word}" for word in ("sent", "delivered", "completed", "declined")),
]


def notification(listener: Listener, **changes: Any) -> dict[str, Any]:
    data = {
        "url": listener.url,
        "requireAcknowledgment": "true",
        "loggingEnabled": "true",
        "events": EVENTS,
        "eventData": {"version": "restv2.1", "format": "json", "includeData": ["recipients"]},
    }
    return data | changes


def configuration(listener: Listener, **changes: Any) -> dict[str, Any]:
    data = {
        "name": "Portal",
        "urlToPublishTo": listener.url,
        "configurationType": "custom",
        "allowEnvelopePublish": "true",
        "allUsers": "true",
        "enableLog": "true",
        "requiresAcknowledgement": "true",
        "deliveryMode": "SIM",
        "events": EVENTS,
        "eventData": {"version": "restv2.1", "format": "json", "includeData": []},
    }
    return data | changes


def one_signer(listener: Listener, **changes: Any) -> dict[str, Any]:
    return {"recipients": {"signers": [signer()]}, "eventNotification": notification(listener, **changes)}


def test_a_whole_life_is_told_in_order(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    envelope_id = api.envelope(**one_signer(listener))
    Robot().sign(api.view_url(envelope_id))
    sandbox.deliver()
    assert listener.events == [
        "envelope-created",
        "envelope-sent",
        "recipient-sent",
        "recipient-delivered",
        "envelope-delivered",
        "recipient-completed",
        "envelope-completed",
    ]


def test_a_message_arrives_without_being_asked_for(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    envelope_id = api.envelope(**one_signer(listener, events=["envelope-sent"]))
    assert listener.first_within(10).json["data"]["envelopeId"] == envelope_id


def test_a_message_says_what_docusign_says(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    envelope_id = api.envelope(**one_signer(listener, events=["recipient-sent"]))
    sandbox.deliver()
    (told,) = listener.told
    body = told.json
    uri = f"/restapi/v2.1/accounts/{sandbox.account_id}/envelopes/{envelope_id}"
    assert (body["event"], body["apiVersion"], body["uri"]) == ("recipient-sent", "v2.1", uri)
    assert body["retryCount"] == 0
    assert isinstance(body["configurationId"], int)
    assert body["generatedDateTime"].endswith("0Z")
    data = body["data"]
    assert data["accountId"] == sandbox.account_id
    assert data["userId"] == sandbox.config["DOCUSIGN_USER_ID"]
    assert data["recipientId"] == "1"
    assert data["envelopeSummary"]["status"] == "sent"
    assert data["envelopeSummary"]["recipients"]["signers"][0]["name"] == "Signer 1"
    assert told.headers["content-type"].startswith("application/json")


def test_without_include_data_there_is_no_summary(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    api.envelope(**one_signer(listener, eventData={"version": "restv2.1"}))
    sandbox.deliver()
    assert all("envelopeSummary" not in told.json["data"] for told in listener.told)


@pytest.mark.parametrize(
    ("include", "path"),
    [
        ("recipients", ("recipients", "signers", 0, "status")),
        ("tabs", ("recipients", "signers", 0, "tabs", "signHereTabs", 0, "tabId")),
        ("custom_fields", ("customFields", "textCustomFields", 0, "value")),
        ("documents", ("envelopeDocuments", 0, "PDFBytes")),
        ("folders", ("folders", 0, "name")),
    ],
)
def test_the_summary_has_the_parts_asked_for(
    api: Api, sandbox: SandboxProcess, listener: Listener, include: str, path: tuple[Any, ...]
) -> None:
    asked = {"version": "restv2.1", "includeData": [include]}
    fields = {"textCustomFields": [{"name": "case", "value": "4711"}]}
    api.envelope(**one_signer(listener, events=["envelope-sent"], eventData=asked), customFields=fields)
    sandbox.deliver()
    part = listener.told[0].json["data"]["envelopeSummary"]
    for step in path:
        part = part[step]
    assert part


def test_documents_of_a_completed_envelope_come_sealed(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    asked = {"version": "restv2.1", "includeData": ["documents"]}
    changes = {"events": ["envelope-completed"], "eventData": asked, "includeCertificateOfCompletion": "true"}
    envelope_id = api.envelope(**one_signer(listener, **changes))
    Robot().sign(api.view_url(envelope_id))
    sandbox.deliver()
    document, certificate = listener.told[0].json["data"]["envelopeSummary"]["envelopeDocuments"]
    downloaded = api.call("GET", f"/envelopes/{envelope_id}/documents/1").content
    assert base64.b64decode(document["PDFBytes"]) == downloaded
    assert certificate["type"] == "summary"
    assert base64.b64decode(certificate["PDFBytes"]).startswith(b"%PDF")


def test_names_in_messages_are_those_of_the_published_schema(
    api: Api, sandbox: SandboxProcess, listener: Listener, connect_schema: Path
) -> None:
    asked = {"version": "restv2.1", "includeData": ["recipients", "tabs", "custom_fields", "documents", "folders"]}
    api.envelope(**one_signer(listener, eventData=asked))
    sandbox.deliver()
    schema = json.loads(connect_schema.read_text())
    assert set(listener.told[1].json) == set(schema)
    assert set(listener.told[1].json["data"]) <= set(schema["data"])
    unknown = set(listener.told[1].json["data"]["envelopeSummary"]) - set(schema["data"]["envelopeSummary"])
    assert unknown <= {"expireEnabled", "expireAfter", "expireDateTime", "allowViewHistory", "hasFormDataChanged"}


@pytest.mark.parametrize(
    ("statuses", "events"),
    [
        ({"envelopeEvents": [{"envelopeEventStatusCode": "Sent"}]}, ["envelope-sent"]),
        ({"envelopeEvents": [{"envelopeEventStatusCode": "Draft"}]}, ["envelope-created"]),
        ({"recipientEvents": [{"recipientEventStatusCode": "Sent"}]}, ["recipient-sent"]),
        ({"recipientEvents": [{"recipientEventStatusCode": "completed"}]}, []),
    ],
)
def test_the_older_way_of_asking_works(
    api: Api, sandbox: SandboxProcess, listener: Listener, statuses: dict[str, Any], events: list[str]
) -> None:
    api.envelope(**one_signer(listener, events=[], **statuses))
    sandbox.deliver()
    assert listener.events == events


def test_without_restv21_the_message_is_the_older_xml(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    asked = {"events": [], "eventData": {}, "envelopeEvents": [{"envelopeEventStatusCode": "Sent"}]}
    envelope_id = api.envelope(**one_signer(listener, **asked))
    sandbox.deliver()
    (told,) = listener.told
    assert told.headers["content-type"].startswith("text/xml")
    root = ElementTree.fromstring(told.body)  # noqa: S314  (the sandbox's own)
    names = {"d": "http://www.docusign.net/API/3.0"}
    assert root.findtext("d:EnvelopeStatus/d:EnvelopeID", namespaces=names) == envelope_id
    assert root.findtext("d:EnvelopeStatus/d:Status", namespaces=names) == "Sent"
    signers = "d:EnvelopeStatus/d:RecipientStatuses/d:RecipientStatus/d:UserName"
    assert [name.text for name in root.findall(signers, names)] == ["Signer 1"]


def test_an_account_wide_configuration_hears_of_every_envelope(
    api: Api, sandbox: SandboxProcess, listener: Listener
) -> None:
    created = api.call("POST", "/connect", configuration(listener, events=["envelope-sent"]))
    assert created.status_code == 201, created.text
    ids = [api.envelope(), api.envelope()]
    sandbox.deliver()
    assert [told.json["data"]["envelopeId"] for told in listener.told] == ids
    assert {str(told.json["configurationId"]) for told in listener.told} == {created.json()["connectId"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"allowEnvelopePublish": "false"},
        {"events": ["envelope-voided"]},
        {"allUsers": "true", "allUsersExcept": "true", "userIds": ["SENDER"]},
    ],
)
def test_a_configuration_hears_only_what_it_is_meant_to(
    api: Api, sandbox: SandboxProcess, listener: Listener, changes: dict[str, Any]
) -> None:
    if "userIds" in changes:
        changes = changes | {"userIds": [sandbox.config["DOCUSIGN_USER_ID"]]}
    assert api.call("POST", "/connect", configuration(listener, **changes)).status_code == 201
    api.envelope()
    sandbox.deliver()
    assert listener.told == []


def test_only_the_users_named_are_listened_to(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    user_id = sandbox.config["DOCUSIGN_USER_ID"]
    changes = {"allUsers": "false", "userIds": [user_id], "events": ["envelope-sent"]}
    assert api.call("POST", "/connect", configuration(listener, **changes)).status_code == 201
    api.envelope()
    sandbox.deliver()
    assert listener.events == ["envelope-sent"]


def test_a_paused_configuration_is_told_everything_afterwards(
    api: Api, sandbox: SandboxProcess, listener: Listener
) -> None:
    paused = configuration(listener, pausePublish="true", events=["envelope-sent", "recipient-sent"])
    connect_id = api.call("POST", "/connect", paused).json()["connectId"]
    api.envelope(recipients={"signers": [signer()]})
    sandbox.deliver()
    assert listener.told == []
    api.call("PUT", "/connect", {"connectId": connect_id, "pausePublish": "false"})
    sandbox.deliver()
    assert listener.events == ["envelope-sent", "recipient-sent"]


def test_every_active_key_signs_the_bytes_sent(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    keys = ["first key", "zweiter Schlüssel"]
    for key in keys:
        sandbox.add_connect_secret(key)
    api.envelope(**one_signer(listener, includeHMAC="true", events=["envelope-sent"]))
    sandbox.deliver()
    (told,) = listener.told
    for number, key in enumerate(keys, start=1):
        digest = hmac.digest(key.encode(), told.body, hashlib.sha256)
        assert told.headers[f"x-docusign-signature-{number}"] == base64.b64encode(digest).decode()
    assert "x-docusign-signature-3" not in told.headers


def test_nothing_is_signed_unless_it_is_asked_for(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.add_connect_secret("a key")
    api.envelope(**one_signer(listener))
    sandbox.deliver()
    assert not any(name.startswith("x-docusign-signature") for told in listener.told for name in told.headers)


def test_a_refused_create_tells_nobody(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    changes = one_signer(listener) | {"documents": None}
    assert api.create(**changes).status_code == 400
    sandbox.deliver()
    assert listener.told == []
    assert sandbox.deliveries() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://listener.example/hook"},
        {"url": "ftp://127.0.0.1/"},
        {"url": ""},
        {"url": "https://" + "a" * 500},
        {"events": []},
    ],
)
def test_a_notification_that_could_never_arrive_is_refused(api: Api, listener: Listener, wrong: dict[str, Any]) -> None:
    response = api.create(**one_signer(listener, **wrong))
    assert response.status_code == 400
    assert response.json()["errorCode"] == "INVALID_REQUEST_PARAMETER"


def test_by_a_switch_listeners_may_be_plain_http(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.change_settings(CONNECT_REQUIRES_HTTPS=False)
    assert api.create(**one_signer(listener, url="http://listener.invalid/hook")).status_code == 201


def test_several_notifications_of_one_envelope_are_all_told(
    api: Api, sandbox: SandboxProcess, listener: Listener
) -> None:
    both = [notification(listener, events=["envelope-sent"]), notification(listener, events=["recipient-sent"])]
    api.envelope(recipients={"signers": [signer()]}, eventNotifications=both)
    sandbox.deliver()
    assert sorted(listener.events) == ["envelope-sent", "recipient-sent"]
    assert len({told.json["configurationId"] for told in listener.told}) == 2
