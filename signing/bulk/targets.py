"""What of a template is filled anew for each row: names and addresses, fields, words of the message."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from signing.models import Envelope, Recipient, Tab, TabKind

# Kinds of tabs that hold a value before the signer comes.
FILLABLE = frozenset(
    {
        TabKind.COMPANY,
        TabKind.TITLE,
        TabKind.TEXT,
        TabKind.NUMBER,
        TabKind.DATE,
        TabKind.CHECKBOX,
        TabKind.RADIO,
        TabKind.LIST,
        TabKind.NOTE,
    }
)
MERGE_FIELD = re.compile(r"\{\{\s*([^{}]{1,60}?)\s*\}\}")


class Part(StrEnum):
    """What kind of thing a target is; keys begin with it, so they are stored."""

    NAME = "name"
    EMAIL = "email"
    NOTE = "note"
    TAB = "tab"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Target:
    """`key` names it in a mapping. `number` is the recipient's, 0 for what belongs to the whole envelope.

    A required one must have a column and, in each row, a value.
    """

    key: str
    part: Part
    label: str
    number: int = 0
    role: str = ""
    required: bool = False
    tabs: tuple[Tab, ...] = field(default=(), compare=False)

    @property
    def takes_two_columns(self) -> bool:
        """First and last name often stand apart."""
        return self.part == Part.NAME


def targets_of(content: Envelope) -> list[Target]:
    """In the order of the page: people first, then their fields, then the words."""
    recipients = list(content.recipients.prefetch_related("tabs"))
    found: list[Target] = []
    for recipient in recipients:
        found += _of_person(recipient)
    for recipient in recipients:
        found += _of_fields(recipient)
    return [*found, *_of_words([content.subject, content.message, *(r.private_message for r in recipients)])]


def role_of(recipient: Recipient) -> str:
    return recipient.role_name or recipient.name or _("Recipient %(n)s") % {"n": recipient.number}


def merge_fields_of(texts: Iterable[str]) -> list[str]:
    """The names between `{{` and `}}`, each once, in order; case does not tell them apart."""
    names: dict[str, str] = {}
    for text in texts:
        for name in MERGE_FIELD.findall(text):
            names.setdefault(name.casefold(), name)
    return list(names.values())


def merged(text: str, values: dict[str, str]) -> str:
    """`values` by the casefolded name. What has no value stays as it is."""
    return MERGE_FIELD.sub(lambda match: values.get(match[1].casefold(), match[0]), text)


def _of_person(recipient: Recipient) -> Iterator[Target]:
    role = role_of(recipient)
    number = recipient.number
    yield Target(f"name:{number}", Part.NAME, _("Name"), number, role, required=not recipient.name)
    yield Target(f"email:{number}", Part.EMAIL, _("Email"), number, role, required=not recipient.email)
    if recipient.private_message:
        yield Target(f"note:{number}", Part.NOTE, _("Private message"), number, role)


def _of_fields(recipient: Recipient) -> Iterator[Target]:
    """Fields are known by their label, and all of a person's with one label are filled alike."""
    by_label: dict[str, list[Tab]] = {}
    for tab in recipient.tabs.all():
        label = tab.group if tab.kind == TabKind.RADIO else tab.label
        if tab.kind in FILLABLE and label:
            by_label.setdefault(label, []).append(tab)
    for label, tabs in by_label.items():
        yield Target(
            f"tab:{recipient.number}:{label}",
            Part.TAB,
            label,
            recipient.number,
            role_of(recipient),
            # What the signer cannot fill and nothing fills yet.
            required=any(tab.locked and tab.required and not tab.value for tab in tabs),
            tabs=tuple(tabs),
        )


def _of_words(texts: Iterable[str]) -> Iterator[Target]:
    for name in merge_fields_of(texts):
        yield Target(f"merge:{name.casefold()}", Part.MERGE, f"{{{{{name}}}}}", required=True)
