"""What the rules look at, and what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from signing.models import Document, Envelope, EnvelopeStatus, Recipient, Tab


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Step(StrEnum):
    """Of composing: where a finding is mended."""

    PEOPLE = "people"
    FIELDS = "fields"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` names the rule. `recipient_number`, `tab_id`: where it is, if it is at one of those."""

    severity: Severity
    code: str
    text: str
    step: Step
    recipient_number: int | None = None
    tab_id: int | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """All that the rules look at. `anchor_counts`: how often each anchor text stands in all documents together;
    `textless`: by document number, the pages without any text."""

    envelope: Envelope
    documents: Sequence[Document] = ()
    recipients: Sequence[Recipient] = ()
    tabs: Sequence[Tab] = ()
    anchor_counts: Mapping[str, int] = field(default_factory=dict)
    textless: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @property
    def is_template(self) -> bool:
        """People are still unknown."""
        return self.envelope.status == EnvelopeStatus.TEMPLATE

    def tabs_of(self, recipient: Recipient) -> list[Tab]:
        return [tab for tab in self.tabs if tab.recipient_id == recipient.pk]

    def number_of(self, tab: Tab) -> int | None:
        return next((r.number for r in self.recipients if r.pk == tab.recipient_id), None)

    def document_of(self, tab: Tab) -> Document | None:
        return next((d for d in self.documents if d.pk == tab.document_id), None)


def error(code: str, text: str, step: Step, number: int | None = None, tab: Tab | None = None) -> Finding:
    return Finding(Severity.ERROR, code, text, step, number, tab.pk if tab else None)


def warning(code: str, text: str, step: Step, number: int | None = None, tab: Tab | None = None) -> Finding:
    return Finding(Severity.WARNING, code, text, step, number, tab.pk if tab else None)


def who_is(recipient: Recipient) -> str:
    return recipient.name or recipient.email or recipient.role_name or _("Recipient %(n)s") % {"n": recipient.number}
