"""What is kept of a member: settings, custom settings, profile."""

from typing import Any

from django.http import HttpResponse

from sandbox import files
from sandbox.definition.reading import list_of, object_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Membership

from .account_settings import read
from .answers import content, nothing
from .door import Call, answer
from .members import change_data, find_member, information, own_or_administered
from .registry import operation
from .uploads import uploaded_image

SETTINGS = {
    "adminOnly": "false",
    "allowRecipientLanguageSelection": "true",
    "allowSendOnBehalfOf": "false",
    "apiAccountWideAccess": "false",
    "bulkSend": "true",
    "canChargeAccount": "false",
    "canEditSharedAddressbook": "use_private_and_shared",
    "canLockEnvelopes": "true",
    "canManageAccount": "false",
    "canManageTemplates": "share",
    "canSendAPIRequests": "true",
    "canSendEnvelope": "true",
    "canSignEnvelope": "true",
    "enableSequentialSigningAPI": "true",
    "enableSequentialSigningUI": "true",
    "enableSignOnPaperOverride": "true",
    "enableSignerAttachments": "true",
    "locale": "en",
    "newSendUI": "true",
    "powerFormMode": "user",
    "recipientViewedNotification": "true",
    "timezoneOffset": "tz_08_pacific",
    "vaultingMode": "none",
}
GROUPED: dict[str, Any] = {
    "accountManagementGranular": {},
    "localePolicy": {},
    "senderEmailNotifications": {},
    "signerEmailNotifications": {},
}
ADDRESS = ("address1", "address2", "city", "country", "fax", "phone", "postalCode", "stateOrProvince", "zipPlus4")
DISPLAYED = ("displayOrganizationInfo", "displayPersonalInfo", "displayProfile", "displayUsageHistory")


def settings_of(member: Membership) -> dict[str, Any]:
    own = {"canManageAccount": "true", "powerFormMode": "admin"} if member.is_admin else {}
    return SETTINGS | own | dict(member.data.get("settings", {}))


def custom_settings_of(member: Membership) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in member.data.get("customSettings", {}).items()]


@operation("GET", "users/{userId}/settings")
def get_settings(call: Call, user_id: str) -> HttpResponse:
    return answer(settings_of(find_member(call, user_id)))


@operation("PUT", "users/{userId}/settings")
def put_settings(call: Call, user_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    change_data(member, settings=settings_of(member) | read(call.json, GROUPED))
    return nothing()


@operation("GET", "users/{userId}/custom_settings")
def get_custom_settings(call: Call, user_id: str) -> HttpResponse:
    return answer({"customSettings": custom_settings_of(own_or_administered(call, user_id))})


@operation("PUT", "users/{userId}/custom_settings")
def put_custom_settings(call: Call, user_id: str) -> HttpResponse:
    """Added to those that are there."""
    member = own_or_administered(call, user_id)
    given = {text_of(item, "name", 100): text_of(item, "value", 1000) for item in list_of(call.json, "customSettings")}
    if "" in given:
        raise ApiError("INVALID_REQUEST_PARAMETER", "A custom setting needs a name.")
    change_data(member, customSettings=member.data.get("customSettings", {}) | given)
    return answer({"customSettings": custom_settings_of(member)})


@operation("DELETE", "users/{userId}/custom_settings")
def delete_custom_settings(call: Call, user_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    gone = {text_of(item, "name") for item in list_of(call.json, "customSettings")}
    kept = {name: value for name, value in member.data.get("customSettings", {}).items() if name not in gone}
    change_data(member, customSettings=kept)
    return answer({"customSettings": custom_settings_of(member)})


@operation("GET", "users/{userId}/profile", partial="no usage history")
def get_profile(call: Call, user_id: str) -> HttpResponse:
    member = find_member(call, user_id)
    profile = dict.fromkeys(DISPLAYED, "true") | member.data.get("profile", {})
    details = information(member)
    return answer(
        profile
        | {
            "userDetails": details,
            "companyName": details["company"],
            "title": details["jobTitle"],
            "profileImageUri": f"/users/{member.user.guid}/profile/image",
            "authenticationMethods": [],
        }
    )


@operation("PUT", "users/{userId}/profile")
def put_profile(call: Call, user_id: str) -> HttpResponse:
    member = own_or_administered(call, user_id)
    profile: dict[str, Any] = {name: text_of(call.json, name) for name in DISPLAYED if call.json.get(name) is not None}
    if call.json.get("address"):
        address = object_of(call.json, "address")
        profile["address"] = {name: text_of(address, name, 100) for name in ADDRESS if address.get(name)}
    texts = {"company": text_of(call.json, "companyName", 100), "jobTitle": text_of(call.json, "title", 100)}
    given = {name: text for name, text in texts.items() if text}
    change_data(member, profile=member.data.get("profile", {}) | profile, **given)
    return nothing()


@operation("GET", "users/{userId}/profile/image")
def get_image(call: Call, user_id: str) -> HttpResponse:
    image = find_member(call, user_id).data.get("image")
    if not image:
        raise ApiError("RESOURCE_NOT_FOUND", "The user has no profile image.")
    return content(files.load(image["path"]), image["type"])


@operation("PUT", "users/{userId}/profile/image")
def put_image(call: Call, user_id: str) -> HttpResponse:
    change_data(own_or_administered(call, user_id), image=uploaded_image(call))
    return nothing()


@operation("DELETE", "users/{userId}/profile/image")
def delete_image(call: Call, user_id: str) -> HttpResponse:
    change_data(own_or_administered(call, user_id), image=None)
    return nothing()
