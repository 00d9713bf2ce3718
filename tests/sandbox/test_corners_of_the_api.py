"""Operations that nothing else calls."""

from typing import Any

import pytest

from sandbox.robot import Robot

from .api import Api


def call(api: Api, method: str, url: str, body: Any = None) -> Any:
    response = api.call(method, url, body)
    assert response.status_code in (200, 201), response.text
    return response.json() if "json" in response.headers["Content-Type"] and response.content else response.content


@pytest.mark.parametrize("tail", ["/recipients/1/document_visibility", "/recipients/document_visibility"])
def test_documents_are_hidden_from_a_recipient(api: Api, tail: str) -> None:
    path = f"/envelopes/{api.envelope()}"
    hidden = {"documentId": "1", "recipientId": "1", "visible": "false"}
    call(api, "PUT", path + tail, {"documentVisibility": [hidden]})
    (found,) = call(api, "GET", f"{path}/recipients/1/document_visibility")["documentVisibility"]
    assert found["visible"] == "false"


def test_a_signature_is_told_once_it_is_adopted(api: Api) -> None:
    envelope_id = api.envelope()
    Robot().sign(api.view_url(envelope_id), signature="Ann Bee")
    assert call(api, "GET", f"/envelopes/{envelope_id}/recipients/1/signature")["signatureName"] == "Ann Bee"


def test_the_disclosure_comes_in_a_language(api: Api) -> None:
    found = call(api, "GET", f"/envelopes/{api.envelope()}/recipients/1/consumer_disclosure/fr")
    assert found["languageCode"] == "fr"


@pytest.mark.parametrize(
    ("tail", "body"),
    [
        ("/settings/envelope_purge_configuration", {"purgeEnvelopes": "true"}),
        ("/settings/notification_defaults", {"emailNotifications": {}}),
    ],
)
def test_settings_are_given_back(api: Api, tail: str, body: dict[str, Any]) -> None:
    call(api, "PUT", tail, body)
    assert set(body) <= set(call(api, "GET", tail))


def test_the_connect_log_is_emptied(api: Api) -> None:
    api.call("DELETE", "/connect/logs", {})
    assert call(api, "GET", "/connect/logs").get("logs", []) == []


def test_a_brand_is_exported(api: Api) -> None:
    (brand,) = call(api, "POST", "/brands", {"brandName": "Northwind"})["brands"]
    assert b"Northwind" in call(api, "GET", f"/brands/{brand['brandId']}/file")


def test_signing_groups_are_renamed_together(api: Api) -> None:
    (group,) = call(
        api, "POST", "/signing_groups", {"groups": [{"groupName": "Desk", "groupType": "sharedSigningGroup"}]}
    )["groups"]
    call(api, "PUT", "/signing_groups", {"groups": [{"signingGroupId": group["signingGroupId"], "groupName": "Table"}]})
    assert call(api, "GET", f"/signing_groups/{group['signingGroupId']}")["groupName"] == "Table"


def test_users_are_changed_together(api: Api) -> None:
    user_id = api.sandbox.config["DOCUSIGN_USER_ID"]
    call(api, "PUT", "/users", {"users": [{"userId": user_id, "jobTitle": "Robot"}]})
    assert call(api, "GET", f"/users/{user_id}")["jobTitle"] == "Robot"


def test_custom_settings_of_a_user(api: Api) -> None:
    path = f"/users/{api.sandbox.config['DOCUSIGN_USER_ID']}/custom_settings"
    call(api, "PUT", path, {"customSettings": [{"name": "theme", "value": "dark"}]})
    assert call(api, "GET", path)["customSettings"] == [{"name": "theme", "value": "dark"}]


def test_signatures_of_a_user(api: Api) -> None:
    path = f"/users/{api.sandbox.config['DOCUSIGN_USER_ID']}/signatures"
    made = call(api, "PUT", path, {"userSignatures": [{"signatureName": "Ann Bee", "signatureInitials": "AB"}]})
    (signature,) = made["userSignatures"]
    assert call(api, "GET", f"{path}/{signature['signatureId']}")["signatureName"] == "Ann Bee"
