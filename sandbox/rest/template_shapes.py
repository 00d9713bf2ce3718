"""A template → Docusign's JSON (`envelopeTemplate`, reference 2.8)."""

from collections.abc import Collection
from typing import Any

from sandbox import workflow
from sandbox.clock import docusign_time
from sandbox.definition.envelopes import notification_of
from sandbox.definition.reading import is_true, spelled
from sandbox.folders import TEMPLATES, Folder
from sandbox.models import Document, Envelope

from . import locks
from .document_shapes import document_shape
from .recipient_shapes import recipients_shape
from .shapes import FLAGS, KEPT, custom_fields_shape

Json = dict[str, Any]
DOCUMENT_NAMES = (
    "documentId",
    "name",
    "order",
    "uri",
    "display",
    "includeInDownload",
    "signerMustAcknowledge",
    "templateRequired",
    "documentFields",
)
EVERYTHING = frozenset({"documents", "recipients", "custom_fields", "notifications"})


def summary_shape(template: Envelope) -> Json:
    """A `templateSummary`."""
    return {"templateId": template.guid, "name": template.template_name, "uri": f"/templates/{template.guid}"}


def template_shape(template: Envelope, include: Collection[str] = EVERYTHING) -> Json:
    options, uri = template.options, f"/templates/{template.guid}"
    folder = Folder(TEMPLATES, template.sender, template.account)
    owner = owner_shape(template)
    data: Json = {
        **summary_shape(template),
        "description": str(options.get("description") or ""),
        "shared": "true" if is_true(options.get("shared")) else "false",
        "passwordProtected": "true" if options.get("password") else "false",
        "owner": owner,
        "created": docusign_time(template.created_at),
        "createdDateTime": docusign_time(template.created_at),
        "lastModified": docusign_time(template.last_modified_at),
        "lastModifiedDateTime": docusign_time(template.last_modified_at),
        "lastModifiedBy": owner,
        "lastUsed": docusign_time(template.last_used_at),
        "pageCount": str(sum(len(document.page_sizes) for document in template.documents.all())),
        "folderId": folder.guid,
        "folderIds": [folder.guid],
        "folderName": folder.name,
        "emailSubject": template.subject,
        "emailBlurb": template.blurb,
        "signingLocation": "online",
        "status": "created",
        "documentsUri": f"{uri}/documents",
        "recipientsUri": f"{uri}/recipients",
        "customFieldsUri": f"{uri}/custom_fields",
        "notificationUri": f"{uri}/notification",
        **{name: spelled(options.get(name, default)) for name, default in FLAGS.items()},
        **{name: spelled(options[name]) for name in KEPT if options.get(name)},
        **_included(template, include, folder),
    }
    return {name: value for name, value in data.items() if value is not None}


def owner_shape(template: Envelope) -> Json:
    """A `userInfo`."""
    return {"userName": template.sender.name, "userId": template.sender.guid, "email": template.sender.email}


def template_document_shape(document: Document, template: Envelope) -> Json:
    """A `document`, which is less than an `envelopeDocument`."""
    shape = document_shape(document, template)
    return {name: shape[name] for name in DOCUMENT_NAMES if name in shape}


def _included(template: Envelope, include: Collection[str], folder: Folder) -> Json:
    data: Json = {}
    if "documents" in include:
        data["documents"] = [template_document_shape(document, template) for document in template.documents.all()]
    if "recipients" in include or "tabs" in include:
        data["recipients"] = recipients_shape(template, with_tabs="tabs" in include)
    if "custom_fields" in include:
        data["customFields"] = custom_fields_shape(template)
    if "notifications" in include:
        data["notification"] = notification_of(template)
    if "folders" in include:
        data["folders"] = [folder_shape(folder)]
    if template.options.get("workflow"):
        data["workflow"] = spelled(workflow.shape(template))
    if locks.is_locked(template):
        data["lockInformation"] = {n: v for n, v in locks.lock_shape(template).items() if n != "lockToken"}
    return data


def folder_shape(folder: Folder) -> Json:
    return {"folderId": folder.guid, "name": folder.name, "type": folder.type, "uri": f"/folders/{folder.guid}"}
