"""Bulk send lists, and what they fit (reference 6)."""

from typing import Any

import pytest

from tests.sandbox_process import SandboxProcess

from .api import Api
from .bulk_files import COPY, SIGNER, bulk_list, copy, create_list, draft, person, send
from .people import act_as, alex_of, only
from .template_files import create_template

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
