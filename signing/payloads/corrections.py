"""Changing a recipient of an envelope that was sent."""

from collections.abc import Mapping
from typing import Any

from signing.models import Recipient, RecipientKind

GROUPS = {
    RecipientKind.SIGNER: "signers",
    RecipientKind.IN_PERSON_SIGNER: "inPersonSigners",
    RecipientKind.CERTIFIED_DELIVERY: "certifiedDeliveries",
    RecipientKind.CARBON_COPY: "carbonCopies",
}
SPELLINGS = {"name": "name", "email": "email", "routing_order": "routingOrder"}
# Of an in-person signer `name` and `email` are the host's (definition inPersonSigner).
SPELLINGS_IN_PERSON = SPELLINGS | {"name": "signerName", "email": "signerEmail"}


def recipient_update(recipient: Recipient, changes: Mapping[str, object]) -> dict[str, Any]:
    """The body of EnvelopeRecipients: update, for one recipient. Only what changes: an email that stands there is
    taken for a new one, even if it is not (reference 2.10).
    """
    kind = RecipientKind(recipient.kind)
    spellings = SPELLINGS_IN_PERSON if kind == RecipientKind.IN_PERSON_SIGNER else SPELLINGS
    update = {spellings[name]: str(value) for name, value in changes.items()}
    return {GROUPS[kind]: [{"recipientId": str(recipient.number), **update}]}
