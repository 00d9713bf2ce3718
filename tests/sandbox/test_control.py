"""The control door and the limits: faults on order, the journal of calls, how many calls are too many."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.keys import private_pem, public_pem, rsa_key
from tests.sandbox_process import SandboxProcess

from .api import Api, ask_for_token
from .people import act_as, seed


def test_ordered_faults_hit_before_or_after_the_work(api: Api, sandbox: SandboxProcess) -> None:
    sandbox.fail_next(method="POST", path_contains="/envelopes", status=503)
    assert api.create(transactionId="before").status_code == 503
    sandbox.fail_next(method="POST", path_contains="/envelopes", status=503, when="after")
    assert api.create(transactionId="after").status_code == 503
    assert "envelopes" not in api.call("GET", "/envelopes?transaction_ids=before").json()
    assert len(api.call("GET", "/envelopes?transaction_ids=after").json()["envelopes"]) == 1


def test_the_journal_keeps_calls_without_the_documents_content(api: Api, sandbox: SandboxProcess) -> None:
    api.create()
    (call,) = sandbox.requests("POST")
    assert call["status"] == 201
    assert call["duration_ms"] > 0
    assert len(call["body"]["documents"][0]["documentBase64"]) < 100


def test_the_journal_keeps_no_files_wherever_they_stand(api: Api, sandbox: SandboxProcess) -> None:
    api.call("POST", "/chunked_uploads", {"data": "A" * 40_000})
    assert len(sandbox.requests("POST")[-1]["body"]["data"]) < 100


def test_moves_of_the_clock_at_once_are_all_made(sandbox: SandboxProcess) -> None:
    before = sandbox.control("GET", "clock")["offset_seconds"]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sandbox.advance, [10] * 24))
    assert sandbox.control("GET", "clock")["offset_seconds"] == before + 240


def test_every_account_has_limits_of_its_own(api: Api, sandbox: SandboxProcess) -> None:
    (account,) = seed(sandbox, accounts=[{"accountName": "Other"}])["accounts"]
    memberships = [{"accountId": account["accountId"]}]
    person = {"userName": "Olga Other", "email": "olga@example.com", "memberships": memberships}
    olga = act_as(sandbox, seed(sandbox, users=[person])["users"][0]["userId"])
    sandbox.set_limits(hourly=1, burst=99)
    query = "/envelopes?from_date=2020-01-01"
    assert [api.call("GET", query).status_code for _ in range(2)] == [200, 429]
    other = olga.call("GET", f"{sandbox.base_url}/restapi/v2.1/accounts/{account['accountId']}{query}")
    assert other.status_code == 200, other.text


def at_the_start_of_an_hour(sandbox: SandboxProcess) -> Api:
    """So that no window ends in the middle of a test."""
    sandbox.advance(3600 - time.time() % 3600)
    return Api(sandbox)


@pytest.mark.parametrize(
    ("limits", "error_code"),
    [
        ({"hourly": 2, "burst": 9}, "HOURLY_APIINVOCATION_LIMIT_EXCEEDED"),
        ({"hourly": 9, "burst": 2}, "BURST_APIINVOCATION_LIMIT_EXCEEDED"),
    ],
)
def test_one_call_too_many_is_refused_until_the_window_is_over(
    sandbox: SandboxProcess, limits: dict[str, int], error_code: str
) -> None:
    api = at_the_start_of_an_hour(sandbox)
    sandbox.set_limits(**limits)
    query = "/envelopes?from_date=2020-01-01"
    responses = [api.call("GET", query) for _ in range(3)]
    assert [r.status_code for r in responses] == [200, 200, 429]
    assert responses[2].json()["errorCode"] == error_code
    sandbox.advance(3600 if "HOURLY" in error_code else 30)
    refreshed = Api(sandbox)  # an hour later the old token is dead as well
    assert refreshed.call("GET", query).status_code == 200


def test_the_headers_count_down_to_the_limit(sandbox: SandboxProcess) -> None:
    api = at_the_start_of_an_hour(sandbox)
    sandbox.set_limits(hourly=10, burst=5)
    headers = [api.call("GET", "/envelopes?from_date=2020-01-01").headers for _ in range(2)]
    assert [h["X-RateLimit-Remaining"] for h in headers] == ["9", "8"]
    assert [h["X-BurstLimit-Remaining"] for h in headers] == ["4", "3"]


def test_the_journal_is_filtered_and_names_the_operation(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope()
    api.get(envelope_id)
    api.call("GET", "/nowhere")
    operation = "GET /v2.1/accounts/{accountId}/envelopes/{envelopeId}"
    (call,) = sandbox.control("GET", "requests", params={"operation": operation})["requests"]
    assert call["path"].endswith(envelope_id)
    (lost,) = sandbox.control("GET", "requests", params={"status": "404"})["requests"]
    assert (lost["operation"], lost["error_code"]) == ("", "RESOURCE_NOT_FOUND")
    assert sandbox.control("DELETE", "requests")["requests"] == []


def test_answers_are_recorded_on_demand(api: Api, sandbox: SandboxProcess) -> None:
    sandbox.control("POST", "recording", {"responses": False})
    envelope_id = api.envelope()
    sandbox.record_answers()
    api.get(envelope_id)
    first, second = sandbox.requests()
    assert first["response"] is None
    assert second["response"]["envelopeId"] == envelope_id


def test_keys_can_be_changed_and_a_reset_brings_the_first_back(sandbox: SandboxProcess) -> None:
    sandbox.use_public_keys(public_pem(rsa_key(1)), public_pem(rsa_key(2)))
    known = [ask_for_token(sandbox, key=private_pem(rsa_key(number))).status_code for number in (1, 2)]
    assert known == [200, 200]
    assert ask_for_token(sandbox, key=sandbox.private_key).status_code == 400
    sandbox.reset()
    assert ask_for_token(sandbox, key=sandbox.private_key).status_code == 200
    assert ask_for_token(sandbox, key=private_pem(rsa_key(1))).status_code == 400


def test_a_reset_forgets_everything_but_who_there_is(api: Api, sandbox: SandboxProcess) -> None:
    api.envelope()
    sandbox.add_connect_secret("x")
    sandbox.change_settings(RECIPIENT_VIEW_SECONDS=1)
    sandbox.fail_next(status=503)
    sandbox.advance(60)
    sandbox.reset()
    fresh = Api(sandbox)  # the same user, the same key
    assert "envelopes" not in fresh.call("GET", "/envelopes?from_date=2020-01-01").json()
    assert fresh.call("GET", "/connect/secret").json() == {"secrets": []}
    assert sandbox.control("GET", "settings")["RECIPIENT_VIEW_SECONDS"] == 300
    assert sandbox.control("GET", "clock")["offset_seconds"] == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {}),
        ("clock", {"advance_seconds": -1}),
        ("clock", {"advance_seconds": True}),
        ("clock", {"advance_seconds": "1"}),
        ("clock", {"set": "soon"}),
        ("clock", {"set": "2030-01-01T00:00:00"}),
        ("limits", {"hourly": -1}),
        ("limits", {"weekly": 1}),
        ("settings", {"RECIPIENT_VIEW_SECONDS": True}),
        ("settings", {"TRANSACTION_ID_IS_UNIQUE": 1}),
        ("settings", {"SECRET_KEY": "x"}),
        ("consent", {"granted": "yes"}),
        ("consent", {"granted": True, "userId": "nobody"}),
        ("recording", {"responses": 1}),
        ("connect/secret", {"accountId": "none"}),
        ("deliveries/none/replay", {}),
    ],
)
def test_a_wrong_call_gets_a_sentence_and_changes_nothing(
    sandbox: SandboxProcess, path: str, body: dict[str, object]
) -> None:
    before = [sandbox.control("GET", name) for name in ("limits", "settings")]
    response = requests.post(f"{sandbox.base_url}/_sandbox/{path}", json=body, timeout=10)
    assert response.status_code == 400
    assert response.json()["error"]
    assert [sandbox.control("GET", name) for name in ("limits", "settings")] == before


@pytest.mark.parametrize("content", [b"[]", b"{", b"\xff"])
def test_what_is_no_json_object_is_refused(sandbox: SandboxProcess, content: bytes) -> None:
    response = requests.post(f"{sandbox.base_url}/_sandbox/clock", data=content, timeout=10)
    assert response.status_code == 400


def test_limits_can_be_set_one_by_one(sandbox: SandboxProcess) -> None:
    sandbox.set_limits(hourly=9, burst=8, envelope_hourly=7, envelope_burst=6)
    sandbox.set_limits(burst=5)
    expected = {"hourly": 9, "burst": 5, "envelope_hourly": 7, "envelope_burst": 6}
    assert sandbox.control("GET", "limits") == expected


@pytest.mark.parametrize(
    ("is_read", "limit", "error_code"),
    [
        (True, "envelope_hourly", "HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED"),
        (True, "envelope_burst", "BURST_ENVELOPE_POLLING_LIMIT_EXCEEDED"),
        (False, "envelope_hourly", "HOURLY_APIINVOCATION_ENVELOPE_LIMIT_EXCEEDED"),
        (False, "envelope_burst", "BURST_APIINVOCATION_ENVELOPE_LIMIT_EXCEEDED"),
    ],
)
def test_one_envelope_is_not_to_be_asked_for_too_often(
    sandbox: SandboxProcess, is_read: bool, limit: str, error_code: str
) -> None:
    api = at_the_start_of_an_hour(sandbox)
    envelope_id, other = api.envelope(), api.envelope()
    sandbox.set_limits(**{limit: 2})

    def ask(wanted: str) -> requests.Response:
        if is_read:
            return api.call("GET", f"/envelopes/{wanted}")
        return api.call("PUT", f"/envelopes/{wanted}", {"emailSubject": "Changed"})

    answers = [ask(envelope_id) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["errorCode"] == error_code
    assert ask(other).status_code == 200
