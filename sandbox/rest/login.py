"""Where the service is and what it offers, and the accounts of whoever asks."""

from typing import Any

from django.http import HttpResponse

from sandbox import tokens
from sandbox.addresses import base_url
from sandbox.models import Membership

from . import registry
from .door import Call, answer
from .registry import operation


@operation("GET", "/service_information", is_open=True)
def get_service_information(call: Call) -> HttpResponse:
    root = base_url(call.request)
    return answer(
        {
            "buildBranch": "sandbox",
            "buildVersion": "1.0.0",
            "buildSHA": "",
            "linkedSites": [root],
            "serviceVersions": [{"version": "v2.1", "versionUrl": f"{root}/restapi/v2.1"}],
        }
    )


@operation("GET", "/v2.1", is_open=True)
def get_resources(call: Call) -> HttpResponse:
    """The first segments under which there are operations."""
    root = base_url(call.request)
    names = {operation.path.split("/")[2] for operation in registry.operations() if operation.path.count("/") > 1}
    resources = [{"name": name, "value": f"{root}/restapi/v2.1/{name}"} for name in sorted(names)]
    return answer({"resources": resources})


@operation("GET", "/v2.1/login_information")
def get_login_information(call: Call) -> HttpResponse:
    """`api_password=true` asks for a password to use in place of one's own: the access token does as well."""
    memberships = call.user.memberships.exclude(status="Closed").select_related("account")
    shape: dict[str, Any] = {"loginAccounts": [_login_account(call, membership) for membership in memberships]}
    if call.flag("api_password"):
        shape["apiPassword"] = tokens.bearer_of(call.request)
    return answer(shape)


def _login_account(call: Call, membership: Membership) -> dict[str, Any]:
    account = membership.account
    shape: dict[str, Any] = {
        "accountId": account.external_id,
        "baseUrl": f"{base_url(call.request)}/restapi/v2.1/accounts/{account.external_id}",
        "name": account.name,
        "isDefault": "true" if membership.is_default else "false",
        "userId": call.user.guid,
        "userName": call.user.name,
        "email": call.user.email,
        "siteDescription": "",
    }
    if call.flag("include_account_id_guid"):
        shape["accountIdGuid"] = account.guid
    if call.query.get("login_settings", "").lower() == "all":
        shape |= {"loginAccountSettings": [], "loginUserSettings": []}
    return shape
