"""Facts about an account that are only read: languages, file types, identity checks, consumer disclosure."""

from typing import Any

from django.http import HttpResponse

from sandbox.errors import ApiError
from sandbox.models import Account

from .account_settings import read
from .door import Call, answer
from .kinds import Kind, change
from .registry import operation

LANGUAGES = {
    "Arabic": "ar", "Bulgarian": "bg", "Chinese Simplified": "zh_CN", "Chinese Traditional": "zh_TW",
    "Croatian": "hr", "Czech": "cs", "Danish": "da", "Dutch": "nl", "English": "en", "English UK": "en_GB",
    "Estonian": "et", "Farsi": "fa", "Finnish": "fi", "French": "fr", "French Canada": "fr_CA", "German": "de",
    "Greek": "el", "Hebrew": "he", "Hindi": "hi", "Hungarian": "hu", "Indonesian": "id", "Italian": "it",
    "Japanese": "ja", "Korean": "ko", "Latvian": "lv", "Lithuanian": "lt", "Malay": "ms", "Norwegian": "no",
    "Polish": "pl", "Portuguese": "pt", "Portuguese Brasil": "pt_BR", "Romanian": "ro", "Russian": "ru",
    "Serbian": "sr", "Slovak": "sk", "Slovenian": "sl", "Spanish": "es", "Spanish Latin America": "es_MX",
    "Swedish": "sv", "Thai": "th", "Turkish": "tr", "Ukrainian": "uk", "Vietnamese": "vi",
}  # fmt: skip
UNSUPPORTED = {
    "exe": "application/x-msdownload",
    "js": "application/javascript",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "xml": "application/xml",
    "zip": "application/zip",
}
PHONE = {"optionName": "phone_number_list", "valueType": "PhoneNumberList", "isRequired": True}
# The names are those that Docusign's examples look for.
WORKFLOWS = (
    ("c368e411-1592-4001-a3df-dca94ac539ae", "Phone Authentication", "The signer enters a code sent to a phone", PHONE),
    ("6fc2a8a9-0d0e-4c8a-9d35-0a0f7a0d6a11", "DocuSign ID Verification", "The signer shows an identity document", None),
    ("0c0e6d2c-7d5b-4a36-8d3e-5b1f4c3f9b22", "SMS for access & signatures", "A code at access and signing", PHONE),
)
DISCLOSURE = Kind("consumer_disclosure", "")
DISCLOSURE_TEXTS = {
    "allowCDWithdraw": "false",
    "changeEmail": "sandbox@sandbox.example",
    "companyName": "",
    "companyPhone": "",
    "copyCostPerPage": "0.0000",
    "copyFeeCollectionMethod": "",
    "copyRequestEmail": "",
    "custom": "false",
    "enableEsign": "true",
    "esignAgreement": "<p>By agreeing you receive and sign these records electronically. This is a sandbox.</p>",
    "esignText": "By agreeing you receive and sign these records electronically. This is a sandbox.",
    "mustAgreeToEsign": "true",
    "useBrand": "false",
    "useConsumerDisclosureWithinAccount": "false",
    "withdrawByEmail": "false",
    "withdrawByMail": "false",
    "withdrawByPhone": "false",
    "withdrawConsequences": "0",
}
NOT_DRAWN = "kept and given back; the ceremony has a text of its own"


@operation("GET", "supported_languages")
def get_languages(call: Call) -> HttpResponse:
    return answer({"languages": [{"name": name, "value": code} for name, code in LANGUAGES.items()]})


@operation("GET", "unsupported_file_types")
def get_unsupported_file_types(call: Call) -> HttpResponse:
    types = [{"fileExtension": extension, "mimeType": mime} for extension, mime in UNSUPPORTED.items()]
    return answer({"fileTypes": types})


@operation("GET", "identity_verification", note="the ceremony lets everyone pass")
def get_identity_verification(call: Call) -> HttpResponse:
    workflows = [
        {
            "workflowId": guid,
            "workflowResourceKey": guid,
            "defaultName": name,
            "defaultDescription": description,
            "inputOptions": [option] if option else [],
        }
        for guid, name, description, option in WORKFLOWS
    ]
    return answer({"identityVerification": workflows})


@operation("GET", "payment_gateway_accounts", partial="there are none")
def get_payment_gateway_accounts(call: Call) -> HttpResponse:
    return answer({"paymentGatewayAccounts": []})


@operation("GET", "seals", partial="there are none")
def get_seals(call: Call) -> HttpResponse:
    return answer({"seals": []})


@operation("GET", "signatureProviders", partial="there are none")
def get_signature_providers(call: Call) -> HttpResponse:
    return answer({"signatureProviders": []})


@operation("GET", "consumer_disclosure", partial=NOT_DRAWN)
def get_disclosure(call: Call) -> HttpResponse:
    return answer(_disclosure(call.account, _language(call.query.get("langCode") or "en")))


@operation("GET", "consumer_disclosure/{langCode}", partial=NOT_DRAWN)
def get_disclosure_in(call: Call, lang_code: str) -> HttpResponse:
    return answer(_disclosure(call.account, _language(lang_code)))


@operation("PUT", "consumer_disclosure/{langCode}", is_for_admins=True, partial=NOT_DRAWN)
def put_disclosure(call: Call, lang_code: str) -> HttpResponse:
    language = _language(lang_code)
    kept = DISCLOSURE.ensure(call.account, language, _disclosure(call.account, language))
    return answer(change(kept, read(call.json, {}) | {"custom": "true", "languageCode": language}).data)


def _disclosure(account: Account, language: str) -> dict[str, Any]:
    own = {"accountEsignId": account.guid, "languageCode": language, "companyName": account.name}
    for kept in DISCLOSURE.rows(account):
        if kept.data["languageCode"] == language:
            return DISCLOSURE_TEXTS | own | dict(kept.data)
    return DISCLOSURE_TEXTS | own


def _language(code: str) -> str:
    known = {value.lower(): value for value in LANGUAGES.values()}
    if code.lower().replace("-", "_") not in known:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for langCode.")
    return known[code.lower().replace("-", "_")]
