"""The people of an envelope, by Docusign's groups."""

from typing import Any

from signing.models import Envelope, Recipient, RecipientKind, Verification
from signing.secretbox import decrypt

from .tabs import tabs_of

GROUPS = {
    RecipientKind.SIGNER: "signers",
    RecipientKind.IN_PERSON_SIGNER: "inPersonSigners",
    RecipientKind.CERTIFIED_DELIVERY: "certifiedDeliveries",
    RecipientKind.CARBON_COPY: "carbonCopies",
}
WITH_TABS = frozenset({RecipientKind.SIGNER, RecipientKind.IN_PERSON_SIGNER})
# Docusign's codes (definition recipientEmailNotification, supportedLanguage) where they are not Django's.
MAIL_LANGUAGES = {"zh-hans": "zh_CN", "zh-hant": "zh_TW", "pt-br": "pt_BR", "fr-ca": "fr_CA", "nb": "no"}


def recipients_of(envelope: Envelope) -> dict[str, Any]:
    """Definition recipients."""
    groups: dict[str, Any] = {}
    for recipient in envelope.recipients.all():
        groups.setdefault(GROUPS[RecipientKind(recipient.kind)], []).append(_recipient(recipient))
    return groups


def _recipient(recipient: Recipient) -> dict[str, Any]:
    """Definitions signer, inPersonSigner, certifiedDelivery, carbonCopy."""
    data: dict[str, Any] = {
        "recipientId": str(recipient.number),
        "routingOrder": str(recipient.routing_order),
        **_names(recipient),
    }
    if recipient.is_embedded:
        data["clientUserId"] = recipient.client_user_id  # so Docusign mails them nothing
    else:
        data |= _mail(recipient)
    if recipient.private_message:
        data["note"] = recipient.private_message
    if recipient.verification == Verification.ACCESS_CODE:
        data["accessCode"] = _access_code(recipient)
    if recipient.kind in WITH_TABS:
        data["tabs"] = tabs_of(recipient)
    return data


def _names(recipient: Recipient) -> dict[str, str]:
    """An in-person signer is reached through a host, who must be a user of the account (reference 2.4)."""
    if recipient.kind != RecipientKind.IN_PERSON_SIGNER:
        return {"name": recipient.name, "email": recipient.email}
    names = {"signerName": recipient.name, "hostName": recipient.host_name, "hostEmail": recipient.host_email}
    return names | ({"signerEmail": recipient.email} if recipient.email else {})


def _mail(recipient: Recipient) -> dict[str, Any]:
    """Docusign's own mail in their language; without one it is the account's."""
    if not recipient.language:
        return {}
    language = MAIL_LANGUAGES.get(recipient.language, recipient.language)
    return {
        "emailNotification": {
            "emailSubject": recipient.envelope.subject,
            "emailBody": recipient.envelope.message,
            "supportedLanguage": language,
        }
    }


def _access_code(recipient: Recipient) -> str:
    """Raises LookupError rather than send an envelope that asks for no code."""
    access_code = decrypt(recipient.sealed_access_code)
    if not access_code:
        raise LookupError(f"the access code of recipient {recipient.pk} cannot be read")
    return access_code
