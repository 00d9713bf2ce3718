"""Documents of an envelope: read, converted, kept (reference 2.3)."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any

from sandbox import chunks, files, rows
from sandbox.errors import ApiError
from sandbox.models import Account, Document, Envelope
from sandbox.pdf_text import page_sizes
from sandbox.tabkinds import PREFILL

from . import generation
from .acroform import printed
from .conversion import READABLE, page_to_pdf, to_pdf
from .reading import Json, integer, list_of, object_of, text_of
from .soundness import usable
from .tabs import build_tabs

CONTENT_KEYS = ("documentBase64", "_path", "_source", "tabs")
MAX_NAME = 200
MAX_FILE_BYTES = 52 * 1024 * 1024


def create_documents(envelope: Envelope, items: Sequence[Json], *, is_new: bool = False) -> list[Document]:
    """Beside those the envelope has; a new one has none. Raises ApiError."""
    seen = set() if is_new else set(envelope.documents.values_list("document_id", flat=True))
    documents = []
    for position, item in enumerate(items, start=len(seen) + 1):
        document = read_document(envelope, item, position)
        if document.document_id in seen:
            raise ApiError("INVALID_REQUEST_PARAMETER", f"Duplicate documentId {document.document_id}.")
        seen.add(document.document_id)
        documents.append(document)
    rows.insert(documents)
    return documents


def read_document(envelope: Envelope, item: Json, position: int) -> Document:
    """Not saved yet."""
    number = document_id_of(item.get("documentId"))
    path = stored_path(item, envelope.account)
    if item.get("remoteUrl"):
        chunks.use_up(envelope.account, text_of(item, "remoteUrl"))
    return Document(
        envelope=envelope,
        document_id=number,
        order=integer(item.get("order") or position, "order"),
        name=(text_of(item, "name") or f"Document {number}")[:MAX_NAME],
        path=path,
        page_sizes=page_sizes(path),
        data={name: value for name, value in item.items() if name not in CONTENT_KEYS},
        generation=_generation(item),
    )


def document_id_of(value: Any) -> int:
    text = str(value if value is not None else "")
    if not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for documentId.")
    return int(text)


class StoredPath(str):
    """Of a PDF that is kept already: a template's. No JSON body can say one, so none can name other files."""


def create_sender_tabs(items: Sequence[Json], documents: Sequence[Document]) -> None:
    """What the sender filled in beforehand: `documents[].tabs.prefillTabs`, each on its own document."""
    for item, document in zip(items, documents, strict=True):
        groups = object_of(object_of(item, "tabs"), PREFILL)
        own = {"documentId": str(document.document_id)}
        bound = {group: [{**tab, **own} for tab in list_of(groups, group)] for group in groups}
        rows.insert(build_tabs(None, {PREFILL: bound}, [document]))


def stored_path(item: Json, account: Account) -> str:
    """Where the PDF to sign is kept, its form printed."""
    if isinstance(item.get("_path"), StoredPath):
        return str(item["_path"])
    return printed(uploaded_path(item, account))


def _generation(item: Json) -> dict[str, str]:
    """Word files with sender fields are kept as they came, to be filled."""
    if isinstance(item.get("_source"), StoredPath):
        return {"source": str(item["_source"])}
    if extension_of(item) != "docx" or not item.get("documentBase64"):
        return {}
    word_file = base64.b64decode(text_of(item, "documentBase64"))
    return {"source": files.save(word_file, ".docx")} if generation.fields_of(word_file) else {}


def uploaded_path(item: Json, account: Account) -> str:
    """Where the document's PDF is kept, converted if need be."""
    extension = extension_of(item)
    if item.get("remoteUrl"):
        return _keep(chunks.content_of(account, text_of(item, "remoteUrl")), extension)
    source = object_of(item, "htmlDefinition").get("source")
    if source and not item.get("documentBase64"):
        return files.save(page_to_pdf(str(source)))
    try:
        content = base64.b64decode(text_of(item, "documentBase64"), validate=True)
    except (binascii.Error, ValueError):
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT", "The documentBase64 value is not valid base64.") from None
    is_guessed = not item.get("fileExtension")
    return _keep(content, "pdf" if is_guessed and content.startswith(b"%PDF") else extension)


def extension_of(item: Json) -> str:
    """As said, else as the name ends where that is a format, as the Node SDK's test has it; else it is a PDF."""
    if given := text_of(item, "fileExtension"):
        return given.lower().lstrip(".")
    ending = text_of(item, "name").rpartition(".")[2].lower()
    return ending if ending in READABLE else "pdf"


def _keep(content: bytes, extension: str) -> str:
    if not content:
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT")
    if len(content) > MAX_FILE_BYTES:
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT", "The file is too large.")
    return usable(files.save(to_pdf(content, extension)))
