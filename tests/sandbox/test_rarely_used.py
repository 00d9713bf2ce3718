"""Operations that few call: they keep what they are given, or say plainly that there is nothing."""

import base64
from typing import Any

import pytest

from tests.sandbox_process import SandboxProcess

from .api import Api, document
from .people import act_as, alex_of, only

RULE: dict[str, Any] = {"eventType": "sent"}


def call(api: Api, method: str, path: str, body: Any = None, **kwargs: Any) -> Any:
    response = api.call(method, path, body, **kwargs)
    assert response.status_code in (200, 201), response.text
    return response.json() if "json" in response.headers["Content-Type"] and response.content else response.content


def root(api: Api, path: str) -> str:
    return f"{api.sandbox.base_url}/restapi{path}"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/billing_invoices", "billingInvoices"),
        ("/billing_invoices_past_due", "billingInvoices"),
        ("/billing_payments", "billingPayments"),
    ],
)
def test_nothing_is_owed(api: Api, path: str, name: str) -> None:
    assert call(api, "GET", path)[name] == []


def test_there_is_one_plan(api: Api) -> None:
    plan = only(call(api, "GET", root(api, "/v2.1/billing_plans"))["billingPlans"])
    told = call(api, "GET", root(api, f"/v2.1/billing_plans/{plan['planId']}"))
    assert told["billingPlan"] == plan
    changed = call(api, "PUT", "/billing_plan", {"planInformation": {"planId": plan["planId"]}})
    assert changed["billingPlanPreview"]["totalAmount"] == "0"
    assert api.call("PUT", "/billing_plan", {"planInformation": {"planId": "other"}}).status_code == 400


@pytest.mark.parametrize("path", ["/workspaces/1", "/signatures/1"])
def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    assert api.call("GET", path).json()["errorCode"] == "INVALID_REQUEST_PARAMETER"


def test_plans_are_neither_bought_nor_left(api: Api) -> None:
    assert call(api, "GET", "/billing_plan/credit_card") == {}
    assert call(api, "GET", "/billing_plan/downgrade")["downgradePlanInformation"]["downgradeRequestStatus"] == "none"
    assert call(api, "PUT", "/billing_plan/downgrade", {})["downgradeRequestStatus"] == "none"
    assert call(api, "PUT", "/billing_plan/purchased_envelopes", {"quantity": "10"}) == b""
    assert call(api, "POST", "/billing_payments", {"paymentAmount": "1"})["billingPayments"] == []


def test_cloud_storage_is_linked_and_empty(api: Api) -> None:
    path = f"/users/{api.sandbox.config['DOCUSIGN_USER_ID']}/cloud_storage"
    provider = only(call(api, "POST", path, {"storageProviders": [{"service": "Box"}]})["storageProviders"])
    one = f"{path}/{provider['serviceId']}"
    assert only(call(api, "GET", one)["storageProviders"])["service"] == "Box"
    assert call(api, "GET", f"{one}/folders")["items"] == []
    assert call(api, "GET", f"{one}/folders/f1")["id"] == "f1"
    assert only(call(api, "DELETE", one)["storageProviders"])["serviceId"] == provider["serviceId"]
    assert call(api, "GET", path)["storageProviders"] == []
    call(api, "POST", path, {"storageProviders": [{"service": "Box"}]})
    call(api, "DELETE", path, {"storageProviders": [{"serviceId": "box"}]})
    assert api.call("GET", one).status_code == 400


def test_mail_archives_are_kept_and_closed(api: Api) -> None:
    made = call(api, "POST", "/settings/bcc_email_archives", {"email": "archive@example.com"})
    path = f"/settings/bcc_email_archives/{made['bccEmailArchiveId']}"
    assert made["status"] == "activation_sent"
    call(api, "DELETE", path)
    assert [step["action"] for step in call(api, "GET", path)["bccEmailArchiveHistory"]] == ["CREATED", "CLOSED"]
    assert only(call(api, "GET", "/settings/bcc_email_archives")["bccEmailArchives"])["status"] == "closed"


def test_transfer_rules_pass_envelopes_on(api: Api) -> None:
    alex, own = alex_of(api), api.sandbox.config["DOCUSIGN_USER_ID"]
    body = RULE | {"fromUsers": [{"userId": alex}], "toUser": {"userId": own}}
    rule = only(call(api, "POST", "/envelopes/transfer_rules", body)["envelopeTransferRules"])
    assert (rule["fromUser"]["userId"], rule["toUser"]["userId"], rule["enabled"]) == (alex, own, "true")
    rule_id = rule["envelopeTransferRuleId"]
    path = f"/envelopes/transfer_rules/{rule_id}"
    assert call(api, "PUT", path, {"enabled": "false"})["enabled"] == "false"
    many = {"envelopeTransferRules": [{"envelopeTransferRuleId": rule_id, "enabled": "true"}]}
    assert only(call(api, "PUT", "/envelopes/transfer_rules", many)["envelopeTransferRules"])["enabled"] == "true"
    call(api, "DELETE", path)
    assert call(api, "GET", "/envelopes/transfer_rules")["totalSetSize"] == "0"


def test_transfer_rules_from_groups(api: Api) -> None:
    group = call(api, "GET", "/groups")["groups"][0]
    own = {"userId": api.sandbox.config["DOCUSIGN_USER_ID"]}
    body = RULE | {"fromGroups": [{"groupId": group["groupId"]}], "toUser": own}
    rule = only(call(api, "POST", "/envelopes/transfer_rules", body)["envelopeTransferRules"])
    assert rule["fromGroup"]["groupName"] == group["groupName"]


def test_sharing_is_set_and_told(api: Api) -> None:
    alex, own = alex_of(api), api.sandbox.config["DOCUSIGN_USER_ID"]
    share = {"user": {"userId": own}, "envelopes": [{"user": {"userId": alex}, "shared": "shared_to"}]}
    call(api, "PUT", "/shared_access?item_type=envelopes", {"sharedAccess": [share]})
    told = only(call(api, "GET", f"/shared_access?item_type=envelopes&user_ids={own}")["sharedAccess"])
    shared = {one["user"]["userId"]: one["shared"] for one in told["envelopes"]}
    assert shared[alex] == "shared_to"


def test_templates_are_shared_with_all(api: Api) -> None:
    made = call(api, "POST", "/templates", {"name": "T", "documents": [document()], "emailSubject": "x"})
    share = {"templates": [{"templateId": made["templateId"], "shared": "shared_to"}]}
    call(api, "PUT", "/shared_access?item_type=templates", {"sharedAccess": [share]})
    assert call(api, "GET", f"/templates/{made['templateId']}")["shared"] == "true"
    own = f"user_ids={api.sandbox.config['DOCUSIGN_USER_ID']}"
    told = only(call(api, "GET", f"/shared_access?item_type=templates&{own}")["sharedAccess"])
    assert only(told["templates"])["shared"] == "shared_to"


def test_others_sharing_is_for_administrators(api: Api, sandbox: SandboxProcess) -> None:
    alex = act_as(sandbox, alex_of(api))
    told = only(call(alex, "GET", "/shared_access")["sharedAccess"])
    assert told["user"]["email"] == "alex@sandbox.example"
    assert alex.call("PUT", "/shared_access", {"sharedAccess": []}).json()["errorCode"] == "USER_NOT_ACCOUNT_ADMIN"


def test_there_are_no_comments(api: Api) -> None:
    path = f"/envelopes/{api.envelope()}/comments/transcript"
    plain = call(api, "GET", path)
    assert plain.startswith(b"%PDF")
    assert base64.b64decode(call(api, "GET", f"{path}?encoding=base64")).startswith(b"%PDF")


def test_html_definitions_are_told(api: Api) -> None:
    html = document() | {"htmlDefinition": {"source": "document"}}
    path = f"/envelopes/{api.envelope(documents=[html, document(2)])}"
    found = only(call(api, "GET", f"{path}/html_definitions")["htmlDefinitions"])
    assert (found["documentId"], found["htmlDefinition"]["source"]) == ("1", "document")
    assert call(api, "GET", f"{path}/documents/2/html_definitions")["htmlDefinitions"] == []
    one = only(call(api, "POST", f"{path}/documents/1/responsive_html_preview", {})["htmlDefinitions"])
    assert "<img" in one
    assert len(call(api, "POST", f"{path}/responsive_html_preview", {"source": "document"})["htmlDefinitions"]) == 2


def test_html_definitions_of_templates(api: Api) -> None:
    html = document() | {"htmlDefinition": {"source": "document"}}
    made = call(api, "POST", "/templates", {"name": "T", "documents": [html], "emailSubject": "x"})
    path = f"/templates/{made['templateId']}"
    for tail in ("", "/documents/1"):
        assert only(call(api, "GET", f"{path}{tail}/html_definitions")["htmlDefinitions"])["documentId"] == "1"
        assert only(call(api, "POST", f"{path}{tail}/responsive_html_preview", {})["htmlDefinitions"])


def test_the_watermark_is_previewed(api: Api) -> None:
    told = call(api, "PUT", "/watermark/preview", {"watermarkText": "Draft", "displayAngle": "diagonal"})
    assert base64.b64decode(told["imageBase64"]).startswith(b"\x89PNG")


def test_ones_own_password_rules(api: Api) -> None:
    told = call(api, "GET", root(api, "/v2.1/current_user/password_rules"))
    assert told["userId"] == api.sandbox.config["DOCUSIGN_USER_ID"]
    assert told["passwordRules"] == call(api, "GET", "/settings/password_rules")


def test_enote_keeps_its_secrets(api: Api) -> None:
    path = "/settings/enote_configuration"
    given = {"userName": "vault", "organization": "Northwind", "password": "p", "apiKey": "k"}
    assert call(api, "PUT", path, given)["eNoteConfigured"] == "true"
    assert call(api, "GET", path)["userName"] == "vault"
    assert not {"password", "apiKey"} & set(call(api, "GET", path))
    call(api, "DELETE", path)
    assert call(api, "GET", path)["eNoteConfigured"] == "false"


def test_a_shared_view_is_for_reading(api: Api) -> None:
    body = {"returnUrl": "http://portal.test/back", "recipientId": "1"}
    assert call(api, "POST", f"/envelopes/{api.envelope()}/views/shared", body)["url"].startswith("http")
    draft = api.envelope(status="created")
    assert api.call("POST", f"/envelopes/{draft}/views/shared", body).json()["errorCode"] == "ENVELOPE_INVALID_STATUS"


def test_a_notary_registers(api: Api) -> None:
    path = root(api, "/v2.1/current_user/notary")
    assert api.call("GET", path).status_code == 400
    assert call(api, "POST", path, {"enabled": "true"})["enabled"] == "true"
    assert api.call("POST", path, {"enabled": "true"}).status_code == 400
    made = call(api, "POST", f"{path}/jurisdictions", {"commissionId": "7", "jurisdiction": {"name": "Utah"}})
    one = f"{path}/jurisdictions/{made['jurisdiction']['jurisdictionId']}"
    assert call(api, "PUT", one, {"county": "Cache"})["commissionId"] == "7"
    assert call(api, "GET", one)["county"] == "Cache"
    assert call(api, "GET", f"{path}?include_jurisdictions=true")["jurisdictions"] == [made["jurisdiction"]]
    call(api, "DELETE", one)
    assert call(api, "GET", f"{path}/jurisdictions")["totalSetSize"] == "0"
    assert call(api, "PUT", path, {"searchable": "true"})["searchable"] == "true"
    assert call(api, "GET", f"{path}/journals")["notaryJournals"] == []


def test_a_workspace_holds_files(api: Api) -> None:
    space = call(api, "POST", "/workspaces", {"workspaceName": "Deal"})
    path = f"/workspaces/{space['workspaceId']}"
    folder = f"{path}/folders/{space['workspaceId']}"
    made = call(api, "POST", f"{folder}/files", {"name": "a.txt", "data": base64.b64encode(b"A").decode()})
    one = f"{folder}/files/{made['id']}"
    assert (made["extension"], made["fileSize"]) == ("txt", "1")
    assert call(api, "GET", one) == b"A"
    assert call(api, "PUT", one, {"name": "b.txt"})["name"] == "b.txt"
    assert only(call(api, "GET", folder)["items"])["name"] == "b.txt"
    assert call(api, "GET", f"{one}/pages")["pages"] == []
    call(api, "DELETE", folder, {"items": [{"id": made["id"]}]})
    assert call(api, "GET", folder)["items"] == []
    assert call(api, "PUT", path, {"workspaceDescription": "d"})["workspaceDescription"] == "d"
    assert call(api, "GET", path)["workspaceName"] == "Deal"
    call(api, "DELETE", path)
    assert call(api, "GET", "/workspaces")["totalSetSize"] == "0"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/reports"),
        ("GET", "/billing_invoices/1"),
        ("GET", "/billing_payments/1"),
        ("GET", "/templates/x/recipients/1/bulk_recipients"),
        ("POST", "/envelopes/x/recipients/1/identity_proof_token"),
        ("GET", "/display_appliance_info/dynamicsystemsettings"),
        ("GET", "/envelopes/x/tabs_blob"),
    ],
)
def test_what_is_absent_says_why(api: Api, method: str, path: str) -> None:
    told = api.call(method, path)
    assert (told.status_code, told.json()["errorCode"]) == (404, "RESOURCE_NOT_FOUND")
    assert len(told.json()["message"]) > len("The URL provided does not resolve to a resource. ")


def test_accounts_are_not_made_by_the_api(api: Api) -> None:
    for method, path in (("POST", root(api, "/v2.1/accounts")), ("DELETE", "")):
        assert "control door" in api.call(method, path).json()["message"]
