"""Copying what was composed: a duplicate, a template made of an envelope, an envelope made of a template.

Copies share the stored files: a file is written once and never changed, and goes with the last document that names it
(`drop_unused_file`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.contrib.auth.models import User
from django.core.files.storage import Storage
from django.db import transaction

from . import events, finding, page_images
from .models import Delivery, Document, Envelope, EnvelopeStatus, EventKind, Recipient, Tab, Team, Template
from .models.recipient import new_client_user_id, new_link_nonce
from .visibility import team_for

# What an envelope is composed of, beside documents and people.
COMPOSED = (
    "subject",
    "message",
    "summary",
    "ceremony_display",
    "allows_hand_over",
    "reminder_delay_days",
    "reminder_frequency_days",
    "expire_after_days",
    "attach_copy",
    "docusign_template_id",
)
COMPOSED_OF_RECIPIENT = (
    "number",
    "kind",
    "role_name",
    "name",
    "email",
    "host_name",
    "host_email",
    "routing_order",
    "delivery",
    "private_message",
    "language",
    "verification",
    "sealed_access_code",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who has a part in an envelope made of a template."""

    name: str
    email: str


def copy(
    source: Envelope,
    user: User,
    *,
    status: EnvelopeStatus = EnvelopeStatus.DRAFT,
    template: Template | None = None,
    people: Mapping[int, Person] | None = None,
    team: Team | None = None,
) -> Envelope:
    """A new draft (or a template's content) with all that was composed in `source`, in one transaction.

    `people` fills parts by recipient number; the others keep the name and address they have in `source`.
    `team`: whose it is, where that is not a question of the user's teams.
    """
    if team is None and status != EnvelopeStatus.TEMPLATE:
        team = team_for(user, like=source.team_id or (template.team_id if template else None))
    with transaction.atomic():
        made = Envelope.objects.create(
            created_by=user,
            owner=user,
            team=team,
            status=status,
            template=template,
            template_version=template.version if template else None,
            **{name: getattr(source, name) for name in COMPOSED},
        )
        documents = {document.pk: _copy_document(document, made) for document in source.documents.all()}
        for recipient in source.recipients.prefetch_related("tabs"):
            _copy_recipient(recipient, made, documents, (people or {}).get(recipient.number))
        finding.index(made)
        events.record(made.pk, EventKind.DRAFTED, copied_from=source.pk)
    return made


def drop_unused_file(document: Document) -> None:
    """After the transaction that deleted the row: delete the stored file if no copy has it."""
    transaction.on_commit(partial(_drop_if_unused, document.file.storage, document.file.name, document.sha256))


def _drop_if_unused(storage: Storage, name: str, sha256: str) -> None:
    if not Document.objects.filter(file=name).exists():
        storage.delete(name)
        page_images.forget(sha256)  # another upload of the same content has its pictures made again


def _copy_document(document: Document, into: Envelope) -> Document:
    return Document.objects.create(
        envelope=into,
        number=document.number,
        name=document.name,
        file=document.file.name,
        sha256=document.sha256,
        size_bytes=document.size_bytes,
        page_sizes=document.page_sizes,
    )


def _copy_recipient(
    recipient: Recipient, into: Envelope, documents: Mapping[int, Document], person: Person | None
) -> None:
    values = {name: getattr(recipient, name) for name in COMPOSED_OF_RECIPIENT}
    if person:
        values |= {"name": person.name, "email": person.email}
    client_user_id = "" if recipient.delivery == Delivery.DOCUSIGN else new_client_user_id()
    made = Recipient.objects.create(envelope=into, client_user_id=client_user_id, link_nonce=new_link_nonce(), **values)
    Tab.objects.bulk_create(_copy_tab(tab, made, documents) for tab in recipient.tabs.all())


def _copy_tab(tab: Tab, recipient: Recipient, documents: Mapping[int, Document]) -> Tab:
    """The same field of another recipient, on the copy of its document."""
    values = {
        field.attname: getattr(tab, field.attname) for field in Tab._meta.concrete_fields if not field.primary_key
    }
    values |= {"recipient_id": recipient.pk, "document_id": documents[tab.document_id].pk if tab.document_id else None}
    return Tab(**values)
