"""The documents of a draft: added, replaced, renamed, put in order, removed."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from django.core.files.base import ContentFile

from .conversion import as_pdf
from .copying import drop_unused_file
from .drafting import locked_draft
from .models import Document, Envelope, Tab
from .pdfs import find_texts, inspect_pdf

NUMBERS_ASIDE = 10_000  # where numbers wait while they are dealt out anew


def add_document(envelope: Envelope, *, filename: str, content: bytes) -> Document:
    """Check and keep one uploaded file, converted where it is no PDF. Raises DocumentRefusedError, NotADraftError."""
    content = as_pdf(content)
    facts = inspect_pdf(content)
    with locked_draft(envelope) as draft:
        last = draft.documents.order_by("-number").first()
        document = Document(envelope=draft, number=last.number + 1 if last else 1, name=document_name(filename))
        _fill(document, content, facts.page_sizes)
        document.save()
    return document


def replace_document(document: Document, *, filename: str, content: bytes) -> int:
    """Another file in the same place. Fields stay where they are; how many had to go with pages that are no more.

    Raises DocumentRefusedError, NotADraftError.
    """
    content = as_pdf(content)
    facts = inspect_pdf(content)
    with locked_draft(document.envelope):
        former = Document.objects.get(pk=document.pk)
        document.name = document_name(filename)
        _fill(document, content, facts.page_sizes)
        document.save()
        drop_unused_file(former)
        _, gone = Tab.objects.filter(document=document, page__gt=document.page_count).delete()
    return sum(gone.values())


def remove_documents(envelope: Envelope, numbers: Sequence[int]) -> None:
    """Drop documents from a draft; fields placed on them by position go too."""
    with locked_draft(envelope) as draft:
        for document in [document for document in draft.documents.all() if document.number in numbers]:
            document.delete()
            drop_unused_file(document)


def rename_documents(envelope: Envelope, names: Mapping[int, str]) -> None:
    """`names` by the documents' primary keys."""
    with locked_draft(envelope) as draft:
        for document in draft.documents.filter(pk__in=names):
            if (name := names[document.pk]) and name != document.name:
                document.name = name
                document.save(update_fields=["name"])


def arrange_documents(envelope: Envelope, order: Sequence[int]) -> None:
    """`order`: primary keys as they shall follow each other; those not named come last. Fields stay on theirs."""
    place = {pk: index for index, pk in enumerate(order)}
    with locked_draft(envelope) as draft:
        documents = sorted(draft.documents.all(), key=lambda d: (place.get(d.pk, len(place)), d.number))
        if [d.number for d in documents] == list(range(1, len(documents) + 1)):
            return
        for offset in (NUMBERS_ASIDE, 0):  # a number is unique at every moment
            for number, document in enumerate(documents, start=1):
                document.number = number + offset
            Document.objects.bulk_update(documents, ["number"])


def missing_anchors(envelope: Envelope, anchors: Sequence[str]) -> set[str]:
    """Those anchor texts that no document of the envelope contains: Docusign would refuse them."""
    missing = set(anchors)
    for document in envelope.documents.all():
        if not missing:
            break
        with document.file.open("rb") as file:
            counts = find_texts(file.read(), missing)
        missing -= {text for text, count in counts.items() if count}
    return missing


def document_name(filename: str) -> str:
    """What signers see: the file's name without path, extension and control characters."""
    stem = PurePath(filename.replace("\\", "/")).name
    stem = re.sub(r"\.(pdf|png|jpe?g|docx)$", "", stem, flags=re.IGNORECASE)
    cleaned = "".join(character for character in stem if character.isprintable()).strip()
    return cleaned[:100] or "Document"


def _fill(document: Document, content: bytes, page_sizes: Sequence[tuple[float, float]]) -> None:
    """A new stored file each time: copies may still need the former one."""
    document.sha256 = hashlib.sha256(content).hexdigest()
    document.size_bytes = len(content)
    document.page_sizes = [[round(width, 2), round(height, 2)] for width, height in page_sizes]
    document.file.save("", ContentFile(content), save=False)
