"""Envelopes that wait: paused, scheduled, delayed, routed by what a signer chose (eg032 to eg036 of reference 9.2)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import docusign_esign as esign

from tests.sandbox_process import SandboxProcess

from .sdk import Sdk, definition, document, embedded, signer

HOUR_SECONDS = 3600


def pause_before_second(**changes: Any) -> Any:
    values = {"action": "pause_before", "trigger_on_item": "routing_order", "item_id": 2}
    return esign.Workflow(workflow_steps=[esign.WorkflowStep(**(values | changes))])


def recipient_states(sdk: Sdk, envelope_id: str) -> list[str]:
    return [person.status for person in sdk.envelopes.list_recipients(envelope_id).signers]


def test_a_paused_workflow_goes_on_when_told(sdk: Sdk) -> None:
    """eg032, eg033: paused after the first signer; the update resends, with a Python True in the query."""
    first, second = embedded(1), signer(2)
    envelope_id = sdk.create(definition(first, second, workflow=pause_before_second()))
    sdk.sign(envelope_id, first)
    assert recipient_states(sdk, envelope_id) == ["completed", "created"]
    assert sdk.envelopes.get_envelope_workflow_definition(envelope_id).workflow_status == "paused"
    resume = esign.EnvelopeDefinition(workflow=esign.Workflow(workflow_status="in_progress"))
    sdk.envelopes.update(envelope_id, envelope=resume, resend_envelope=True)
    assert recipient_states(sdk, envelope_id) == ["completed", "sent"]


def test_the_second_signer_is_whom_the_checkbox_chooses(sdk: Sdk) -> None:
    """eg034: a placeholder until then; `Sent` with a capital; the box is ticked, so the second option it is."""
    place = {"document_id": "1", "page_number": "1"}
    box = esign.Checkbox(name="ClickToApprove", selected="false", tab_label="ApproveWhenChecked", **place)
    box.x_position = box.y_position = "50"
    first = embedded(1, role_name="Purchaser")
    first.tabs = esign.Tabs(
        sign_here_tabs=[esign.SignHere(name="SignHere", x_position="200", y_position="200", **place)],
        checkbox_tabs=[box],
    )
    approver = signer(2, email="placeholder@example.com", name="Approver", role_name="Approver")
    approver.tabs = esign.Tabs(
        sign_here_tabs=[esign.SignHere(recipient_id="2", x_position="300", y_position="200", **place)]
    )
    options = [
        esign.RecipientOption(email=f"{label}@example.com", name=label, role_name=role, recipient_label=label)
        for label, role in (("signer2a", "Signer when not checked"), ("signer2b", "Signer when checked"))
    ]
    conditions = [
        esign.ConditionalRecipientRuleCondition(
            filters=[
                esign.ConditionalRecipientRuleFilter(
                    scope="tabs",
                    recipient_id="1",
                    tab_id="ApprovalTab",
                    operator="equals",
                    value=value,
                    tab_label="ApproveWhenChecked",
                    tab_type="checkbox",
                )
            ],
            order=order,
            recipient_label=label,
        )
        for order, value, label in (("1", "false", "signer2a"), ("2", "true", "signer2b"))
    ]
    group = esign.RecipientGroup(group_name="Approver", group_message="They approve.", recipients=options)
    rule = esign.ConditionalRecipientRule(conditions=conditions, recipient_group=group, recipient_id="2", order="0")
    routing = esign.RecipientRouting(rules=esign.RecipientRules(conditional_recipients=[rule]))
    workflow = pause_before_second(item_id="2", status="pending", recipient_routing=routing)
    documents = [document(file_extension="txt", document_base64="V2VsY29tZSE=", name="Welcome")]
    envelope_id = sdk.create(definition(first, approver, documents=documents, workflow=workflow, status="Sent"))
    sdk.sign(envelope_id, first)
    second = sdk.envelopes.list_recipients(envelope_id).signers[1]
    assert (second.email, second.status) == ("signer2b@example.com", "sent")


def test_a_scheduled_envelope_is_sent_on_its_day(sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
    """eg035: a date of the future, at midnight."""
    day = datetime.now(UTC) + timedelta(days=2)
    rule = esign.EnvelopeDelayRule(resume_date=f"{day:%Y-%m-%d}T00:00:00.000Z")
    workflow = esign.Workflow(scheduled_sending=esign.ScheduledSending(rules=[rule]))
    envelope_id = sdk.create(definition(signer(), workflow=workflow))
    assert recipient_states(sdk, envelope_id) == ["created"]
    tls_sandbox.advance(2 * 24 * HOUR_SECONDS)
    assert [mail["to"] for mail in tls_sandbox.mails(envelope_id=envelope_id)] == ["signer1@example.com"]


def test_the_second_signer_is_asked_after_a_delay(sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
    """eg036: `0.2:00:00` are two hours."""
    delay = esign.DelayedRouting(rules=[esign.EnvelopeDelayRule(delay="0.2:00:00")])
    first, second = embedded(1), signer(2)
    second.tabs = esign.Tabs(
        sign_here_tabs=[esign.SignHere(x_position="320", y_position="175", page_number="1", document_id="1")]
    )
    envelope_id = sdk.create(definition(first, second, workflow=pause_before_second(delayed_routing=delay)))
    sdk.sign(envelope_id, first)
    assert recipient_states(sdk, envelope_id) == ["completed", "created"]
    tls_sandbox.advance(2 * HOUR_SECONDS)
    assert tls_sandbox.mails(envelope_id=envelope_id)[-1]["to"] == second.email


def test_workflow_steps_can_be_written_later(sdk: Sdk) -> None:
    first, second = embedded(1), signer(2)
    envelope_id = sdk.create(definition(first, second, status="created"))
    step = esign.WorkflowStep(action="pause_before", trigger_on_item="routing_order", item_id="2")
    made = sdk.envelopes.create_envelope_workflow_step_definition(envelope_id, workflow_step=step)
    steps = sdk.envelopes.get_envelope_workflow_definition(envelope_id).workflow_steps
    assert [each.workflow_step_id for each in steps] == [made.workflow_step_id]
