"""Billing: the sandbox costs nothing, so there is one plan and nothing is ever owed."""

from typing import Any

from django.http import HttpResponse

from sandbox import clock
from sandbox.clock import docusign_time
from sandbox.definition.reading import object_of, text_of
from sandbox.errors import ApiError

from .accounts import PLAN, SEATS
from .answers import nothing
from .door import Call, answer
from .registry import operation

NOTHING_OWED = "there are none: the sandbox costs nothing"
NOT_CHANGED = "answered as documented; the plan stays as it is"
MAX_AMOUNT = 20


def plan() -> dict[str, Any]:
    return {
        **PLAN,
        "enableSupport": "false",
        "includedSeats": SEATS,
        "paymentCycle": "monthly",
        "paymentMethod": "freeTrial",
        "perSeatPrice": "0",
    }


@operation("GET", "/v2.1/billing_plans")
def list_plans(call: Call) -> HttpResponse:
    return answer({"billingPlans": [plan()]})


@operation("GET", "/v2.1/billing_plans/{billingPlanId}")
def get_plan(call: Call, billing_plan_id: str) -> HttpResponse:
    _require_plan(billing_plan_id)
    return answer({"billingPlan": plan(), "successorPlans": []})


@operation("PUT", "billing_plan", is_for_admins=True, partial=NOT_CHANGED)
def put_plan(call: Call) -> HttpResponse:
    wanted = text_of(object_of(call.json, "planInformation"), "planId")
    _require_plan(wanted or PLAN["planId"])
    preview = {
        "currencyCode": "USD",
        "isProrated": "false",
        "subtotalAmount": "0",
        "taxAmount": "0",
        "totalAmount": "0",
    }
    told = {"planId": PLAN["planId"], "planName": PLAN["planName"], "includedSeats": SEATS, "currencyCode": "USD"}
    return answer(told | {"paymentCycle": "monthly", "paymentMethod": "freeTrial", "billingPlanPreview": preview})


@operation("GET", "billing_plan/credit_card", partial="there is none")
def get_credit_card(call: Call) -> HttpResponse:
    return answer({})


@operation("GET", "billing_plan/downgrade", partial=NOT_CHANGED)
def get_downgrade(call: Call) -> HttpResponse:
    return answer({"paymentMethod": "freeTrial", "downgradePlanInformation": _downgrade()})


@operation("PUT", "billing_plan/downgrade", is_for_admins=True, partial=NOT_CHANGED)
def put_downgrade(call: Call) -> HttpResponse:
    _require_plan(text_of(object_of(call.json, "planInformation"), "planId") or PLAN["planId"])
    return answer(_downgrade())


@operation("PUT", "billing_plan/purchased_envelopes", is_for_admins=True, partial="envelopes are not counted")
def put_purchased_envelopes(call: Call) -> HttpResponse:
    text_of(call.json, "quantity", MAX_AMOUNT)
    return nothing()


@operation("GET", "billing_invoices", partial=NOTHING_OWED)
def list_invoices(call: Call) -> HttpResponse:
    return answer({"billingInvoices": [], "nextUri": "", "previousUri": ""})


@operation("GET", "billing_invoices_past_due", partial=NOTHING_OWED)
def list_past_due(call: Call) -> HttpResponse:
    return answer({"billingInvoices": [], "pastDueBalance": "0", "paymentAllowed": "false"})


@operation("GET", "billing_payments", partial=NOTHING_OWED)
def list_payments(call: Call) -> HttpResponse:
    return answer({"billingPayments": [], "nextUri": "", "previousUri": ""})


@operation("POST", "billing_payments", is_for_admins=True, partial=NOTHING_OWED)
def create_payment(call: Call) -> HttpResponse:
    text_of(call.json, "paymentAmount", MAX_AMOUNT)
    return answer({"billingPayments": []}, 201)


def _require_plan(plan_id: str) -> None:
    if plan_id != PLAN["planId"]:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for planId.")


def _downgrade() -> dict[str, Any]:
    return {
        "downgradePlanId": PLAN["planId"],
        "downgradePlanName": PLAN["planName"],
        "downgradePaymentCycle": "monthly",
        "downgradeEffectiveDate": docusign_time(clock.now()),
        "downgradeRequestStatus": "none",
    }
