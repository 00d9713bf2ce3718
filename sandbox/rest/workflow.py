"""EnvelopeWorkflowDefinition: pauses, delays, scheduled sending; of envelopes and templates (reference 2.1).

The specification's copy of 2021 knows the workflow as a whole; its parts have the addresses that today's SDKs call.
"""

from typing import Any

from django.http import HttpResponse

from sandbox import lifecycle, workflow
from sandbox.definition.reading import Json, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import Envelope
from sandbox.workflow import Step

from . import locks
from .answers import nothing
from .door import Call, answer
from .registry import on_envelope

CHANGEABLE = frozenset({"created", "sent", "delivered"})
DELAYED_ROUTING = "workflow/steps/{workflowStepId}/delayedRouting"


@on_envelope("GET", "workflow")
def get_workflow(call: Call, envelope: Envelope) -> HttpResponse:
    return answer(spelled(workflow.shape(envelope)))


@on_envelope("PUT", "workflow")
def update_workflow(call: Call, envelope: Envelope) -> HttpResponse:
    _require_changeable(call, envelope)
    change(envelope, call.json)
    return answer(spelled(workflow.shape(envelope)))


def change(envelope: Envelope, body: Json) -> None:
    """What is said replaces what was; `workflowStatus: in_progress` lets a paused envelope go on."""
    given = workflow.read(body)
    if given:
        workflow.replace(envelope, {**envelope.options.get("workflow", {}), **given})
    if text_of(body, "workflowStatus").lower() == "in_progress":
        workflow.resume(envelope)
    _move_on(envelope)


@on_envelope("DELETE", "workflow")
def delete_workflow(call: Call, envelope: Envelope) -> HttpResponse:
    _require_changeable(call, envelope)
    workflow.replace(envelope, {})
    _move_on(envelope)
    return nothing()


@on_envelope("POST", "workflow/steps")
def create_step(call: Call, envelope: Envelope) -> HttpResponse:
    _require_changeable(call, envelope)
    step = workflow.read_step(call.json)
    _set_steps(envelope, [*workflow.steps_of(envelope), step])
    return answer(spelled(step), 201)


@on_envelope("GET", "workflow/steps/{workflowStepId}")
def get_step(call: Call, envelope: Envelope, workflow_step_id: str) -> HttpResponse:
    return answer(spelled(_find_step(envelope, workflow_step_id)))


@on_envelope("PUT", "workflow/steps/{workflowStepId}")
def update_step(call: Call, envelope: Envelope, workflow_step_id: str) -> HttpResponse:
    """Only before it has begun."""
    _require_changeable(call, envelope)
    step = _find_step(envelope, workflow_step_id)
    if step["status"] != "inactive":
        raise ApiError("INVALID_REQUEST_PARAMETER", "The workflow step has begun.")
    step.update(workflow.read_step({**step, **call.json, "workflowStepId": step["workflowStepId"]}))
    workflow.save(envelope)
    return answer(spelled(step))


@on_envelope("DELETE", "workflow/steps/{workflowStepId}")
def delete_step(call: Call, envelope: Envelope, workflow_step_id: str) -> HttpResponse:
    """What it held goes on."""
    _require_changeable(call, envelope)
    gone = _find_step(envelope, workflow_step_id)
    if gone["status"] == "paused":
        workflow.resume(envelope)
    _set_steps(envelope, [step for step in workflow.steps_of(envelope) if step is not gone])
    _move_on(envelope)
    return nothing()


@on_envelope("GET", "workflow/scheduledSending")
def get_scheduled_sending(call: Call, envelope: Envelope) -> HttpResponse:
    return answer(spelled(_scheduled(envelope)))


@on_envelope("PUT", "workflow/scheduledSending")
def update_scheduled_sending(call: Call, envelope: Envelope) -> HttpResponse:
    """Of a draft, or of one whose countdown runs, which thereby stops: it must be sent again."""
    _require_changeable(call, envelope)
    if envelope.status != "created":
        raise ApiError("ENVELOPE_INVALID_STATUS")
    scheduled = workflow.read_delay(call.json)
    workflow.replace(envelope, {**envelope.options.get("workflow", {}), "scheduledSending": scheduled})
    return answer(spelled(scheduled))


@on_envelope("DELETE", "workflow/scheduledSending")
def delete_scheduled_sending(call: Call, envelope: Envelope) -> HttpResponse:
    _require_changeable(call, envelope)
    _scheduled(envelope)
    if envelope.status != "created":
        raise ApiError("ENVELOPE_INVALID_STATUS")
    kept = {name: value for name, value in envelope.options["workflow"].items() if name != "scheduledSending"}
    workflow.replace(envelope, kept)
    return nothing()


@on_envelope("GET", DELAYED_ROUTING)
def get_delayed_routing(call: Call, envelope: Envelope, workflow_step_id: str) -> HttpResponse:
    return answer(spelled(_delayed(_find_step(envelope, workflow_step_id))))


@on_envelope("PUT", DELAYED_ROUTING)
def update_delayed_routing(call: Call, envelope: Envelope, workflow_step_id: str) -> HttpResponse:
    """A countdown that runs begins anew."""
    _require_changeable(call, envelope)
    step = _find_step(envelope, workflow_step_id)
    if step["status"] == "completed":
        raise ApiError("INVALID_REQUEST_PARAMETER", "The workflow step is completed.")
    step["delayedRouting"] = workflow.read_delay(call.json)
    workflow.restart_delay(envelope, step)
    return answer(spelled(step["delayedRouting"]))


@on_envelope("DELETE", DELAYED_ROUTING)
def delete_delayed_routing(call: Call, envelope: Envelope, workflow_step_id: str) -> HttpResponse:
    """The step then pauses until it is told to go on."""
    _require_changeable(call, envelope)
    step = _find_step(envelope, workflow_step_id)
    _delayed(step)
    del step["delayedRouting"]
    if step["status"] == "paused":
        envelope.wake_at = None
    workflow.save(envelope)
    return nothing()


def _require_changeable(call: Call, envelope: Envelope) -> None:
    locks.require_free(call, envelope)
    if envelope.status not in CHANGEABLE:
        raise ApiError("ENVELOPE_INVALID_STATUS")


def _move_on(envelope: Envelope) -> None:
    if envelope.status != "created":
        lifecycle.move_on(envelope)


def _set_steps(envelope: Envelope, steps: list[Step]) -> None:
    envelope.options["workflow"] = {**envelope.options.get("workflow", {}), "workflowSteps": steps}
    workflow.save(envelope)


def _find_step(envelope: Envelope, workflow_step_id: str) -> Step:
    for step in workflow.steps_of(envelope):
        if step["workflowStepId"].lower() == workflow_step_id.lower():
            return step
    raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for workflowStepId.")


def _scheduled(envelope: Envelope) -> dict[str, Any]:
    """Raises RESOURCE_NOT_FOUND where nothing is scheduled, as the documentation says."""
    scheduled: dict[str, Any] = envelope.options.get("workflow", {}).get("scheduledSending", {})
    if not scheduled:
        raise ApiError("RESOURCE_NOT_FOUND")
    return scheduled


def _delayed(step: Step) -> dict[str, Any]:
    delayed: dict[str, Any] = step.get("delayedRouting", {})
    if not delayed:
        raise ApiError("RESOURCE_NOT_FOUND")
    return delayed
