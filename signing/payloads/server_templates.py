"""An envelope made of a template that lies at Docusign: no documents and no tabs, only who has which role."""

from typing import Any

from signing.models import Envelope, Recipient


def template_parts(envelope: Envelope) -> dict[str, Any]:
    """What stands in place of documents and recipients (definitions envelopeDefinition, templateRole)."""
    roles = [_role(recipient) for recipient in envelope.recipients.all()]
    return {"templateId": envelope.docusign_template_id, "templateRoles": roles}


def _role(recipient: Recipient) -> dict[str, Any]:
    """The order is the template's. Without a clientUserId, Docusign itself writes to them."""
    role = {"roleName": recipient.role_name, "name": recipient.name, "email": recipient.email}
    if recipient.client_user_id:
        role["clientUserId"] = recipient.client_user_id
    return role
