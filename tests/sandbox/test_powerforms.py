"""PowerForms: their JSON, and the public page (reference 7.1)."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.robot import Robot
from tests.sandbox_process import SandboxProcess

from .api import TIMEOUT_SECONDS, Api
from .people import only
from .template_files import COPY, SIGNER, create_template

DAY_SECONDS = 24 * 3600
ANN = {"name-0": "Ann Bee", "email-0": "ann@example.com"}
UNKNOWN = "44efc9e6-915e-4b1d-9b54-801410d6922d"
OPEN_TEXT = {"documentId": "1", "pageNumber": "1", "xPosition": "100", "yPosition": "300", "tabLabel": "City"}
BUYER = SIGNER | {"tabs": {"signHereTabs": [{"anchorString": "/sn1/"}], "textTabs": [OPEN_TEXT]}}
WITNESS = COPY | {"name": "Will Ness", "email": "will@example.com"}


def create(api: Api, **changes: Any) -> dict[str, Any]:
    template_id = changes.pop("templateId", "") or create_template(api, recipients={"signers": [BUYER]})
    body = {"templateId": template_id, "name": "Join us", "signingMode": "direct"} | changes
    response = api.call("POST", "/powerforms", body)
    assert response.status_code == 201, response.text
    form: dict[str, Any] = response.json()
    return form


def read(api: Api, form: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.call("GET", f"/powerforms/{form['powerFormId']}").json()
    return found


def visit(form: dict[str, Any], query: str = "") -> requests.Response:
    return requests.get(form["powerFormUrl"] + query, timeout=TIMEOUT_SECONDS)


def fill(form: dict[str, Any], query: str = "", **people: str) -> requests.Response:
    return requests.post(
        form["powerFormUrl"] + query, data=ANN | people, allow_redirects=False, timeout=TIMEOUT_SECONDS
    )


def made(api: Api) -> list[dict[str, Any]]:
    found = api.call("GET", "/envelopes?from_date=2020-01-01&include=recipients,tabs").json()
    envelopes: list[dict[str, Any]] = found.get("envelopes", [])
    return envelopes


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" [^>]*?value="([^"]*)"', page) or re.search(
        rf'name="{name}" value="([^"]*)"', page
    )
    assert found, f"no field {name}"
    return found[1]


class TestJson:
    def test_a_form_is_made_of_a_template(self, api: Api) -> None:
        form = create(api)
        assert (form["name"], form["templateName"], form["isActive"]) == ("Join us", "Sale", "true")
        assert (form["timesUsed"], form["usesRemaining"]) == ("0", "Unlimited")
        assert form["senderUserId"] == api.sandbox.config["DOCUSIGN_USER_ID"]
        role = only(form["recipients"])
        assert (role["roleName"], role["recipientType"], role["routingOrder"]) == ("Buyer", "signer", "1")
        assert read(api, form) == form

    def test_its_address_is_docusigns(self, api: Api) -> None:
        form = create(api)
        address = urlsplit(form["powerFormUrl"])
        assert f"{address.scheme}://{address.netloc}" == api.sandbox.base_url
        assert address.path == "/Member/PowerFormSigning.aspx"
        query = f"PowerFormId={form['powerFormId']}&env=demo&acct={api.sandbox.account_id}&v=2"
        assert address.query == query

    def test_forms_are_listed_changed_and_deleted(self, api: Api) -> None:
        first, second = create(api, name="B"), create(api, name="A")
        listed = api.call("GET", "/powerforms?order_by=name").json()
        assert ([one["name"] for one in listed["powerForms"]], listed["totalSetSize"]) == (["A", "B"], 2)
        api.call("PUT", f"/powerforms/{first['powerFormId']}", {"instructions": "Read well", "isActive": "false"})
        changed = read(api, first)
        assert (changed["instructions"], changed["isActive"], changed["name"]) == ("Read well", "false", "B")
        assert api.call("DELETE", f"/powerforms/{first['powerFormId']}").status_code == 200
        gone = {"powerForms": [{"powerFormId": second["powerFormId"]}]}
        assert (
            only(api.call("DELETE", "/powerforms", gone).json()["powerForms"])["powerFormId"] == second["powerFormId"]
        )
        assert api.call("GET", "/powerforms").json()["powerForms"] == []

    def test_senders_are_told(self, api: Api) -> None:
        create(api)
        sender = only(api.call("GET", "/powerforms/senders").json()["powerFormSenders"])
        assert sender["userId"] == api.sandbox.config["DOCUSIGN_USER_ID"]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"templateId": UNKNOWN}, "TEMPLATE_ID_INVALID"),
            ({"signingMode": "later"}, "INVALID_REQUEST_PARAMETER"),
            ({"limitUseIntervalUnits": "moons"}, "INVALID_REQUEST_PARAMETER"),
            ({"limitUseIntervalEnabled": "true"}, "INVALID_REQUEST_PARAMETER"),
            ({"instructions": "x" * 2001}, "INVALID_REQUEST_PARAMETER"),
            ({"usesRemaining": "many"}, "INVALID_REQUEST_PARAMETER"),
            ({"senderUserId": UNKNOWN}, "USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT"),
            ({"recipients": "x"}, "INVALID_REQUEST_BODY"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, api: Api, changes: dict[str, Any], code: str) -> None:
        template_id = create_template(api, recipients={"signers": [BUYER]})
        response = api.call("POST", "/powerforms", {"templateId": template_id} | changes)
        assert (response.status_code, response.json()["errorCode"]) == (400, code)

    def test_a_template_without_a_document_is_refused(self, api: Api) -> None:
        template_id = create_template(api, documents=[], recipients={"signers": [BUYER | {"tabs": {}}]})
        response = api.call("POST", "/powerforms", {"templateId": template_id})
        assert response.json()["errorCode"] == "INVALID_REQUEST_PARAMETER"

    def test_what_was_filled_in_is_told(self, api: Api) -> None:
        form = create(api)
        link = fill(form).headers["Location"]
        Robot().sign(api.sandbox.base_url + link, text="Oslo")
        path = f"/powerforms/{form['powerFormId']}/form_data"
        person = only(only(api.call("GET", path).json()["envelopes"])["recipients"])
        assert (person["name"], person["email"]) == ("Ann Bee", "ann@example.com")
        assert person["formData"] == [{"name": "City", "value": "Oslo"}]
        table = api.call("GET", path, headers={"Accept": "text/csv"}).text.splitlines()
        assert table[0] == "Envelope ID,Recipient 1 Name,Recipient 1 Email,Recipient 1 City"
        assert table[1].endswith(",Ann Bee,ann@example.com,Oslo")


class TestThePage:
    def test_it_asks_who_the_visitor_is(self, api: Api) -> None:
        page = visit(create(api, instructions="Bring your pen"))
        assert page.status_code == 200
        assert "Join us" in page.text
        assert "Bring your pen" in page.text
        assert (field(page.text, "name-0"), field(page.text, "email-0")) == ("", "")

    def test_a_look_makes_no_envelope(self, api: Api) -> None:
        visit(create(api))
        assert made(api) == []

    def test_its_address_may_say_who_comes(self, api: Api) -> None:
        page = visit(create(api), "&Buyer_UserName=Ann+Bee&Buyer_Email=ann@example.com").text
        assert (field(page, "name-0"), field(page, "email-0")) == ("Ann Bee", "ann@example.com")

    def test_its_address_may_fill_tabs(self, api: Api) -> None:
        fill(create(api), "&Buyer_City=Oslo")
        signer = only(only(made(api))["recipients"]["signers"])
        assert only(signer["tabs"]["textTabs"])["value"] == "Oslo"

    def test_direct_leads_straight_into_the_ceremony(self, api: Api) -> None:
        form = create(api, emailSubject="Welcome [[Buyer_UserName]]")
        response = fill(form)
        assert response.status_code == 302
        page = requests.get(api.sandbox.base_url + response.headers["Location"], timeout=TIMEOUT_SECONDS)
        assert "/Signing/session/" in page.url
        envelope = only(made(api))
        assert (envelope["emailSubject"], envelope["status"]) == ("Welcome Ann Bee", "delivered")
        assert (read(api, form)["timesUsed"], "lastUsed" in read(api, form)) == ("1", True)

    def test_email_sends_a_link_and_a_code(self, api: Api, sandbox: SandboxProcess) -> None:
        response = fill(create(api, signingMode="email", emailBody="Good day"))
        assert (response.status_code, "Look into your mail" in response.text) == (200, True)
        mail = only(sandbox.mails(to="ann@example.com"))
        code = re.search(r"validation code: (\d{6})", mail["body"])
        assert code, mail["body"]
        assert code[1] not in response.text
        signer = only(only(made(api))["recipients"]["signers"])
        assert signer["accessCode"] == code[1]

    def test_activateonly_needs_no_code(self, api: Api, sandbox: SandboxProcess) -> None:
        fill(create(api, signingMode="email"), "&activateonly=1")
        assert "code" not in only(sandbox.mails(to="ann@example.com"))["body"]
        assert "accessCode" not in only(only(made(api))["recipients"]["signers"])

    @pytest.mark.parametrize(
        ("people", "sentence"),
        [({"name-0": " "}, "Please enter a name"), ({"email-0": "ann"}, "Please enter an email address")],
    )
    def test_what_is_missing_is_asked_for_again(self, api: Api, people: dict[str, str], sentence: str) -> None:
        response = fill(create(api), **people)
        assert response.status_code == 422
        assert sentence in response.text
        assert made(api) == []

    def test_fixed_people_are_not_asked_for_and_open_ones_are(self, api: Api) -> None:
        kinds = {"signers": [BUYER, SIGNER | {"recipientId": "3", "roleName": "Seller"}], "carbonCopies": [WITNESS]}
        form = create(api, templateId=create_template(api, recipients=kinds))
        page = visit(form).text
        assert ("Seller" in page, "Witness" in page, "Will Ness" in page) == (True, False, False)
        position = re.search(r'name="name-(\d)"[^>]*>(?!.*name="name-)', page, re.DOTALL)
        assert position
        other = {f"name-{position[1]}": "Sel Ler", f"email-{position[1]}": "sel@example.com"}
        fill(form, **other)
        recipients = only(made(api))["recipients"]
        assert {one["roleName"]: one["name"] for one in recipients["signers"]} == {
            "Buyer": "Ann Bee",
            "Seller": "Sel Ler",
        }
        assert only(recipients["carbonCopies"])["email"] == "will@example.com"

    def test_a_locked_person_cannot_be_changed(self, api: Api) -> None:
        locked = {"roleName": "Buyer", "name": "Lo Cked", "email": "lo@example.com"}
        locked |= {"userNameLocked": "true", "emailLocked": "true"}
        form = create(api, recipients=[locked])
        assert field(visit(form).text, "name-0") == "Lo Cked"
        fill(form)
        assert only(only(made(api))["recipients"]["signers"])["email"] == "lo@example.com"


class TestClosed:
    def test_an_unknown_form_says_so(self, api: Api) -> None:
        form = create(api)
        page = visit({"powerFormUrl": form["powerFormUrl"].replace(form["powerFormId"], UNKNOWN)})
        assert (page.status_code, "does not exist" in page.text) == (404, True)

    def test_an_inactive_form_says_so(self, api: Api) -> None:
        form = create(api, isActive="false")
        assert (visit(form).status_code, "not open at the moment" in visit(form).text) == (410, True)
        assert fill(form).status_code == 410

    def test_a_form_ends_with_its_template(self, api: Api) -> None:
        form = create(api)
        api.call("PUT", "/folders/recyclebin", {"envelopeIds": [form["templateId"]]})
        assert (visit(form).status_code, "has been taken away" in visit(form).text) == (410, True)

    def test_a_form_is_used_only_so_often(self, api: Api) -> None:
        form = create(api, maxUseEnabled="true", usesRemaining="1")
        assert fill(form).status_code == 302
        assert (fill(form).status_code, "as often as it may be" in visit(form).text) == (410, True)
        assert (read(api, form)["usesRemaining"], read(api, form)["timesUsed"]) == ("0", "1")
        assert len(made(api)) == 1

    def test_the_same_person_has_to_wait(self, api: Api, sandbox: SandboxProcess) -> None:
        limit = {"limitUseIntervalEnabled": "true", "limitUseInterval": "2", "limitUseIntervalUnits": "days"}
        form = create(api, **limit)
        assert fill(form).status_code == 302
        again = fill(form, **{"email-0": "ANN@example.com"})
        assert (again.status_code, "once in 2 days" in again.text) == (410, True)
        assert fill(form, **{"email-0": "bob@example.com"}).status_code == 302
        sandbox.advance(2 * DAY_SECONDS + 1)
        assert fill(form).status_code == 302

    def test_direct_mode_can_be_forbidden_for_the_account(self, api: Api) -> None:
        api.call("PUT", "/settings", {"enablePowerFormDirect": "false"})
        template_id = create_template(api, recipients={"signers": [BUYER]})
        refused = api.call("POST", "/powerforms", {"templateId": template_id, "signingMode": "direct"})
        assert refused.json()["errorCode"] == "ACCOUNT_LACKS_PERMISSIONS"
        assert create(api, templateId=template_id, signingMode="email")["signingMode"] == "email"

    def test_its_envelopes_are_listed_by_the_form(self, api: Api) -> None:
        form, other = create(api), create(api)
        fill(form)
        listed = [
            api.call("GET", f"/envelopes?from_date=2020-01-01&powerformids={f['powerFormId']}") for f in (form, other)
        ]
        assert [answer.json()["totalSetSize"] for answer in listed] == ["1", "0"]
