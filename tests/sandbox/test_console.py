"""The console for people: what its pages show, and what its forms do."""

import re

import pytest
import requests

from sandbox.robot import Robot
from tests.sandbox_process import SandboxProcess

from .api import Api, signer
from .listener import Listener
from .test_connect import one_signer


class Person:
    """Someone with a browser: follows redirects, sends forms with their CSRF token."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.base_url = sandbox.base_url
        self.session = requests.Session()

    def see(self, path: str) -> str:
        response = self.session.get(self.base_url + path, timeout=20)
        assert response.status_code == 200, response.text
        return response.text

    def send(self, path: str, form: dict[str, str], *, on: str, status: int = 200) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.see(on))
        assert token
        data = {"csrfmiddlewaretoken": token[1]} | form
        response = self.session.post(self.base_url + path, data=data, timeout=20)
        assert response.status_code == status, response.text
        return response.text


@pytest.fixture
def person(sandbox: SandboxProcess) -> Person:
    return Person(sandbox)


@pytest.mark.parametrize(
    "page", ["", "mailbox", "requests", "connect", "consent", "faults", "settings", "?q=nothing&status=sent&page=9"]
)
def test_every_page_opens_on_an_empty_sandbox(person: Person, page: str) -> None:
    assert "Not legally binding" in person.see(f"/console/{page}")


def test_the_front_page_leads_to_the_console(person: Person) -> None:
    assert 'href="/console/"' in person.see("/")


def test_envelopes_are_found_by_subject_person_and_state(api: Api, person: Person) -> None:
    api.envelope(emailSubject="Apples", recipients={"signers": [signer(name="Ann Bee")]})
    api.envelope(emailSubject="Pears")
    both = person.see("/console/")
    assert "Apples" in both
    assert "Pears" in both
    for query in ("q=apple", "q=ann", "q=Apples&status=sent"):
        page = person.see(f"/console/?{query}")
        assert "Apples" in page
        assert "Pears" not in page
    assert "Apples" not in person.see("/console/?status=voided")


def test_long_lists_come_in_pages(api: Api, person: Person) -> None:
    for number in range(51):
        api.envelope(emailSubject=f"No. {number:03}")
    first, second = person.see("/console/"), person.see("/console/?page=2")
    assert "No. 050" in first
    assert "No. 000" not in first
    assert "No. 000" in second


def test_one_envelope_shows_its_life(api: Api, sandbox: SandboxProcess, person: Person, listener: Listener) -> None:
    envelope_id = api.envelope(emailSubject="Apples", **one_signer(listener))
    Robot().sign(api.view_url(envelope_id), signature="Ann Bee")
    sandbox.deliver()
    page = person.see(f"/console/envelopes/{envelope_id}")
    for part in ("Apples", "completed", "Signer 1", "Opened", "Signed", "envelope-completed", "Doc 1"):
        assert part in page


def test_its_documents_can_be_read(api: Api, person: Person) -> None:
    envelope_id = api.envelope()
    for name in ("1", "combined", "certificate"):
        url = f"{person.base_url}/console/envelopes/{envelope_id}/documents/{name}"
        response = person.session.get(url, timeout=20)
        assert response.content.startswith(b"%PDF"), name


def test_a_person_can_open_the_ceremony_as_whose_turn_it_is(api: Api, person: Person) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1), signer(2)]})
    page = f"/console/envelopes/{envelope_id}"
    forms = re.findall(r'action="(/console/envelopes/[^"]+/open)"', person.see(page))
    assert len(forms) == 1  # it is not the second signer's turn
    assert "Signer 1" in person.send(forms[0], {}, on=page)
    assert api.states(envelope_id)[1] == ["delivered", "created"]


def test_remote_signers_sign_from_the_mailbox(api: Api, sandbox: SandboxProcess, person: Person) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(clientUserId=None)]})
    mail_page = re.search(r'href="(/console/mailbox/[^"]+)"', person.see("/console/mailbox"))
    assert mail_page
    button = re.search(r'href="([^"]+/EmailStart/[^"]+)"', person.see(mail_page[1]))
    assert button
    Robot().sign(button[1])
    assert api.states(envelope_id) == ("completed", ["completed"])


def test_the_log_of_requests_is_filtered_and_shown_in_full(api: Api, person: Person) -> None:
    api.envelope(emailSubject="Apples")
    api.call("GET", "/envelopes")
    assert "INVALID_REQUEST_PARAMETER" in person.see("/console/requests?outcome=refused")
    created = person.see("/console/requests?method=POST")
    assert "INVALID_REQUEST_PARAMETER" not in created
    detail = re.search(r'href="(/console/requests/[^"]+)"', created)
    assert detail
    assert "Apples" in person.see(detail[1])


def test_a_message_is_delivered_once_more(
    api: Api, sandbox: SandboxProcess, person: Person, listener: Listener
) -> None:
    api.envelope(**one_signer(listener, events=["envelope-sent"]))
    sandbox.deliver()
    page = re.search(r'href="(/console/connect/[^"]+)"', person.see("/console/connect"))
    assert page
    person.send(f"{page[1]}/replay", {}, on=page[1])
    assert listener.events == ["envelope-sent", "envelope-sent"]


def test_the_clock_goes_forward_and_back_to_now(sandbox: SandboxProcess, person: Person) -> None:
    page = person.send("/console/clock", {"seconds": "3600", "here": "/console/mailbox"}, on="/console/mailbox")
    assert "<h1>Mailbox</h1>" in page
    assert sandbox.control("GET", "clock")["offset_seconds"] == pytest.approx(3600, abs=1)
    person.send("/console/clock", {"deed": "now"}, on="/console/")
    assert sandbox.control("GET", "clock")["offset_seconds"] == 0


def test_forms_lead_nowhere_else(person: Person) -> None:
    page = person.send("/console/clock", {"seconds": "1", "here": "https://evil.example/console"}, on="/console/")
    assert "<h1>Envelopes</h1>" in page


def test_consent_is_revoked_and_granted(sandbox: SandboxProcess, person: Person) -> None:
    key, user = sandbox.config["DOCUSIGN_INTEGRATION_KEY"], sandbox.config["DOCUSIGN_USER_ID"]
    assert "impersonation" in person.see("/console/consent")
    revoked = person.send("/console/consent", {"key": key, "user": user, "deed": "revoke"}, on="/console/consent")
    assert "impersonation" not in revoked
    granted = person.send("/console/consent", {"key": key, "user": user, "deed": "grant"}, on="/console/consent")
    assert "impersonation" in granted


def test_a_fault_is_ordered_and_removed(api: Api, person: Person) -> None:
    form = {"kind": "error", "errorCode": "USER_LACKS_PERMISSIONS", "count": "2"}
    page = person.send("/console/faults", form, on="/console/faults")
    query = "/envelopes?from_date=2020-01-01"
    assert api.call("GET", query).json()["errorCode"] == "USER_LACKS_PERMISSIONS"
    fault = re.search(r'name="fault" value="([^"]+)"', page)
    assert fault
    person.send("/console/faults", {"deed": "remove", "fault": fault[1]}, on="/console/faults")
    assert api.call("GET", query).status_code == 200


@pytest.mark.parametrize("count", ["many", "nan", "inf", "0", "1.5"])
def test_a_fault_that_makes_no_sense_is_refused_on_the_page(
    sandbox: SandboxProcess, person: Person, count: str
) -> None:
    page = person.send("/console/faults", {"kind": "error", "count": count}, on="/console/faults", status=400)
    assert "count must be a number" in page
    assert sandbox.control("GET", "faults")["faults"] == []


def test_limits_and_behaviour_are_set(sandbox: SandboxProcess, person: Person) -> None:
    limits = {"hourly": "7", "burst": "6", "envelope_hourly": "5", "envelope_burst": "4"}
    person.send("/console/settings", {"deed": "limits"} | limits, on="/console/settings")
    assert sandbox.control("GET", "limits") == {name: int(value) for name, value in limits.items()}
    current = sandbox.control("GET", "settings")
    form = {name: "on" if value is True else str(value) for name, value in current.items() if value is not False}
    person.send("/console/settings", form | {"RECIPIENT_VIEW_SECONDS": "60"}, on="/console/settings")
    assert sandbox.control("GET", "settings") == current | {"RECIPIENT_VIEW_SECONDS": 60}


def test_the_sandbox_is_reset(api: Api, person: Person) -> None:
    api.envelope(emailSubject="Apples")
    person.send("/console/settings/reset", {}, on="/console/settings")
    assert "Apples" not in person.see("/console/")


def test_forms_of_other_sites_are_refused(sandbox: SandboxProcess) -> None:
    for path in ("clock", "settings/reset", "faults", "consent"):
        response = requests.post(f"{sandbox.base_url}/console/{path}", data={"seconds": "60"}, timeout=10)
        assert response.status_code == 403, path
    assert sandbox.control("GET", "clock")["offset_seconds"] == 0


@pytest.mark.parametrize("path", ["envelopes/none", "mailbox/none", "requests/none", "connect/none", "nothing"])
def test_what_is_not_there_is_not_found(person: Person, path: str) -> None:
    assert person.session.get(f"{person.base_url}/console/{path}", timeout=10).status_code == 404
