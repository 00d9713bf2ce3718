"""The account, its settings, custom fields, custom tabs, contacts and brands."""

from pathlib import Path
from typing import Any

import pytest
import requests

from tests.contract.specification import assert_matches
from tests.sandbox_process import SandboxProcess

from .api import TIMEOUT_SECONDS, Api
from .people import act_as, alex_of, only

PNG = b"\x89PNG\r\n\x1a\n" + b"1" * 20
XML = b"<?xml version='1.0'?><Resources><data name='x'><value>y</value></data></Resources>"


@pytest.mark.parametrize(
    ("path", "definition"),
    [
        ("?include_account_settings=true", "accountInformation"),
        ("/settings", "accountSettingsInformation"),
        ("/settings/notification_defaults", "notificationDefaults"),
        ("/settings/password_rules", "accountPasswordRules"),
        ("/settings/tabs", "tabAccountSettings"),
        ("/settings/envelope_purge_configuration", "envelopePurgeConfiguration"),
        ("/watermark", "watermark"),
        ("/billing_plan", "accountBillingPlanResponse"),
        ("/billing_charges", "billingChargeResponse"),
        ("/supported_languages", "supportedLanguages"),
        ("/unsupported_file_types", "fileTypeList"),
        ("/identity_verification", "accountIdentityVerificationResponse"),
        ("/payment_gateway_accounts", "paymentGatewayAccountsInfo"),
        ("/seals", "AccountSealProviders"),
        ("/signatureProviders", "accountSignatureProviders"),
        ("/consumer_disclosure", "consumerDisclosure"),
        ("/consumer_disclosure/fr", "consumerDisclosure"),
        ("/recipient_names?email=alex@sandbox.example", "recipientNamesResponse"),
        ("/brands", "AccountBrands"),
        ("/contacts", "contactGetResponse"),
        ("/custom_fields", "AccountCustomFields"),
        ("/tab_definitions", "tabMetadataList"),
    ],
)
def test_what_is_read_has_the_published_shape(api: Api, specification: Path, path: str, definition: str) -> None:
    response = api.call("GET", path)
    assert response.status_code == 200, response.text
    assert_matches(specification, definition, response.json())


def test_the_account_says_what_it_is(api: Api, sandbox: SandboxProcess) -> None:
    data = api.call("GET", "").json()
    assert (data["accountIdGuid"], data["externalAccountId"], data["seatsInUse"]) == (
        sandbox.account_id,
        "10000001",
        "2",
    )
    api.envelope()
    assert api.call("GET", "").json()["billingPeriodEnvelopesSent"] == "1"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/settings", {"sessionTimeout": "60"}),
        ("/settings/tabs", {"listTabsEnabled": "false"}),
        ("/settings/password_rules", {"minimumPasswordLength": "12"}),
        ("/watermark", {"watermarkText": "Draft"}),
        ("/consumer_disclosure/de", {"companyName": "Firma"}),
    ],
)
def test_settings_are_kept(api: Api, path: str, change: dict[str, str]) -> None:
    before = api.call("GET", path).json()
    assert api.call("PUT", path, change).status_code == 200
    after = api.call("GET", path).json()
    assert after.items() >= change.items()
    assert set(before) <= set(after)


def test_settings_that_are_objects_come_with_the_account(api: Api) -> None:
    groups = api.call("GET", "?include_account_settings=true").json()["accountSettings"]
    names = {"accessCodeFormat", "accountNotification", "accountUISettings", "tabAccountSettings"}
    assert all(isinstance(groups[name], dict) and groups[name] for name in names)


def test_an_unknown_language_is_refused(api: Api) -> None:
    assert api.call("GET", "/consumer_disclosure/xx").json()["errorCode"] == "INVALID_REQUEST_PARAMETER"


def test_identity_checks_have_the_names_that_clients_look_for(api: Api) -> None:
    workflows = api.call("GET", "/identity_verification").json()["identityVerification"]
    assert {"Phone Authentication", "DocuSign ID Verification"} <= {w["defaultName"] for w in workflows}


class TestCustomFields:
    def test_they_are_made_changed_and_deleted(self, api: Api, specification: Path) -> None:
        created = api.call("POST", "/custom_fields", {"name": "Cost centre", "show": "true"})
        assert created.status_code == 201
        assert_matches(specification, "AccountCustomFields", created.json())
        field = only(created.json()["textCustomFields"])
        assert (field["show"], field["required"]) == ("true", "false")
        api.call("PUT", f"/custom_fields/{field['fieldId']}", {"name": "Budget"})
        assert only(api.call("GET", "/custom_fields").json()["textCustomFields"])["name"] == "Budget"
        assert api.call("DELETE", f"/custom_fields/{field['fieldId']}").status_code == 200
        assert api.call("GET", "/custom_fields").json()["textCustomFields"] == []

    def test_a_list_has_its_items(self, api: Api) -> None:
        api.call("POST", "/custom_fields", {"name": "Size", "customFieldType": "list", "listItems": ["S", "M"]})
        assert only(api.call("GET", "/custom_fields").json()["listCustomFields"])["listItems"] == ["S", "M"]

    @pytest.mark.parametrize(
        "body", [{}, {"name": "x" * 101}, {"name": "x", "customFieldType": "date"}, {"name": {"a": 1}}]
    )
    def test_a_wrong_one_is_refused(self, api: Api, body: dict[str, Any]) -> None:
        assert api.call("POST", "/custom_fields", body).status_code == 400


class TestCustomTabs:
    def test_they_are_made_changed_and_deleted(self, api: Api, specification: Path) -> None:
        created = api.call("POST", "/tab_definitions", {"type": "text", "tabLabel": "Office", "items": ["a"]})
        assert created.status_code == 201
        assert_matches(specification, "tabMetadata", created.json())
        path = f"/tab_definitions/{created.json()['customTabId']}"
        assert api.call("PUT", path, {"tabLabel": "Bureau"}).json()["tabLabel"] == "Bureau"
        assert only(api.call("GET", "/tab_definitions").json()["tabs"])["tabLabel"] == "Bureau"
        assert api.call("DELETE", path).status_code == 200
        assert api.call("GET", path).status_code == 400

    def test_others_see_those_that_are_shared_and_change_none(self, api: Api, sandbox: SandboxProcess) -> None:
        shared = api.call("POST", "/tab_definitions", {"type": "text", "tabLabel": "Ours", "shared": "true"}).json()
        api.call("POST", "/tab_definitions", {"type": "text", "tabLabel": "Mine"})
        alex = act_as(sandbox, alex_of(api))
        seen = only(alex.call("GET", "/tab_definitions").json()["tabs"])
        assert (seen["tabLabel"], seen["editable"]) == ("Ours", "false")
        refused = alex.call("PUT", f"/tab_definitions/{shared['customTabId']}", {"tabLabel": "Theirs"})
        assert refused.json()["errorCode"] == "USER_LACKS_PERMISSIONS"


class TestContacts:
    def create(self, api: Api, **changes: Any) -> dict[str, Any]:
        phone = [{"phoneNumber": "555", "phoneType": "mobile"}]
        person = {"name": "Pat", "emails": ["pat@example.com"], "contactPhoneNumbers": phone} | changes
        response = api.call("POST", "/contacts", {"contactList": [person]})
        assert response.status_code == 201
        created: dict[str, Any] = only(response.json()["contacts"])
        return created

    def test_they_are_made_changed_and_deleted(self, api: Api, specification: Path) -> None:
        contact = self.create(api)
        assert_matches(specification, "contact", contact)
        changed = {"contactList": [{"contactId": contact["contactId"], "organization": "Acme"}]}
        assert only(api.call("PUT", "/contacts", changed).json()["contacts"])["organization"] == "Acme"
        found = api.call("GET", f"/contacts/{contact['contactId']}").json()
        assert_matches(specification, "contactGetResponse", found)
        assert only(found["contacts"])["emails"] == ["pat@example.com"]
        assert api.call("DELETE", f"/contacts/{contact['contactId']}").status_code == 200
        assert api.call("GET", "/contacts").json()["contacts"] == []

    def test_others_see_only_what_is_shared(self, api: Api, sandbox: SandboxProcess) -> None:
        self.create(api, name="Private")
        shared = self.create(api, name="Public", shared="true")
        alex = act_as(sandbox, alex_of(api))
        seen = only(alex.call("GET", "/contacts").json()["contacts"])
        assert (seen["name"], seen["isOwner"]) == ("Public", False)
        refused = only(alex.call("DELETE", "/contacts", {"contactList": [shared]}).json()["contacts"])
        assert refused["errorDetails"]["errorCode"] == "USER_LACKS_PERMISSIONS"

    def test_a_wrong_email_is_refused(self, api: Api) -> None:
        assert self.create(api, emails=["x"])["errorDetails"]["errorCode"] == "INVALID_REQUEST_PARAMETER"


class TestBrands:
    def create(self, api: Api, **brand: Any) -> dict[str, Any]:
        response = api.call("POST", "/brands", {"brandName": "Blue", "defaultBrandLanguage": "en"} | brand)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = only(response.json()["brands"])
        return created

    def test_they_are_made_changed_and_deleted(self, api: Api, specification: Path) -> None:
        colors = [{"name": "buttonMainBackground", "value": "#000"}]
        brand = self.create(api, colors=colors, landingPages=[{"name": "signing_completed", "value": "https://a.b"}])
        assert_matches(specification, "brand", brand)
        path = f"/brands/{brand['brandId']}"
        changed = api.call("PUT", path, {"brandName": "Green", "isSendingDefault": "true"}).json()
        assert (changed["brandName"], changed["isSendingDefault"], changed["colors"]) == ("Green", True, colors)
        listed = api.call("GET", "/brands").json()
        assert_matches(specification, "AccountBrands", listed)
        assert listed["senderBrandIdDefault"] == brand["brandId"]
        assert api.call("DELETE", path).status_code == 200
        assert api.call("GET", "/brands").json()["brands"] == []

    def test_there_is_one_default(self, api: Api) -> None:
        first = self.create(api, isSendingDefault=True)["brandId"]
        second = self.create(api, isSendingDefault=True)["brandId"]
        defaults = {b["brandId"]: b["isSendingDefault"] for b in api.call("GET", "/brands").json()["brands"]}
        assert defaults == {first: False, second: True}

    def test_several_are_deleted_at_once(self, api: Api) -> None:
        brands = [{"brandId": self.create(api)["brandId"]} for _ in range(2)]
        assert len(api.call("DELETE", "/brands", {"brands": brands}).json()["brands"]) == 2
        assert api.call("GET", "/brands").json()["brands"] == []

    def test_a_logo_comes_back_as_it_was(self, api: Api) -> None:
        path = f"/brands/{self.create(api)['brandId']}"
        assert api.call("PUT", f"{path}/logos/primary", data=PNG, headers={"Content-Type": "image/png"}).ok
        logo = api.call("GET", f"{path}/logos/primary")
        assert (logo.content, logo.headers["Content-Type"]) == (PNG, "image/png")
        assert api.call("GET", path).json()["logos"] == {"primary": f"{path}/logos/primary"}
        assert api.call("GET", f"{path}/logos/side").status_code == 400
        api.call("DELETE", f"{path}/logos/primary")
        assert api.call("GET", f"{path}/logos/primary").status_code == 404

    @pytest.mark.parametrize("is_multipart", [False, True])
    def test_a_resource_file_is_uploaded_raw_or_as_a_part(
        self, api: Api, specification: Path, is_multipart: bool
    ) -> None:
        path = f"/brands/{self.create(api)['brandId']}/resources/email"
        upload: dict[str, Any] = (
            {"files": {"file.xml": ("email.xml", XML, "application/xml")}}
            if is_multipart
            else {"data": XML, "headers": {"Content-Type": "application/xml", "Content-Disposition": "filename=e.xml"}}
        )
        data = api.call("PUT", path, **upload).json()
        assert_matches(specification, "brandResources", data)
        assert data["resourcesContentUri"] == path
        assert api.call("GET", path).content == XML
        assert api.call("GET", f"{path}?return_master=true").content != XML
        listed = api.call("GET", path.removesuffix("/email")).json()
        assert_matches(specification, "brandResourcesList", listed)


class TestWhereThingsAre:
    def test_the_services_are_told_to_anyone(self, sandbox: SandboxProcess, specification: Path) -> None:
        url = f"{sandbox.base_url}/restapi/service_information"
        data = requests.get(url, timeout=TIMEOUT_SECONDS).json()
        assert_matches(specification, "serviceInformation", data)
        version = only(data["serviceVersions"])
        resources = requests.get(version["versionUrl"], timeout=TIMEOUT_SECONDS).json()
        assert_matches(specification, "resourceInformation", resources)
        assert "accounts" in {resource["name"] for resource in resources["resources"]}

    def test_login_information_names_the_account_and_its_address(
        self, sandbox: SandboxProcess, api: Api, specification: Path
    ) -> None:
        url = f"{sandbox.base_url}/restapi/v2.1/login_information?api_password=true&include_account_id_guid=true"
        data = api.call("GET", url).json()
        assert_matches(specification, "loginAccount", only(data["loginAccounts"]))
        account = only(data["loginAccounts"])
        assert (account["accountId"], account["accountIdGuid"]) == ("10000001", sandbox.account_id)
        assert account["baseUrl"].split("/v2")[0] == f"{sandbox.base_url}/restapi"
        assert api.call("GET", account["baseUrl"]).status_code == 200
        assert data["apiPassword"]
