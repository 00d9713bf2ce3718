"""What belongs to the account: brands, permissions, groups, people, listeners (eg024 to eg029, eg043)."""

from typing import Any

import docusign_esign as esign
import pytest

from tests.sandbox_process import SandboxProcess

from .sdk import Sdk, definition, grant, signer, template

ALEX = "alex@sandbox.example"
EMAIL_RESOURCE = '<?xml version="1.0" encoding="utf-8"?><root><data name="A"><value>B</value></data></root>'


def own_user_id(sdk: Sdk) -> str:
    user_id: str = sdk.users.list(email="signing-service@sandbox.example").users[0].user_id
    return user_id


class TestBrands:
    @pytest.fixture
    def brand_id(self, sdk: Sdk) -> str:
        brand = esign.Brand(brand_name="Example brand", default_brand_language="en")
        brand_id: str = sdk.accounts.create_brand(brand=brand).brands[0].brand_id
        return brand_id

    def test_are_made_changed_and_deleted(self, sdk: Sdk, brand_id: str) -> None:
        """eg028."""
        sdk.accounts.update_brand(brand_id, brand=esign.Brand(brand_name="Better brand"))
        assert sdk.accounts.get_brand(brand_id).brand_name == "Better brand"
        sdk.accounts.delete_brand(brand_id)
        assert brand_id not in [each.brand_id for each in sdk.accounts.list_brands().brands or []]

    def test_take_a_file_of_texts(self, sdk: Sdk, brand_id: str, tmp_path: Any) -> None:
        """The SDK's own test: the file goes raw, not as multipart (reference 9.3)."""
        path = tmp_path / "brand.xml"
        path.write_text(EMAIL_RESOURCE)
        answer = sdk.accounts.update_brand_resources_by_content_type(brand_id, "email", str(path))
        assert answer.resources_content_uri
        assert sdk.accounts.get_brand_resources(brand_id).resources_content_types


class TestPermissions:
    @pytest.fixture
    def profile_id(self, sdk: Sdk) -> str:
        settings = esign.AccountRoleSettings(
            use_new_docusign_experience_interface="optional",
            allow_bulk_sending="true",
            allow_envelope_sending="true",
            allow_signer_attachments="true",
            signing_ui_version="v2",
            vaulting_mode="none",
        )
        profile = esign.PermissionProfile(permission_profile_name="Sample profile", settings=settings)
        made = sdk.accounts.create_permission_profile(permission_profile=profile)
        assert made.permission_profile_name == "Sample profile"
        profile_id: str = made.permission_profile_id
        return profile_id

    def test_one_setting_changes(self, sdk: Sdk, profile_id: str) -> None:
        """eg024, eg026."""
        settings = esign.AccountRoleSettings(allow_bulk_sending="false")
        changed = esign.PermissionProfile(permission_profile_name="Sample profile", settings=settings)
        sdk.accounts.update_permission_profile(profile_id, permission_profile=changed)
        kept = sdk.accounts.get_permission_profile(profile_id).settings
        assert (kept.allow_bulk_sending, kept.allow_envelope_sending) == ("false", "true")

    def test_a_group_gets_it(self, sdk: Sdk, profile_id: str) -> None:
        """eg025."""
        group_id = sdk.groups.list_groups().groups[0].group_id
        wanted = esign.GroupInformation(groups=[esign.Group(group_id=group_id, permission_profile_id=profile_id)])
        sdk.groups.update_groups(group_information=wanted)
        kept = {each.group_id: each.permission_profile_id for each in sdk.groups.list_groups().groups}
        assert kept[group_id] == profile_id

    def test_it_is_deleted(self, sdk: Sdk, profile_id: str) -> None:
        """eg027."""
        sdk.accounts.delete_permission_profile(profile_id)
        profiles = sdk.accounts.list_permissions().permission_profiles
        assert profile_id not in [each.permission_profile_id for each in profiles]


class TestGroups:
    def test_are_made_filled_emptied_and_deleted(self, sdk: Sdk) -> None:
        wanted = esign.GroupInformation(groups=[esign.Group(group_name="Movers")])
        group_id = sdk.groups.create_groups(group_information=wanted).groups[0].group_id
        members = esign.UserInfoList(users=[esign.UserInfo(user_id=own_user_id(sdk))])
        sdk.groups.update_group_users(group_id, user_info_list=members)
        assert len(sdk.groups.list_group_users(group_id).users) == 1
        sdk.groups.delete_group_users(group_id, user_info_list=members)
        assert not sdk.groups.list_group_users(group_id).users
        gone = esign.GroupInformation(groups=[esign.Group(group_id=group_id)])
        sdk.groups.delete_groups(group_information=gone)
        assert group_id not in [each.group_id for each in sdk.groups.list_groups().groups]

    def test_signing_groups(self, sdk: Sdk) -> None:
        ann = esign.SigningGroupUser(user_name="Ann Bee", email="ann@example.com")
        group = esign.SigningGroup(group_name="Board", group_type="sharedSigningGroup", users=[ann])
        wanted = esign.SigningGroupInformation(groups=[group])
        group_id = sdk.signing_groups.create_list(signing_group_information=wanted).groups[0].signing_group_id
        more = esign.SigningGroupUsers(users=[esign.SigningGroupUser(user_name="Cee Dee", email="cee@example.com")])
        sdk.signing_groups.update_users(group_id, signing_group_users=more)
        assert "cee@example.com" in [each.email for each in sdk.signing_groups.list_users(group_id).users]
        envelope_id = sdk.create(definition(signer(name=None, email=None, signing_group_id=group_id)))
        assert sdk.envelopes.list_recipients(envelope_id).signers[0].signing_group_id == group_id
        gone = esign.SigningGroupInformation(groups=[esign.SigningGroup(signing_group_id=group_id)])
        sdk.signing_groups.delete_list(signing_group_information=gone)
        assert group_id not in [each.signing_group_id for each in sdk.signing_groups.list().groups or []]


class TestUsers:
    def test_come_change_and_go(self, sdk: Sdk) -> None:
        new = esign.UserInformation(user_name="New Person", email="new@example.com", activation_access_code="1234")
        made = sdk.users.create(new_users_definition=esign.NewUsersDefinition(new_users=[new])).new_users[0]
        assert (made.user_name, made.error_details) == ("New Person", None)
        changed = esign.UserInformation(job_title="Notary")
        sdk.users.update_user(made.user_id, user_information=changed)
        assert sdk.users.get_information(made.user_id).job_title == "Notary"
        gone = esign.UserInfoList(users=[esign.UserInfo(user_id=made.user_id)])
        sdk.users.delete(user_info_list=gone)
        assert sdk.users.get_information(made.user_id).user_status.lower() == "closed"

    def test_have_settings_and_a_profile(self, sdk: Sdk) -> None:
        user_id = own_user_id(sdk)
        assert sdk.users.get_settings(user_id) is not None
        assert sdk.users.get_profile(user_id).user_details.email == "signing-service@sandbox.example"

    def test_have_contacts(self, sdk: Sdk) -> None:
        contact = esign.Contact(name="Ann Bee", emails=["ann@example.com"])
        made = sdk.users.post_contacts(contact_mod_request=esign.ContactModRequest(contact_list=[contact])).contacts[0]
        found = sdk.users.get_contact_by_id(made.contact_id)
        assert [each.name for each in found.contacts] == ["Ann Bee"]
        sdk.users.delete_contact_with_id(made.contact_id)

    def test_let_an_agent_act_for_them(self, sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
        """eg043: a user who is there becomes the agent; a header then opens the principal's envelopes to them."""
        envelope_id, principal_id = sdk.create(definition()), own_user_id(sdk)
        found = sdk.users.list(email=ALEX, status="Active")
        assert int(found.result_set_size) == 1
        agent_id = found.users[0].user_id
        before = sdk.accounts.get_agent_user_authorizations(agent_id, permissions="manage")
        assert int(before.result_set_size) == 0
        agent = esign.AuthorizationUser(account_id=sdk.account_id, user_id=agent_id)
        request = esign.UserAuthorizationCreateRequest(agent_user=agent, permission="manage")
        sdk.accounts.create_user_authorization(principal_id, user_authorization_create_request=request)
        after = sdk.accounts.get_agent_user_authorizations(agent_id, permissions="manage")
        assert int(after.result_set_size) == 1
        tls_sandbox.control("POST", "consent", {"granted": True, "userId": agent_id})
        grant(sdk.client, tls_sandbox, user_id=agent_id)
        sdk.client.set_default_header("X-DocuSign-Act-On-Behalf", principal_id)
        listed = sdk.envelopes.list_status_changes(from_date="2020-01-01T00:00:00.000001")
        assert [each.envelope_id for each in listed.envelopes] == [envelope_id]


class TestAccount:
    def test_information_and_settings(self, sdk: Sdk) -> None:
        account = sdk.accounts.get_account_information(include_account_settings="true")
        assert (account.account_id_guid, account.account_name) == (sdk.account_id, "Sandbox Account")
        sdk.accounts.update_settings(
            account_settings_information=esign.AccountSettingsInformation(allow_bulk_send="true")
        )
        assert sdk.accounts.list_settings().allow_bulk_send == "true"

    @pytest.mark.parametrize(
        "method",
        [
            "get_supported_languages",
            "get_password_rules",
            "get_notification_defaults",
            "list_unsupported_file_types",
            "list_permissions",
            "list_brands",
        ],
    )
    def test_what_it_has_can_be_asked(self, sdk: Sdk, method: str) -> None:
        assert any(value is not None for value in getattr(sdk.accounts, method)().to_dict().values())

    def test_custom_fields_for_all_envelopes(self, sdk: Sdk) -> None:
        field = esign.CustomField(name="Cost centre", custom_field_type="text", required="false", show="true")
        sdk.accounts.create_custom_field(custom_field=field)
        names = [each.name for each in sdk.accounts.list_custom_fields().text_custom_fields]
        assert "Cost centre" in names

    def test_tabs_of_ones_own(self, sdk: Sdk) -> None:
        wanted = esign.TabMetadata(tab_label="Passport", type="text", name="Passport", anchor="/passport/")
        made = sdk.custom_tabs.create(tab_metadata=wanted)
        sdk.custom_tabs.update(made.custom_tab_id, tab_metadata=esign.TabMetadata(tab_label="Visa"))
        assert sdk.custom_tabs.get(made.custom_tab_id).tab_label == "Visa"
        assert made.custom_tab_id in [each.custom_tab_id for each in sdk.custom_tabs.list().tabs]
        sdk.custom_tabs.delete(made.custom_tab_id)


class TestPowerForms:
    @pytest.fixture
    def power_form(self, sdk: Sdk) -> Any:
        template_id = sdk.templates.create_template(envelope_template=template()).template_id
        wanted = esign.PowerForm(
            name="Sign up",
            template_id=template_id,
            is_active="true",
            signing_mode="direct",
            recipients=[esign.PowerFormRecipient(role_name="signer", recipient_type="signer", routing_order="1")],
        )
        return sdk.power_forms.create_power_form(power_form=wanted)

    def test_have_an_address_of_this_host(self, sdk: Sdk, power_form: Any) -> None:
        assert power_form.power_form_url.startswith(sdk.client.host.removesuffix("/restapi"))
        listed = sdk.power_forms.list_power_forms()
        assert [each.power_form_id for each in listed.power_forms] == [power_form.power_form_id]

    def test_change_tell_their_data_and_go(self, sdk: Sdk, power_form: Any) -> None:
        form_id = power_form.power_form_id
        sdk.power_forms.update_power_form(form_id, power_form=esign.PowerForm(instructions="Read it first."))
        assert sdk.power_forms.get_power_form(form_id).instructions == "Read it first."
        assert sdk.power_forms.get_power_form_data(form_id).envelopes in (None, [])
        assert sdk.power_forms.list_power_form_senders() is not None
        sdk.power_forms.delete_power_form(form_id)
        assert not sdk.power_forms.list_power_forms().power_forms


class TestConnect:
    def configuration(self, **changes: Any) -> Any:
        values = {
            "name": "Example listener",
            "url_to_publish_to": "https://listener.example.com/hook",
            "configuration_type": "custom",
            "allow_envelope_publish": "true",
            "all_users": "true",
            "enable_log": "true",
            "requires_acknowledgement": "true",
            "include_hmac": "true",
            "delivery_mode": "SIM",
            "events": ["envelope-sent", "envelope-completed"],
            "event_data": esign.ConnectEventData(version="restv2.1", format="json", include_data=["recipients"]),
        }
        return esign.ConnectCustomConfiguration(**(values | changes))

    def test_configurations_come_change_and_go(self, sdk: Sdk) -> None:
        made = sdk.connect.create_configuration(connect_custom_configuration=self.configuration())
        changed = self.configuration(connect_id=made.connect_id, name="Better listener")
        sdk.connect.update_configuration(connect_custom_configuration=changed)
        listed = sdk.connect.list_configurations()
        assert [each.name for each in listed.configurations] == ["Better listener"]
        assert listed.total_records == "1"
        (kept,) = sdk.connect.get_configuration(made.connect_id).configurations
        assert kept.events == ["envelope-sent", "envelope-completed"]
        sdk.connect.delete_configuration(made.connect_id)
        assert sdk.connect.list_configurations().total_records == "0"

    def test_logs_can_be_asked_and_retried(self, sdk: Sdk) -> None:
        envelope_id = sdk.create(definition(signer()))
        assert sdk.connect.list_event_logs() is not None
        assert sdk.connect.list_event_failure_logs() is not None
        assert sdk.connect.retry_event_for_envelope(envelope_id) is not None
