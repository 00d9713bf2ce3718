"""What is wrong with an envelope, or may be, before it is sent: rules over rows, and over what its documents say.

Errors are what Docusign would refuse, or what nobody could finish; warnings, what is probably not meant.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice

from signing.models import Envelope, Tab
from signing.page_texts import count_texts, textless_pages

from . import fields, people
from .findings import Composition, Finding, Severity, Step

__all__ = ["Composition", "Finding", "Severity", "Step", "composition_of", "has_errors", "lint", "lint_envelope"]

MOST_OF_A_KIND = 20
RULES: tuple[Callable[[Composition], Iterable[Finding]], ...] = (
    people.documents,
    people.people,
    people.proofs,
    people.twins,
    fields.somewhere_to_sign,
    fields.anchors,
    fields.places,
    fields.small_fields,
    fields.overlaps,
    fields.contents,
    fields.radios,
    people.settings,
    people.sender,
)


def lint_envelope(envelope: Envelope) -> list[Finding]:
    """Three queries; reads the documents once, then knows what they say."""
    return lint(composition_of(envelope))


def composition_of(envelope: Envelope) -> Composition:
    documents = list(envelope.documents.all())
    tabs = list(Tab.objects.filter(recipient__envelope=envelope).order_by("pk"))
    anchors = {tab.anchor for tab in tabs if tab.anchor}
    counts: Counter[str] = Counter()
    for document in documents if anchors else ():
        counts.update(count_texts(document, anchors))
    textless = {document.number: textless_pages(document) for document in documents}
    return Composition(envelope, documents, list(envelope.recipients.all()), tabs, counts, textless)


def lint(composition: Composition) -> list[Finding]:
    """Errors first, both in the order of composing; of each rule no more than can be read."""
    found = [finding for rule in RULES for finding in islice(rule(composition), MOST_OF_A_KIND)]
    return sorted(found, key=lambda finding: finding.severity != Severity.ERROR)


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == Severity.ERROR for finding in findings)
