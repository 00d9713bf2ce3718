"""Tabs written into an HTML page (`htmlDefinition`), before the definition is read.

They are elements such as `<ds-signature data-ds-role="Signer"/>` and `<input data-ds-type="number" name="l1q"/>`
(Docusign's guide "Setting tabs in HTML documents" and its code example 38).

Where one stands, a white word is printed to which the tab is then anchored.
"""

from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser
from typing import Any

from .acroform import Groups
from .documents import document_id_of
from .forms import SIGNING_KINDS, with_tabs
from .reading import Json, list_of, object_of, text_of

ELEMENTS = {
    "ds-signature": "signHereTabs",
    "ds-initial": "initialHereTabs",
    "ds-date-signed": "dateSignedTabs",
    "ds-full-name": "fullNameTabs",
    "ds-first-name": "firstNameTabs",
    "ds-last-name": "lastNameTabs",
    "ds-company": "companyTabs",
    "ds-title": "titleTabs",
    "ds-envelope-id": "envelopeIdTabs",
}
TYPES = {
    "text": "textTabs",
    "number": "numberTabs",
    "date": "dateTabs",
    "email": "emailTabs",
    "ssn": "ssnTabs",
    "zip": "zipTabs",
    "checkbox": "checkboxTabs",
    "approve": "approveTabs",
    "decline": "declineTabs",
}
SIGNED = frozenset({"signHereTabs", "initialHereTabs"})
LINE_HEIGHT = 14  # points: tabs that are drawn below their place are lifted onto the line of their word

Attributes = Mapping[str, str | None]
Found = tuple[str, Attributes, dict[str, Any]]


def with_html_tabs(definition: Json) -> dict[str, Any]:
    """Each is for the signer whose roleName or recipientId it names, else for the first; unknown names are ignored."""
    changed = dict(definition)
    for item in list_of(definition, "documents"):
        source = object_of(item, "htmlDefinition").get("source")
        if source and not item.get("documentBase64"):
            page = _Page(f"/ds{document_id_of(item.get('documentId'))}")
            page.feed(str(source))
            page.close()
            changed = _with_page(changed, item, page) if page.found else changed
    return changed


class _Page(HTMLParser):
    """The source as it was, but for its tabs, which it lists."""

    def __init__(self, prefix: str) -> None:
        super().__init__(convert_charrefs=False)
        self.prefix = prefix
        self.parts: list[str] = []
        self.found: list[Found] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        group = ELEMENTS.get(tag) or TYPES.get((attributes.get("data-ds-type") or "").lower())
        if group is None:
            self.parts.append(self.get_starttag_text() or "")
            return
        word = f"{self.prefix}-{len(self.found) + 1}/"
        self.found.append((group, attributes, _tab(group, word, attributes)))
        self.parts.append(f'<span style="color:white">{escape(word)}</span>')

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ELEMENTS:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")


def _tab(group: str, word: str, attributes: Attributes) -> dict[str, Any]:
    tab: dict[str, Any] = {"anchorString": word, "anchorCaseSensitive": "true"}
    if group not in SIGNED:
        tab["anchorYOffset"] = str(-LINE_HEIGHT // 2)
    if name := attributes.get("name"):
        tab["tabLabel"] = name
    if value := attributes.get("value"):
        tab["value"] = value
    if group in TYPES.values() and group not in ("approveTabs", "declineTabs"):
        tab["required"] = "true" if "required" in attributes else "false"
    return tab


def _with_page(definition: dict[str, Any], item: Json, page: _Page) -> dict[str, Any]:
    html_definition = dict(object_of(item, "htmlDefinition")) | {"source": "".join(page.parts)}
    rewritten = dict(item) | {"htmlDefinition": html_definition}
    documents = [rewritten if other is item else other for other in list_of(definition, "documents")]
    recipients = dict(object_of(definition, "recipients"))
    for group, attributes, tab in page.found:
        recipients = _given_to(recipients, attributes, {group: [tab]})
    return definition | {"documents": documents, "recipients": recipients}


def _given_to(recipients: Json, attributes: Attributes, groups: Groups) -> dict[str, Any]:
    signers = [item for kind in SIGNING_KINDS for item in list_of(recipients, kind)]
    role, recipient_id = attributes.get("data-ds-role"), attributes.get("data-ds-recipient-id")
    if role:
        signers = [item for item in signers if text_of(item, "roleName").lower() == role.lower()]
    elif recipient_id:
        signers = [item for item in signers if text_of(item, "recipientId") == recipient_id]
    owner = signers[0] if signers else None
    return {
        kind: [with_tabs(r, groups) if r is owner else r for r in items] if kind in SIGNING_KINDS else items
        for kind, items in recipients.items()
    }
