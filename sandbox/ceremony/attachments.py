"""Files that a signer attaches (signerAttachmentTabs): PDF, JPEG or PNG, 25 MB per envelope (reference 2.2)."""

from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile

from sandbox import files
from sandbox.definition.conversion import to_pdf
from sandbox.definition.soundness import usable
from sandbox.errors import ApiError
from sandbox.models import Envelope, SignerAttachment, Tab

Upload = UploadedFile
TYPES = ("pdf", "jpg", "jpeg", "png")
MOST_BYTES = 25 * 1024 * 1024
MAX_NAME = 200


def keep(tab: Tab, upload: Upload | None) -> dict[str, str]:
    """The tab's value becomes the file's name. Without a file what was attached before stays; `{guid: why not}`."""
    if upload is None:
        return {}
    name = PurePath(upload.name or "").name[-MAX_NAME:]
    extension = name.rpartition(".")[2].lower()
    if extension not in TYPES:
        return {tab.guid: "Please attach a PDF, JPEG or PNG."}
    if _attached_bytes(tab) + (upload.size or 0) > MOST_BYTES:
        return {tab.guid: "Attachments may have 25 MB together. Please choose a smaller file."}
    try:
        path = usable(files.save(to_pdf(upload.read(), extension)))
    except ApiError:
        return {tab.guid: f"{name} cannot be read. Is it a PDF, JPEG or PNG, and not encrypted?"}
    SignerAttachment.objects.update_or_create(tab=tab, defaults={"name": name, "path": path})
    tab.value = name
    return {}


def _attached_bytes(tab: Tab) -> int:
    """Of the envelope's other attachments."""
    envelope: Envelope | None = tab.recipient.envelope if tab.recipient else None
    others = SignerAttachment.objects.filter(tab__recipient__envelope=envelope).exclude(tab=tab)
    return sum(files.size(attachment.path) for attachment in others)
