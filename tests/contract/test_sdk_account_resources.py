"""The official Python SDK on the account's own resources, as its own tests and Docusign's examples use it."""

from pathlib import Path
from typing import Any

import docusign_esign
import pytest

from tests.sandbox.api import Api
from tests.sandbox.people import act_as, alex_of
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def api(sandbox: SandboxProcess) -> Api:
    return Api(sandbox)


def client_of(api: Api) -> Any:
    client = docusign_esign.ApiClient()
    client.host = f"{api.sandbox.base_url}/restapi"
    client.set_default_header("Authorization", f"Bearer {api.access_token}")
    return client


@pytest.fixture
def client(api: Api) -> Any:
    return client_of(api)


def test_login_finds_the_account(client: Any) -> None:
    login = docusign_esign.AuthenticationApi(client).login(api_password="true", include_account_id_guid="true")
    assert login.login_accounts[0].account_id
    assert login.login_accounts[0].base_url.split("/v2")[0] == client.host


def test_a_brands_resource_file_is_uploaded(client: Any, sandbox: SandboxProcess, tmp_path: Path) -> None:
    accounts = docusign_esign.AccountsApi(client)
    brand = docusign_esign.Brand(brand_name="Blue", default_brand_language="en")
    brand_id = accounts.create_brand(sandbox.account_id, brand=brand).brands[0].brand_id
    file = tmp_path / "brand.xml"
    file.write_text("<Resources/>")
    updated = accounts.update_brand_resources_by_content_type(sandbox.account_id, brand_id, "email", str(file))
    assert updated.resources_content_uri


def test_an_envelope_is_moved_between_folders(client: Any, sandbox: SandboxProcess, api: Api) -> None:
    envelope_id = api.envelope()
    folders = docusign_esign.FoldersApi(client)
    request = docusign_esign.FoldersRequest(envelope_ids=[envelope_id], from_folder_id="sentitems")
    folders.move_envelopes(sandbox.account_id, "draft", folders_request=request)
    found = folders.list_items(sandbox.account_id, "draft", include_items="true")
    assert [item.envelope_id for folder in found.folders for item in folder.folder_items] == [envelope_id]


def test_api_calls_are_logged(client: Any, sandbox: SandboxProcess) -> None:
    diagnostics = docusign_esign.DiagnosticsApi(client)
    settings = docusign_esign.DiagnosticsSettingsInformation(api_request_logging="true")
    diagnostics.update_request_log_settings(diagnostics_settings_information=settings)
    docusign_esign.AccountsApi(client).get_account_information(sandbox.account_id)
    (entry,) = diagnostics.list_request_logs().api_request_logs
    assert diagnostics.get_request_log(entry.request_log_id)


def test_permission_profiles_are_given_to_groups(client: Any, sandbox: SandboxProcess) -> None:
    accounts, groups = docusign_esign.AccountsApi(client), docusign_esign.GroupsApi(client)
    settings = docusign_esign.AccountRoleSettings(allow_bulk_sending="true", vaulting_mode="none")
    body = docusign_esign.PermissionProfile(permission_profile_name="Example", settings=settings)
    profile = accounts.create_permission_profile(sandbox.account_id, permission_profile=body)
    group = groups.list_groups(sandbox.account_id).groups[0]
    change = docusign_esign.Group(group_id=group.group_id, permission_profile_id=profile.permission_profile_id)
    body = docusign_esign.GroupInformation(groups=[change])
    updated = groups.update_groups(sandbox.account_id, group_information=body)
    assert updated.groups[0].permission_profile_id == profile.permission_profile_id
    with pytest.raises(docusign_esign.ApiException):
        accounts.delete_permission_profile(sandbox.account_id, "1")


def test_an_agent_is_invited_and_acts_for_the_principal(client: Any, sandbox: SandboxProcess, api: Api) -> None:
    """Docusign's example of shared access."""
    accounts, envelope_id = docusign_esign.AccountsApi(client), api.envelope()
    principal, agent = sandbox.config["DOCUSIGN_USER_ID"], alex_of(api)
    before = accounts.get_agent_user_authorizations(sandbox.account_id, agent, active_only="true")
    assert not before.authorizations
    request = docusign_esign.UserAuthorizationCreateRequest(
        agent_user=docusign_esign.AuthorizationUser(account_id=sandbox.account_id, user_id=agent), permission="manage"
    )
    accounts.create_user_authorization(sandbox.account_id, principal, user_authorization_create_request=request)
    agents_client = client_of(act_as(sandbox, agent))
    agents_client.set_default_header("X-DocuSign-Act-On-Behalf", principal)
    listed = docusign_esign.EnvelopesApi(agents_client).list_status_changes(
        sandbox.account_id, from_date="2020-01-01T00:00:00"
    )
    assert [envelope.envelope_id for envelope in listed.envelopes] == [envelope_id]


def test_users_are_invited_and_closed(client: Any, sandbox: SandboxProcess) -> None:
    users = docusign_esign.UsersApi(client)
    person = docusign_esign.UserInformation(user_name="Nia New", email="nia@example.com")
    body = docusign_esign.NewUsersDefinition(new_users=[person])
    created = users.create(sandbox.account_id, new_users_definition=body).new_users[0]
    gone = docusign_esign.UserInfoList(users=[docusign_esign.UserInfo(user_id=created.user_id)])
    users.delete(sandbox.account_id, user_info_list=gone)
    listed = users.list(sandbox.account_id, status="Closed").users
    assert [user.user_id for user in listed] == [created.user_id]


def test_signing_groups_are_made(client: Any, sandbox: SandboxProcess) -> None:
    signing_groups = docusign_esign.SigningGroupsApi(client)
    people = [docusign_esign.SigningGroupUser(user_name="Ann Bee", email="ann@example.com")]
    group = docusign_esign.SigningGroup(group_name="Approvers", group_type="sharedSigningGroup", users=people)
    body = docusign_esign.SigningGroupInformation(groups=[group])
    created = signing_groups.create_list(sandbox.account_id, signing_group_information=body).groups[0]
    assert signing_groups.get(sandbox.account_id, created.signing_group_id).users[0].email == "ann@example.com"
