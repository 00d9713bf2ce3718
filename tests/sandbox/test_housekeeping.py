"""What happens by itself when its time has come: expiry, reminders, schedules, delays, purges (reference 2.6, 7.2)."""

from typing import Any

from sandbox.robot import Robot
from tests.sandbox_process import SandboxProcess

from .api import Api, signer

DAY_SECONDS = 86_400


def remote(number: int = 1, **changes: Any) -> dict[str, Any]:
    return signer(number, clientUserId=None, **changes)


def later(sandbox: SandboxProcess, days: float) -> Api:
    """A client with a fresh access token, so many days later."""
    sandbox.advance(days * DAY_SECONDS)
    return Api(sandbox)


def test_an_envelope_expires_after_120_days_unless_told_otherwise(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope()
    assert later(sandbox, 119).get(envelope_id)["status"] == "sent"
    data = later(sandbox, 1.01).get(envelope_id)
    assert data["status"] == "voided"
    assert "expired" in data["voidedReason"]


def test_an_envelope_expires_when_its_sender_said(api: Api, sandbox: SandboxProcess) -> None:
    expirations = {"expireEnabled": "true", "expireAfter": "3", "expireWarn": "1"}
    envelope_id = api.envelope(notification={"expirations": expirations})
    assert later(sandbox, 2.9).get(envelope_id)["status"] == "sent"
    assert later(sandbox, 0.2).get(envelope_id)["status"] == "voided"


def test_a_finished_envelope_does_not_expire(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer()]})
    Robot().sign(api.view_url(envelope_id))
    assert later(sandbox, 130).get(envelope_id)["status"] == "completed"


def test_reminders_go_out_at_their_frequency_until_the_signer_is_done(api: Api, sandbox: SandboxProcess) -> None:
    reminders = {"reminderEnabled": "true", "reminderDelay": "2", "reminderFrequency": "3"}
    api.envelope(recipients={"signers": [remote()]}, notification={"reminders": reminders})
    counts = []
    for days in (1.9, 0.2, 2.8, 0.2, 3.1):
        sandbox.advance(days * DAY_SECONDS)
        counts.append(len(sandbox.mails(kind="reminder")))
    assert counts == [0, 1, 1, 2, 3]
    (link,) = {mail["link"] for mail in sandbox.mails(kind="invitation")}
    Robot().sign(link)
    sandbox.advance(10 * DAY_SECONDS)
    assert len(sandbox.mails(kind="reminder")) == 3


def test_embedded_signers_get_no_reminders(api: Api, sandbox: SandboxProcess) -> None:
    reminders = {"reminderEnabled": "true", "reminderDelay": "1", "reminderFrequency": "1"}
    api.envelope(notification={"reminders": reminders})
    sandbox.advance(5 * DAY_SECONDS)
    assert sandbox.mails() == []


def test_an_envelope_is_sent_when_its_schedule_says(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope(workflow={"scheduledSending": {"rules": [{"delay": "2.00:00:00"}]}})
    assert api.get(envelope_id)["status"] == "created"
    assert later(sandbox, 2.1).get(envelope_id)["status"] == "sent"


def test_an_envelope_is_sent_on_the_date_it_names(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope(workflow={"scheduledSending": {"rules": [{"resumeDate": "2100-01-01T12:00:00Z"}]}})
    assert api.get(envelope_id)["status"] == "created"
    sandbox.control("POST", "clock", {"set": "2100-01-01T12:00:01Z"})
    assert Api(sandbox).get(envelope_id)["status"] == "sent"


def test_a_delayed_step_goes_on_after_its_delay(api: Api, sandbox: SandboxProcess) -> None:
    step = {
        "action": "pause_before",
        "triggerOnItem": "routing_order",
        "itemId": "2",
        "delayedRouting": {"rules": [{"delay": "0.02:00:00"}]},
    }
    envelope_id = api.envelope(workflow={"workflowSteps": [step]})
    Robot().sign(api.view_url(envelope_id))
    assert api.states(envelope_id) == ("sent", ["completed", "created"])
    assert later(sandbox, 0.1).states(envelope_id) == ("sent", ["completed", "sent"])


def test_a_purge_takes_the_documents_after_fourteen_days(api: Api, sandbox: SandboxProcess) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer()]})
    Robot().sign(api.view_url(envelope_id))
    queued = api.call("PUT", f"/envelopes/{envelope_id}", {"purgeState": "documents_queued"})
    assert queued.status_code == 200, queued.text
    waiting = later(sandbox, 13)
    assert waiting.call("GET", f"/envelopes/{envelope_id}/documents/1").status_code == 200
    gone = later(sandbox, 1.1)
    assert gone.get(envelope_id)["purgeState"] == "documents_purged"
    assert gone.call("GET", f"/envelopes/{envelope_id}/documents/1").status_code in (400, 404)


def test_the_clock_can_be_set_and_set_back(sandbox: SandboxProcess) -> None:
    assert sandbox.control("POST", "clock", {"set": "2100-01-01T00:00:00Z"})["now"].startswith("2100-01-01T00:00:0")
    assert sandbox.control("POST", "clock", {"reset": True})["offset_seconds"] == 0
