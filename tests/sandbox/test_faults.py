"""Trouble on order: what fails, when, how often, and that nothing else does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.sandbox_process import SandboxProcess

from .api import Api, ask_for_token

QUERY = "/envelopes?from_date=2020-01-01"


@pytest.fixture(scope="module")
def tls_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    process = SandboxProcess(tmp_path_factory.mktemp("tls"), "--tls", "--hostname", "localhost")
    yield process
    process.stop()


@pytest.mark.parametrize(
    ("fault", "status", "error_code"),
    [
        ({}, 500, "UNSPECIFIED_ERROR"),
        ({"status": 503}, 503, "UNSPECIFIED_ERROR"),
        ({"errorCode": "USER_LACKS_PERMISSIONS"}, 403, "USER_LACKS_PERMISSIONS"),
        ({"errorCode": "SOMETHING_NEW", "status": 418}, 418, "SOMETHING_NEW"),
        ({"expired_token": True}, 401, "AUTHORIZATION_INVALID_TOKEN"),
        ({"throttle": True}, 429, "HOURLY_APIINVOCATION_LIMIT_EXCEEDED"),
    ],
)
def test_the_next_call_fails_as_ordered_and_the_one_after_does_not(
    api: Api, sandbox: SandboxProcess, fault: dict[str, Any], status: int, error_code: str
) -> None:
    sandbox.fail_next(**fault)
    response = api.call("GET", QUERY)
    assert (response.status_code, response.json()["errorCode"]) == (status, error_code)
    assert api.call("GET", QUERY).status_code == 200


def test_throttled_calls_say_that_nothing_is_left(api: Api, sandbox: SandboxProcess) -> None:
    sandbox.fail_next(throttle=True)
    assert api.call("GET", QUERY).headers["X-RateLimit-Remaining"] == "0"
    assert api.call("GET", QUERY).headers["X-RateLimit-Remaining"] != "0"


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ({"count": 2}, [500, 500, 200]),
        ({"method": "PUT"}, [200, 200, 200]),
        ({"path_contains": "/templates"}, [200, 200, 200]),
        ({"target": "oauth"}, [200, 200, 200]),
        ({"probability": 0}, [200, 200, 200]),
    ],
)
def test_only_calls_that_fit_are_struck(
    api: Api, sandbox: SandboxProcess, fault: dict[str, Any], statuses: list[int]
) -> None:
    sandbox.fail_next(**fault)
    assert [api.call("GET", QUERY).status_code for _ in range(3)] == statuses


@pytest.mark.parametrize(("when", "is_there"), [("before", False), ("after", True)])
def test_a_connection_drops_before_or_after_the_work(
    api: Api, sandbox: SandboxProcess, when: str, is_there: bool
) -> None:
    sandbox.fail_next(method="POST", path_contains="/envelopes", drop=True, when=when)
    with pytest.raises(requests.ConnectionError):
        api.create(transactionId="once")
    found = api.call("GET", "/envelopes?transaction_ids=once").json()
    assert ("envelopes" in found) is is_there
    (call,) = sandbox.requests("POST")
    assert call["status"] == 0


def test_a_connection_drops_under_tls_too(tls_sandbox: SandboxProcess) -> None:
    tls_sandbox.fail_next(target="oauth", drop=True)
    url = f"{tls_sandbox.base_url}/oauth/token"
    with pytest.raises(requests.ConnectionError):
        requests.post(url, timeout=10, verify=str(tls_sandbox.authority))
    assert requests.post(url, timeout=10, verify=str(tls_sandbox.authority)).status_code == 400
    assert "Traceback" not in tls_sandbox.log()


def test_oauth_fails_in_its_own_words(sandbox: SandboxProcess) -> None:
    sandbox.fail_next(target="oauth", errorCode="temporarily_unavailable", status=503)
    response = ask_for_token(sandbox)
    assert (response.status_code, response.json()["error"]) == (503, "temporarily_unavailable")
    assert ask_for_token(sandbox).status_code == 200


def test_the_ceremony_ends_with_the_event_exception(api: Api, sandbox: SandboxProcess) -> None:
    url = api.view_url(api.envelope())
    sandbox.fail_next(target="ceremony", status=502, message="The house is on fire.")
    response = requests.get(url, timeout=10, allow_redirects=False)
    assert response.headers["Location"].endswith("event=exception")
    assert requests.get(url, timeout=10).status_code == 200  # and the link was not spent


def test_slow_answers_are_good_answers(api: Api, sandbox: SandboxProcess) -> None:
    sandbox.fail_next(latency_seconds=0.3)
    response = api.call("GET", QUERY)
    assert response.status_code == 200
    assert response.elapsed.total_seconds() >= 0.3


def test_the_same_seed_brings_the_same_trouble(api: Api, sandbox: SandboxProcess) -> None:
    def outcomes() -> list[int]:
        sandbox.control("DELETE", "faults")
        sandbox.fail_next(seed=42, count=20, probability=0.5, status=503)
        return [api.call("GET", QUERY).status_code for _ in range(20)]

    first = outcomes()
    assert set(first) == {200, 503}
    assert outcomes() == first


def test_faults_are_listed_and_removed(api: Api, sandbox: SandboxProcess) -> None:
    sandbox.fail_next(count=5, status=503)
    (fault,) = sandbox.control("GET", "faults")["faults"]
    assert (fault["count"], fault["hits"], fault["status"]) == (5, 0, 503)
    assert sandbox.control("DELETE", f"faults/{fault['id']}")["faults"] == []
    assert api.call("GET", QUERY).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0},
        {"count": 1.5},
        {"status": 200},
        {"probability": 2},
        {"latency_seconds": -1},
        {"target": "moon"},
        {"when": "during"},
        {"connect": "eaten"},
        {"drop": "yes"},
        {"method": 7},
        {"unheard_of": 1},
    ],
)
def test_a_wrong_order_is_refused_with_a_sentence(sandbox: SandboxProcess, wrong: dict[str, Any]) -> None:
    response = requests.post(f"{sandbox.base_url}/_sandbox/faults", json=wrong, timeout=10)
    assert response.status_code == 400
    assert next(iter(wrong)) in response.json()["error"]
    assert sandbox.control("GET", "faults")["faults"] == []


def test_new_envelopes_can_stay_hidden_from_look_ups_for_a_while(api: Api, sandbox: SandboxProcess) -> None:
    sandbox.change_settings(LOOKUP_LAG_SECONDS=30)
    api.create(transactionId="lagging")
    query = "/envelopes?transaction_ids=lagging"
    assert "envelopes" not in api.call("GET", query).json()
    sandbox.advance(31)
    assert len(api.call("GET", query).json()["envelopes"]) == 1


def test_without_the_control_door_there_is_none(tmp_path: Path) -> None:
    process = SandboxProcess(tmp_path, "--no-control")
    try:
        for path in ("_sandbox/health", "_sandbox/reset", "console/"):
            assert requests.get(f"{process.base_url}/{path}", timeout=10).status_code == 404
        assert requests.get(f"{process.base_url}/", timeout=10).status_code == 200
    finally:
        process.stop()
