"""Envelopes that wait on the way: paused before a routing order, delayed, or sent at a set time (reference 2.1).

Kept in the envelope's options as Docusign spells it. The states are Docusign's: a delay is pending, started, completed;
a step is inactive, paused, completed.
"""

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from . import clock, routing
from .clock import docusign_time
from .definition.reading import Json, integer, list_of, object_of, text_of
from .errors import ApiError
from .models import Envelope, Recipient

PAUSE = "pause_before"
DELAY = re.compile(r"(?:(\d{1,4})\.)?(\d{1,2}):(\d{2}):(\d{2})")
Step = dict[str, Any]


def read(given: Json) -> dict[str, Any]:
    """What a sender may say of it; the states are the server's to say. Raises INVALID_REQUEST_PARAMETER."""
    kept: dict[str, Any] = {}
    if given.get("workflowSteps"):
        kept["workflowSteps"] = [read_step(step) for step in list_of(given, "workflowSteps")]
    if given.get("scheduledSending"):
        kept["scheduledSending"] = read_delay(object_of(given, "scheduledSending"))
    return kept


def read_step(given: Json) -> Step:
    if (text_of(given, "action") or PAUSE).lower() != PAUSE:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for action.")
    if (text_of(given, "triggerOnItem") or "routing_order").lower() != "routing_order":
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for triggerOnItem.")
    step: Step = {
        "workflowStepId": text_of(given, "workflowStepId", 36) or str(uuid.uuid4()),
        "action": PAUSE,
        "triggerOnItem": "routing_order",
        "itemId": str(integer(given.get("itemId"), "itemId", lowest=1)),
        "status": "inactive",
    }
    if given.get("delayedRouting"):
        step["delayedRouting"] = read_delay(object_of(given, "delayedRouting"))
    if given.get("recipientRouting"):
        step["recipientRouting"] = routing.read(object_of(given, "recipientRouting"))
    return step


def read_delay(given: Json) -> dict[str, Any]:
    """Of a step or of the sending. One rule: `{"resumeDate": …}` or `{"delay": "d.hh:mm:ss"}`."""
    rules = list_of(given, "rules")
    if len(rules) != 1:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Exactly one rule must be specified.")
    _moment_of(rules[0])
    rule = {name: text_of(rules[0], name) for name in ("resumeDate", "delay") if rules[0].get(name)}
    return {"rules": [rule], "status": "pending"}


def steps_of(envelope: Envelope) -> list[Step]:
    steps: list[Step] = _workflow(envelope).get("workflowSteps", [])
    return steps


def pauses(envelope: Envelope) -> set[int]:
    """Routing orders that a step holds back, be it only until it has chosen whom to ask."""
    return {int(step["itemId"]) for step in steps_of(envelope) if step["status"] != "completed"}


def choose_recipients(envelope: Envelope, order: int | None, recipients: Sequence[Recipient]) -> bool:
    """A step may name who is asked in this routing order. Was there one? Then it is over."""
    for step in steps_of(envelope):
        if step["itemId"] == str(order) and step["status"] == "inactive" and not _holds(step):
            routing.choose(step["recipientRouting"], recipients)
            now = docusign_time(clock.now())
            step |= {"status": "completed", "triggeredDate": now, "completedDate": now}
            save(envelope)
            return True
    return False


def stop_at(envelope: Envelope, order: int | None) -> None:
    """Note that the envelope now waits before this routing order, and until when if the step says so."""
    for step in steps_of(envelope):
        if step["itemId"] == str(order) and _holds(step) and step["status"] == "inactive":
            step |= {"status": "paused", "triggeredDate": docusign_time(clock.now())}
            envelope.wake_at = _start(step["delayedRouting"]) if "delayedRouting" in step else None
            _workflow(envelope)["workflowStatus"] = "paused"
            save(envelope)


def resume(envelope: Envelope) -> None:
    """The step that holds the envelope is over."""
    for step in steps_of(envelope):
        if step["status"] == "paused":
            step |= {"status": "completed", "completedDate": docusign_time(clock.now())}
            step.get("delayedRouting", {}).update(status="completed")
    _workflow(envelope)["workflowStatus"] = "in_progress"
    envelope.wake_at = None
    save(envelope)


def postpone(envelope: Envelope) -> bool:
    """Is it to be sent later? Then note when; it stays a draft until the housekeeping wakes it."""
    scheduled = _workflow(envelope).get("scheduledSending")
    if not scheduled or scheduled["status"] == "completed":
        return False
    if scheduled["status"] == "pending":
        envelope.wake_at = _start(scheduled)
        if envelope.wake_at <= clock.now():
            envelope.wake_at = None
            begin_scheduled(envelope)
        save(envelope)
    return bool(scheduled["status"] == "started")


def begin_scheduled(envelope: Envelope) -> None:
    """Its time has come. Not saved."""
    if scheduled := _workflow(envelope).get("scheduledSending"):
        scheduled["status"] = "completed"


def replace(envelope: Envelope, workflow: dict[str, Any]) -> None:
    """A countdown that runs stops; a scheduled envelope is a plain draft again."""
    if workflow.get("scheduledSending", {}).get("status") == "started":
        workflow["scheduledSending"] = read_delay(workflow["scheduledSending"])
    envelope.options["workflow"] = workflow
    envelope.wake_at = None
    save(envelope)


def restart_delay(envelope: Envelope, step: Step) -> None:
    """A delay that is changed while it runs begins anew."""
    if step["status"] == "paused":
        envelope.wake_at = _start(step["delayedRouting"])
    save(envelope)


def shape(envelope: Envelope) -> dict[str, Any]:
    """A `workflow`."""
    workflow = _workflow(envelope)
    current = next((step for step in steps_of(envelope) if step["status"] != "completed"), None)
    resume_date = docusign_time(envelope.wake_at)
    return {
        **workflow,
        "workflowSteps": steps_of(envelope),
        "workflowStatus": workflow.get("workflowStatus", "in_progress"),
        **({"currentWorkflowStepId": current["workflowStepId"]} if current else {}),
        **({"resumeDate": resume_date} if resume_date else {}),
    }


def save(envelope: Envelope) -> None:
    envelope.save(update_fields=["options", "wake_at"])


def _workflow(envelope: Envelope) -> dict[str, Any]:
    workflow: dict[str, Any] = envelope.options.setdefault("workflow", {})
    return workflow


def _holds(step: Step) -> bool:
    """A step that only chooses recipients does not hold."""
    return "recipientRouting" not in step


def _start(delay: dict[str, Any]) -> datetime:
    moment = _moment_of(delay["rules"][0])
    delay |= {"status": "started", "resumeDate": docusign_time(moment)}
    return moment


def _moment_of(rule: Json) -> datetime:
    """A delay counts from now."""
    if rule.get("delay"):
        parts = DELAY.fullmatch(text_of(rule, "delay"))
        if parts is None:
            raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for delay.")
        days, hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        return clock.now() + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    try:
        moment = datetime.fromisoformat(text_of(rule, "resumeDate"))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for resumeDate.") from None
