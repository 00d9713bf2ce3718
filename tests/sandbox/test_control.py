"""The control door and the limits: faults on order, the journal of calls, how many calls are too many."""

import time

import pytest

from tests.sandbox_process import SandboxProcess

from .api import Api


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
