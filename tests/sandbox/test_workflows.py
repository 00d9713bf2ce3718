"""Paused, delayed, scheduled and conditional workflows by their own addresses (reference 2.1)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from sandbox.robot import Robot
from tests.sandbox_process import SandboxProcess

from .api import Api, signer
from .people import only

HOUR_SECONDS = 3600
HELD = {"action": "pause_before", "triggerOnItem": "routing_order", "itemId": "2"}
IN_AN_HOUR = {"rules": [{"delay": "0.01:00:00"}]}


def paused(**changes: Any) -> dict[str, Any]:
    return {"workflowSteps": [HELD | changes]}


def scheduled() -> dict[str, Any]:
    return {"scheduledSending": IN_AN_HOUR}


def after_the_first(api: Api, workflow: dict[str, Any]) -> str:
    envelope_id = api.envelope(workflow=workflow)
    Robot().sign(api.view_url(envelope_id, 1))
    return envelope_id


def workflow_of(api: Api, envelope_id: str) -> dict[str, Any]:
    return api.get(envelope_id, "/workflow")


def put(api: Api, envelope_id: str, tail: str, body: Any) -> requests.Response:
    response = api.call("PUT", f"/envelopes/{envelope_id}/workflow{tail}", body)
    assert response.status_code == 200, response.text
    return response


class TestPauses:
    def test_the_second_waits_and_the_step_says_so(self, api: Api) -> None:
        envelope_id = after_the_first(api, paused())
        workflow = workflow_of(api, envelope_id)
        step = only(workflow["workflowSteps"])
        assert (workflow["workflowStatus"], step["status"]) == ("paused", "paused")
        assert workflow["currentWorkflowStepId"] == step["workflowStepId"]
        assert api.states(envelope_id) == ("sent", ["completed", "created"])
        assert api.view(envelope_id, 2).json()["errorCode"] == "RECIPIENT_NOT_IN_SEQUENCE"

    @pytest.mark.parametrize("tail", ["", "/workflow"])
    def test_it_goes_on_when_told(self, api: Api, tail: str) -> None:
        envelope_id = after_the_first(api, paused())
        status: dict[str, Any] = {"workflowStatus": "in_progress"}
        body = status if tail else {"workflow": status}
        assert api.call("PUT", f"/envelopes/{envelope_id}{tail}", body).status_code == 200
        workflow = workflow_of(api, envelope_id)
        assert (workflow["workflowStatus"], only(workflow["workflowSteps"])["status"]) == ("in_progress", "completed")
        assert api.states(envelope_id) == ("sent", ["completed", "sent"])

    def test_without_its_workflow_it_goes_on_too(self, api: Api) -> None:
        envelope_id = after_the_first(api, paused())
        assert api.call("DELETE", f"/envelopes/{envelope_id}/workflow").status_code == 200
        assert api.states(envelope_id)[1] == ["completed", "sent"]

    def test_a_draft_has_its_steps_written_one_by_one(self, api: Api) -> None:
        envelope_id = api.envelope(status="created")
        path = f"/envelopes/{envelope_id}/workflow/steps"
        created = api.call("POST", path, HELD)
        step = created.json()
        assert (created.status_code, step["itemId"], step["status"]) == (201, "2", "inactive")
        own = f"{path}/{step['workflowStepId']}"
        assert api.call("PUT", own, {"itemId": "1"}).json()["itemId"] == "1"
        assert api.call("GET", own).json()["itemId"] == "1"
        assert api.call("DELETE", own).status_code == 200
        assert workflow_of(api, envelope_id)["workflowSteps"] == []

    def test_deleting_the_step_that_holds_lets_it_go_on(self, api: Api) -> None:
        envelope_id = after_the_first(api, paused())
        step_id = workflow_of(api, envelope_id)["currentWorkflowStepId"]
        assert api.call("DELETE", f"/envelopes/{envelope_id}/workflow/steps/{step_id}").status_code == 200
        assert api.states(envelope_id)[1] == ["completed", "sent"]

    def test_a_step_that_has_begun_is_not_rewritten(self, api: Api) -> None:
        envelope_id = after_the_first(api, paused())
        step_id = workflow_of(api, envelope_id)["currentWorkflowStepId"]
        response = api.call("PUT", f"/envelopes/{envelope_id}/workflow/steps/{step_id}", {"itemId": "3"})
        assert (response.status_code, response.json()["errorCode"]) == (400, "INVALID_REQUEST_PARAMETER")

    def test_states_cannot_be_told_by_the_sender(self, api: Api) -> None:
        envelope_id = after_the_first(api, paused(status="completed", completedDate="2020-01-01"))
        assert workflow_of(api, envelope_id)["workflowStatus"] == "paused"


class TestDelays:
    def test_the_second_is_asked_when_the_delay_is_over(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = after_the_first(api, paused(delayedRouting=IN_AN_HOUR))
        step = only(workflow_of(api, envelope_id)["workflowSteps"])
        assert step["delayedRouting"]["status"] == "started"
        assert step["delayedRouting"]["resumeDate"] == workflow_of(api, envelope_id)["resumeDate"]
        sandbox.advance(HOUR_SECONDS + 1)
        later = Api(sandbox)
        assert later.states(envelope_id)[1] == ["completed", "sent"]
        assert only(workflow_of(later, envelope_id)["workflowSteps"])["delayedRouting"]["status"] == "completed"

    def test_a_new_rule_begins_the_countdown_anew(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = after_the_first(api, paused(delayedRouting=IN_AN_HOUR))
        step_id = workflow_of(api, envelope_id)["currentWorkflowStepId"]
        tail = f"/steps/{step_id}/delayedRouting"
        put(api, envelope_id, tail, {"rules": [{"delay": "3.00:00:00"}]})
        sandbox.advance(2 * HOUR_SECONDS)
        later = Api(sandbox)
        assert later.states(envelope_id)[1] == ["completed", "created"]
        assert later.get(envelope_id, f"/workflow{tail}")["rules"] == [{"delay": "3.00:00:00"}]

    def test_without_its_delay_a_step_waits_to_be_told(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = after_the_first(api, paused(delayedRouting=IN_AN_HOUR))
        step_id = workflow_of(api, envelope_id)["currentWorkflowStepId"]
        path = f"/envelopes/{envelope_id}/workflow/steps/{step_id}/delayedRouting"
        assert api.call("DELETE", path).status_code == 200
        assert api.call("GET", path).status_code == 404
        sandbox.advance(2 * HOUR_SECONDS)
        assert Api(sandbox).states(envelope_id)[1] == ["completed", "created"]


class TestSchedules:
    def test_it_is_sent_at_its_time(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = api.envelope(workflow=scheduled())
        assert api.states(envelope_id)[0] == "created"
        assert api.get(envelope_id, "/workflow/scheduledSending")["status"] == "started"
        sandbox.advance(HOUR_SECONDS + 1)
        later = Api(sandbox)
        assert later.states(envelope_id) == ("sent", ["sent", "created"])
        assert later.get(envelope_id, "/workflow/scheduledSending")["status"] == "completed"

    def test_asking_again_sends_it_no_sooner(self, api: Api) -> None:
        envelope_id = api.envelope(workflow=scheduled())
        api.call("PUT", f"/envelopes/{envelope_id}", {"status": "sent"})
        assert api.states(envelope_id)[0] == "created"

    def test_a_time_that_has_passed_means_now(self, api: Api) -> None:
        yesterday = datetime.now(UTC) - timedelta(days=1)
        rule = {"resumeDate": yesterday.isoformat()}
        envelope_id = api.envelope(workflow={"scheduledSending": {"rules": [rule]}})
        assert api.states(envelope_id)[0] == "sent"

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_a_changed_schedule_makes_it_a_plain_draft_again(
        self, api: Api, sandbox: SandboxProcess, method: str
    ) -> None:
        envelope_id = api.envelope(workflow=scheduled())
        path = f"/envelopes/{envelope_id}/workflow/scheduledSending"
        assert api.call(method, path, IN_AN_HOUR).status_code == 200
        sandbox.advance(2 * HOUR_SECONDS)
        assert Api(sandbox).states(envelope_id)[0] == "created"

    def test_a_draft_gets_a_schedule(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = api.envelope(status="created")
        assert api.call("GET", f"/envelopes/{envelope_id}/workflow/scheduledSending").status_code == 404
        put(api, envelope_id, "/scheduledSending", IN_AN_HOUR)
        api.call("PUT", f"/envelopes/{envelope_id}", {"status": "sent"})
        assert api.states(envelope_id)[0] == "created"
        sandbox.advance(HOUR_SECONDS + 1)
        assert Api(sandbox).states(envelope_id)[0] == "sent"


class TestConditions:
    """Who is asked second depends on a checkbox of the first."""

    def workflow(self, operator: str = "equals") -> dict[str, Any]:
        people = [
            {"recipientLabel": label, "name": f"{label} Person", "email": f"{label}@example.com"}
            for label in ("yes", "no")
        ]
        box = {"scope": "tabs", "recipientId": "1", "tabLabel": "Agree", "operator": operator}
        conditions = [
            {"recipientLabel": label, "order": order, "filters": [box | {"value": value}]}
            for label, order, value in (("yes", "0", "true"), ("no", "1", "false"))
        ]
        rule = {"recipientId": "2", "recipientGroup": {"recipients": people}, "conditions": conditions}
        return paused(recipientRouting={"rules": {"conditionalRecipients": [rule]}})

    def envelope(self, api: Api, workflow: dict[str, Any]) -> str:
        box = {"tabLabel": "Agree", "documentId": "1", "pageNumber": "1", "xPosition": "50", "yPosition": "50"}
        tabs = {"signHereTabs": [{"anchorString": "/sn1/"}], "checkboxTabs": [box]}
        people = [signer(1, tabs=tabs), signer(2, name="To be chosen", clientUserId=None)]
        return api.envelope(workflow=workflow, recipients={"signers": people})

    @pytest.mark.parametrize(
        ("operator", "check", "email"),
        [
            ("equals", True, "yes@example.com"),
            ("equals", False, "no@example.com"),
            ("notEquals", True, "no@example.com"),
            ("notEquals", False, "yes@example.com"),
        ],
    )
    def test_the_condition_that_holds_chooses(self, api: Api, operator: str, check: bool, email: str) -> None:
        envelope_id = self.envelope(api, self.workflow(operator))
        Robot().sign(api.view_url(envelope_id, 1), check=check)
        second = api.get(envelope_id)["recipients"]["signers"][1]
        assert (second["email"], second["status"]) == (email, "sent")

    def test_a_choice_without_an_address_is_refused(self, api: Api) -> None:
        workflow = self.workflow()
        rule = workflow["workflowSteps"][0]["recipientRouting"]["rules"]["conditionalRecipients"][0]
        rule["recipientGroup"]["recipients"][0]["email"] = "nobody"
        response = api.create(workflow=workflow)
        assert (response.status_code, response.json()["errorCode"]) == (400, "INVALID_REQUEST_PARAMETER")


@pytest.mark.parametrize(
    ("workflow", "code"),
    [
        (paused(action="jump"), "INVALID_REQUEST_PARAMETER"),
        (paused(triggerOnItem="moon"), "INVALID_REQUEST_PARAMETER"),
        (paused(itemId="second"), "INVALID_REQUEST_PARAMETER"),
        (paused(itemId=None), "INVALID_REQUEST_PARAMETER"),
        (paused(delayedRouting={"rules": []}), "INVALID_REQUEST_PARAMETER"),
        (paused(delayedRouting={"rules": [{"delay": "1h"}]}), "INVALID_REQUEST_PARAMETER"),
        (paused(delayedRouting={"rules": [{"delay": "99999.00:00:00"}]}), "INVALID_REQUEST_PARAMETER"),
        ({"scheduledSending": {"rules": [{"resumeDate": "soon"}]}}, "INVALID_REQUEST_PARAMETER"),
        ({"scheduledSending": {"rules": [{"delay": "0.01:00:00"}] * 2}}, "INVALID_REQUEST_PARAMETER"),
        ({"workflowSteps": "x"}, "INVALID_REQUEST_BODY"),
    ],
)
def test_what_makes_no_sense_is_refused(api: Api, workflow: dict[str, Any], code: str) -> None:
    response = api.create(workflow=workflow)
    assert (response.status_code, response.json()["errorCode"]) == (400, code)


def test_an_unknown_step_is_refused(api: Api) -> None:
    response = api.call("GET", f"/envelopes/{api.envelope()}/workflow/steps/none")
    assert (response.status_code, response.json()["errorCode"]) == (400, "INVALID_REQUEST_PARAMETER")


def test_an_envelope_that_has_ended_is_not_changed(api: Api) -> None:
    envelope_id = api.envelope()
    api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "x"})
    response = api.call("PUT", f"/envelopes/{envelope_id}/workflow", paused())
    assert response.json()["errorCode"] == "ENVELOPE_INVALID_STATUS"
