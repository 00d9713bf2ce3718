"""Envelopes made from composite templates (reference 2.8): layer over layer by `sequence`, one after the other."""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.models import Account
from sandbox.tabkinds import PREFILL

from .merging import (
    Definition,
    Groups,
    Tabs,
    given_in,
    is_same_person,
    joined_tabs,
    merged_custom_fields,
    merged_recipients,
)
from .reading import Json, integer, list_of, object_of, text_of
from .recipients import RECIPIENT_TYPES
from .templates import PLACE_KEYS, applied, find, from_template, used, with_merge_fields

# Of the definition around them; what is said in the composites counts instead.
IGNORED_AT_ROOT = frozenset({"compositeTemplates", "documents", "recipients", "customFields", "templateRoles"})
MERGED = frozenset({"documents", "recipients", "customFields"})
EXCLUDED = "excludedDocuments"


@dataclass(slots=True)
class Layer:
    """A server template or an inline one."""

    definition: Definition
    template_id: str = ""
    numbers: dict[str, int] = field(default_factory=dict)  # documentId as said here → as the envelope will have it


def resolve(account: Account, definition: Json) -> Definition:
    """The definition with its templates worked in; one without templates as it is. Raises TEMPLATE_ID_INVALID."""
    own = {name: value for name, value in definition.items() if not name.startswith("_")}
    if list_of(own, "compositeTemplates"):
        return with_merge_fields(_from_composites(account, own))
    if own.get("templateId"):
        return with_merge_fields(from_template(account, own))
    return own


def _from_composites(account: Account, definition: Json) -> Definition:
    result: Definition = {name: value for name, value in definition.items() if name not in IGNORED_AT_ROOT}
    documents: list[Definition] = []
    recipients: Groups = {}
    custom_fields: Groups = {}
    templates: list[Definition] = []
    for composite in list_of(definition, "compositeTemplates"):
        part = _composite(account, composite, first_number=len(documents) + 1)
        documents += part.pop("documents")
        recipients = merged_recipients(recipients, part.pop("recipients"), is_same_person, joined_tabs)
        custom_fields = merged_custom_fields(custom_fields, part.pop("customFields"))
        templates += part.pop("_templates")
        result |= {name: value for name, value in part.items() if not result.get(name)}
    return result | {
        "documents": documents,
        "recipients": _with_new_ids(recipients),
        "customFields": custom_fields,
        "_templates": templates,
    }


def _composite(account: Account, composite: Json, *, first_number: int) -> Definition:
    """The upper layer's values win. A `document` of the composite's own stands for all of its templates' documents."""
    layers = _layers(account, composite)
    own_document = object_of(composite, "document")
    if own_document:
        documents = [_numbered(own_document, first_number)]
    else:
        documents = number_documents(layers, first_number)
    scope = list(range(first_number, first_number + len(documents)))
    result: Definition = {"recipients": {}, "customFields": {}}
    for layer in layers:
        names = ChainMap(layer.numbers, *(other.numbers for other in reversed(layers)))
        recipients = rebound(object_of(layer.definition, "recipients"), names, scope)
        custom_fields = object_of(layer.definition, "customFields")
        result |= given_in({name: value for name, value in layer.definition.items() if name not in MERGED})
        result["recipients"] = merged_recipients(result["recipients"], recipients)
        result["customFields"] = merged_custom_fields(result["customFields"], custom_fields)
    templates = [applied(layer.template_id, documents) for layer in layers if layer.template_id]
    return result | {"documents": documents, "_templates": templates}


def _layers(account: Account, composite: Json) -> list[Layer]:
    """Lowest first; of equal sequence the server's templates lie below."""
    servers, inlines = list_of(composite, "serverTemplates"), list_of(composite, "inlineTemplates")
    ordered = sorted([*servers, *inlines], key=lambda item: integer(item.get("sequence") or 1, "sequence"))
    return [
        _server(account, item) if any(item is server for server in servers) else Layer(_inline(item))
        for item in ordered
    ]


def _server(account: Account, item: Json) -> Layer:
    template = find(account, item.get("templateId"))
    return Layer(used(template), template.guid)


def _inline(item: Json) -> Definition:
    return {
        **object_of(item, "envelope"),
        "documents": [dict(document) for document in list_of(item, "documents")],
        "recipients": object_of(item, "recipients"),
        "customFields": object_of(item, "customFields"),
    }


def number_documents(layers: list[Layer], first_number: int) -> list[Definition]:
    documents: list[Definition] = []
    for layer in layers:
        for document in list_of(layer.definition, "documents"):
            number = first_number + len(documents)
            layer.numbers[text_of(document, "documentId")] = number
            documents.append(_numbered(document, number))
    return documents


def _numbered(document: Json, number: int) -> Definition:
    return {**document, "documentId": str(number), "order": str(number)}


def rebound(groups: Json, names: Mapping[str, int], scope: list[int]) -> Groups:
    """Recipients whose tabs name the documents as the envelope will, and are bound to their own composite's."""
    only = scope[0] if len(scope) == 1 else 0

    def number_of(document_id: str) -> str:
        return str(names.get(document_id) or only or "")

    def placed(tab: Json) -> Definition:
        """Anchors look for their place, and groups of tabs have none."""
        is_fixed = not tab.get("anchorString") and any(tab.get(name) for name in PLACE_KEYS)
        return {**tab} | ({"documentId": number_of(text_of(tab, "documentId"))} if is_fixed else {})

    def bound_tab(tab: Json) -> Definition:
        radios = {"radios": [placed(radio) for radio in list_of(tab, "radios")]} if "radios" in tab else {}
        return placed(tab) | radios | {"_scope": scope}

    def bound_tabs(tabs: Json) -> Tabs:
        return {
            group: bound_tabs(object_of(tabs, group))
            if group == PREFILL
            else [bound_tab(tab) for tab in list_of(tabs, group)]
            for group in tabs
        }

    def bound(recipient: Json) -> Definition:
        new = {**recipient, "tabs": bound_tabs(object_of(recipient, "tabs"))}
        if isinstance(excluded := recipient.get(EXCLUDED), list):
            new[EXCLUDED] = [number_of(str(document_id)) for document_id in excluded]
        return new

    return {kind: [bound(item) for item in list_of(groups, kind)] for kind in groups if kind in RECIPIENT_TYPES}


def _with_new_ids(recipients: Groups) -> Groups:
    """Those of the composites may collide, and are not kept (reference 2.8): read them back."""
    position = 0
    renumbered: Groups = {}
    for kind, items in recipients.items():
        for item in items:
            position += 1
            renumbered.setdefault(kind, []).append(item | {"recipientId": str(position)})
    return renumbered
