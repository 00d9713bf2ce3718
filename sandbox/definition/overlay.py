"""A template laid over an envelope that exists: its documents, its recipients, their tabs (reference 2.8)."""

from sandbox.models import Document, Envelope, Tab

from .composites import Layer, number_documents, rebound
from .documents import create_documents, create_sender_tabs
from .merging import Groups
from .reading import text_of
from .recipients import create_recipients
from .tabs import build_tabs
from .templates import applied, used


def lay_over(envelope: Envelope, template: Envelope, target: Document | None = None) -> list[Document]:
    """With a target the template's documents stay behind and its tabs go on that one. The documents it now covers.

    Roles that the envelope has already get the template's tabs; the others are added with ids of their own.
    """
    layer = Layer(used(template), template.guid)
    documents = [target] if target else _added_documents(envelope, layer)
    scope = [document.document_id for document in documents]
    _add_recipients(envelope, rebound(layer.definition["recipients"], layer.numbers, scope), documents)
    envelope.applied_templates.append(applied(template.guid, [{"documentId": str(number)} for number in scope]))
    envelope.save(update_fields=["applied_templates"])
    return documents


def _added_documents(envelope: Envelope, layer: Layer) -> list[Document]:
    present = envelope.documents.values_list("document_id", flat=True)
    items = number_documents([layer], max(present, default=0) + 1)
    documents = create_documents(envelope, items)
    create_sender_tabs(items, documents)
    return documents


def _add_recipients(envelope: Envelope, groups: Groups, documents: list[Document]) -> None:
    present = list(envelope.recipients.all())
    by_role = {recipient.data.get("roleName"): recipient for recipient in present}
    taken = [int(r.recipient_id) for r in present if r.recipient_id.isdecimal()]
    new_id = max(taken, default=0)
    new: Groups = {}
    for kind, items in groups.items():
        for item in items:
            role = text_of(item, "roleName")
            if role and role in by_role:
                Tab.objects.bulk_create(build_tabs(by_role[role], item["tabs"], documents))
                continue
            new_id += 1
            new.setdefault(kind, []).append(item | {"recipientId": str(new_id)})
    create_recipients(envelope, new, documents)
