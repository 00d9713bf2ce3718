"""Envelopes made from a template: roles, tab values, what else comes along (reference 2.8)."""

from typing import Any

import pytest

from .api import Api, document
from .people import only
from .template_files import SIGNER, create_template, from_template, made, role

PLACE = {"documentId": "1", "pageNumber": "1", "xPosition": "100", "yPosition": "400"}


def with_tabs(**groups: Any) -> dict[str, Any]:
    return {"signers": [SIGNER | {"tabs": {"signHereTabs": [{"anchorString": "/sn1/"}], **groups}}]}


def signer_of(envelope: dict[str, Any]) -> dict[str, Any]:
    signer: dict[str, Any] = only(envelope["recipients"]["signers"])
    return signer


class TestEnvelopesFromTemplates:
    def test_everything_comes_from_the_template(self, api: Api) -> None:
        envelope = made(api, from_template(create_template(api)))
        assert (envelope["status"], envelope["emailSubject"]) == ("sent", "Sale of a house")
        assert envelope["emailBlurb"] == "Please read"
        signer = signer_of(envelope)
        assert (signer["name"], signer["email"], signer["roleName"]) == ("Ann Bee", "ann@example.com", "Buyer")
        text = only(signer["tabs"]["textTabs"])
        assert (text["value"], text["locked"], text["required"]) == ("Rome", "true", "true")
        assert (text["xPosition"], text["yPosition"]) == ("100", "300")

    def test_its_signer_can_sign(self, api: Api) -> None:
        envelope = made(api, from_template(create_template(api)))
        view = api.view(envelope["envelopeId"], email="ann@example.com", userName="Ann Bee")
        assert view.status_code == 201

    def test_what_the_call_says_wins(self, api: Api) -> None:
        template_id = create_template(api)
        envelope = made(api, from_template(template_id, emailSubject="Mine", emailBlurb="Now"))
        assert (envelope["emailSubject"], envelope["emailBlurb"]) == ("Mine", "Now")

    def test_roles_match_case_and_all_and_others_are_silently_ignored(self, api: Api) -> None:
        template_id = create_template(api)
        envelope = made(api, from_template(template_id, role("buyer"), role("Witness"), role("Nobody")))
        assert envelope["recipients"]["signers"] == []
        assert only(envelope["recipients"]["carbonCopies"])["roleName"] == "Witness"

    def test_without_anyone_it_is_incomplete(self, api: Api) -> None:
        response = api.call("POST", "/envelopes", from_template(create_template(api), role("Nobody")))
        assert (response.status_code, response.json()["errorCode"]) == (400, "ENVELOPE_IS_INCOMPLETE")

    def test_a_role_without_a_name_matches_no_recipient_without_one(self, api: Api) -> None:
        unnamed = {"signers": [SIGNER | {"roleName": None, "name": "Fix Ed", "email": "fixed@example.com"}]}
        template_id = create_template(api, recipients=unnamed)
        envelope = made(api, from_template(template_id, role("")))
        assert signer_of(envelope)["email"] == "fixed@example.com"

    def test_open_roles_stay_on_a_draft(self, api: Api) -> None:
        template_id = create_template(api)
        draft = made(api, from_template(template_id, status="created"))
        assert only(draft["recipients"]["carbonCopies"])["roleName"] == "Witness"
        merged = made(api, from_template(template_id, status="created"), "?merge_roles_on_draft=true")
        assert merged["recipients"]["carbonCopies"] == []

    def test_a_fixed_recipient_needs_no_role(self, api: Api) -> None:
        copies = [{"recipientId": "2", "name": "Cee Cee", "email": "cc@example.com"}]
        template_id = create_template(api, recipients={"signers": [SIGNER], "carbonCopies": copies})
        envelope = made(api, from_template(template_id))
        assert only(envelope["recipients"]["carbonCopies"])["email"] == "cc@example.com"

    def test_a_role_brings_its_own_settings(self, api: Api) -> None:
        own = role(accessCode="1234", note="Hello", routingOrder="3", clientUserId="x")
        signer = signer_of(made(api, from_template(create_template(api), own)))
        assert (signer["accessCode"], signer["note"]) == ("1234", "Hello")
        assert (signer["routingOrder"], signer["clientUserId"]) == ("3", "x")

    def test_in_person_signers_get_their_host_from_the_role(self, api: Api) -> None:
        me = only(api.call("GET", "/users?status=active&count=1").json()["users"])
        kinds = {"inPersonSigners": [SIGNER | {"roleName": "Guest"}]}
        template_id = create_template(api, recipients=kinds)
        host = role("Guest", name=me["userName"], email=me["email"], inPersonSignerName="Gus Guest")
        envelope = made(api, from_template(template_id, host))
        guest = only(envelope["recipients"]["inPersonSigners"])
        assert (guest["hostEmail"], guest["signerName"]) == (me["email"], "Gus Guest")

    def test_the_envelope_says_which_templates_it_was_made_from(self, api: Api) -> None:
        template_id = create_template(api)
        envelope = made(api, from_template(template_id))
        path = f"/envelopes/{envelope['envelopeId']}"
        assert only(api.call("GET", f"{path}/templates").json()["templates"])["templateId"] == template_id
        of_document = only(api.call("GET", f"{path}/documents/1/templates").json()["templates"])
        assert (of_document["name"], of_document["documentId"]) == ("Sale", "1")

    def test_no_definition_can_name_files_of_the_sandbox(self, api: Api) -> None:
        forged = {"documentId": "1", "name": "x", "_path": "../sandbox-ca.pem"}
        response = api.create(documents=[forged])
        assert (response.status_code, response.json()["errorCode"]) == (400, "UNABLE_TO_LOAD_DOCUMENT")


class TestTabValues:
    def filled(self, api: Api, recipients: dict[str, Any], **tabs: Any) -> dict[str, Any]:
        template_id = create_template(api, recipients=recipients)
        signer = signer_of(made(api, from_template(template_id, role(tabs=tabs))))
        groups: dict[str, Any] = signer["tabs"]
        return groups

    def test_a_text_gets_its_value_by_label_and_stays_what_it_was(self, api: Api) -> None:
        tabs = self.filled(api, {"signers": [SIGNER]}, textTabs=[{"tabLabel": "City", "value": "Oslo"}])
        text = only(tabs["textTabs"])
        assert (text["value"], text["locked"], text["required"]) == ("Oslo", "true", "true")
        assert (text["xPosition"], text["yPosition"]) == ("100", "300")

    @pytest.mark.parametrize(
        ("label", "value"),
        [("City", "Oslo"), ("city", "Rome"), ("\\*ty", "Oslo"), ("Ci\\*", "Oslo"), ("\\*Ci", "Rome"), ("", "Rome")],
    )
    def test_labels_match_case_and_all_or_by_wildcard(self, api: Api, label: str, value: str) -> None:
        tabs = self.filled(api, {"signers": [SIGNER]}, textTabs=[{"tabLabel": label, "value": "Oslo"}])
        assert (only(tabs["textTabs"])["value"], only(tabs["textTabs"])["tabLabel"]) == (value, "City")

    def test_every_tab_of_a_label_gets_the_value(self, api: Api) -> None:
        twice = [{"tabLabel": "City", **PLACE}, {"tabLabel": "City", **PLACE, "yPosition": "500"}]
        tabs = self.filled(api, with_tabs(textTabs=twice), textTabs=[{"tabLabel": "City", "value": "Oslo"}])
        assert [tab["value"] for tab in tabs["textTabs"]] == ["Oslo", "Oslo"]

    @pytest.mark.parametrize("choice", [{"value": "b"}, {"listItems": [{"value": "b", "selected": "true"}]}])
    def test_a_list_is_chosen_by_its_value(self, api: Api, choice: dict[str, Any]) -> None:
        items = [{"text": "A", "value": "a", "selected": "true"}, {"text": "B", "value": "b"}]
        tabs = self.filled(
            api,
            with_tabs(listTabs=[{"tabLabel": "Pick", "listItems": items, **PLACE}]),
            listTabs=[{"tabLabel": "Pick"} | choice],
        )
        chosen = only(tabs["listTabs"])
        assert chosen["value"] == "b"
        assert [item["selected"] for item in chosen["listItems"]] == ["false", "true"]

    @pytest.mark.parametrize("choice", [{"value": "b"}, {"radios": [{"value": "b", "selected": "true"}]}])
    def test_a_radio_is_chosen_by_its_value(self, api: Api, choice: dict[str, Any]) -> None:
        radios = [
            {"value": "a", "selected": "true", "pageNumber": "1", "xPosition": "100", "yPosition": "400"},
            {"value": "b", "pageNumber": "1", "xPosition": "140", "yPosition": "400"},
        ]
        tabs = self.filled(
            api,
            with_tabs(radioGroupTabs=[{"groupName": "Size", "documentId": "1", "radios": radios}]),
            radioGroupTabs=[{"groupName": "Size"} | choice],
        )
        group = only(tabs["radioGroupTabs"])
        assert [radio["selected"] for radio in group["radios"]] == ["false", "true"]
        assert [radio["xPosition"] for radio in group["radios"]] == ["100", "140"]

    def test_a_checkbox_is_ticked(self, api: Api) -> None:
        tabs = self.filled(
            api,
            with_tabs(checkboxTabs=[{"tabLabel": "Agree", **PLACE}]),
            checkboxTabs=[{"tabLabel": "Agree", "selected": "true"}],
        )
        assert only(tabs["checkboxTabs"])["selected"] == "true"

    def test_a_new_tab_with_a_place_is_added_and_one_without_is_ignored(self, api: Api) -> None:
        new = [{"tabLabel": "Street", "value": "High", **PLACE}, {"tabLabel": "Nowhere", "value": "x"}]
        tabs = self.filled(api, {"signers": [SIGNER]}, textTabs=new)
        assert {tab["tabLabel"]: tab["value"] for tab in tabs["textTabs"]} == {"City": "Rome", "Street": "High"}

    def test_the_senders_own_tabs_come_along(self, api: Api) -> None:
        prefill = {"prefillTabs": {"textTabs": [{"tabLabel": "Price", "value": "12", **PLACE}]}}
        template_id = create_template(api, documents=[document(tabs=prefill)])
        envelope = made(api, from_template(template_id))
        form = api.get(envelope["envelopeId"], "/form_data")
        price = only(form["prefillFormData"]["formData"])
        assert (price["name"], price["value"]) == ("Price", "12")


class TestWhatElseComesAlong:
    def test_the_templates_notification(self, api: Api) -> None:
        reminders = {"reminderEnabled": "true", "reminderDelay": "2", "reminderFrequency": "3"}
        expirations = {"expireEnabled": "true", "expireAfter": "9", "expireWarn": "1"}
        template_id = create_template(api, notification={"reminders": reminders, "expirations": expirations})
        envelope = made(api, from_template(template_id))
        data = api.get(envelope["envelopeId"], "/notification")
        assert (data["reminders"], data["expirations"]) == (reminders, expirations)

    def test_custom_fields_of_both_with_the_calls_values(self, api: Api) -> None:
        fields = [{"name": "case", "value": "?"}, {"name": "desk", "value": "7"}]
        template_id = create_template(api, customFields={"textCustomFields": fields})
        own = [{"name": "case", "value": "42"}, {"name": "extra", "value": "x"}]
        envelope = made(api, from_template(template_id, customFields={"textCustomFields": own}))
        found = {field["name"]: field["value"] for field in envelope["customFields"]["textCustomFields"]}
        assert found == {"case": "42", "desk": "7", "extra": "x"}

    def test_a_document_of_the_call_replaces_the_templates_of_the_same_id_and_others_are_added(self, api: Api) -> None:
        template_id = create_template(api)
        own = [document(name="Replaced"), document(2, name="Added")]
        envelope = made(api, from_template(template_id, documents=own))
        names = [item["name"] for item in envelope["envelopeDocuments"] if item["type"] == "content"]
        assert names == ["Replaced", "Added"]

    def test_the_subject_names_the_people(self, api: Api) -> None:
        template_id = create_template(api, emailSubject="[[Buyer_UserName]] <[[Buyer_Email]]> and [[Seller_UserName]]")
        envelope = made(api, from_template(template_id))
        assert envelope["emailSubject"] == "Ann Bee <ann@example.com> and [[Seller_UserName]]"

    def test_a_subject_that_gets_too_long_is_cut(self, api: Api) -> None:
        template_id = create_template(api, emailSubject="[[Buyer_UserName]]" + "x" * 80)
        envelope = made(api, from_template(template_id, role(name="N" * 100)))
        assert envelope["emailSubject"] == "N" * 100

    def test_the_workflow_pauses_the_envelope_too(self, api: Api) -> None:
        steps = [{"action": "pause_before", "triggerOnItem": "routing_order", "itemId": "1"}]
        template_id = create_template(api, workflow={"workflowSteps": steps})
        envelope = made(api, from_template(template_id))
        assert envelope["workflow"]["workflowStatus"] == "paused"
        assert signer_of(envelope)["status"] == "created"


class TestLaidOverADraft:
    def test_a_template_brings_documents_and_people(self, api: Api) -> None:
        template_id = create_template(api)
        envelope_id = api.envelope(status="created")
        body = {"documentTemplates": [{"templateId": template_id}]}
        response = api.call("POST", f"/envelopes/{envelope_id}/templates", body)
        assert (response.status_code, only(response.json()["documentTemplates"])["documentId"]) == (201, "2")
        envelope = api.get(envelope_id, "?include=recipients,tabs,documents")
        buyer = only([one for one in envelope["recipients"]["signers"] if one.get("roleName") == "Buyer"])
        assert buyer["recipientId"] == "3"
        assert {tab["documentId"] for group in buyer["tabs"].values() for tab in group} == {"2"}

    def test_on_a_document_only_its_tabs_are_laid(self, api: Api) -> None:
        template_id = create_template(api)
        envelope_id = api.envelope(status="created")
        body = {"documentTemplates": [{"templateId": template_id}]}
        path = f"/envelopes/{envelope_id}/documents/1/templates"
        assert api.call("POST", path, body).status_code == 201
        envelope = api.get(envelope_id, "?include=recipients,tabs,documents")
        assert [item["documentId"] for item in envelope["envelopeDocuments"]] == ["1"]
        buyer = only([one for one in envelope["recipients"]["signers"] if one.get("roleName") == "Buyer"])
        assert only(buyer["tabs"]["textTabs"])["documentId"] == "1"
        assert only(api.call("GET", path).json()["templates"])["templateId"] == template_id
        assert api.call("DELETE", f"{path}/{template_id}").status_code == 200
        assert api.call("GET", path).json()["templates"] == []

    def test_a_sent_envelope_takes_none(self, api: Api) -> None:
        body = {"documentTemplates": [{"templateId": create_template(api)}]}
        response = api.call("POST", f"/envelopes/{api.envelope()}/templates", body)
        assert response.json()["errorCode"] == "ENVELOPE_INVALID_STATUS"
