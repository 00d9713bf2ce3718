"""Bulk send: lists, what fits what, batches on their way (reference 6)."""

from typing import Any

import pytest

from tests.sandbox_process import SandboxProcess

from .api import Api
from .bulk_files import COPY, SIGNER, batch, bulk_list, copy, counts, create_list, draft, envelopes, person, send, sent
from .people import act_as, alex_of, only
from .template_files import create_template

DAY_SECONDS = 24 * 3600
UNKNOWN = "44efc9e6-915e-4b1d-9b54-801410d6922d"


def check(api: Api, list_id: str, source_id: str | None) -> list[str]:
    """The codes that the test finds, without their common beginning."""
    response = api.call("POST", f"/bulk_send_lists/{list_id}/test", {"envelopeOrTemplateId": source_id})
    assert response.status_code == 201, response.text
    data = response.json()
    assert data["canBeSent"] is (data["validationErrors"] == [])
    assert len(data["validationErrorDetails"]) == len(data["validationErrors"])
    return [code.removeprefix("BULK_SEND_") for code in data["validationErrors"]]


def only_with(**recipient: Any) -> dict[str, Any]:
    return {"recipients": [person(**recipient)]}


class TestLists:
    def test_a_list_is_made_read_replaced_and_deleted(self, api: Api) -> None:
        created = api.call("POST", "/bulk_send_lists", bulk_list()).json()
        assert (created["name"], len(created["bulkCopies"])) == ("Spring", 2)
        path = f"/bulk_send_lists/{created['listId']}"
        assert api.call("GET", path).json() == created
        api.call("PUT", path, bulk_list(copy(3), name="Summer"))
        changed = api.call("GET", path).json()
        assert (changed["name"], len(changed["bulkCopies"])) == ("Summer", 1)
        summary = only(api.call("GET", "/bulk_send_lists").json()["bulkListSummaries"])
        assert (summary["bulkSendListId"], summary["name"]) == (created["listId"], "Summer")
        assert api.call("DELETE", path).json() == {"bulkListSummaries": []}
        assert api.call("GET", path).json()["errorCode"] == "BULK_SEND_LIST_NOT_FOUND"

    def test_each_user_has_their_own(self, api: Api, sandbox: SandboxProcess) -> None:
        list_id = create_list(api)
        alex = act_as(sandbox, alex_of(api))
        assert alex.call("GET", "/bulk_send_lists").json() == {"bulkListSummaries": []}
        assert alex.call("GET", f"/bulk_send_lists/{list_id}").json()["errorCode"] == "BULK_SEND_LIST_NOT_FOUND"

    @pytest.mark.parametrize(
        ("copies", "code"),
        [
            ([{"recipients": [person(role_name=None)]}], "RECIPIENT_ID_REQUIRED"),
            ([only_with(recipientId="1")], "CANNOT_USE_BOTH_ROLE_AND_ID_ON_SAME_RECIPIENT"),
            ([only_with(), only_with(role_name=None, recipientId="1")], "CANNOT_USE_BOTH_ROLE_AND_ID_IN_SAME_LIST"),
            ([{"recipients": [person(1), person(2)]}], "ROLE_NAMES_MUST_BE_UNIQUE"),
            ([{"recipients": [person(role_name=None, recipientId="1")] * 2}], "RECIPIENT_IDS_MUST_BE_UNIQUE"),
            ([only_with(name=None)], "RECIPIENT_NAME_REQUIRED"),
            ([only_with(email=None)], "EMAIL_ADDRESS_REQUIRED_FOR_EMAIL_RECIPIENT"),
            ([only_with(email="nobody")], "EMAIL_ADDRESS_NOT_VALID"),
            ([only_with(idCheckConfigurationName="SMS Auth $")], "INVALID_ID_CHECK_CONFIGURATION"),
            (
                [
                    only_with(
                        idCheckConfigurationName="SMS Auth $",
                        smsAuthentication={"senderProvidedNumbers": [], "x": "y"},
                    )
                ],
                "PHONE_NUMBER_REQURED_FOR_SMS_AUTH",
            ),
            (
                [
                    only_with(
                        idCheckConfigurationName="SMS Auth $",
                        smsAuthentication={"senderProvidedNumbers": ["call me"]},
                    )
                ],
                "PHONE_NUMBER_INVALID_FOR_SMS_AUTH",
            ),
            ([only_with(tabs=[{"initialValue": "x"}])], "TAB_LABEL_REQUIRED"),
            ([only_with(tabs=[{"tabLabel": "City"}])], "TAB_VALUE_REQUIRED"),
            ([only_with(tabs=[{"tabLabel": "City", "initialValue": "x"}] * 2)], "TAB_LABELS_MUST_BE_UNIQUE"),
            ([copy(customFields=[{"value": "x"}])], "ENVELOPE_CUSTOM_FIELD_NAME_REQUIRED"),
            ([copy(customFields=[{"name": "a"}])], "ENVELOPE_CUSTOM_FIELD_VALUE_REQUIRED"),
            ([copy(customFields=[{"name": "a", "value": ""}] * 2)], "ENVELOPE_CUSTOM_FIELD_NAME_MUST_BE_UNIQUE"),
            ([copy(number) for number in range(1001)], "MAX_COPIES_EXCEEDED"),
        ],
    )
    def test_what_is_wrong_in_itself_is_refused(self, api: Api, copies: list[dict[str, Any]], code: str) -> None:
        response = api.call("POST", "/bulk_send_lists", {"name": "x", "bulkCopies": copies})
        assert (response.status_code, response.json()["errorCode"]) == (400, f"BULK_SEND_{code}")
        assert api.call("GET", "/bulk_send_lists").json() == {"bulkListSummaries": []}

    @pytest.mark.parametrize("body", [{"bulkCopies": "x"}, {"bulkCopies": [{"recipients": [{"name": {}}]}]}])
    def test_a_malformed_list_is_refused(self, api: Api, body: dict[str, Any]) -> None:
        response = api.call("POST", "/bulk_send_lists", body)
        assert (response.status_code, response.json()["errorCode"]) == (400, "INVALID_REQUEST_BODY")


class TestFitting:
    def test_a_list_that_fits_can_be_sent(self, api: Api) -> None:
        list_id = create_list(api)
        assert check(api, list_id, draft(api)) == []
        template_id = create_template(api, recipients={"signers": [SIGNER], "carbonCopies": [COPY]})
        assert check(api, list_id, template_id) == []

    @pytest.mark.parametrize(
        ("copies", "codes"),
        [
            ([copy(), only_with()], ["RECIPIENT_ROLE_DOES_NOT_MATCH"]),
            (
                [{"recipients": [person(), person(role_name="CC")]}],
                ["RECIPIENT_ID_DOES_NOT_EXIST_IN_ENVELOPE", "RECIPIENT_ROLE_DOES_NOT_MATCH"],
            ),
            (
                [{"recipients": [person(tabs=[{"tabLabel": "city", "initialValue": "x"}]), person(2, "cc")]}],
                ["TAB_LABEL_DOES_NOT_EXIST_IN_ENVELOPE"],
            ),
            (
                [{"recipients": [person(), person(2, "cc", tabs=[{"tabLabel": "City", "initialValue": "x"}])]}],
                ["ENVELOPE_HAS_NO_TABS"],
            ),
            ([copy(customFields=[{"name": "case", "value": "1"}])], ["ENVELOPE_HAS_NO_ENVELOPE_CUSTOM_FIELDS"]),
            ([{"recipients": []}], ["RECIPIENT_ROLE_DOES_NOT_MATCH", "RECIPIENT_ROLE_DOES_NOT_MATCH"]),
        ],
    )
    def test_lists_that_do_not_fit(self, api: Api, copies: list[dict[str, Any]], codes: list[str]) -> None:
        list_id, source_id = create_list(api, *copies), draft(api)
        assert check(api, list_id, source_id) == codes
        refused = send(api, list_id, source_id)
        assert (refused.status_code, refused.json()["errorCode"]) == (400, f"BULK_SEND_{codes[0]}")

    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({"documents": []}, ["ENVELOPE_NOT_IN_SENDABLE_STATE"]),
            ({"emailSubject": ""}, ["ENVELOPE_NOT_IN_SENDABLE_STATE"]),
            ({"enforceSignerVisibility": "true"}, ["ENVELOPE_NOT_IN_SENDABLE_STATE"]),
            ({"recipients": {}}, ["ENVELOPE_HAS_NO_RECIPIENTS"]),
            (
                {"recipients": {"signers": [SIGNER | {"isBulkRecipient": "true"}], "carbonCopies": [COPY]}},
                ["ENVELOPE_HAS_BULK_RECIPIENT"],
            ),
            (
                {
                    "recipients": {"signers": [SIGNER | {"tabs": {}}], "carbonCopies": [COPY]},
                    "customFields": {"textCustomFields": [{"name": "desk", "value": ""}]},
                },
                [],
            ),
        ],
    )
    def test_envelopes_that_do_not_fit(self, api: Api, changes: dict[str, Any], codes: list[str]) -> None:
        if "documents" in changes:
            changes = {**changes, "recipients": {"signers": [SIGNER | {"tabs": {}}], "carbonCopies": [COPY]}}
        assert check(api, create_list(api), draft(api, **changes)) == codes

    def test_a_custom_field_must_be_in_the_envelope(self, api: Api) -> None:
        source_id = draft(api, customFields={"textCustomFields": [{"name": "desk", "value": ""}]})
        list_id = create_list(api, copy(customFields=[{"name": "case", "value": "1"}]))
        assert check(api, list_id, source_id) == ["ENVELOPE_CUSTOM_FIELD_DOES_NOT_EXIST_IN_ENVELOPE"]

    def test_the_same_person_twice_in_one_order_is_refused(self, api: Api) -> None:
        source_id = draft(api, recipients={"signers": [SIGNER], "carbonCopies": [COPY | {"routingOrder": "1"}]})
        list_id = create_list(api, {"recipients": [person(), person(role_name="cc")]})
        assert check(api, list_id, source_id) == ["DUPLICATE_RECIPIENT_DETECTED"]

    @pytest.mark.parametrize(
        ("source_id", "code"),
        [(None, "ENVELOPE_CANNOT_BE_NULL"), (UNKNOWN, "ENVELOPE_NOT_FOUND"), ("x", "ENVELOPE_NOT_FOUND")],
    )
    def test_the_envelope_must_be_there(self, api: Api, source_id: str | None, code: str) -> None:
        assert check(api, create_list(api), source_id) == [code]

    def test_a_sent_envelope_cannot_be_copied(self, api: Api) -> None:
        assert "ENVELOPE_NOT_IN_SENDABLE_STATE" in check(api, create_list(api), api.envelope())

    def test_an_empty_list_cannot_be_sent(self, api: Api) -> None:
        list_id = api.call("POST", "/bulk_send_lists", {"name": "None", "bulkCopies": []}).json()["listId"]
        assert check(api, list_id, draft(api)) == ["ENVELOPE_LIST_CONTAINS_NO_COPIES"]

    def test_the_queue_has_an_end(self, api: Api) -> None:
        source_id, list_id = draft(api), create_list(api, *(copy(number) for number in range(900)))
        assert [send(api, list_id, source_id).status_code for _ in range(2)] == [201, 201]
        refused = send(api, list_id, source_id)
        assert refused.json()["errorCode"] == "BULK_SEND_ACCOUNT_HAS_TOO_MANY_QUEUED_ENVELOPES"

    def test_an_unknown_list_is_refused(self, api: Api) -> None:
        assert send(api, UNKNOWN, draft(api)).json()["errorCode"] == "BULK_SEND_LIST_NOT_FOUND"


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
        envelope = only(envelopes(api, sent(api, only_with(), source_id=source_id)))
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
