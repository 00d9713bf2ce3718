"""Templates: one's own, the list of them, shared ones (reference 2.8)."""

import io
import json
import zipfile

import pytest

from tests.sandbox_process import SandboxProcess

from .api import Api, document
from .people import act_as, alex_of, only
from .template_files import SIGNER, create_template, from_template, made, template


def listed(api: Api, query: str = "") -> list[str]:
    response = api.call("GET", f"/templates?{query}")
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["envelopeTemplates"]]


class TestOnesOwn:
    def test_a_template_is_created_and_read_back(self, api: Api) -> None:
        response = api.call("POST", "/templates", template())
        assert response.status_code == 201
        summary = response.json()
        assert summary == {
            "templateId": summary["templateId"],
            "name": "Sale",
            "uri": f"/templates/{summary['templateId']}",
        }
        data = api.call("GET", summary["uri"]).json()
        assert (data["name"], data["description"], data["emailSubject"]) == ("Sale", "Of a house", "Sale of a house")
        assert data["owner"]["userName"] == data["lastModifiedBy"]["userName"]
        assert (data["pageCount"], data["shared"], data["passwordProtected"]) == ("1", "false", "false")
        assert [one["roleName"] for one in data["recipients"]["signers"]] == ["Buyer"]
        assert only(data["documents"])["uri"] == f"/templates/{data['templateId']}/documents/1"

    def test_tabs_are_told_only_when_asked_for(self, api: Api) -> None:
        template_id = create_template(api)
        plain = api.call("GET", f"/templates/{template_id}").json()
        full = api.call("GET", f"/templates/{template_id}?include=tabs").json()
        assert "tabs" not in plain["recipients"]["signers"][0]
        assert full["recipients"]["signers"][0]["tabs"]["textTabs"][0]["tabLabel"] == "City"

    def test_several_templates_are_created_at_once(self, api: Api) -> None:
        body = {"templates": [template(name="A"), template(name="B")]}
        response = api.call("POST", "/templates", body)
        assert response.status_code == 201
        assert [item["name"] for item in response.json()["templates"]] == ["A", "B"]

    def test_the_older_spelling_names_the_template_apart(self, api: Api) -> None:
        given = {"name": "Old", "description": "style", "shared": "true"}
        template_id = create_template(api, name=None, envelopeTemplateDefinition=given)
        data = api.call("GET", f"/templates/{template_id}").json()
        assert (data["name"], data["description"], data["shared"]) == ("Old", "style", "true")

    def test_an_update_changes_what_it_names(self, api: Api) -> None:
        template_id = create_template(api)
        changes = {"name": "Lease", "emailSubject": "New", "shared": True, "allowReassign": "false"}
        assert api.call("PUT", f"/templates/{template_id}", changes).status_code == 200
        data = api.call("GET", f"/templates/{template_id}").json()
        assert (data["name"], data["emailSubject"], data["shared"]) == ("Lease", "New", "true")
        assert (data["allowReassign"], data["description"], data["emailBlurb"]) == (
            "false",
            "Of a house",
            "Please read",
        )

    def test_a_password_protects_and_is_not_told(self, api: Api) -> None:
        template_id = create_template(api, password="secret")
        response = api.call("GET", f"/templates/{template_id}")
        assert response.json()["passwordProtected"] == "true"
        assert "secret" not in response.text

    def test_an_unknown_template_is_refused(self, api: Api) -> None:
        response = api.call("GET", "/templates/44efc9e6-915e-4b1d-9b54-801410d6922d")
        assert (response.status_code, response.json()["errorCode"]) == (400, "TEMPLATE_ID_INVALID")

    def test_its_documents_can_be_replaced(self, api: Api) -> None:
        template_id = create_template(api)
        body = {"documents": [document(name="Second draft")]}
        assert api.call("PUT", f"/templates/{template_id}/documents", body).status_code == 200
        data = api.call("GET", f"/templates/{template_id}/documents").json()
        assert [item["name"] for item in data["templateDocuments"]] == ["Second draft"]

    def test_its_recipients_can_be_changed(self, api: Api) -> None:
        template_id = create_template(api)
        body = {"signers": [{"recipientId": "1", "roleName": "Tenant"}]}
        assert api.call("PUT", f"/templates/{template_id}/recipients", body).status_code == 200
        data = api.call("GET", f"/templates/{template_id}").json()
        assert [one["roleName"] for one in data["recipients"]["signers"]] == ["Tenant"]


class TestTheList:
    def test_it_comes_in_pages(self, api: Api) -> None:
        for name in ("A", "B", "C"):
            create_template(api, name=name)
        data = api.call("GET", "/templates?count=2&start_position=1").json()
        assert [item["name"] for item in data["envelopeTemplates"]] == ["B", "C"]
        assert (data["resultSetSize"], data["startPosition"], data["endPosition"]) == ("2", "1", "2")
        assert (data["totalSetSize"], data["nextUri"]) == ("3", "")

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("search_text=le", ["Lease", "Sale"]),
            ("search_text=LEAS", ["Lease"]),
            ("search_text=ann", []),
            ("search_text=ann&search_fields=recipients", ["Lease"]),
            ("order=desc", ["Sale", "Lease"]),
            ("order_by=modified", ["Sale", "Lease"]),
            ("order_by=modified&order=desc", ["Lease", "Sale"]),
            ("user_filter=owned_by_me", ["Lease", "Sale"]),
            ("user_filter=shared_with_me", []),
            ("shared_by_me=true", ["Lease"]),
            ("shared_by_me=false", ["Sale"]),
            ("folder_ids=templates", ["Lease", "Sale"]),
            ("folder_ids=44efc9e6-915e-4b1d-9b54-801410d6922d", []),
            ("is_deleted_template_only=true", []),
            ("from_date=2126-01-01", []),
            ("to_date=2126-01-01", ["Lease", "Sale"]),
            ("used_from_date=2020-01-01", []),
        ],
    )
    def test_it_is_filtered_and_ordered(self, api: Api, query: str, names: list[str]) -> None:
        create_template(api)
        someone = {"signers": [SIGNER | {"name": "Ann Bee", "email": "ann@example.com"}]}
        create_template(api, name="Lease", shared="true", recipients=someone)
        assert listed(api, query) == names

    @pytest.mark.parametrize("query", ["order_by=colour", "user_filter=theirs", "from_date=soon", "count=none"])
    def test_nonsense_is_refused(self, api: Api, query: str) -> None:
        response = api.call("GET", f"/templates?{query}")
        assert (response.status_code, response.json()["errorCode"]) == (400, "INVALID_REQUEST_PARAMETER")

    def test_it_includes_what_is_asked_for(self, api: Api) -> None:
        create_template(api)
        plain = only(api.call("GET", "/templates").json()["envelopeTemplates"])
        include = "documents,recipients,custom_fields,notifications,folders,favorite_template_status,powerforms"
        full = only(api.call("GET", f"/templates?include={include}").json()["envelopeTemplates"])
        added = {"documents", "recipients", "customFields", "notification", "folders", "favoritedByMe", "powerForms"}
        assert set(full) - set(plain) == added

    def test_a_deleted_template_is_in_the_recycle_bin_and_cannot_be_used(self, api: Api) -> None:
        template_id = create_template(api)
        moved = api.call("PUT", "/folders/recyclebin", {"envelopeIds": [template_id]})
        assert moved.status_code == 200, moved.text
        assert (listed(api), listed(api, "folder_types=recylebin")) == ([], ["Sale"])
        refused = api.call("POST", "/envelopes", from_template(template_id))
        assert refused.json()["errorCode"] == "TEMPLATE_ID_INVALID"

    def test_it_can_be_downloaded_and_posted_again(self, api: Api) -> None:
        template_id = create_template(api)
        response = api.call("GET", f"/templates?is_download=true&template_ids={template_id}")
        assert response.headers["Content-Type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            definition = json.loads(archive.read(f"{template_id}.json"))
        again = api.call("POST", "/templates", definition)
        assert again.status_code == 201, again.text
        assert again.json()["templateId"] != template_id
        assert listed(api) == ["Sale", "Sale"]

    def test_using_a_template_is_noted(self, api: Api) -> None:
        template_id = create_template(api)
        create_template(api, name="Unused")
        made(api, from_template(template_id))
        assert "lastUsed" in api.call("GET", f"/templates/{template_id}").json()
        assert listed(api, "used_from_date=2020-01-01") == ["Sale"]
        assert listed(api, "order_by=used&order=desc") == ["Sale", "Unused"]


class TestSharing:
    def test_others_see_only_what_is_shared(self, api: Api, sandbox: SandboxProcess) -> None:
        create_template(api)
        create_template(api, name="Open", shared="true")
        alex = act_as(sandbox, alex_of(api))
        assert (listed(alex), listed(alex, "user_filter=shared_with_me")) == (["Open"], ["Open"])

    def test_a_group_is_given_a_template_and_loses_it_again(self, api: Api, sandbox: SandboxProcess) -> None:
        template_id = create_template(api)
        alex_id = alex_of(api)
        body = {"groups": [{"groupName": "Sales", "users": [{"userId": alex_id}]}]}
        group_id = only(api.call("POST", "/groups", body).json()["groups"])["groupId"]
        groups = {"groups": [{"groupId": group_id}]}
        alex = act_as(sandbox, alex_id)
        shared = api.call("PUT", f"/templates/{template_id}/groups", groups)
        assert only(shared.json()["groups"])["groupName"] == "Sales"
        assert listed(alex) == ["Sale"]
        assert api.call("DELETE", f"/templates/{template_id}/groups", groups).status_code == 200
        assert listed(alex) == []

    def test_only_groups_are_a_part(self, api: Api) -> None:
        template_id = create_template(api)
        assert api.call("PUT", f"/templates/{template_id}/people", {}).status_code == 404

    def test_favorites_are_kept_for_each_user(self, api: Api) -> None:
        template_id = create_template(api)
        body = {"favoriteTemplates": [{"templateId": template_id}]}
        added = api.call("PUT", "/favorite_templates", body).json()
        assert added["templatesUpdatedCount"] == 1
        assert only(api.call("GET", "/favorite_templates").json()["favoriteTemplates"])["templateId"] == template_id
        shown = api.call("GET", f"/templates/{template_id}?include=favorite_template_status").json()
        assert shown["favoritedByMe"] == "true"
        api.call("DELETE", "/favorite_templates", body)
        assert api.call("GET", "/favorite_templates").json()["favoriteTemplates"] == []
