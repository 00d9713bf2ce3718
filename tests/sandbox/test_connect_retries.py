"""Connect's deliveries: acknowledgement, retries, logs, publishing again, trouble on the way (reference 4.4)."""

from typing import Any

import pytest

from tests.sandbox_process import SandboxProcess

from .api import Api
from .listener import Listener, listening
from .test_connect import configuration, one_signer

DAY_SECONDS = 86_400


def send(api: Api, listener: Listener, *events: str, **changes: Any) -> str:
    return api.envelope(**one_signer(listener, events=list(events) or ["envelope-sent"], **changes))


def subscribe(api: Api, listener: Listener, **changes: Any) -> str:
    response = api.call("POST", "/connect", configuration(listener, events=["envelope-sent"], **changes))
    assert response.status_code == 201, response.text
    connect_id: str = response.json()["connectId"]
    return connect_id


@pytest.mark.parametrize("answer", [500, 404, 302, 0])
def test_anything_but_a_2xx_is_tried_again(api: Api, sandbox: SandboxProcess, listener: Listener, answer: int) -> None:
    listener.answers = [answer]
    send(api, listener)
    sandbox.deliver()
    assert len(listener.told) == 1  # a redirect is not followed
    sandbox.advance(15)
    assert len(listener.told) == 2
    assert sandbox.deliveries()[0]["state"] == "delivered"


@pytest.mark.parametrize("answer", [200, 201, 204, 299])
def test_any_2xx_acknowledges(api: Api, sandbox: SandboxProcess, listener: Listener, answer: int) -> None:
    listener.answers = [answer]
    send(api, listener)
    sandbox.deliver()
    sandbox.advance(DAY_SECONDS)
    assert len(listener.told) == 1


def test_an_answer_that_comes_too_late_is_none(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.change_settings(CONNECT_ACKNOWLEDGE_SECONDS=0.2)
    listener.hold()
    send(api, listener)
    sandbox.deliver()
    listener.let_go()
    (message,) = sandbox.deliveries(state="pending")
    assert "Timeout" in message["lastError"]


def test_a_slow_listener_does_not_hold_up_another(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.change_settings(CONNECT_ACKNOWLEDGE_SECONDS=5)
    with listening() as slow:
        slow.hold()
        send(api, slow)
        slow.first_within(5)
        send(api, listener)
        listener.first_within(5)
        assert [m["state"] for m in sandbox.deliveries() if m["url"] == slow.url] == ["pending"]
        slow.let_go()


def test_retries_come_ever_more_slowly_and_end_after_a_week(
    api: Api, sandbox: SandboxProcess, listener: Listener
) -> None:
    listener.answers = [500] * 100
    send(api, listener)
    sandbox.deliver()
    counts = []
    for seconds in (14, 1, 29, 1, 59, 1):
        sandbox.advance(seconds)
        counts.append(len(listener.told))
    assert counts == [1, 2, 2, 3, 3, 4]
    for _ in range(50):
        sandbox.advance(17_400)
    assert len(listener.told) == 45
    assert sandbox.deliveries()[0]["state"] == "failed"


def test_a_retry_is_the_same_message_with_its_count(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    listener.answers = [500, 500]
    send(api, listener)
    sandbox.deliver()
    sandbox.advance(15)
    sandbox.advance(30)
    assert [told.json["retryCount"] for told in listener.told] == [0, 1, 2]
    first, *later = (told.json | {"retryCount": 0} for told in listener.told)
    assert all(body == first for body in later)


def test_by_a_switch_a_retry_has_the_very_same_bytes(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.change_settings(CONNECT_RETRY_COUNT_GROWS=False)
    listener.answers = [500]
    send(api, listener)
    sandbox.deliver()
    sandbox.advance(15)
    first, second = listener.told
    assert first.body == second.body


def test_without_acknowledgement_it_is_tried_only_once(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    listener.answers = [500]
    send(api, listener, requireAcknowledgment="false")
    sandbox.deliver()
    sandbox.advance(DAY_SECONDS)
    assert len(listener.told) == 1
    assert sandbox.deliveries()[0]["state"] == "failed"


def test_daily_retries_hold_back_later_messages_and_release_them_in_order(
    api: Api, sandbox: SandboxProcess, listener: Listener
) -> None:
    sandbox.change_settings(CONNECT_RETRIES_DAILY=True)
    subscribe(api, listener)
    listener.answers = [500]
    ids = [api.envelope(), api.envelope()]
    sandbox.deliver()
    assert len(listener.told) == 1
    sandbox.advance(DAY_SECONDS)
    assert [told.json["data"]["envelopeId"] for told in listener.told] == [ids[0], *ids]


def test_daily_retries_are_ten_at_most(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.change_settings(CONNECT_RETRIES_DAILY=True)
    listener.answers = [500] * 100
    send(api, listener)
    sandbox.deliver()
    for _ in range(12):
        sandbox.advance(DAY_SECONDS)
    assert len(listener.told) == 11


def test_one_dead_listener_does_not_hold_up_another(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    nobody = "http://127.0.0.1:9/connect"
    subscribe(api, listener)
    api.envelope(**one_signer(listener, url=nobody, events=["envelope-sent"]))
    sandbox.deliver()
    assert listener.events == ["envelope-sent"]
    (dead,) = sandbox.deliveries(state="pending")
    assert dead["lastError"]


def test_the_log_has_what_was_told_if_logging_is_on(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    connect_id = subscribe(api, listener, enableLog="true")
    envelope_id = api.envelope()
    sandbox.deliver()
    (entry,) = api.call("GET", "/connect/logs").json()["logs"]
    assert (entry["envelopeId"], entry["connectId"]) == (envelope_id, connect_id)
    assert (entry["status"], entry["retryCount"]) == ("Sent", "0")
    detail = api.call("GET", f"/connect/logs/{entry['logId']}?additional_info=true").json()
    assert envelope_id in detail["connectDebugLog"][0]["payload"]
    assert api.call("DELETE", f"/connect/logs/{entry['logId']}").status_code == 200
    assert api.call("GET", "/connect/logs").json()["totalRecords"] == "0"


def test_without_logging_there_is_no_log(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    subscribe(api, listener, enableLog="false")
    api.envelope()
    sandbox.deliver()
    assert len(listener.told) == 1
    assert api.call("GET", "/connect/logs").json()["logs"] == []


def test_the_log_forgets_after_fifteen_days(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    subscribe(api, listener)
    api.envelope()
    sandbox.deliver()
    sandbox.advance(15 * DAY_SECONDS + 60)
    assert Api(sandbox).call("GET", "/connect/logs").json()["logs"] == []


def test_a_failure_can_be_published_again(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    listener.answers = [503]
    envelope_id = send(api, listener, requireAcknowledgment="false")
    sandbox.deliver()
    (failure,) = api.call("GET", "/connect/failures").json()["failures"]
    assert failure["error"].startswith("HTTP 503")
    answer = api.call("PUT", f"/connect/envelopes/{envelope_id}/retry_queue").json()
    assert [item["envelopeId"] for item in answer["retryQueue"]] == [envelope_id]
    sandbox.deliver()
    assert len(listener.told) == 2
    assert api.call("GET", "/connect/failures").json()["failures"] == []


def test_failures_of_several_envelopes_can_be_published_again(
    api: Api, sandbox: SandboxProcess, listener: Listener
) -> None:
    subscribe(api, listener, requiresAcknowledgement="false")
    listener.answers = [500, 500, 500]
    ids = [api.envelope(), api.envelope(), api.envelope()]
    sandbox.deliver()
    answer = api.call("PUT", "/connect/envelopes/retry_queue", {"envelopeIds": ids[:2], "synchronous": "false"})
    assert len(answer.json()["retryQueue"]) == 2
    sandbox.deliver()
    assert [told.json["data"]["envelopeId"] for told in listener.told[3:]] == ids[:2]


def test_a_deleted_failure_is_not_tried_again(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    listener.answers = [500]
    send(api, listener)
    sandbox.deliver()
    (failure,) = api.call("GET", "/connect/failures").json()["failures"]
    assert api.call("DELETE", f"/connect/failures/{failure['failureId']}").status_code == 200
    sandbox.advance(DAY_SECONDS)
    assert len(listener.told) == 1


def test_past_envelopes_can_be_published(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    envelope_id = api.envelope()
    connect_id = subscribe(api, listener)
    body = {"config": {"connectId": connect_id}, "envelopes": [envelope_id]}
    answer = api.call("POST", "/connect/envelopes/publish/historical", body)
    assert answer.json()["processedEnvelopeCount"] == "1"
    sandbox.deliver()
    assert [(t.event, t.json["data"]["envelopeId"]) for t in listener.told] == [("envelope-sent", envelope_id)]


def test_the_control_door_replays_a_message(api: Api, sandbox: SandboxProcess, listener: Listener) -> None:
    send(api, listener)
    sandbox.deliver()
    (message,) = sandbox.deliveries()
    sandbox.control("POST", f"deliveries/{message['id']}/replay")
    first, second = listener.told
    assert (first.json["retryCount"], second.json["retryCount"]) == (0, 1)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"connect": "duplicate"}, ["envelope-sent", "envelope-sent", "recipient-sent"]),
        ({"connect": "lose"}, ["recipient-sent"]),
        ({"connect": "lose", "event": "recipient-sent"}, ["envelope-sent"]),
        ({"connect": "reorder"}, ["recipient-sent", "envelope-sent"]),
        ({"connect": "lose", "path_contains": "elsewhere"}, ["envelope-sent", "recipient-sent"]),
    ],
)
def test_messages_go_astray_on_order(
    api: Api, sandbox: SandboxProcess, listener: Listener, fault: dict[str, Any], told: list[str]
) -> None:
    sandbox.fail_next(target="connect", **fault)
    send(api, listener, "envelope-sent", "recipient-sent")
    sandbox.deliver()
    sandbox.advance(6)
    assert listener.events == told
