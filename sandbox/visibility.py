"""Who sees which documents: document visibility, as the specification tells it of `enforceSignerVisibility`.

Where the envelope enforces it, signers see documents with tabs only if they have one there; documents without tabs and
other kinds of recipients are not restricted by that. What was excluded (`excludedDocuments`) is hidden from whom it
was excluded for; a sender's own word for one recipient (`document_visibility`) holds in any envelope.
"""

from collections.abc import Collection, Iterable

from .definition.reading import is_true
from .models import Document, Envelope, Recipient, Tab
from .rules import SIGNING_KINDS

EXCLUDED, BY_HAND = "excludedDocuments", "_documentVisibility"


def hidden_from(recipient: Recipient) -> frozenset[int]:
    """The documentIds."""
    is_enforced = is_true(recipient.envelope.options.get("enforceSignerVisibility"))
    hidden = excluded_for(recipient) if is_enforced or recipient.data.get(BY_HAND) else frozenset()
    if is_enforced and recipient.kind in SIGNING_KINDS:
        hidden |= _belonging_to_others(recipient)
    return hidden


def hidden_from_all(recipients: Collection[Recipient]) -> frozenset[int]:
    """Of several roles of the same person: what none of them may see."""
    return frozenset.intersection(*map(hidden_from, recipients)) if recipients else frozenset()


def visible_documents(envelope: Envelope, hidden: Collection[int]) -> list[Document]:
    return [document for document in envelope.documents.all() if document.document_id not in hidden]


def excluded_for(recipient: Recipient) -> frozenset[int]:
    """As the sender said it, whether it is enforced or not."""
    given = recipient.data.get(EXCLUDED)
    texts = map(str, given) if isinstance(given, list) else ()
    return frozenset(int(text) for text in texts if text.isdecimal() and len(text) < 10)


def set_by_hand(recipient: Recipient, hidden: Iterable[int]) -> None:
    recipient.data |= {EXCLUDED: [str(number) for number in sorted(hidden)], BY_HAND: True}
    recipient.save(update_fields=["data"])


def _belonging_to_others(recipient: Recipient) -> frozenset[int]:
    """Documents with tabs, none of them this signer's."""
    tabs = Tab.objects.filter(document__envelope=recipient.envelope_id, recipient__isnull=False)
    owners = set(tabs.values_list("document__document_id", "recipient_id"))
    own = {document_id for document_id, owner in owners if owner == recipient.pk}
    return frozenset(document_id for document_id, _ in owners) - own
