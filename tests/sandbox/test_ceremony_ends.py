"""How a ceremony ends: every event for its real cause, and where the browser goes (reference 3.1, 3.2)."""

import re
from typing import Any

import pytest
import requests

from sandbox.robot import CeremonyRefusedError, Robot
from tests.sandbox_process import SandboxProcess

from .api import RETURN_URL, TIMEOUT_SECONDS, Api, signer
from .ceremony import SIGN, Session, tabs_of


def one_signer(api: Api, **options: Any) -> str:
    return api.envelope(recipients={"signers": [signer(1)]}, **options)


def actions_of(api: Api, envelope_id: str) -> list[str]:
    events = api.get(envelope_id, "/audit_events")["auditEvents"]
    return [field["value"] for event in events for field in event["eventFields"] if field["name"] == "Action"]


def link_mailed_to(sandbox: SandboxProcess, email: str) -> str:
    link: str = sandbox.mails(to=email)[-1]["link"]
    return link


class TestClientUrls:
    def test_an_event_has_an_address_of_its_own(self, api: Api) -> None:
        urls = {"onSigningComplete": "https://a.example/done?x=1", "onDecline": "https://a.example/no"}
        envelope_id = one_signer(api)
        assert Robot().sign(api.view_url(envelope_id, clientURLs=urls)) == "https://a.example/done?x=1"

    def test_any_other_event_goes_to_the_return_url(self, api: Api) -> None:
        url = api.view_url(one_signer(api), clientURLs={"onDecline": "https://a.example/no"})
        assert Robot().finish_later(url) == f"{RETURN_URL}&event=cancel"


class TestExceptions:
    def test_an_ordered_fault_ends_the_session(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = one_signer(api)
        url = api.view_url(envelope_id)
        sandbox.fail_next(target="ceremony", method="POST", path_contains="/finish")
        assert Robot().sign(url) == f"{RETURN_URL}&event=exception"
        assert api.states(envelope_id) == ("delivered", ["delivered"])
        assert Robot().sign(api.view_url(envelope_id)).endswith("event=signing_complete")

    def test_it_may_strike_after_the_signature_was_kept(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = one_signer(api)
        url = api.view_url(envelope_id)
        sandbox.fail_next(target="ceremony", method="POST", path_contains="/finish", when="after")
        assert Robot().sign(url).endswith("event=exception")
        assert api.states(envelope_id) == ("completed", ["completed"])

    def test_it_may_strike_at_the_door(self, api: Api, sandbox: SandboxProcess) -> None:
        url = api.view_url(one_signer(api))
        sandbox.fail_next(target="ceremony", method="GET", path_contains="/MTRedeem/")
        assert Robot().sign(url).endswith("event=exception")


class TestPaper:
    def test_signing_on_paper_is_fax_pending(self, api: Api) -> None:
        envelope_id = one_signer(api)
        assert Robot().sign_on_paper(api.view_url(envelope_id)).endswith("event=fax_pending")
        assert api.states(envelope_id)[1] == ["faxpending"]

    def test_whoever_chose_paper_may_sign_here_after_all(self, api: Api) -> None:
        envelope_id = one_signer(api)
        Robot().sign_on_paper(api.view_url(envelope_id))
        assert Robot().sign(api.view_url(envelope_id)).endswith("event=signing_complete")
        assert api.states(envelope_id) == ("completed", ["completed"])

    def test_not_where_the_envelope_forbids_it(self, api: Api) -> None:
        envelope_id = one_signer(api, enableWetSign="false")
        assert Robot().sign_on_paper(api.view_url(envelope_id)).endswith("event=viewing_complete")
        assert api.states(envelope_id)[1] == ["delivered"]


class TestAssigningToSomeoneElse:
    def envelope(self, api: Api) -> str:
        tabs = SIGN | {"fullNameTabs": [{"anchorString": "/sn2/"}], "textTabs": [{"anchorString": "/sn3/"}]}
        return api.envelope(recipients={"signers": [signer(1, tabs=tabs)]})

    def test_they_take_the_place_and_sign_from_an_email(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = self.envelope(api)
        return_url = Robot().delegate(api.view_url(envelope_id), "Dee Legate", "dee@example.com", "On leave")
        assert return_url.endswith("event=cancel")
        (now,) = api.get(envelope_id)["recipients"]["signers"]
        assert (now["name"], now["email"], now["status"]) == ("Dee Legate", "dee@example.com", "sent")
        assert "clientUserId" not in now
        Robot().sign(link_mailed_to(sandbox, "dee@example.com"), signature="Dee Legate")
        assert api.states(envelope_id) == ("completed", ["completed"])
        assert tabs_of(api, envelope_id)["fullNameTabs"][0]["value"] == "Dee Legate"

    def test_it_is_on_record(self, api: Api) -> None:
        envelope_id = self.envelope(api)
        Robot().delegate(api.view_url(envelope_id), "Dee Legate", "dee@example.com", "On leave")
        assert "Reassigned" in actions_of(api, envelope_id)

    def test_whoever_handed_it_on_is_out(self, api: Api) -> None:
        envelope_id = self.envelope(api)
        still_open = Session(api.view_url(envelope_id))
        Robot().delegate(api.view_url(envelope_id), "Dee Legate", "dee@example.com")
        assert still_open.finish()[0] == "cancel"
        assert api.view(envelope_id).json()["errorCode"] == "UNKNOWN_ENVELOPE_RECIPIENT"

    @pytest.mark.parametrize(("name", "email"), [("", "dee@example.com"), ("Dee", "nowhere"), ("x" * 101, "d@e.fg")])
    def test_a_name_and_an_address_are_needed(self, api: Api, name: str, email: str) -> None:
        with pytest.raises(CeremonyRefusedError, match="Please give the"):
            Robot().delegate(api.view_url(self.envelope(api)), name, email)

    def test_not_to_who_signs_at_the_same_time_anyway(self, api: Api) -> None:
        signers = [signer(1, 1), signer(2, 1)]
        envelope_id = api.envelope(recipients={"signers": signers})
        with pytest.raises(CeremonyRefusedError, match="among the signers already"):
            Robot().delegate(api.view_url(envelope_id), "Signer 2", "s2@example.com")

    def test_not_where_the_envelope_forbids_it(self, api: Api) -> None:
        envelope_id = one_signer(api, allowReassign="false")
        Robot().delegate(api.view_url(envelope_id), "Dee Legate", "dee@example.com")
        assert api.get(envelope_id)["recipients"]["signers"][0]["name"] == "Signer 1"


class TestFromAnEmail:
    def envelope(self, api: Api) -> str:
        return api.envelope(recipients={"signers": [signer(1, clientUserId=None)]})

    def test_the_ceremony_ends_on_a_page_of_its_own(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = self.envelope(api)
        ended = Robot().sign(link_mailed_to(sandbox, "s1@example.com"))
        assert ended.startswith(sandbox.base_url)
        assert ended.endswith("?event=signing_complete")
        assert "You’re done" in requests.get(ended, timeout=TIMEOUT_SECONDS).text
        assert api.states(envelope_id) == ("completed", ["completed"])

    def test_the_button_works_again_and_again(self, api: Api, sandbox: SandboxProcess) -> None:
        self.envelope(api)
        link = link_mailed_to(sandbox, "s1@example.com")
        assert Robot().finish_later(link).endswith("event=cancel")
        sandbox.advance(3600)
        assert Robot().sign(link).endswith("event=signing_complete")
        assert Robot().sign(link).endswith("event=viewing_complete")

    def test_declining_ends_the_envelope(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = self.envelope(api)
        assert Robot().decline(link_mailed_to(sandbox, "s1@example.com"), "No").endswith("event=decline")
        assert api.states(envelope_id) == ("declined", ["declined"])

    def test_an_email_of_someone_who_was_replaced_leads_nowhere(self, api: Api, sandbox: SandboxProcess) -> None:
        envelope_id = self.envelope(api)
        link = link_mailed_to(sandbox, "s1@example.com")
        changed = {"signers": [{"recipientId": "1", "name": "Other", "email": "other@example.com"}]}
        api.call("PUT", f"/envelopes/{envelope_id}/recipients", changed)
        assert requests.get(link, timeout=TIMEOUT_SECONDS).status_code == 410

    def test_an_email_that_never_was_is_a_404(self, sandbox: SandboxProcess) -> None:
        url = f"{sandbox.base_url}/Signing/EmailStart/nothing"
        assert requests.get(url, timeout=TIMEOUT_SECONDS).status_code == 404


class TestReadingOnly:
    def test_a_certified_delivery_is_finished_by_looking(self, api: Api) -> None:
        receiver = signer(1, tabs={})
        envelope_id = api.envelope(recipients={"certifiedDeliveries": [receiver], "signers": [signer(2)]})
        assert Robot().sign(api.view_url(envelope_id)).endswith("event=viewing_complete")
        assert api.get(envelope_id)["recipients"]["certifiedDeliveries"][0]["status"] == "completed"

    def test_a_carbon_copy_is_for_reading(self, api: Api) -> None:
        envelope_id = api.envelope(recipients={"carbonCopies": [signer(1, tabs={})], "signers": [signer(2)]})
        assert "A copy for you to read" in requests.get(api.view_url(envelope_id), timeout=TIMEOUT_SECONDS).text
        assert Robot().sign(api.view_url(envelope_id)).endswith("event=viewing_complete")

    @pytest.mark.parametrize("kind", ["agents", "editors", "intermediaries"])
    def test_who_passes_documents_on_says_so(self, api: Api, kind: str) -> None:
        envelope_id = api.envelope(recipients={kind: [signer(1, tabs={})], "signers": [signer(2)]})
        assert Robot().sign(api.view_url(envelope_id)).endswith("event=viewing_complete")
        assert api.states(envelope_id)[1] == ["sent"]

    def test_a_preview_changes_nothing(self, api: Api) -> None:
        envelope_id = one_signer(api, status="created")
        answer = api.call("POST", f"/envelopes/{envelope_id}/views/recipient_preview", {"returnUrl": RETURN_URL})
        url = answer.json()["url"]
        assert "This is what Signer 1 will see" in requests.get(url, timeout=TIMEOUT_SECONDS).text
        again = api.call("POST", f"/envelopes/{envelope_id}/views/recipient_preview", {"returnUrl": RETURN_URL})
        assert Robot().sign(again.json()["url"]).endswith("event=viewing_complete")
        assert api.states(envelope_id) == ("created", ["created"])


def test_a_busy_signer_is_not_timed_out(api: Api, sandbox: SandboxProcess) -> None:
    session = Session(api.view_url(one_signer(api)))
    for _ in range(3):
        sandbox.advance(15 * 60)
        assert requests.get(f"{session.url}/alive", timeout=TIMEOUT_SECONDS).status_code == 204
    assert session.finish()[0] == "signing_complete"


def test_the_page_knows_where_to_ping_and_how_often(api: Api) -> None:
    url = api.view_url(one_signer(api), pingUrl="https://a.example/ping?s=1", pingFrequency="120")
    page = requests.get(url, timeout=TIMEOUT_SECONDS)
    assert re.search(r'data-ping-url="https://a\.example/ping\?s=1" data-ping-seconds="120"', page.text)
    assert "connect-src 'self' https://a.example;" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("return_url", ["http://[", "javascript:alert(1)", "//"])
def test_a_return_url_that_leads_nowhere_is_no_accident(api: Api, return_url: str) -> None:
    response = api.view(one_signer(api), returnUrl=return_url)
    if response.status_code == 201:
        answer = requests.post(
            f"{Session(response.json()['url']).url}/later", allow_redirects=False, timeout=TIMEOUT_SECONDS
        )
        assert answer.status_code < 500
    else:
        assert response.status_code == 400
