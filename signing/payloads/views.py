"""The request for a recipient view: who comes, how we know them, where they go afterwards."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from signing.models import Recipient


@dataclass(frozen=True, slots=True)
class Evidence:
    """How and when we got to know the signer. `method` is one of Docusign's (reference 3.1, authenticationMethod)."""

    method: str
    instant: datetime
    security_domain: str
    assertion_id: str = ""


def recipient_view_request(
    recipient: Recipient, *, return_url: str, evidence: Evidence, signing_app: str = ""
) -> dict[str, Any]:
    """The body of EnvelopeViews: createRecipient (definition recipientViewRequest).

    `signing_app`, the origin of Docusign's signing pages, for a view that Docusign JS shows in a frame of ours.
    """
    request: dict[str, Any] = {
        "returnUrl": return_url,
        "authenticationMethod": evidence.method,
        "authenticationInstant": evidence.instant.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "securityDomain": evidence.security_domain,
        "email": recipient.mail_address,  # of an in-person signer the host's (reference 3.1)
        "userName": recipient.mail_name,
        "clientUserId": recipient.client_user_id,
    }
    if not recipient.envelope.docusign_template_id:  # there, Docusign may have given them another
        request["recipientId"] = str(recipient.number)
    if evidence.assertion_id:
        request["assertionId"] = evidence.assertion_id
    if signing_app:
        request |= {"frameAncestors": [settings.PORTAL_BASE_URL, signing_app], "messageOrigins": [signing_app]}
    return request
