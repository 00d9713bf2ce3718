"""Users: invited, found, changed, closed; and what is kept of each."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.specification import assert_matches
from tests.sandbox_process import SandboxProcess

from .api import Api
from .people import act_as, alex_of, only

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
NOBODY = "00000000-0000-0000-0000-000000000000"


def invite(api: Api, name: str = "Nia New", email: str = "nia@example.com", **more: Any) -> dict[str, Any]:
    body = {"newUsers": [{"userName": name, "email": email} | more]}
    response = api.call("POST", "/users", body)
    assert response.status_code == 201, response.text
    created: dict[str, Any] = only(response.json()["newUsers"])
    return created


def names(api: Api, query: str) -> list[str]:
    return [user["userName"] for user in api.call("GET", f"/users?{query}").json()["users"]]


def test_an_invited_user_is_answered_and_listed(api: Api, specification: Path) -> None:
    body = {"newUsers": [{"userName": "Nia New", "email": "nia@example.com"}]}
    created = api.call("POST", "/users", body)
    assert_matches(specification, "newUsersSummary", created.json())
    user = only(created.json()["newUsers"])
    assert user["uri"] == f"/users/{user['userId']}"
    listed = api.call("GET", "/users?email=nia@example.com&additional_info=true").json()
    assert_matches(specification, "userInformationList", listed)
    assert only(listed["users"])["userId"] == user["userId"]


def test_the_same_person_twice_is_refused_without_harm_to_the_others(api: Api) -> None:
    invite(api)
    people = [("Nia New", "nia@example.com"), ("Otto Other", "otto@example.com"), ("No Email", "x")]
    body = {"newUsers": [{"userName": name, "email": email} for name, email in people]}
    first, second, third = api.call("POST", "/users", body).json()["newUsers"]
    assert first["errorDetails"]["errorCode"] == "USER_ALREADY_EXISTS_IN_ACCOUNT"
    assert "errorDetails" not in second
    assert third["errorDetails"]["errorCode"] == "INVALID_REQUEST_PARAMETER"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("email_substring=SANDBOX.example", ["Signing Service", "Alex Sender"]),
        ("user_name_substring=alex", ["Alex Sender"]),
        ("status=ActivationSent", ["Nia New"]),
        ("status=Active,ActivationSent&email_substring=nia", ["Nia New"]),
        ("status=Closed", []),
    ],
)
def test_users_are_found_by(api: Api, query: str, expected: list[str]) -> None:
    invite(api)
    assert names(api, query) == expected


def test_users_of_a_group_are_found_by_its_id(api: Api) -> None:
    groups = api.call("GET", "/groups").json()["groups"]
    administrators = next(group for group in groups if group["groupType"] == "adminGroup")
    assert names(api, f"group_id={administrators['groupId']}") == ["Signing Service"]
    assert names(api, f"not_group_id={administrators['groupId']}") == ["Alex Sender"]


def test_a_list_comes_in_pages(api: Api) -> None:
    for number in range(3):
        invite(api, f"Person {number}", f"p{number}@example.com")
    first = api.call("GET", "/users?count=2").json()
    assert (first["resultSetSize"], first["totalSetSize"], first["endPosition"]) == ("2", "5", "1")
    assert first["nextUri"].startswith("/users?")
    second = api.call("GET", first["nextUri"]).json()
    assert (second["startPosition"], second["endPosition"]) == ("2", "3")
    assert {u["userId"] for u in first["users"]}.isdisjoint(u["userId"] for u in second["users"])


@pytest.mark.parametrize("query", ["count=0", "count=x", "start_position=-1"])
def test_a_wrong_page_is_refused(api: Api, query: str) -> None:
    assert api.call("GET", f"/users?{query}").json()["errorCode"] == "INVALID_REQUEST_PARAMETER"


def test_a_closed_user_stays_in_the_list_and_may_come_back(api: Api) -> None:
    user_id = invite(api)["userId"]
    closed = api.call("DELETE", "/users", {"users": [{"userId": user_id}]}).json()
    assert only(closed["users"])["userStatus"] == "Closed"
    assert names(api, "status=Closed") == ["Nia New"]
    assert invite(api)["userId"] == user_id
    assert names(api, "status=Closed") == []


def test_a_user_is_changed(api: Api, specification: Path) -> None:
    user_id = invite(api)["userId"]
    changed = api.call("PUT", f"/users/{user_id}", {"userName": "Nia Older", "jobTitle": "Clerk"}).json()
    assert_matches(specification, "userInformation", changed)
    found = api.call("GET", f"/users/{user_id}").json()
    assert (found["userName"], found["jobTitle"]) == ("Nia Older", "Clerk")


@pytest.mark.parametrize(
    ("user_id", "error_code"), [("me", "INVALID_USERID"), (NOBODY, "USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT")]
)
def test_an_unknown_user_is_refused(api: Api, user_id: str, error_code: str) -> None:
    assert api.call("GET", f"/users/{user_id}").json()["errorCode"] == error_code


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/users", {"newUsers": []}),
        ("DELETE", "/users", {"users": []}),
        ("POST", "/groups", {"groups": []}),
        ("POST", "/permission_profiles", {"permissionProfileName": "x"}),
        ("POST", "/brands", {"brandName": "x"}),
        ("PUT", "/settings", {"sessionTimeout": "30"}),
        ("POST", "/custom_fields", {"name": "x"}),
        ("POST", "/signing_groups", {"groups": []}),
    ],
)
def test_an_ordinary_member_does_not_administer(
    sandbox: SandboxProcess, api: Api, method: str, path: str, body: Any
) -> None:
    response = act_as(sandbox, alex_of(api)).call(method, path, body)
    assert (response.status_code, response.json()["errorCode"]) == (403, "USER_NOT_ACCOUNT_ADMIN")


def test_an_ordinary_member_changes_only_their_own_things(sandbox: SandboxProcess, api: Api) -> None:
    alex_id = alex_of(api)
    alex = act_as(sandbox, alex_id)
    assert alex.call("PUT", f"/users/{alex_id}", {"jobTitle": "Sender"}).status_code == 200
    other = sandbox.config["DOCUSIGN_USER_ID"]
    assert alex.call("PUT", f"/users/{other}", {"jobTitle": "x"}).json()["errorCode"] == "USER_NOT_ACCOUNT_ADMIN"


def test_settings_are_kept(api: Api, specification: Path) -> None:
    path = f"/users/{alex_of(api)}/settings"
    assert api.call("PUT", path, {"locale": "fr", "bulkSend": False}).status_code == 200
    data = api.call("GET", path).json()
    assert_matches(specification, "userSettingsInformation", data)
    assert (data["locale"], data["bulkSend"]) == ("fr", "false")


def test_custom_settings_are_added_and_taken_away(api: Api, specification: Path) -> None:
    path = f"/users/{alex_of(api)}/custom_settings"
    api.call("PUT", path, {"customSettings": [{"name": "a", "value": "1"}]})
    both = api.call("PUT", path, {"customSettings": [{"name": "b", "value": "2"}]}).json()
    assert_matches(specification, "customSettingsInformation", both)
    assert [setting["name"] for setting in both["customSettings"]] == ["a", "b"]
    left = api.call("DELETE", path, {"customSettings": [{"name": "a"}]}).json()
    assert left["customSettings"] == [{"name": "b", "value": "2"}]


def test_a_profile_is_kept(api: Api, specification: Path) -> None:
    path = f"/users/{alex_of(api)}/profile"
    api.call("PUT", path, {"displayProfile": "false", "title": "Boss", "address": {"city": "Oslo"}})
    data = api.call("GET", path).json()
    assert_matches(specification, "userProfile", data)
    assert (data["displayProfile"], data["title"], data["address"]) == ("false", "Boss", {"city": "Oslo"})


def test_a_profile_image_comes_back_as_it_was(api: Api) -> None:
    path = f"/users/{alex_of(api)}/profile/image"
    assert api.call("GET", path).status_code == 404
    assert api.call("PUT", path, data=PNG, headers={"Content-Type": "image/png"}).status_code == 200
    image = api.call("GET", path)
    assert (image.content, image.headers["Content-Type"]) == (PNG, "image/png")
    assert api.call("PUT", path, data=b"text", headers={"Content-Type": "image/png"}).status_code == 400
    api.call("DELETE", path)
    assert api.call("GET", path).status_code == 404


def test_signatures_live_and_one_is_the_default(api: Api, specification: Path) -> None:
    path = f"/users/{alex_of(api)}/signatures"
    created = api.call("POST", path, {"userSignatures": [{"signatureName": "Alex S"}, {"signatureName": "A. Sender"}]})
    assert created.status_code == 201
    assert_matches(specification, "userSignaturesInformation", created.json())
    first, second = (signature["signatureId"] for signature in created.json()["userSignatures"])
    api.call("PUT", f"{path}/{second}", {"isDefault": "true"})
    defaults = {s["signatureId"]: s["isDefault"] for s in api.call("GET", path).json()["userSignatures"]}
    assert defaults == {first: "false", second: "true"}
    api.call("DELETE", f"{path}/{first}")
    assert only(api.call("GET", path).json()["userSignatures"])["signatureId"] == second


def test_a_signatures_images_come_back_as_they_were(api: Api, specification: Path) -> None:
    path = f"/users/{alex_of(api)}/signatures"
    created = api.call("POST", path, {"userSignatures": [{}]}).json()
    uri = f"{path}/{only(created['userSignatures'])['signatureId']}/signature_image"
    put = api.call("PUT", uri, data=PNG, headers={"Content-Type": "image/png"})
    assert_matches(specification, "userSignature", put.json())
    assert api.call("GET", uri).content == PNG
    assert api.call("DELETE", uri).status_code == 200
    assert api.call("GET", uri).status_code == 404
