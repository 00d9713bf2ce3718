"""Files that come with a form: the good ones are kept, and for each of the others there is a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signing.documents import add_document, replace_document
from signing.models import Document, Envelope
from signing.pdfs import DocumentRefusedError


@dataclass
class Uploads:
    kept: list[Document] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def keep_uploads(
    envelope: Envelope, new: Sequence[UploadedFile], replacements: Sequence[tuple[Document, UploadedFile]]
) -> Uploads:
    """Raises NotADraftError."""
    uploads = Uploads()
    sizes = {document.pk: document.size_bytes for document in envelope.documents.all()}
    jobs = [*((None, file) for file in new), *replacements]
    for former, file in jobs:
        others = sum(size for pk, size in sizes.items() if former is None or pk != former.pk)
        try:
            _refuse_large(file, others)
            document = _keep(envelope, former, file, uploads)
        except DocumentRefusedError as error:
            uploads.problems.append(f"{file.name}: {error}")
        else:
            sizes[document.pk] = document.size_bytes
            uploads.kept.append(document)
    return uploads


def _refuse_large(file: UploadedFile, others: int) -> None:
    max_file, max_total = settings.DOCUMENT_MAX_BYTES, settings.ENVELOPE_MAX_BYTES
    size = file.size or 0
    if size > max_file:
        raise DocumentRefusedError(_("This file is larger than %(limit)s.") % {"limit": filesizeformat(max_file)})
    if others + size > max_total:
        raise DocumentRefusedError(
            _("Together the files would be larger than %(limit)s.") % {"limit": filesizeformat(max_total)}
        )


def _keep(envelope: Envelope, former: Document | None, file: UploadedFile, uploads: Uploads) -> Document:
    content, name = file.read(), file.name or ""
    if former is None:
        return add_document(envelope, filename=name, content=content)
    if gone := replace_document(former, filename=name, content=content):
        sentence = ngettext(
            "One field stood on a page that this file does not have; it is gone.",
            "%(n)s fields stood on pages that this file does not have; they are gone.",
            gone,
        )
        uploads.problems.append(f"{name}: {sentence % {'n': gone}}")
    return former
