"""Reading an envelopeDefinition into rows, as strict as Docusign (reference 2.1–2.5)."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from . import clock, files
from .errors import ApiError
from .models import Document, Envelope, Recipient, Tab, User
from .placement import is_true, pdfium_lock, places_for

CUSTOM_FIELD_GROUPS = ("textCustomFields", "listCustomFields")
RECIPIENT_KINDS = ("signers", "carbonCopies")
MAX_RECIPIENTS = 100
MAX_SUBJECT = 100
MAX_NAME = 100

TAB_GROUPS = frozenset(
    {
        "signHereTabs",
        "initialHereTabs",
        "dateSignedTabs",
        "textTabs",
        "checkboxTabs",
        "fullNameTabs",
        "emailAddressTabs",
        "emailTabs",
        "companyTabs",
        "titleTabs",
    }
)
# Filled by the system or free to be left empty; the others are required unless the definition says otherwise.
NEVER_REQUIRED = frozenset({"dateSignedTabs", "fullNameTabs", "emailAddressTabs"})
REQUIRED_BY_DEFAULT = frozenset({"textTabs", "emailTabs", "companyTabs", "titleTabs"})
OWN_COLUMNS = frozenset({"documents", "recipients", "status", "emailSubject", "emailBlurb", "transactionId"})

Json = Mapping[str, Any]


def create_envelope(sender: User, definition: Json) -> Envelope:
    """Write a `created` envelope with everything in it. Raises ApiError; call inside a transaction."""
    status = str(definition.get("status") or "created").lower()
    if status not in ("created", "sent"):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for status.")
    subject = str(definition.get("emailSubject") or "")
    if len(subject) > MAX_SUBJECT:
        detail = f"The email subject must not exceed {MAX_SUBJECT} characters."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail)
    custom_fields = _object(definition, "customFields")
    for group in CUSTOM_FIELD_GROUPS:
        _list(custom_fields, group)
    now = clock.now()
    envelope = Envelope.objects.create(
        account=sender.account,
        sender=sender,
        status="created",
        subject=subject,
        blurb=str(definition.get("emailBlurb") or "")[:10_000],
        transaction_id=str(definition.get("transactionId") or ""),
        options={name: value for name, value in definition.items() if name not in OWN_COLUMNS},
        created_at=now,
        status_changed_at=now,
        last_modified_at=now,
    )
    documents = _create_documents(envelope, _list(definition, "documents"))
    create_recipients(envelope, _object(definition, "recipients"), documents)
    return envelope


def _create_documents(envelope: Envelope, items: Sequence[Json]) -> list[Document]:
    documents = []
    seen: set[int] = set()
    for position, item in enumerate(items, start=1):
        document_id = _document_id(item)
        if document_id in seen:
            raise ApiError("INVALID_REQUEST_PARAMETER", f"Duplicate documentId {document_id}.")
        seen.add(document_id)
        content = _pdf_bytes(item)
        documents.append(
            Document.objects.create(
                envelope=envelope,
                document_id=document_id,
                order=_integer(item.get("order") or position, "order"),
                name=str(item.get("name") or f"Document {document_id}")[:200],
                path=files.save(content),
                page_sizes=_page_sizes(content),
            )
        )
    return documents


def create_recipients(envelope: Envelope, groups: Json, documents: Sequence[Document]) -> None:
    """Write recipients and their tabs, beside those the envelope has already. Raises ApiError."""
    parties = [(kind, item) for kind in RECIPIENT_KINDS for item in _list(groups, kind)]
    unsupported = [
        name for name, items in groups.items() if items and isinstance(items, list) and name not in RECIPIENT_KINDS
    ]
    if unsupported:
        detail = f"The sandbox does not know recipients of the kind {', '.join(sorted(unsupported))}."
        raise ApiError("INVALID_REQUEST_PARAMETER", detail)
    if envelope.recipients.count() + len(parties) > MAX_RECIPIENTS:
        raise ApiError("RECIPIENT_LIMIT_EXCEEDED")
    present = list(envelope.recipients.all())
    seen_ids = {recipient.recipient_id for recipient in present}
    seen_people = {_person(recipient) for recipient in present}
    for kind, item in parties:
        recipient = _recipient(envelope, kind, item)
        if recipient.recipient_id in seen_ids:
            raise ApiError("INVALID_REQUEST_PARAMETER", f"Duplicate recipientId {recipient.recipient_id}.")
        if _person(recipient) in seen_people:
            raise ApiError("ENVELOPE_HAS_DUPLICATE_RECIPIENTS")
        seen_ids.add(recipient.recipient_id)
        seen_people.add(_person(recipient))
        recipient.save()
        _create_tabs(recipient, _object(item, "tabs"), documents)


def _person(recipient: Recipient) -> tuple[str, str, int]:
    return recipient.name.casefold(), recipient.email.casefold(), recipient.routing_order


def _recipient(envelope: Envelope, kind: str, item: Json) -> Recipient:
    recipient_id = str(item.get("recipientId") or "")
    if not recipient_id:
        raise ApiError("INVALID_REQUEST_PARAMETER", "'recipientId' not set for recipient.")
    name, email = str(item.get("name") or ""), str(item.get("email") or "")
    if not name or len(name) > MAX_NAME:
        raise ApiError("INVALID_USERNAME_FOR_RECIPIENT", f"Recipient Id: {recipient_id}")
    try:
        validate_email(email)
    except ValidationError:
        detail = f"The recipient Id follows. Recipient Id: {recipient_id}"
        raise ApiError("INVALID_EMAIL_ADDRESS_FOR_RECIPIENT", detail) from None
    routing_order = _integer(item.get("routingOrder") or 1, "routingOrder")
    if routing_order < 1:
        raise ApiError("INVALID_REQUEST_PARAMETER", "routingOrder must be at least 1.")
    client_user_id = item.get("clientUserId")
    return Recipient(
        envelope=envelope,
        kind=kind,
        recipient_id=recipient_id[:50],
        name=name,
        email=email,
        routing_order=routing_order,
        client_user_id=None if client_user_id in (None, "") else str(client_user_id)[:100],
        status="created",
        data={name: value for name, value in item.items() if name != "tabs"},
    )


def _create_tabs(recipient: Recipient, groups: Json, documents: Sequence[Document]) -> None:
    for group, items in groups.items():
        if not items:
            continue
        if group not in TAB_GROUPS:
            raise ApiError("INVALID_TAB_OPERATION", f"The sandbox does not know tabs of the kind {group}.")
        for item in _list(groups, group):
            Tab.objects.bulk_create(
                Tab(
                    recipient=recipient,
                    document=place.document,
                    group=group,
                    page=place.page,
                    x=place.x,
                    y=place.y,
                    width=place.width,
                    height=place.height,
                    required=_is_required(group, item),
                    value=_initial_value(group, item, recipient),
                    data=dict(item),
                )
                for place in places_for(group, item, documents)
            )


def _is_required(group: str, tab: Json) -> bool:
    if group in NEVER_REQUIRED:
        return False
    if group in ("signHereTabs", "initialHereTabs"):
        return not is_true(tab.get("optional"))
    if tab.get("required") in (None, ""):
        return group in REQUIRED_BY_DEFAULT
    return is_true(tab.get("required"))


def _initial_value(group: str, tab: Json, recipient: Recipient) -> str:
    if group == "fullNameTabs":
        return recipient.name
    if group == "emailAddressTabs":
        return recipient.email
    if group == "checkboxTabs":
        return "true" if is_true(tab.get("selected")) else ""
    return str(tab.get("value") or "")


def _document_id(item: Json) -> int:
    text = str(item.get("documentId") or "")
    if not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for documentId.")
    return int(text)


def _pdf_bytes(item: Json) -> bytes:
    extension = str(item.get("fileExtension") or "pdf").lower().lstrip(".")
    try:
        content = base64.b64decode(str(item.get("documentBase64") or ""), validate=True)
    except (binascii.Error, ValueError):
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT", "The documentBase64 value is not valid base64.") from None
    if not content:
        raise ApiError("UNABLE_TO_LOAD_DOCUMENT")
    if extension != "pdf":
        raise ApiError("UNABLE_TO_CONVERT_DOCUMENT", "The sandbox takes PDF only.")
    return content


def _page_sizes(content: bytes) -> list[list[float]]:
    with pdfium_lock:
        try:
            pdf = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            code = "UNSUPPORTED_PDF_CONTENT" if "password" in str(error).lower() else "UNABLE_TO_LOAD_DOCUMENT"
            raise ApiError(code) from None
        try:
            if pdfium.FPDF_GetSecurityHandlerRevision(pdf) != -1:
                raise ApiError("UNSUPPORTED_PDF_CONTENT")
            return [[round(side, 2) for side in pdf.get_page_size(index)] for index in range(len(pdf))]
        finally:
            pdf.close()


def _list(data: Json, name: str) -> list[Json]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ApiError("INVALID_REQUEST_BODY", f"{name} must be an array of objects.")
    return value


def _object(data: Json, name: str) -> Json:
    value = data.get(name) or {}
    if not isinstance(value, dict):
        raise ApiError("INVALID_REQUEST_BODY", f"{name} must be an object.")
    return value


def _integer(value: Any, name: str) -> int:
    """Numbers come as numbers or strings; none of Docusign's is negative here."""
    try:
        number = int(str(value))
    except ValueError:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.") from None
    if not 0 <= number < 10**9:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.")
    return number
