"""Documents → Docusign's JSON (reference 4.6)."""

from collections.abc import Collection
from typing import Any

from sandbox import files
from sandbox.definition.reading import spelled
from sandbox.models import Document, Envelope, SignerAttachment
from sandbox.visibility import visible_documents

Json = dict[str, Any]
ROOTS = {False: "envelopes", True: "templates"}


def documents_shape(envelope: Envelope, hidden: Collection[int] = ()) -> list[Json]:
    """The documents, what signers attached, and the certificate of completion.

    Drafts and templates have documents only, as the Node SDK's test of drafts expects.
    """
    documents = [document_shape(document, envelope) for document in visible_documents(envelope, hidden)]
    if envelope.is_template or envelope.status == "created":
        return documents
    attachments = [_attachment_shape(a, envelope) for a in attachments_of(envelope)]
    return [*documents, *attachments, _certificate_shape(envelope)]


def attachments_of(envelope: Envelope) -> list[SignerAttachment]:
    if envelope.status == "created":
        return []
    rows = SignerAttachment.objects.filter(tab__recipient__envelope=envelope, tab__recipient__status="completed")
    return list(rows.select_related("tab").order_by("pk"))


def document_shape(document: Document, envelope: Envelope) -> Json:
    given = document.data
    return {
        "documentId": str(document.document_id),
        "documentIdGuid": document.guid,
        "name": document.name,
        "type": "content",
        "uri": f"/{ROOTS[envelope.is_template]}/{envelope.guid}/documents/{document.document_id}",
        "order": str(document.order),
        "pages": pages_shape(document),
        "availableDocumentTypes": [{"type": "electronic", "isDefault": "true"}],
        "display": str(given.get("display") or "inline"),
        "includeInDownload": spelled(given.get("includeInDownload", "true")),
        "signerMustAcknowledge": str(given.get("signerMustAcknowledge") or "no_interaction"),
        "templateRequired": "false",
        "authoritativeCopy": "false",
        "sizeBytes": str(files.size(document.path)),
    } | ({"documentFields": spelled(given["documentFields"])} if given.get("documentFields") else {})


def pages_shape(document: Document) -> list[Json]:
    return [
        {
            "pageId": f"{document.guid}-{number}",
            "sequence": str(number),
            "height": str(round(height)),
            "width": str(round(width)),
            "dpi": "72",
        }
        for number, (width, height) in enumerate(document.page_sizes, start=1)
    ]


def _attachment_shape(attachment: SignerAttachment, envelope: Envelope) -> Json:
    """Its documentId is a GUID, so that it never meets one the sender chose."""
    return {
        "documentId": attachment.tab.guid,
        "documentIdGuid": attachment.tab.guid,
        "name": attachment.name,
        "type": "content",
        "uri": f"/envelopes/{envelope.guid}/documents/{attachment.tab.guid}",
        "order": "998",
        "display": "inline",
        "includeInDownload": "true",
        "signerMustAcknowledge": "no_interaction",
        "templateRequired": "false",
        "authoritativeCopy": "false",
        "attachmentTabId": attachment.tab.guid,
    }


def _certificate_shape(envelope: Envelope) -> Json:
    return {
        "documentId": "certificate",
        "documentIdGuid": envelope.guid,
        "name": "Summary",
        "type": "summary",
        "uri": f"/envelopes/{envelope.guid}/documents/certificate",
        "order": "999",
        "availableDocumentTypes": [{"type": "electronic", "isDefault": "true"}],
        "display": "inline",
        "includeInDownload": "true",
        "signerMustAcknowledge": "no_interaction",
        "templateRequired": "false",
        "authoritativeCopy": "false",
    }
