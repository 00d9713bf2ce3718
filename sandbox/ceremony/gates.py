"""What a recipient must pass before seeing the documents (reference 2.4): the host, the access code, the ID check."""

import hmac

from sandbox.definition.reading import is_true
from sandbox.models import Recipient, RecipientView

HOST, CODE, IDENTITY = "host", "code", "identity"
# Any of these in a recipient's definition asks for proof of identity; here all of them are one simulated check.
IDENTITY_CHECKS = ("identityVerification", "phoneAuthentication", "smsAuthentication", "idCheckConfigurationName")


def next_gate(view: RecipientView) -> str:
    """The next one in the way, or an empty string. A preview has none."""
    recipient = view.recipient
    if view.is_preview:
        return ""
    if recipient.kind == "inPersonSigners" and not view.host_confirmed:
        return HOST
    if recipient.data.get("accessCode") and not view.has_passed:
        return CODE
    if asks_for_identity(recipient) and not view.has_proved_identity:
        return IDENTITY
    return ""


def asks_for_identity(recipient: Recipient) -> bool:
    return is_true(recipient.data.get("requireIdLookup")) or any(recipient.data.get(name) for name in IDENTITY_CHECKS)


def is_access_code(recipient: Recipient, given: str) -> bool:
    """Capitals count; blanks around it do not."""
    wanted = str(recipient.data.get("accessCode") or "").strip()
    return hmac.compare_digest(wanted.encode(), given.strip().encode())
