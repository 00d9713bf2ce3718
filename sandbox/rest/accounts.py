"""The account itself: its information, its billing plan, and where its services are."""

from typing import Any

from django.http import HttpResponse

from sandbox import clock
from sandbox.clock import docusign_time
from sandbox.models import Account, Envelope

from .account_settings import settings_of
from .door import Call, answer
from .members import members
from .registry import operation

PLAN = {"planId": "sandbox", "planName": "Developer Sandbox", "planClassification": "developer"}
SEATS = "1000"


@operation("GET", "")
def get_account(call: Call) -> HttpResponse:
    shape = _shape(call.account)
    if call.flag("include_account_settings"):
        shape["accountSettings"] = settings_of(call.account)
    return answer(shape)


@operation("GET", "billing_plan", partial="a plan that costs nothing")
def get_billing_plan(call: Call) -> HttpResponse:
    plan = {
        **PLAN,
        "canUpgrade": "false",
        "currencyCode": "USD",
        "enableSupport": "false",
        "includedSeats": SEATS,
        "incrementalSeats": "0",
        "isDowngrade": "false",
        "paymentCycle": "monthly",
        "paymentMethod": "freeTrial",
        "perSeatPrice": "0",
        "renewalStatus": "auto",
    }
    return answer({"billingPlan": plan, "paymentMethod": "freeTrial", "successorPlans": []})


@operation("GET", "billing_charges", partial="none are made")
def get_billing_charges(call: Call) -> HttpResponse:
    return answer({"billingChargeItems": []})


@operation("GET", "recipient_names", partial="looks among the account's members and earlier recipients")
def get_recipient_names(call: Call) -> HttpResponse:
    email = call.query.get("email", "")
    users = set(members(call.account).filter(user__email__iexact=email).values_list("user__name", flat=True))
    envelopes = Envelope.objects.filter(account=call.account, recipients__email=email)
    names = users | set(envelopes.values_list("recipients__name", flat=True)[:100]) if email else set()
    shown = sorted(name for name in names if name)
    multiple = "true" if len(users) > 1 else "false"
    return answer({"recipientNames": shown, "multipleUsers": multiple, "reservedRecipientEmail": "false"})


def _shape(account: Account) -> dict[str, Any]:
    month = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    sent = Envelope.objects.filter(account=account, is_template=False, sent_at__gte=month).count()
    seats = members(account).exclude(status="Closed").count()
    return {
        "accountIdGuid": account.guid,
        "accountName": account.name,
        "externalAccountId": account.external_id,
        "createdDate": docusign_time(account.created_at),
        "currentPlanId": PLAN["planId"],
        "planName": PLAN["planName"],
        "planClassification": PLAN["planClassification"],
        "planStartDate": docusign_time(account.created_at),
        "billingPeriodStartDate": docusign_time(month),
        "billingPeriodEnvelopesAllowed": "unlimited",
        "billingPeriodEnvelopesSent": str(sent),
        "billingPeriodDaysRemaining": "unlimited",
        "billingProfile": "web",
        "canUpgrade": "false",
        "isDowngrade": "false",
        "currencyCode": "USD",
        "paymentMethod": "freeTrial",
        "connectPermission": "full",
        "envelopeSendingBlocked": "false",
        "envelopeUnitPrice": "0",
        "forgottenPasswordQuestionsCount": "1",
        "allowTransactionRooms": "false",
        "seatsAllowed": SEATS,
        "seatsInUse": str(seats),
        "status21CFRPart11": "notEnabled",
        "suspensionStatus": "",
        "useDisplayAppliance": False,
    }
