"""What hangs on an envelope: custom fields, notification, email settings, form data, purging, changes of a draft."""

from datetime import datetime
from typing import Any

import pytest

from sandbox.robot import Robot

from .api import Api, definition, signer
from .people import act_as, alex_of

DAY_SECONDS = 86_400


@pytest.fixture
def draft(api: Api) -> str:
    return api.envelope(status="created")


def custom_fields(api: Api, envelope_id: str) -> dict[str, str]:
    fields = api.get(envelope_id, "/custom_fields")["textCustomFields"]
    return {field["name"]: field["value"] for field in fields}


def test_custom_fields_are_added_changed_and_deleted(api: Api, draft: str) -> None:
    path = f"/envelopes/{draft}/custom_fields"
    added = api.call(
        "POST", path, {"textCustomFields": [{"name": "case", "value": "1"}, {"name": "desk", "value": "2"}]}
    )
    assert added.status_code == 201
    case, desk = added.json()["textCustomFields"]
    api.call("PUT", path, {"textCustomFields": [{"fieldId": case["fieldId"], "value": "9"}]})
    assert custom_fields(api, draft) == {"case": "9", "desk": "2"}
    api.call("DELETE", path, {"textCustomFields": [{"fieldId": desk["fieldId"]}]})
    assert custom_fields(api, draft) == {"case": "9"}


def test_a_custom_field_nobody_knows_is_answered_with_its_error(api: Api, draft: str) -> None:
    fields = {"textCustomFields": [{"fieldId": "77", "value": "9"}]}
    (result,) = api.call("PUT", f"/envelopes/{draft}/custom_fields", fields).json()["textCustomFields"]
    assert result["errorDetails"]["errorCode"]


def test_nothing_said_means_no_reminders_and_120_days(api: Api, draft: str) -> None:
    notification = api.get(draft, "/notification")
    assert notification["reminders"]["reminderEnabled"] == "false"
    assert notification["expirations"] == {"expireEnabled": "true", "expireAfter": "120", "expireWarn": "0"}


@pytest.mark.parametrize("asked", [{}, {"useAccountDefaults": "true"}], ids=["empty", "asked for"])
def test_the_accounts_own_defaults_hold_when_asked_for(api: Api, asked: dict[str, str]) -> None:
    own = {"expirations": {"expireAfter": "7"}, "reminders": {"reminderEnabled": "true", "reminderDelay": "2"}}
    changed = api.call("PUT", "/settings", {"accountNotification": own})
    assert changed.status_code == 200, changed.text
    assert api.get(api.envelope(), "/notification")["expirations"]["expireAfter"] == "120"
    notification = api.get(api.envelope(notification=asked), "/notification")
    assert notification["useAccountDefaults"] == "true"
    assert notification["expirations"]["expireAfter"] == "7"
    assert notification["reminders"]["reminderDelay"] == "2"


def test_an_envelope_expires_and_says_so(api: Api) -> None:
    expirations = {"expireEnabled": "true", "expireAfter": "5"}
    envelope_id = api.envelope(notification={"expirations": expirations})
    api.sandbox.advance(4 * DAY_SECONDS)
    fresh = Api(api.sandbox)
    assert fresh.get(envelope_id)["status"] == "sent"
    api.sandbox.advance(2 * DAY_SECONDS)
    data = Api(api.sandbox).get(envelope_id)
    assert data["status"] == "voided"
    assert "expired" in data["voidedReason"].lower()


def test_a_later_expiry_counts_from_the_sending(api: Api) -> None:
    envelope_id = api.envelope()
    api.call("PUT", f"/envelopes/{envelope_id}/notification", {"expirations": {"expireAfter": "10"}})
    data = api.get(envelope_id, "")
    lifetime = moment(data["expireDateTime"]) - moment(data["sentDateTime"])
    assert round(lifetime.total_seconds()) == 10 * DAY_SECONDS


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text[:26] + "+00:00")


def test_email_settings_are_kept_and_taken_away(api: Api, draft: str) -> None:
    path = f"/envelopes/{draft}/email_settings"
    api.call("POST", path, {"replyEmailAddressOverride": "desk@example.com"})
    api.call("PUT", path, {"replyEmailNameOverride": "The desk"})
    settings = {"replyEmailAddressOverride": "desk@example.com", "replyEmailNameOverride": "The desk"}
    assert api.call("GET", path).json() == settings
    assert api.call("DELETE", path).json() == {}


def test_form_data_tells_what_everyone_filled_in(api: Api) -> None:
    tabs = {
        "signHereTabs": [{"anchorString": "/sn1/"}],
        "textTabs": [{"anchorString": "/sn2/", "tabLabel": "colour", "value": "blue"}],
    }
    envelope_id = api.envelope(recipients={"signers": [signer(1, tabs=tabs)]})
    Robot().sign(api.view_url(envelope_id))
    data = api.get(envelope_id, "/form_data")
    (person,) = data["recipientFormData"]
    assert person["formData"] == [{"name": "colour", "value": "blue", "originalValue": "blue"}] == data["formData"]
    assert data["prefillFormData"]["senderEmail"] == "signing-service@sandbox.example"


def test_a_draft_takes_a_new_subject_and_is_sent(api: Api, draft: str) -> None:
    api.call("PUT", f"/envelopes/{draft}", {"emailSubject": "Better", "emailBlurb": "Hi", "status": "sent"})
    data = api.get(draft, "")
    assert (data["emailSubject"], data["emailBlurb"], data["status"]) == ("Better", "Hi", "sent")


def test_a_void_tells_who_and_why(api: Api) -> None:
    envelope_id = api.envelope()
    api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "Wrong paper"})
    data = api.get(envelope_id, "")
    assert (data["status"], data["voidedReason"]) == ("voided", "Wrong paper")
    events = api.get(envelope_id, "/audit_events")["auditEvents"]
    actions = [field["value"] for event in events for field in event["eventFields"] if field["name"] == "Action"]
    assert actions == ["Registered", "Sent Invitations", "Voided"]


def test_purged_documents_are_gone_after_two_weeks(api: Api) -> None:
    envelope_id = voided(api)
    answer = api.call("PUT", f"/envelopes/{envelope_id}", {"purgeState": "documents_queued"}).json()
    assert answer["purgeState"] == "documents_queued"
    assert api.call("GET", f"/envelopes/{envelope_id}/documents/1").status_code == 200
    api.sandbox.advance(15 * DAY_SECONDS)
    later = Api(api.sandbox)
    assert later.get(envelope_id, "")["purgeState"] == "documents_purged"
    assert later.call("GET", f"/envelopes/{envelope_id}/documents/1").json()["errorCode"] == "DOCUMENT_DOES_NOT_EXIST"


@pytest.mark.parametrize("tail", ["combined", "1/pages", "1/pages/1/page_image"])
def test_nothing_shows_what_was_purged(api: Api, tail: str) -> None:
    envelope_id = voided(api)
    api.call("PUT", f"/envelopes/{envelope_id}", {"purgeState": "documents_queued"})
    api.sandbox.advance(15 * DAY_SECONDS)
    response = Api(api.sandbox).call("GET", f"/envelopes/{envelope_id}/documents/{tail}")
    assert response.json()["errorCode"] == "DOCUMENT_DOES_NOT_EXIST"


def test_a_purge_is_announced_twice(api: Api) -> None:
    envelope_id = voided(api)
    api.call("PUT", f"/envelopes/{envelope_id}", {"purgeState": "documents_queued"})
    counts = [len(api.sandbox.mails(kind="purge"))]
    for days in (6.9, 0.2, 10):
        api.sandbox.advance(days * DAY_SECONDS)
        counts.append(len(api.sandbox.mails(kind="purge")))
    assert counts == [1, 1, 2, 2]


def test_only_the_sender_purges(api: Api) -> None:
    alex = act_as(api.sandbox, alex_of(api))
    envelope_id = voided(alex)
    refused = api.call("PUT", f"/envelopes/{envelope_id}", {"purgeState": "documents_queued"})
    assert refused.json()["errorCode"] == "USER_LACKS_PERMISSIONS"
    assert alex.call("PUT", f"/envelopes/{envelope_id}", {"purgeState": "documents_queued"}).status_code == 200


def test_a_purge_can_be_taken_back_in_time(api: Api) -> None:
    envelope_id = voided(api)
    api.call("PUT", f"/envelopes/{envelope_id}", {"purgeState": "documents_queued"})
    api.call("PUT", f"/envelopes/{envelope_id}", {"purgeState": "documents_dequeued"})
    api.sandbox.advance(15 * DAY_SECONDS)
    assert Api(api.sandbox).call("GET", f"/envelopes/{envelope_id}/documents/1").status_code == 200


def voided(api: Api) -> str:
    envelope_id = api.envelope()
    api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "x"})
    return envelope_id


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=created", ["Draft"]),
        ("status=sent,created&order_by=subject", ["Apples", "Draft", "Pears"]),
        ("search_text=pears", ["Pears"]),
        ("email=signing-service@sandbox.example&user_name=signing%20service", ["Apples", "Pears", "Draft"]),
        ("email=s2@example.com&user_name=Signer%202", []),
        ("user_filter=sender", ["Apples", "Pears", "Draft"]),
        ("user_filter=recipient", []),
        ("folder_types=draft", ["Draft"]),
        ("folder_ids=out_for_signature,drafts", ["Apples", "Pears", "Draft"]),
        ("last_queried_date=2020-01-02", []),
        ("order_by=subject&order=desc", ["Pears", "Draft", "Apples"]),
        ("order_by=created&count=1&start_position=1", ["Pears"]),
        ("to_date=2020-01-02", []),
    ],
)
def test_the_list_is_filtered_and_ordered(api: Api, query: str, found: list[str]) -> None:
    for subject, changes in SHELF.items():
        api.create(emailSubject=subject, **changes)
    data = api.call("GET", f"/envelopes?from_date=2020-01-01&{query}").json()
    assert [envelope["emailSubject"] for envelope in data.get("envelopes", [])] == found


SHELF: dict[str, dict[str, Any]] = {
    "Apples": {},
    "Pears": {},
    "Draft": {"status": "created", "recipients": {"signers": [signer(1)]}},
}


@pytest.mark.parametrize("date", ["soon", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_list_from_no_date_there_is_is_refused(api: Api, date: str) -> None:
    response = api.call("GET", "/envelopes", params={"from_date": date})
    assert response.json()["errorCode"] == "INVALID_REQUEST_PARAMETER"


def test_a_list_by_american_dates_is_understood_as_the_official_examples_write_them(api: Api) -> None:
    api.envelope()
    assert api.call("GET", "/envelopes?from_date=01/31/2020").json()["totalSetSize"] == "1"


def test_numbers_and_booleans_come_back_as_strings(api: Api) -> None:
    body = definition(enableWetSign=False, recipients={"signers": [signer(1, recipientId=1, routingOrder=1)]})
    envelope_id = api.call("POST", "/envelopes", body).json()["envelopeId"]
    data = api.get(envelope_id)
    assert data["enableWetSign"] == "false"
    assert data["recipients"]["signers"][0]["routingOrder"] == "1"
