"""The people of an envelope, by Docusign's groups."""

from typing import Any

from signing.models import Envelope, Recipient, Verification
from signing.secretbox import decrypt

from .tabs import tabs_of


def recipients_of(envelope: Envelope) -> dict[str, Any]:
    """Definition recipients."""
    return {"signers": [_signer(recipient) for recipient in envelope.recipients.all()]}


def _signer(recipient: Recipient) -> dict[str, Any]:
    signer = {
        "recipientId": str(recipient.number),
        "routingOrder": str(recipient.routing_order),
        "name": recipient.name,
        "email": recipient.email,
        "clientUserId": recipient.client_user_id,  # makes the recipient embedded: Docusign mails them nothing
        "tabs": tabs_of(recipient),
    }
    if recipient.verification == Verification.ACCESS_CODE:
        signer["accessCode"] = _access_code(recipient)
    return signer


def _access_code(recipient: Recipient) -> str:
    """Raises LookupError rather than send an envelope that asks for no code."""
    access_code = decrypt(recipient.sealed_access_code)
    if not access_code:
        raise LookupError(f"the access code of recipient {recipient.pk} cannot be read")
    return access_code
