"""The older message, in XML: a plain rendering of what every listener of that kind reads.

Element names are those of Docusign's DocuSignEnvelopeInformation.
"""

from datetime import datetime
from xml.etree import ElementTree

from sandbox.definition.recipients import RECIPIENT_TYPES
from sandbox.models import ConnectMessage, Envelope, Recipient

from .contents import document_bytes

NAMESPACE = "http://www.docusign.net/API/3.0"
TYPES = {
    "signer": "Signer",
    "carboncopy": "CarbonCopy",
    "certifieddelivery": "CertifiedDelivery",
    "inpersonsigner": "InPersonSigner",
}
Element = ElementTree.Element


def write(message: ConnectMessage) -> str:
    envelope, include = message.envelope, set(message.include_data)
    root = ElementTree.Element("DocuSignEnvelopeInformation", {"xmlns": NAMESPACE})
    status = ElementTree.SubElement(root, "EnvelopeStatus")
    recipients = ElementTree.SubElement(status, "RecipientStatuses")
    for recipient in envelope.recipients.all():
        _add_recipient(recipients, recipient)
    _add_envelope(status, envelope, message.created_at)
    _add_documents(root, status, envelope, with_content="documents" in include)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>{text}'


def _add_recipient(parent: Element, recipient: Recipient) -> None:
    kind = RECIPIENT_TYPES[recipient.kind]
    values = {
        "Type": TYPES.get(kind, kind.capitalize()),
        "Email": recipient.email,
        "UserName": recipient.name,
        "RoutingOrder": str(recipient.routing_order),
        "Sent": _time(recipient.sent_at),
        "Delivered": _time(recipient.delivered_at),
        "Signed": _time(recipient.signed_at),
        "DeclineReason": recipient.declined_reason,
        "Status": recipient.status.capitalize(),
        "RecipientIPAddress": recipient.ip_address,
        "ClientUserId": recipient.client_user_id or "",
        "RecipientId": recipient.guid,
    }
    _add(ElementTree.SubElement(parent, "RecipientStatus"), values)


def _add_envelope(parent: Element, envelope: Envelope, generated_at: datetime) -> None:
    values = {
        "TimeGenerated": _time(generated_at),
        "EnvelopeID": envelope.guid,
        "Subject": envelope.subject,
        "UserName": envelope.sender.name,
        "Email": envelope.sender.email,
        "Status": envelope.status.capitalize(),
        "Created": _time(envelope.created_at),
        "Sent": _time(envelope.sent_at),
        "Delivered": _time(envelope.delivered_at),
        "Completed": _time(envelope.completed_at),
        "Declined": _time(envelope.declined_at),
        "Voided": _time(envelope.voided_at),
        "VoidReason": envelope.voided_reason,
        "ACHolder": envelope.sender.name,
        "ACHolderEmail": envelope.sender.email,
    }
    _add(parent, values)
    fields = ElementTree.SubElement(parent, "CustomFields")
    for field in envelope.custom_fields.all():
        spelled = {"Name": field.name, "Show": "False", "Required": "False", "Value": field.value}
        _add(ElementTree.SubElement(fields, "CustomField"), spelled)


def _add_documents(root: Element, status: Element, envelope: Envelope, *, with_content: bool) -> None:
    statuses = ElementTree.SubElement(status, "DocumentStatuses")
    for document in envelope.documents.all():
        spelled = {"ID": str(document.document_id), "Name": document.name, "Sequence": str(document.order)}
        _add(ElementTree.SubElement(statuses, "DocumentStatus"), spelled)
    if not with_content:
        return
    contents = ElementTree.SubElement(root, "DocumentPDFs")
    for document in envelope.documents.all():
        content = document_bytes(envelope, str(document.document_id))
        spelled = {"Name": document.name, "PDFBytes": content, "DocumentID": str(document.document_id)}
        _add(ElementTree.SubElement(contents, "DocumentPDF"), spelled | {"DocumentType": "CONTENT"})


def _add(parent: Element, values: dict[str, str]) -> None:
    """What has no value has no element. Characters that XML cannot carry are left out."""
    for name, value in values.items():
        if value:
            ElementTree.SubElement(parent, name).text = "".join(c for c in value if c.isprintable() or c in "\t\n\r")


def _time(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") if moment else ""
