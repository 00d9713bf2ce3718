"""User groups, permission profiles and signing groups."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.specification import assert_matches
from tests.sandbox_process import SandboxProcess

from .api import Api, document
from .people import alex_of, only


def profiles(api: Api) -> dict[str, str]:
    found = api.call("GET", "/permission_profiles").json()["permissionProfiles"]
    return {profile["permissionProfileName"]: profile["permissionProfileId"] for profile in found}


def create_profile(api: Api, name: str = "Readers") -> str:
    response = api.call("POST", "/permission_profiles", {"permissionProfileName": name})
    assert response.status_code == 201, response.text
    profile_id: str = response.json()["permissionProfileId"]
    return profile_id


def create_group(api: Api, **group: Any) -> str:
    response = api.call("POST", "/groups", {"groups": [{"groupName": "Sales"} | group]})
    assert response.status_code == 201, response.text
    group_id: str = only(response.json()["groups"])["groupId"]
    return group_id


def create_signing_group(api: Api, **group: Any) -> dict[str, Any]:
    people = [{"userName": "Ann Bee", "email": "ann@example.com"}]
    body = {"groups": [{"groupName": "Approvers", "users": people} | group]}
    created: dict[str, Any] = only(api.call("POST", "/signing_groups", body).json()["groups"])
    return created


class TestPermissionProfiles:
    def test_three_are_there_from_the_start(self, api: Api, specification: Path) -> None:
        data = api.call("GET", "/permission_profiles?include=user_count").json()
        assert_matches(specification, "permissionProfileInformation", data)
        assert set(profiles(api)) == {"Account Administrator", "DocuSign Sender", "DocuSign Viewer"}

    def test_one_is_made_changed_and_deleted(self, api: Api, specification: Path) -> None:
        settings = {"allowBulkSending": "false", "vaultingMode": "none"}
        body = {"permissionProfileName": "Readers", "settings": settings}
        created = api.call("POST", "/permission_profiles", body)
        assert created.status_code == 201
        assert_matches(specification, "permissionProfile", created.json())
        path = f"/permission_profiles/{created.json()['permissionProfileId']}"
        api.call("PUT", path, {"permissionProfileName": "Writers", "settings": {"allowApiAccess": "false"}})
        found = api.call("GET", path).json()
        assert found["permissionProfileName"] == "Writers"
        assert (found["settings"]["allowBulkSending"], found["settings"]["allowApiAccess"]) == ("false", "false")
        assert api.call("DELETE", path).status_code == 200
        assert api.call("GET", path).json()["errorCode"] == "INVALID_REQUEST_PARAMETER"

    def test_one_in_use_goes_only_once_its_users_have_another(self, api: Api) -> None:
        profile_id, alex = create_profile(api), alex_of(api)
        api.call("PUT", f"/users/{alex}", {"permissionProfileId": profile_id})
        assert api.call("DELETE", f"/permission_profiles/{profile_id}").status_code == 400
        viewer = profiles(api)["DocuSign Viewer"]
        assert api.call("DELETE", f"/permission_profiles/{profile_id}?move_users_to={viewer}").status_code == 200
        assert api.call("GET", f"/users/{alex}").json()["permissionProfileName"] == "DocuSign Viewer"

    def test_those_of_the_system_stay(self, api: Api) -> None:
        response = api.call("DELETE", f"/permission_profiles/{profiles(api)['DocuSign Viewer']}")
        assert response.json()["errorCode"] == "INVALID_REQUEST_PARAMETER"


class TestGroups:
    def test_administrators_and_everyone_are_there_from_the_start(self, api: Api, specification: Path) -> None:
        data = api.call("GET", "/groups").json()
        assert_matches(specification, "groupInformation", data)
        assert {(g["groupName"], g["usersCount"]) for g in data["groups"]} == {
            ("Administrators", "1"),
            ("Everyone", "2"),
        }

    def test_one_is_made_given_a_profile_and_deleted(self, api: Api) -> None:
        group_id, profile_id = create_group(api), create_profile(api)
        body = {"groups": [{"groupId": group_id, "permissionProfileId": profile_id, "groupName": "Sales EU"}]}
        assert only(api.call("PUT", "/groups", body).json()["groups"])["permissionProfileId"] == profile_id
        found = only(api.call("GET", "/groups?search_text=sales").json()["groups"])
        assert (found["groupName"], found["permissionProfileId"]) == ("Sales EU", profile_id)
        api.call("DELETE", "/groups", {"groups": [{"groupId": group_id}]})
        assert api.call("GET", "/groups?search_text=sales").json()["groups"] == []

    def test_people_come_and_go(self, api: Api, specification: Path) -> None:
        group_id, alex = create_group(api), alex_of(api)
        put = api.call("PUT", f"/groups/{group_id}/users", {"users": [{"userId": alex}]}).json()
        assert_matches(specification, "usersResponse", put)
        assert only(api.call("GET", f"/groups/{group_id}/users").json()["users"])["userId"] == alex
        api.call("DELETE", f"/groups/{group_id}/users", {"users": [{"userId": alex}]})
        assert api.call("GET", f"/groups/{group_id}/users").json()["users"] == []

    def test_one_wrong_item_says_so_and_spares_the_others(self, api: Api) -> None:
        body = {"groups": [{"groupId": "1", "groupName": "x"}, {"groupId": create_group(api), "groupName": "Fine"}]}
        wrong, right = api.call("PUT", "/groups", body).json()["groups"]
        assert wrong["errorDetails"]["errorCode"] == "INVALID_REQUEST_PARAMETER"
        assert right["groupName"] == "Fine"

    def test_brands_come_and_go(self, api: Api, specification: Path) -> None:
        brand_id = only(api.call("POST", "/brands", {"brandName": "Blue"}).json()["brands"])["brandId"]
        path = f"/groups/{create_group(api)}/brands"
        put = api.call("PUT", path, {"brands": [{"brandId": brand_id}]}).json()
        assert_matches(specification, "GroupBrands", put)
        assert only(api.call("GET", path).json()["brandOptions"])["brandId"] == brand_id
        assert api.call("DELETE", path, {"brands": [{"brandId": brand_id}]}).json()["brandOptions"] == []


class TestSigningGroups:
    def test_one_is_made_listed_and_deleted(self, api: Api, specification: Path) -> None:
        created = create_signing_group(api)
        assert_matches(specification, "signingGroup", created)
        listed = api.call("GET", "/signing_groups?include_users=true").json()
        assert_matches(specification, "signingGroupInformation", listed)
        assert only(only(listed["groups"])["users"])["email"] == "ann@example.com"
        body = {"groups": [{"signingGroupId": created["signingGroupId"]}]}
        assert api.call("DELETE", "/signing_groups", body).status_code == 200
        assert api.call("GET", "/signing_groups").json()["groups"] == []

    def test_one_is_renamed(self, api: Api) -> None:
        path = f"/signing_groups/{create_signing_group(api)['signingGroupId']}"
        assert api.call("PUT", path, {"groupName": "Deciders"}).json()["groupName"] == "Deciders"
        assert len(api.call("GET", path).json()["users"]) == 1

    def test_members_come_and_go(self, api: Api, specification: Path) -> None:
        path = f"/signing_groups/{create_signing_group(api)['signingGroupId']}/users"
        cee = {"userName": "Cee Dee", "email": "cee@example.com"}
        put = api.call("PUT", path, {"users": [cee, {"userName": "Ann B.", "email": "ANN@example.com"}]}).json()
        assert_matches(specification, "signingGroupUsers", put)
        assert [user["userName"] for user in put["users"]] == ["Ann B.", "Cee Dee"]
        api.call("DELETE", path, {"users": [{"email": "ann@example.com"}]})
        assert api.call("GET", path).json()["users"] == [cee]

    def test_the_same_name_twice_is_refused(self, api: Api) -> None:
        create_signing_group(api)
        assert "errorDetails" in create_signing_group(api, groupName="approvers")

    @pytest.mark.parametrize(
        "people", [[{"userName": "No Email"}], [{"userName": str(n), "email": f"p{n}@b.cd"} for n in range(51)]]
    )
    def test_wrong_or_too_many_members_are_refused(self, api: Api, people: list[dict[str, str]]) -> None:
        created = create_signing_group(api, users=people)
        assert created["errorDetails"]["errorCode"] == "INVALID_REQUEST_PARAMETER"

    def test_an_envelope_can_be_sent_to_one(self, api: Api, sandbox: SandboxProcess) -> None:
        recipient = {
            "recipientId": "1",
            "signingGroupId": create_signing_group(api)["signingGroupId"],
            "tabs": {"signHereTabs": [{"anchorString": "/sn1/"}]},
        }
        response = api.create(documents=[document()], recipients={"signers": [recipient]})
        assert response.status_code == 201, response.text
