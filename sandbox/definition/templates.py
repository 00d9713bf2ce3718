"""Envelopes made from templates: roles filled, layers merged (reference 2.8).

Everything becomes one plain definition before any row is written. Keys with a leading underscore are ours: callers'
own are dropped.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from sandbox import clock
from sandbox.errors import ApiError
from sandbox.models import Account, Envelope, Recipient, Tab
from sandbox.tabkinds import PREFILL, RADIO

from . import attachments
from .documents import StoredPath
from .envelopes import MAX_SUBJECT
from .merging import (
    Definition,
    Groups,
    given_in,
    merged_custom_fields,
    merged_documents,
    merged_recipients,
    merged_tabs,
)
from .reading import Json, list_of, object_of, text_of
from .recipients import RECIPIENT_TYPES, UNNAMED_KINDS

PLACE_KEYS = ("documentId", "pageNumber", "xPosition", "yPosition")
# What an envelope does not take over from a template's own row.
TEMPLATE_ONLY = frozenset(
    {
        "description",
        "shared",
        "envelopeTemplateDefinition",
        "folderId",
        "folderName",
        "password",
        "newPassword",
        "owner",
    }
)
# Any of these and the recipient is somebody, not only a role.
IDENTITIES = ("email", "name", "hostEmail", "signingGroupId", "phoneNumber")


def definition_of(envelope: Envelope) -> Definition:
    """The definition that would make this envelope or template again."""
    own: dict[int | None, list[Tab]] = {}
    is_its = Q(recipient__envelope=envelope) | Q(document__envelope=envelope)
    for tab in Tab.objects.filter(is_its).select_related("document"):
        own.setdefault(tab.recipient_id, []).append(tab)
    recipients: Groups = {}
    for recipient in envelope.recipients.all():
        recipients.setdefault(recipient.kind, []).append(_recipient(recipient, own.get(recipient.pk, [])))
    custom_fields: Groups = {}
    for field in envelope.custom_fields.all():
        item = {name: value for name, value in field.data.items() if name != "fieldId"}
        item |= {"name": field.name, "value": field.value}
        custom_fields.setdefault(field.kind, []).append(item)
    return {
        **{name: value for name, value in envelope.options.items() if name not in TEMPLATE_ONLY},
        "attachments": [attachments.again(kept) for kept in envelope.options.get("attachments") or []],
        "emailSubject": envelope.subject,
        "emailBlurb": envelope.blurb,
        "customFields": custom_fields,
        "recipients": recipients,
        "documents": [
            {
                **document.data,
                "documentId": str(document.document_id),
                "name": document.name,
                "order": str(document.order),
                "tabs": {PREFILL: _groups(tab for tab in own.get(None, []) if tab.document_id == document.pk)},
                "_path": StoredPath(document.path),
                **({"_source": StoredPath(document.generation["source"])} if document.generation else {}),
            }
            for document in envelope.documents.all()
        ],
    }


def find(account: Account, template_id: Any) -> Envelope:
    """Raises TEMPLATE_ID_INVALID, for one in the recycle bin too."""
    rows = Envelope.objects.filter(account=account, is_template=True).exclude(folder="recyclebin")
    found = rows.filter(guid=str(template_id).lower()).first()
    if found is None:
        raise ApiError("TEMPLATE_ID_INVALID", f"{template_id}"[:60])
    return found


def used(template: Envelope) -> Definition:
    """The template's definition, and the note that it was used."""
    template.last_used_at = clock.now()
    template.save(update_fields=["last_used_at"])
    return definition_of(template)


def from_template(account: Account, definition: Json) -> Definition:
    """The template, overridden by what the call says itself, its roles filled by `templateRoles`."""
    template = find(account, definition["templateId"])
    base, given = used(template), given_in(definition)
    recipients = merged_recipients(
        _filled(base["recipients"], list_of(definition, "templateRoles")), object_of(given, "recipients")
    )
    documents = merged_documents(base["documents"], list_of(given, "documents"))
    return {
        **base,
        **given,
        "recipients": recipients,
        "documents": documents,
        "customFields": merged_custom_fields(base["customFields"], object_of(given, "customFields")),
        "_templates": [applied(template.guid, base["documents"])],
    }


def applied(template_id: str, documents: Sequence[Json]) -> Definition:
    return {"templateId": template_id, "documentIds": [text_of(document, "documentId") for document in documents]}


def without_open_roles(definition: Definition) -> Definition:
    """Roles that nobody took fall away when the envelope is to be sent at once (reference 2.8)."""
    recipients = object_of(definition, "recipients")
    taken = {
        kind: [
            item
            for item in list_of(recipients, kind)
            if kind in UNNAMED_KINDS or any(item.get(name) for name in IDENTITIES)
        ]
        for kind in RECIPIENT_TYPES
        if kind in recipients
    }
    return definition | {"recipients": {**recipients, **taken}}


def with_merge_fields(definition: Definition) -> Definition:
    """`[[Role_UserName]]` and `[[Role_Email]]` in the subject become the person's; what gets too long is cut."""
    values: dict[str, str] = {}
    groups = object_of(definition, "recipients")
    for kind in RECIPIENT_TYPES:
        for item in list_of(groups, kind):
            if role := text_of(item, "roleName"):
                values[f"{role}_UserName"] = text_of(item, "name") or text_of(item, "signerName")
                values[f"{role}_Email"] = text_of(item, "email") or text_of(item, "signerEmail")
    subject = text_of(definition, "emailSubject")
    merged = re.sub(r"\[\[([^\[\]]+)\]\]", lambda found: values.get(found[1]) or found[0], subject)
    return definition | ({"emailSubject": merged[:MAX_SUBJECT]} if merged != subject else {})


def _recipient(recipient: Recipient, tabs: Sequence[Tab]) -> Definition:
    own = {
        "recipientId": recipient.recipient_id,
        "routingOrder": str(recipient.routing_order),
        "clientUserId": recipient.client_user_id,
        "tabs": _groups(tabs),
    }
    if recipient.kind == "inPersonSigners":
        return {**recipient.data, "signerName": recipient.name, **own}
    return {**recipient.data, "name": recipient.name, "email": recipient.email, **own}


def _groups(tabs: Iterable[Tab]) -> Groups:
    groups: Groups = {}
    seen: set[str] = set()
    for tab in tabs:
        item = dict(tab.data)
        if item.get("anchorString"):
            # An anchor that matched in several places made several rows of one definition.
            key = tab.group + json.dumps(item, sort_keys=True)
            if key in seen:
                continue
            seen.add(key)
        elif tab.document is not None:
            place = (tab.document.document_id, tab.page, round(tab.x), round(tab.y))
            names = PLACE_KEYS[:1] if tab.group == RADIO else PLACE_KEYS  # each radio has a place of its own
            item |= dict(zip(names, map(str, place), strict=False))
        groups.setdefault(tab.group, []).append(item)
    return groups


def _filled(groups: Groups, roles: Sequence[Json]) -> Groups:
    """Each role by its name, case and all; a role that the template lacks is ignored."""
    by_name = {text_of(role, "roleName"): role for role in reversed(roles) if role.get("roleName")}
    filled: Groups = {}
    for kind, items in groups.items():
        for item in items:
            role = by_name.get(text_of(item, "roleName"))
            filled.setdefault(kind, []).append(_with_role(kind, item, role) if role else item)
    return filled


def _with_role(kind: str, item: Definition, role: Json) -> Definition:
    """For an in-person signer the role's name and email are the host's (reference 2.4)."""
    own = {name: value for name, value in given_in(role).items() if name not in ("tabs", "roleName", "recipientId")}
    if kind == "inPersonSigners":
        host = {"hostName": own.pop("name", None), "hostEmail": own.pop("email", None)}
        own = given_in(host) | own
        own["signerName"] = own.pop("inPersonSignerName", None) or item.get("signerName")
    return item | own | {"tabs": merged_tabs(object_of(item, "tabs"), object_of(role, "tabs"))}
