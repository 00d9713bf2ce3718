"""Bulk send: copies on their way, and what is done to all of them (reference 6)."""

import pytest

from tests.sandbox_process import SandboxProcess

from .api import Api
from .bulk_files import COPY, SIGNER, batch, copy, counts, create_list, draft, envelopes, person, send, sent
from .people import only
from .template_files import create_template

DAY_SECONDS = 24 * 3600
UNKNOWN = "44efc9e6-915e-4b1d-9b54-801410d6922d"


class TestSending:
    def test_the_answer_tells_of_the_batch(self, api: Api) -> None:
        source_id = draft(api)
        data = send(api, create_list(api), source_id).json()
        assert (data["batchName"], data["batchSize"], data["envelopeOrTemplateId"]) == ("April", "2", source_id)
        assert (data["queueLimit"], data["errors"], data["errorDetails"]) == ("2000", [], [])

    def test_every_copy_becomes_an_envelope_of_its_own(self, api: Api) -> None:
        batch_id = sent(api)
        assert counts(api, batch_id) == ("2", "0", "0")
        found = envelopes(api, batch_id)
        assert [envelope["status"] for envelope in found] == ["sent", "sent"]
        people = [only(envelope["recipients"]["signers"]) for envelope in found]
        assert [(one["name"], one["email"]) for one in people] == [
            ("Person 1", "p1@example.com"),
            ("Person 2", "p2@example.com"),
        ]
        assert [only(envelope["recipients"]["carbonCopies"])["name"] for envelope in found] == ["Copied 1", "Copied 2"]

    def test_the_draft_itself_stays_a_draft(self, api: Api) -> None:
        source_id = draft(api)
        sent(api, source_id=source_id)
        assert api.get(source_id)["status"] == "created"

    def test_a_template_can_be_sent_too(self, api: Api) -> None:
        template_id = create_template(api, recipients={"signers": [SIGNER], "carbonCopies": [COPY]})
        assert counts(api, sent(api, source_id=template_id)) == ("2", "0", "0")

    def test_a_copy_brings_values_fields_and_words(self, api: Api) -> None:
        source_id = draft(api, customFields={"textCustomFields": [{"name": "case", "value": "?"}]})
        own = copy(
            recipients=[person(tabs=[{"tabLabel": "City", "initialValue": "Oslo"}], note="Hi"), person(2, "cc")],
            customFields=[{"name": "case", "value": "42"}],
            emailSubject="For [[signer_UserName]]",
            emailBlurb="Quickly",
        )
        envelope = only(envelopes(api, sent(api, own, source_id=source_id)))
        signer = only(envelope["recipients"]["signers"])
        assert (only(signer["tabs"]["textTabs"])["value"], signer["note"]) == ("Oslo", "Hi")
        assert only(envelope["customFields"]["textCustomFields"])["value"] == "42"
        assert (envelope["emailSubject"], envelope["emailBlurb"]) == ("For Person 1", "Quickly")

    def test_the_mailing_lists_id_goes_with_every_envelope(self, api: Api) -> None:
        """As Docusign's own example writes it on the draft before sending."""
        source_id, list_id = draft(api), create_list(api)
        field = {"name": "mailingListId", "value": list_id, "required": "false", "show": "false"}
        api.call("POST", f"/envelopes/{source_id}/custom_fields", {"textCustomFields": [field]})
        batch_id = send(api, list_id, source_id).json()["batchId"]
        api.sandbox.advance(60)
        for envelope in envelopes(api, batch_id):
            assert only(envelope["customFields"]["textCustomFields"])["value"] == list_id

    def test_recipients_may_be_meant_by_id(self, api: Api) -> None:
        people = [person(role_name=None, recipientId="1"), person(2, role_name=None, recipientId="2")]
        envelope = only(envelopes(api, sent(api, {"recipients": people})))
        assert only(envelope["recipients"]["signers"])["name"] == "Person 1"

    def test_a_copy_may_be_for_an_embedded_signer(self, api: Api, sandbox: SandboxProcess) -> None:
        own = copy(recipients=[person(clientUserId="c9"), person(2, "cc")])
        envelope = only(envelopes(api, sent(api, own)))
        view = api.view(envelope["envelopeId"], email="p1@example.com", userName="Person 1", clientUserId="c9")
        assert view.status_code == 201
        assert sandbox.mails(to="p1@example.com") == []

    def test_who_is_fixed_in_the_draft_stays(self, api: Api) -> None:
        fixed = COPY | {"name": "Fix Ed", "email": "fixed@example.com"}
        source_id = draft(api, recipients={"signers": [SIGNER], "carbonCopies": [fixed]})
        envelope = only(envelopes(api, sent(api, {"recipients": [person()]}, source_id=source_id)))
        assert only(envelope["recipients"]["carbonCopies"])["email"] == "fixed@example.com"

    def test_sending_is_metered(self, api: Api, sandbox: SandboxProcess) -> None:
        response = send(api, create_list(api, *(copy(number) for number in range(100))), draft(api))
        batch_id = response.json()["batchId"]
        waiting = int(counts(api, batch_id)[1])
        sandbox.advance(10)
        assert waiting > 0
        assert counts(api, batch_id) == ("100", "0", "0")

    def test_a_copy_that_fails_late_is_told_in_bulk_errors(self, api: Api, sandbox: SandboxProcess) -> None:
        source_id = draft(api)
        batch_id = send(api, create_list(api, *(copy(number) for number in range(100))), source_id).json()["batchId"]
        api.call("PUT", f"/envelopes/{source_id}", {"status": "sent"})
        sandbox.advance(10)
        data = batch(api, batch_id)
        failed = int(data["failed"])
        assert (failed > 0, data["queued"]) == (True, "0")
        assert int(data["sent"]) + failed == 100
        assert len(data["bulkErrors"]) == failed
        assert data["bulkErrors"][-1]["recipientEmails"] == ["p99@example.com", "cc99@example.com"]
        assert "BULK_SEND_ENVELOPE_NOT_IN_SENDABLE_STATE" in data["bulkErrors"][-1]["errorMessage"]


class TestBatches:
    def test_a_batch_tells_where_it_comes_from(self, api: Api) -> None:
        source_id, list_id = draft(api), create_list(api)
        batch_id = send(api, list_id, source_id).json()["batchId"]
        data = batch(api, batch_id)
        assert (data["batchSize"], data["envelopeIdOrTemplateId"], data["mailingListId"]) == ("2", source_id, list_id)
        assert (data["mailingListName"], data["senderUserId"]) == ("Spring", api.sandbox.config["DOCUSIGN_USER_ID"])
        assert data["envelopesUri"] == f"/bulk_send_batch/{batch_id}/envelopes"

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", ["May", "April"]),
            ("count=1", ["May"]),
            ("count=1&start_position=1", ["April"]),
            ("search_text=apr", ["April"]),
            ("status=sent", ["May", "April"]),
            ("status=failed", []),
            ("status=queued", []),
            ("from_date=2126-01-01", []),
            (f"batch_ids={UNKNOWN}", []),
        ],
    )
    def test_batches_are_listed(self, api: Api, query: str, names: list[str]) -> None:
        first = sent(api)
        other = sent(api)
        api.call("PUT", f"/bulk_send_batch/{other}", {"batchName": "May"})
        data = api.call("GET", f"/bulk_send_batch?{query}").json()
        assert [one["batchName"] for one in data["bulkBatchSummaries"]] == names
        assert (data["batchSizeLimit"], data["queueLimit"], data["totalQueued"]) == ("1000", "2000", "0")
        assert batch(api, first)["batchName"] == "April"

    def test_an_unknown_batch_or_status_is_refused(self, api: Api) -> None:
        missing = api.call("GET", f"/bulk_send_batch/{UNKNOWN}")
        assert missing.json()["errorCode"] == "BULK_SEND_BATCH_DOES_NOT_EXIST"
        wrong = api.call("GET", "/bulk_send_batch?status=lost")
        assert wrong.json()["errorCode"] == "INVALID_REQUEST_PARAMETER"

    def test_its_envelopes_come_in_pages(self, api: Api) -> None:
        batch_id = sent(api, copy(1), copy(2), copy(3))
        data = batch(api, batch_id, "/envelopes?count=2")
        assert (len(data["envelopes"]), data["totalSetSize"]) == (2, "3")
        assert data["nextUri"] == f"/bulk_send_batch/{batch_id}/envelopes?count=2&start_position=2"

    def test_all_of_them_are_voided(self, api: Api) -> None:
        batch_id = sent(api)
        path = f"/bulk_send_batch/{batch_id}/void"
        assert api.call("PUT", path, {}).json()["errorCode"] == "INVALID_REQUEST_PARAMETER"
        data = api.call("PUT", path, {"voidReason": "Wrong paper"}).json()
        assert (data["action"], data["actionStatus"]) == ("void", "completed")
        assert {(one["status"], one["voidedReason"]) for one in envelopes(api, batch_id)} == {("voided", "Wrong paper")}

    def test_voiding_stops_what_still_waits(self, api: Api, sandbox: SandboxProcess) -> None:
        response = send(api, create_list(api, *(copy(number) for number in range(100))), draft(api))
        batch_id = response.json()["batchId"]
        api.call("PUT", f"/bulk_send_batch/{batch_id}/void", {"voidReason": "Stop"})
        done = counts(api, batch_id)
        sandbox.advance(60)
        assert counts(api, batch_id) == done
        assert (done[1], int(done[0]) + int(done[2])) == ("0", 100)

    def test_all_of_them_are_sent_again(self, api: Api, sandbox: SandboxProcess) -> None:
        batch_id = sent(api)
        assert api.call("PUT", f"/bulk_send_batch/{batch_id}/resend", {}).status_code == 200
        assert len(sandbox.mails(to="p1@example.com")) == 2

    def test_all_of_them_get_new_deadlines(self, api: Api, sandbox: SandboxProcess) -> None:
        batch_id = sent(api)
        expirations = {"expireEnabled": "true", "expireAfter": "3", "expireWarn": "0"}
        body = {"notification": {"expirations": expirations}}
        assert api.call("PUT", f"/bulk_send_batch/{batch_id}/correct", body).status_code == 200
        sandbox.advance(4 * DAY_SECONDS)
        assert {one["status"] for one in envelopes(Api(sandbox), batch_id)} == {"voided"}

    def test_an_unknown_action_is_refused(self, api: Api) -> None:
        response = api.call("PUT", f"/bulk_send_batch/{sent(api)}/burn", {})
        assert response.json()["errorCode"] == "INVALID_REQUEST_PARAMETER"
