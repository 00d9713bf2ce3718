"""What is set for a whole account. Kept and given back; few of the settings change what the sandbox does."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from sandbox.definition.reading import Json, object_of, text_of
from sandbox.errors import ApiError
from sandbox.models import Account

from .answers import nothing
from .door import Call, answer
from .kinds import Kind, change
from .registry import operation

MAX_VALUE = 4000
KEPT = "kept and given back, without effect"
SETTINGS = {
    "allowAccessCodeFormat": "true",
    "allowBulkSend": "true",
    "allowConsumerDisclosureOverride": "true",
    "allowDocumentVisibility": "true",
    "allowEnvelopeCorrect": "true",
    "allowEnvelopePublishReporting": "true",
    "allowExpressSignerCertificate": "false",
    "allowInPerson": "true",
    "allowMarkup": "false",
    "allowOfflineSigning": "true",
    "allowReminders": "true",
    "allowSharedTabs": "true",
    "allowSignatureStamps": "true",
    "allowSigningGroups": "true",
    "allowSignerReassign": "true",
    "attachCompletedEnvelope": "false",
    "bulkSend": "true",
    "bulkSendMaxCopiesInBatch": "1000",
    "bulkSendMaxUnprocessedEnvelopesCount": "2000",
    "canSelfBrandSend": "true",
    "canSelfBrandSign": "true",
    "chromeSignatureEnabled": "true",
    "conditionalFieldsEnabled": "true",
    "consumerDisclosureFrequency": "once",
    "emailTemplateVersion": "",
    "enableAdvancedPowerForms": "true",
    "enableAutoNav": "true",
    "enableDSPro": "true",
    "enableEnvelopeStampingByAccountAdmin": "true",
    "enableEnvelopeStampingByDSAdmin": "true",
    "enablePowerForm": "true",
    "enablePowerFormDirect": "true",
    "enableRecipientDomainValidation": "false",
    "enableSMSAuthentication": "true",
    "enableScheduledRelease": "true",
    "enableSendToAgent": "true",
    "enableSendToIntermediary": "true",
    "enableSendToManage": "true",
    "enableSequentialSigningAPI": "true",
    "enableSequentialSigningUI": "true",
    "enableSignOnPaper": "true",
    "enableSignerAttachments": "true",
    "enableStrikeThrough": "false",
    "envelopeIntegrationAllowed": "full",
    "envelopeIntegrationEnabled": "true",
    "envelopeStampingDefaultValue": "true",
    "inSessionEnabled": "true",
    "sessionTimeout": "20",
    "signerMustHaveAccount": "false",
    "signerMustLoginToSign": "false",
    "signerLoginRequirements": "login_not_required",
    "signingSessionTimeout": "20",
    "specifyDocumentVisibility": "sender",
    "useDocuSignExpressSignerCertificate": "false",
    "useMultiAppGroupsData": "false",
    "usesAPI": "true",
}

# The settings that are objects; that of tabs has an address of its own, which is not followed here.
SETTINGS_GROUPS: dict[str, dict[str, Any]] = {
    "accessCodeFormat": {
        "formatRequired": "false",
        "letterRequired": "false",
        "minimumLength": "0",
        "numberRequired": "false",
        "specialCharacterRequired": "false",
    },
    "accountNotification": {
        "expirations": {"expireAfter": "120", "expireEnabled": "true", "expireWarn": "0"},
        "reminders": {"reminderDelay": "0", "reminderEnabled": "false", "reminderFrequency": "0"},
        "userOverrideEnabled": "true",
    },
    "accountUISettings": {"hideSendAnEnvelope": "false", "hideUseATemplate": "false"},
}

# Groups of settings that are read and written whole: what the path ends in → how they start out.
GROUPS: dict[str, dict[str, Any]] = {
    "settings/notification_defaults": {
        "apiEmailNotifications": {
            "senderEmailNotifications": {"envelopeComplete": "true", "changedSigner": "true"},
            "signerEmailNotifications": {"envelopeActivation": "true", "envelopeComplete": "true"},
        },
        "emailNotifications": {
            "senderEmailNotifications": {"envelopeComplete": "true", "changedSigner": "true"},
            "signerEmailNotifications": {"envelopeActivation": "true", "envelopeComplete": "true"},
        },
    },
    "settings/password_rules": {
        "expirePassword": "false",
        "expirePasswordDays": "0",
        "lockoutDurationMinutes": "2",
        "lockoutDurationType": "minutes",
        "minimumPasswordAgeDays": "0",
        "minimumPasswordLength": "6",
        "passwordIncludeDigit": "false",
        "passwordIncludeDigitOrSpecialCharacter": "false",
        "passwordIncludeLowerCase": "false",
        "passwordIncludeSpecialCharacter": "false",
        "passwordIncludeUpperCase": "false",
        "passwordStrengthType": "basic",
        "questionsRequired": "1",
    },
    "settings/tabs": {
        "allowTabOrder": "true",
        "approveDeclineTabsEnabled": "true",
        "calculatedFieldsEnabled": "false",
        "checkboxTabsEnabled": "true",
        "dataFieldRegexEnabled": "true",
        "dataFieldSizeEnabled": "true",
        "drawTabsEnabled": "false",
        "firstLastEmailTabsEnabled": "true",
        "listTabsEnabled": "true",
        "noteTabsEnabled": "true",
        "prefillTabsEnabled": "true",
        "radioTabsEnabled": "true",
        "savingCustomTabsEnabled": "true",
        "senderToChangeTabAssignmentsEnabled": "true",
        "sharedCustomTabsEnabled": "true",
        "tabDataLabelEnabled": "true",
        "tabLocationEnabled": "true",
        "tabLockingEnabled": "true",
        "tabScaleEnabled": "true",
        "tabTextFormattingEnabled": "true",
        "textTabsEnabled": "true",
    },
    "settings/envelope_purge_configuration": {
        "purgeEnvelopes": "false",
        "redactPII": "false",
        "removeTabsAndEnvelopeAttachments": "false",
        "retentionDays": "0",
    },
    "watermark": {
        "enabled": "false",
        "watermarkText": "",
        "font": "helvetica",
        "fontSize": "size48",
        "fontColor": "black",
        "displayAngle": "diagonal",
        "transparency": "50",
    },
}


def read(item: Json, like: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, as strings; where `like` has a group of values, that group, over what `like` has in it.

    `…Metadata` is for reading only. Raises INVALID_REQUEST_BODY for objects and arrays elsewhere.
    """
    values: dict[str, Any] = {}
    for name, value in item.items():
        if value is None or name.endswith("Metadata"):
            continue
        group = like.get(name)
        if isinstance(group, dict):
            values[name] = group | read(object_of(item, name), group)
        else:
            values[name] = text_of(item, name, MAX_VALUE)
    return values


def settings_of(account: Account) -> dict[str, Any]:
    return SETTINGS | SETTINGS_GROUPS | {"tabAccountSettings": GROUPS["settings/tabs"]} | account.settings


@operation("GET", "settings")
def get_settings(call: Call) -> HttpResponse:
    return answer(settings_of(call.account))


@operation("PUT", "settings", is_for_admins=True, partial=KEPT)
def put_settings(call: Call) -> HttpResponse:
    account = call.account
    account.settings = account.settings | read(call.json, settings_of(account))
    account.save(update_fields=["settings"])
    return nothing()


@operation("GET", "/v2.1/current_user/password_rules")
def get_own_password_rules(call: Call) -> HttpResponse:
    """Of the account that is the user's default."""
    member = call.user.memberships.exclude(status="Closed").order_by("-is_default", "pk").first()
    if member is None:
        raise ApiError("USER_LACKS_MEMBERSHIP")
    kept = Kind("settings/password_rules", "").rows(member.account).first()
    rules = dict(kept.data if kept else GROUPS["settings/password_rules"])
    return answer({"userId": call.user.guid, "passwordRules": rules})


def _register(path: str, defaults: Mapping[str, Any]) -> None:
    kind = Kind(path, "")

    @operation("GET", path, partial=KEPT)
    def get(call: Call) -> HttpResponse:
        kept = kind.rows(call.account).first()
        return answer(dict(kept.data if kept else defaults))

    @operation("PUT", path, is_for_admins=True, partial=KEPT)
    def put(call: Call) -> HttpResponse:
        kept = kind.ensure(call.account, "", defaults)
        return answer(change(kept, read(call.json, kept.data)).data)


for _path, _defaults in GROUPS.items():
    _register(_path, _defaults)
