"""Two things at once: what was judged must still be true when it is written."""

import re
from threading import Barrier, Thread

import pytest
import requests

from .api import Api, signer

again_and_again = pytest.mark.parametrize("attempt", range(8))


def _ready_to_finish(api: Api, envelope_id: str) -> tuple[str, dict[str, str]]:
    """A session that has consented: its address, and the form that finishes it."""
    session = requests.get(api.view_url(envelope_id), timeout=30).url
    page = requests.post(f"{session}/consent", data={"agree": "1"}, timeout=30).text
    (tab,) = re.findall(r'name="(tab-[^"]+)"', page)
    return session, {"signature-name": "Ann", "signature-initials": "A", tab: "signed"}


def _at_once(*deeds: object) -> None:
    barrier = Barrier(len(deeds))

    def run(deed: object) -> None:
        barrier.wait()
        deed()  # type: ignore[operator]

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _finish(session: str, form: dict[str, str]) -> str:
    answer = requests.post(f"{session}/finish", data=form, allow_redirects=False, timeout=30)
    return answer.headers.get("Location", "").rpartition("event=")[2]


def _actions(api: Api, envelope_id: str) -> list[str]:
    events = api.get(envelope_id, "/audit_events")["auditEvents"]
    return [field["value"] for event in events for field in event["eventFields"] if field["name"] == "Action"]


@again_and_again
def test_two_tabs_finishing_at_once_sign_once(api: Api, attempt: int) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1)]})
    first, second = _ready_to_finish(api, envelope_id), _ready_to_finish_again(api, envelope_id)
    events: list[str] = []
    _at_once(lambda: events.append(_finish(*first)), lambda: events.append(_finish(*second)))
    assert sorted(events) == ["signing_complete", "viewing_complete"]
    assert _actions(api, envelope_id).count("Signed") == 1


@again_and_again
def test_an_envelope_voided_while_someone_finishes_is_either_voided_or_completed(api: Api, attempt: int) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1)]})
    ready = _ready_to_finish(api, envelope_id)
    seen: dict[str, object] = {}
    void = {"status": "voided", "voidedReason": "x"}
    _at_once(
        lambda: seen.update(event=_finish(*ready)),
        lambda: seen.update(void=api.call("PUT", f"/envelopes/{envelope_id}", void).status_code),
    )
    status, _ = api.states(envelope_id)
    assert (seen["event"], seen["void"], status) in {
        ("signing_complete", 400, "completed"),
        ("viewing_complete", 200, "voided"),
    }


def _ready_to_finish_again(api: Api, envelope_id: str) -> tuple[str, dict[str, str]]:
    """A second tab of the same signer, who need not consent again."""
    answer = requests.get(api.view_url(envelope_id), timeout=30)
    (tab,) = re.findall(r'name="(tab-[^"]+)"', answer.text)
    return answer.url, {"signature-name": "Ann", "signature-initials": "A", tab: "signed"}
