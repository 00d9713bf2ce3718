"""Permission profiles: three that every account has, and the account's own."""

from typing import Any

from django.http import HttpResponse

from sandbox.clock import docusign_time
from sandbox.definition.reading import object_of
from sandbox.errors import ApiError
from sandbox.models import Account, Membership, Resource

from .account_settings import read
from .answers import nothing
from .door import Call, answer
from .kinds import Kind, change
from .members import members
from .registry import operation

PROFILES = Kind("permission_profile", "permissionProfileId", ("permissionProfileName",), is_numbered=True)
ADMINISTRATOR, SENDER, VIEWER = "Account Administrator", "DocuSign Sender", "DocuSign Viewer"
SETTINGS = {
    "allowAccountManagement": "false",
    "allowApiAccess": "true",
    "allowApiSendingOnBehalfOfOthers": "false",
    "allowAutoTagging": "false",
    "allowBulkSending": "true",
    "allowEnvelopeSending": "true",
    "allowESealRecipients": "false",
    "allowSendersToSetRecipientEmailLanguage": "true",
    "allowSignerAttachments": "true",
    "allowSupplementalDocuments": "true",
    "allowTaggingInSendAndCorrect": "true",
    "allowVaulting": "false",
    "allowWetSigningOverride": "true",
    "allowedAddressBookAccess": "personalAndShared",
    "allowedTemplateAccess": "share",
    "allowedToBeEnvelopeTransferRecipient": "true",
    "canCreateWorkspaces": "false",
    "disableDocumentUpload": "false",
    "disableOtherActions": "false",
    "enableApiRequestLogging": "true",
    "enableRecipientViewingNotifications": "true",
    "enableSequentialSigningInterface": "true",
    "powerFormRole": "user",
    "receiveCompletedSelfSignedDocumentsAsEmailLinks": "false",
    "useNewDocuSignExperienceInterface": "optional",
    "useNewSendingInterface": "true",
    "vaultingMode": "none",
}
GROUPED: dict[str, Any] = {"accountManagementGranular": {}}
BUILT_IN = {
    ADMINISTRATOR: {"allowAccountManagement": "true", "powerFormRole": "admin"},
    SENDER: {},
    VIEWER: {"allowEnvelopeSending": "false", "allowBulkSending": "false", "allowedTemplateAccess": "none"},
}


def profiles(account: Account) -> list[Resource]:
    for name, settings in BUILT_IN.items():
        data = {"permissionProfileName": name, "settings": SETTINGS | settings, "builtIn": name}
        PROFILES.ensure(account, name, data)
    return list(PROFILES.rows(account))


def find_profile(account: Account, wanted: object) -> Resource:
    """Raises INVALID_REQUEST_PARAMETER."""
    profiles(account)
    return PROFILES.find(account, wanted)


def profile_of(member: Membership, known: list[Resource]) -> Resource:
    """The one it was given, else what fits its role. `known`: the account's, read once."""
    by_number = {profile.number: profile for profile in known}
    built_in = {profile.data.get("builtIn"): profile for profile in known}
    default = built_in[ADMINISTRATOR if member.is_admin else SENDER]
    return by_number.get(str(member.data.get("permissionProfileId")), default)


@operation("GET", "permission_profiles")
def list_profiles(call: Call) -> HttpResponse:
    known = profiles(call.account)
    return answer({"permissionProfiles": [_shape(call, profile, known) for profile in known]})


@operation("POST", "permission_profiles", is_for_admins=True)
def create_profile(call: Call) -> HttpResponse:
    data = PROFILES.read(call.json)
    if not data.get("permissionProfileName"):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Value for 'permissionProfileName' must be specified.")
    settings = SETTINGS | read(object_of(call.json, "settings"), GROUPED)
    profile = PROFILES.create(call.account, data | {"settings": settings, "modifiedByUsername": call.user.name})
    return answer(_shape(call, profile, profiles(call.account)), 201)


@operation("GET", "permission_profiles/{permissionProfileId}")
def get_profile(call: Call, permission_profile_id: str) -> HttpResponse:
    return answer(_shape(call, find_profile(call.account, permission_profile_id), profiles(call.account)))


@operation("PUT", "permission_profiles/{permissionProfileId}", is_for_admins=True)
def update_profile(call: Call, permission_profile_id: str) -> HttpResponse:
    profile = find_profile(call.account, permission_profile_id)
    settings = profile.data["settings"] | read(object_of(call.json, "settings"), GROUPED)
    change(profile, PROFILES.read(call.json) | {"settings": settings, "modifiedByUsername": call.user.name})
    return answer(_shape(call, profile, profiles(call.account)))


@operation("DELETE", "permission_profiles/{permissionProfileId}", is_for_admins=True)
def delete_profile(call: Call, permission_profile_id: str) -> HttpResponse:
    """Its users are moved to `move_users_to`; without it a profile in use cannot go."""
    profile = find_profile(call.account, permission_profile_id)
    if "builtIn" in profile.data:
        raise ApiError("INVALID_REQUEST_PARAMETER", "This permission profile cannot be deleted.")
    users = _users(profile, profiles(call.account))
    target = call.query.get("move_users_to")
    if users and not target:
        raise ApiError("INVALID_REQUEST_PARAMETER", "The permission profile has users.")
    if target:
        number = find_profile(call.account, target).number
        for member in users:
            member.data = member.data | {"permissionProfileId": number}
            member.save(update_fields=["data"])
    profile.delete()
    return nothing()


def _users(profile: Resource, known: list[Resource]) -> list[Membership]:
    open_members = members(profile.account).exclude(status="Closed")
    return [member for member in open_members if profile_of(member, known).pk == profile.pk]


def _shape(call: Call, profile: Resource, known: list[Resource]) -> dict[str, Any]:
    shape = PROFILES.shape(profile) | {"modifiedDateTime": docusign_time(profile.modified_at)}
    shape.pop("builtIn", None)
    shape.setdefault("modifiedByUsername", "")
    if "user_count" in call.include():
        shape["userCount"] = str(len(_users(profile, known)))
    return shape
