"""PDF forms in a definition, before it is read: `transformPdfFields` makes their fields tabs (reference 2.3)."""

from typing import Any

from sandbox.models import Account
from sandbox.pdf_text import facts_of

from .acroform import Groups, tabs_from_fields, without_fields
from .documents import StoredPath, document_id_of, uploaded_path
from .reading import Json, integer, is_true, list_of, object_of, text_of

SIGNING_KINDS = ("signers", "inPersonSigners")


def with_fields(definition: Json, account: Account) -> dict[str, Any]:
    """The definition with the tabs that its forms make. Raises ApiError.

    They are for the recipient of `assignTabsToRecipientId`, else a `defaultRecipient`, else the first signer; where
    nobody signs, forms stay forms.
    """
    changed = dict(definition)
    for item in list_of(definition, "documents"):
        if is_true(item.get("transformPdfFields")) and not isinstance(item.get("_path"), StoredPath):
            changed = _with_fields_of(changed, item, account)
    return changed


def _with_fields_of(definition: dict[str, Any], item: Json, account: Account) -> dict[str, Any]:
    recipients = object_of(definition, "recipients")
    signer = _signer(recipients, text_of(item, "assignTabsToRecipientId"))
    path = uploaded_path(item, account)
    if signer is None or not facts_of(path).has_form:
        return definition
    groups = tabs_from_fields(path, str(document_id_of(item.get("documentId"))))
    bare = dict(item) | {"_path": StoredPath(without_fields(path))}
    return definition | {
        "documents": [bare if other is item else other for other in list_of(definition, "documents")],
        "recipients": {
            kind: [with_tabs(r, groups) if r is signer else r for r in list_of(recipients, kind)]
            if kind in SIGNING_KINDS
            else items
            for kind, items in recipients.items()
        },
    }


def _signer(recipients: Json, recipient_id: str) -> Json | None:
    signers = [item for kind in SIGNING_KINDS for item in list_of(recipients, kind)]
    if recipient_id:
        return next((item for item in signers if text_of(item, "recipientId") == recipient_id), None)
    signers.sort(key=lambda item: integer(item.get("routingOrder") or 1, "routingOrder", lowest=1))
    return next((item for item in signers if is_true(item.get("defaultRecipient"))), signers[0] if signers else None)


def with_tabs(recipient: Json, groups: Groups) -> dict[str, Any]:
    tabs = object_of(recipient, "tabs")
    merged = dict(tabs) | {group: [*list_of(tabs, group), *items] for group, items in groups.items()}
    return dict(recipient) | {"tabs": merged}
